"""Why a person has to look, besides unit and month: the sender, the kind of mail, what is missing, the arrival."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mailbot.chinese.fold import fold
from mailbot.domain.decision import Doubt, MailKind
from mailbot.domain.report import Part, PartKind
from mailbot.errors import Place, Problem
from mailbot.matching.authentication import Authenticity, authenticity
from mailbot.matching.case import Case
from mailbot.matching.leaves import Leaf

_REQUIRED = frozenset({PartKind.ELECTRONIC, PartKind.SEALED_SCAN})
_NOT_FINAL = re.compile(
    r"作废|(?:请勿|不要|勿)(?:采用|使用|登记)|草稿|初稿|未定稿|征求意见稿|帮忙看看|先看看|这样填|怎么填|如何填|请撤回"
    r"|不是(?:正式)?报送|不作为(?:正式)?报送|^(?:(?!照片|图片|佐证|另附).)*[仅只]供参考"
    r"|请.{0,4}先行?审[核阅查]|(?:^|[待等请].{0,8})审[核阅查](?:无误|通过|同意)?[后完].{0,6}(?:再|正式)"
)
_A_FORM = re.compile(r"(?<![按照用据])(?:样[表本]|模[板版]|范[例本]|示例|样例)")
_OF_AN_EARLIER_ONE = re.compile(r"前|上次|上一|旧|昨|刚才|此件为准|原(?:件|表|稿|报|来|先|附件|邮件|版)")
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_NOT_READ_WHOLE = frozenset({"too_deep", "too_many_parts", "boundary_missing"})


def doubts_of_sender(case: Case) -> Iterator[Doubt]:
    """Yield a doubt where the sender cannot be told, is not, or calls himself by another's address than, From's."""
    sender = case.mail.sender
    if not sender.spec:
        yield Doubt("sender_unclear", "发件地址无法辨认，或同时写了几个地址")
    if authenticity(case.mail) is Authenticity.FAILED:
        yield Doubt("forged_sender", f"发件地址 {sender.spec} 未通过收信服务器的验证，可能是冒名邮件")
    if not case.bound and any(sender.spec.startswith(f"{address}.") for address in _bound_addresses(case)):
        yield Doubt("forged_sender", f"发件地址 {sender.spec} 与已绑定的地址相似而不相同，可能是冒名邮件")
    shown = _ADDRESS.search(fold(sender.name[:200]))
    if shown and shown[0].lower() != sender.spec:
        yield Doubt("forged_sender", f"显示名写的是 {shown[0]}，实际发件地址是 {sender.spec}，可能是冒名邮件")


def _bound_addresses(case: Case) -> Iterator[str]:
    """Yield every address that is bound to a unit."""
    for unit in case.situation.directory.units:
        yield from (address.lower() for address in unit.addresses)


def reasons_of_sender(case: Case) -> Iterator[str]:
    """Yield why a sender is not answered though nothing stands against recording: the server half doubts the address.

    Source: RFC 7208 §8.5: a soft failure should not have a mail refused.
    """
    if authenticity(case.mail) is Authenticity.SUSPECT:
        yield "sender_suspect"


def doubts_of_kind(kind: MailKind, parts: tuple[Part, ...]) -> Iterator[Doubt]:
    """Yield why a person's mail of this kind needs a person."""
    match kind:
        case MailKind.REPORT:
            return
        case MailKind.EXPLANATION:
            yield Doubt("explanation", "来件是情况说明或延期申请，请人工处理")
        case MailKind.INQUIRY:
            yield Doubt("inquiry", "来件是查询或咨询，请人工答复")
        case _ if parts:
            yield Doubt("unrelated", "附件内容对不上通知中的任何一项任务，可能是其他材料")
        case _:
            yield Doubt("no_report_found", "邮件中没有找到报送材料")


def doubts_of_what_is_missing(
    case: Case, parts: tuple[Part, ...], unread: tuple[Leaf, ...], links: tuple[Problem, ...]
) -> Iterator[Doubt]:
    """Yield a doubt where a part is lacking and something that nobody read may be it.

    Else a unit would be told to send what it has sent. Where nothing is lacking, what was not read is only a problem.
    """
    codes = {problem.code for problem in case.facts.problems}
    if "unreadable_message" in codes:
        yield Doubt("message_not_read", "邮件结构无法解析，请人工打开原始邮件查看")
    if parts and all(kinds >= _REQUIRED for kinds in _kinds_together(parts)):
        return
    if codes & _NOT_READ_WHOLE:
        yield Doubt("message_not_read", "邮件没有全部读完，可能还有附件，请人工打开原始邮件查看")
    if links:
        yield Doubt("link_instead_of_file", "有文件以超大附件链接的形式发来，需请单位改用普通附件重发")
    for leaf in unread:
        yield Doubt("file_not_read", f"附件“{leaf.file}”没有读取，其中可能有报送材料，请人工打开核对")


def doubts_of_aside(parts: tuple[Part, ...], aside: tuple[Leaf, ...]) -> Iterator[Doubt]:
    """Yield a doubt for each file that was set aside and would be just the part which is lacking."""
    for leaf in aside:
        if parts and all(leaf.kind in kinds for kinds in _kinds_together(parts)):
            continue
        if leaf.is_loose_picture:
            yield Doubt("loose_picture", f"图片“{leaf.file}”未计为报送件，可能是盖章页，请人工打开核对")
        elif leaf.shows_the_site:
            yield Doubt(
                "picture_is_no_scan", f"附件“{leaf.file}”按文件名像是现场照片，未计为盖章扫描件，请人工打开核对"
            )
        else:
            yield Doubt("other_file", f"附件“{leaf.file}”按名称像是其他材料，未计为报送件，请人工打开核对")


def doubts_of_blank(parts: tuple[Part, ...], leaves: tuple[Leaf, ...]) -> Iterator[Doubt]:
    """Yield a doubt for each PDF that shows nothing that can be read, or both, unless both parts came without it."""
    blank = sorted({leaf.file for leaf in leaves if leaf.is_blank})
    partly = sorted({leaf.file for leaf in leaves if leaf.is_partly_scanned})
    rest = tuple(part for part in parts if part.file not in {*blank, *partly})
    if rest and all(kinds >= _REQUIRED for kinds in _kinds_together(rest)):
        return
    for file in blank:
        yield Doubt("blank_pdf", f"附件“{file}”没有文字，也不是扫描图像，可能是空白页，请人工打开核对")
    for file in partly:
        yield Doubt("partly_scanned", f"附件“{file}”部分页是扫描图像，其余页由电脑生成，请人工打开核对是否盖章")


def doubts_of_words(case: Case, parts: tuple[Part, ...]) -> Iterator[Doubt]:
    """Yield a doubt where the sender himself says that what he sends is no report: a draft, void, a form, a question.

    What he says of an earlier file (上次报送的作废) is a correction.
    """
    said = "\n".join((case.subject, case.body[:2000], *(part.file or "" for part in parts)))
    clauses = re.split(r"[,;。!\n]", fold(said))
    names = fold("\n".join((case.subject, *(part.file or "" for part in parts))))
    found = next((_NOT_FINAL.search(clause) for clause in clauses if _speaks_against(clause)), _A_FORM.search(names))
    if found:
        yield Doubt("not_final", f"来件写有“{found[0]}”，材料可能尚未定稿、已作废或只是询问")


def _speaks_against(clause: str) -> bool:
    """Tell whether a clause speaks against the file that it comes with."""
    return bool(_NOT_FINAL.search(clause)) and not _OF_AN_EARLIER_ONE.search(clause)


def doubts_of_replacing(case: Case, parts: tuple[Part, ...]) -> Iterator[Doubt]:
    """Yield a doubt where a stranger's mail, or the mere text of one, would replace what was reported in full."""
    alone = all(part.file is None for part in parts)
    for part in parts:
        if alone and part.period and (part.unit, part.period) not in case.situation.incomplete:
            yield Doubt(
                "text_after_return", f"{part.period.chinese()}的材料已经报齐，来件正文又有进展内容，请核实是否更正"
            )
    if case.bound:
        return
    for unit, period in dict.fromkeys((part.unit, part.period) for part in parts):
        if unit in case.lead_units and period and (unit, period) not in case.situation.incomplete:
            text = f"{unit}{period.chinese()}的材料已经报齐，而这次的发件地址没有绑定该单位，请核实是否更正"
            yield Doubt("unbound_correction", text)


def doubts_of_arrival(case: Case) -> Iterator[Doubt]:
    """Yield a doubt where nobody knows when the message came."""
    if case.arrived is None:
        yield Doubt("no_arrival", "收到时间不明，无法判断是否按时")


def problems_of_unread(unread: tuple[Leaf, ...]) -> Iterator[Problem]:
    """Yield a problem for each file that nobody read and no reader complained of."""
    for leaf in unread:
        if not leaf.attachment.problems:
            yield Problem("file_not_read", "这种附件没有读取，请人工打开核对", Place(leaf.file))


def problems_of_aside(aside: tuple[Leaf, ...]) -> Iterator[Problem]:
    """Yield a problem for each file that is other business, or a picture of the site, by its name."""
    for leaf in aside:
        if leaf.shows_the_site:
            yield Problem("picture_is_no_scan", "按文件名像是现场照片，未计为盖章扫描件", Place(leaf.file))
        elif not leaf.is_loose_picture:
            yield Problem("other_file", "按名称像是其他材料，未计为报送件", Place(leaf.file))


def _kinds_together(parts: tuple[Part, ...]) -> list[set[PartKind]]:
    """Return the kinds of part that came for each unit and month."""
    keys = {(part.unit, part.period) for part in parts}
    return [{part.kind for part in parts if (part.unit, part.period) == key} for key in keys]
