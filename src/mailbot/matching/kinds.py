"""What sort of mail it is: a machine's, a report, an explanation, an inquiry, or something else."""

from __future__ import annotations

import re

from mailbot.chinese.fold import fold
from mailbot.domain.decision import About, Evidence, MailKind
from mailbot.matching.case import Case
from mailbot.matching.leaves import Leaf, Use
from mailbot.matching.likeness import covered
from mailbot.matching.tasks import match_rows

# What a reason not to answer says of the mail. Those left out (not_bound, …) say nothing. Read top to bottom.
_MACHINES: tuple[tuple[MailKind, frozenset[str]], ...] = (
    (MailKind.BOUNCE, frozenset({"delivery_report", "bounce_subject", "coremail_bounce"})),
    (MailKind.READ_RECEIPT, frozenset({"disposition_report", "receipt_subject"})),
    (MailKind.BULK, frozenset({"mailing_list"})),
    (
        MailKind.AUTO_REPLY,
        frozenset(
            {
                "auto_submitted",
                "auto_reply_header",
                "qq_auto_reply",
                "auto_reply_envelope",
                "auto_reply_subject",
                "auto_reply_text",
            }
        ),
    ),
    (MailKind.BULK, frozenset({"precedence", "machine_mailbox"})),
    (MailKind.BOUNCE, frozenset({"multipart_report", "null_return_path"})),
)
_REPORT_WORDS = re.compile(
    r"进展|月报|报表|报送|上报|台账|盖章|扫描|电子版|补报|更正|情况|实事|零报告|无变化|完成|材料|统计"
)
_ASKS_DELAY = re.compile(r"延期|推迟报|暂缓报|延后报|无法按时|不能按时|难以按时")
_WILL_BE_LATE = re.compile(r"迟报|晚报|晚.{0,3}天报")
_EXPLAINS = re.compile(r"说明|申请|请假")
_INQUIRES = re.compile(r"^(?:关于)?(?:查询|咨询|询问|请问|请教)|查询$|^.{0,15}[?吗]$")
_NIL = re.compile(r"零报告|无变化|无新进展|暂无进展|无进展|与上月(?:相同|一致)")
_HANDS_IN = re.compile(_NIL.pattern + r"|见附件|附件|查收|现将|报上|报来|如下")
_GENERIC = re.compile(
    r"附件|材料|文件|请查收|查收|资料|无主题|你好|您好|领导|谢谢|发送|转发|回复|新建|文档|工作簿|表格|[\W\da-zA-Z_]+"
    r"|关于|重点|任务|民生|实事|工作|进展|推进|完成|落实|情况|报告|汇报|月报|报表|报送|上报|补报|报来|台账|统计|汇总"
    r"|未命名|微信|手机|截屏|因故|迟报|晚报|逾期|延误|现将|这是|抱歉|补充|补"
    r"|盖章|公章|扫描|签章|电子|纸质|版本?|更正|修改|最终|最新|定稿|正式|重报|零报告|无变化|照片|图片|年度|本月|上月|区"
    r"|郑州市?|中原|我局|我委|我办|我单位|单位|的|件|表|稿|份|版|改|新|报|附"
)
_MONTH = re.compile(r"(?:\d{1,2}|[一二三四五六七八九十]{1,2})月份?|\d{4}年")
_ALL_BUT_ALL = 0.85


def machine_kind(codes: tuple[str, ...]) -> MailKind | None:
    """Return which machine wrote the mail, by the reasons not to answer it; None for a person's.

    >>> machine_kind(("auto_submitted", "not_bound")), machine_kind(("not_bound",))
    (<MailKind.AUTO_REPLY: 'auto_reply'>, None)
    """
    return next((kind for kind, signs in _MACHINES if signs & set(codes)), None)


def kind_of(case: Case, leaves: tuple[Leaf, ...]) -> tuple[MailKind, Evidence]:
    """Return what a person's mail is, and why."""
    parts = [leaf for leaf in leaves if leaf.use is Use.PART]
    subject, body = fold(case.subject), fold(case.body[:4000])
    explains = _explanation(case, parts, subject, body)
    if explains:
        return MailKind.EXPLANATION, explains
    if parts:
        kind = MailKind.REPORT if is_of_our_matter(case, parts) else MailKind.OTHER
        return kind, _why(case, kind, parts)
    found = _INQUIRES.search(subject)
    if found:
        return MailKind.INQUIRY, Evidence(About.KIND, "inquiry", "subject", found[0], 0.7)
    found = _claim(case, subject, body)
    if found and (case.bound or any(leaf.use is Use.UNREAD for leaf in leaves)):
        return MailKind.REPORT, Evidence(About.KIND, "report", "subject", found[0], 0.4)
    return MailKind.OTHER, Evidence(About.KIND, "other", "subject", case.mail.subject[:80], 0.5)


def _claim(case: Case, subject: str, body: str) -> re.Match[str] | None:
    """Return the words by which a mail without files claims to report; the subject of an answer is not the sender's."""
    if case.answers_somebody:
        return _HANDS_IN.search(body)
    return _HANDS_IN.search(subject + "\n" + body) or _REPORT_WORDS.search(subject)


def _explanation(case: Case, parts: list[Leaf], subject: str, body: str) -> Evidence | None:
    """Return what makes a mail an explanation rather than a report, None where nothing does.

    Who asks for delay sends no report, whatever he attaches, unless that reports on tasks; 情况说明 may also be a
    report's own title.
    """
    if any(tasks_in(case, leaf) for leaf in parts):
        return None
    names = " ".join([subject, *(fold(leaf.stem) for leaf in parts)])
    found = _ASKS_DELAY.search(names)
    if not found and not parts:
        found = _ASKS_DELAY.search(body) or _WILL_BE_LATE.search(subject + body)
    if not found and "进展" not in names:
        found = _EXPLAINS.search(subject)
    return Evidence(About.KIND, "explanation", "subject", found[0], 0.7) if found else None


def is_of_our_matter(case: Case, parts: list[Leaf]) -> bool:
    """Tell whether files can be a report under a notice, rather than some other paper.

    They are where the matter is named or a task is found. Other tables and long texts speak against it. Where little is
    said at all (扫描件0001.pdf without a subject) only a bound address makes them one.
    """
    names = " ".join([fold(case.subject), *(fold(leaf.stem) for leaf in parts)])
    texts = "\n".join(fold(leaf.attachment.document.text[:4000]) for leaf in parts)
    titles = "\n".join(fold(title) for leaf in parts for sheet in leaf.sheets for title in sheet.titles)
    said = "\n".join((names, texts, titles, fold(case.body[:2000])))
    if any(tasks_in(case, leaf) for leaf in parts) or _speaks_of_tasks(case, texts) or _NIL.search(said):
        return True
    if any(len(sheet.table.rows) >= 3 for leaf in parts for sheet in leaf.sheets):
        return False
    if any(word in said for word in _matters(case)) or case.situation.answers:
        return True
    said_enough = bool(case.bound) or bool(_REPORT_WORDS.search(names))
    return len(texts.strip()) <= 200 and said_enough and _says_nothing_else(case, names)


def _says_nothing_else(case: Case, names: str) -> bool:
    """Tell whether subject and file names name no other matter than a task's: units, months, empty words aside."""
    for mention in case.names.mentions(names[:500]):
        names = names.replace(mention.quote, "")
    left = [word for word in _GENERIC.sub(" ", _MONTH.sub(" ", names)).split() if len(word) > 1]
    tasks = [task.text for notice in case.situation.notices for task in notice.tasks]
    return all(any(covered(word, text) >= _ALL_BUT_ALL for text in tasks) for word in left)


def tasks_in(case: Case, leaf: Leaf) -> tuple[int, ...]:
    """Return the numbers of the tasks that a file's rows report on by their words, whoever leads them."""
    found = [
        task.number
        for notice in case.situation.notices
        for sheet in leaf.sheets
        if sheet.progress
        for row, task in zip(sheet.progress.rows, match_rows(sheet.progress, notice.tasks), strict=True)
        if task and row.wordings
    ]
    return tuple(dict.fromkeys(found))


def is_nil_report(case: Case) -> bool:
    """Tell whether the sender says that nothing changed."""
    return bool(_NIL.search(fold(case.subject + "\n" + case.body[:4000])))


def _matters(case: Case) -> tuple[str, ...]:
    """Return the words that name a notice's matter: its short title, the end of that, its number."""
    return tuple(
        word
        for n in case.situation.notices
        for word in (n.short_title, n.short_title[-4:], fold(n.document_number))
        if word
    )


def _speaks_of_tasks(case: Case, text: str) -> bool:
    """Tell whether a text speaks of what a notice orders: nearly every word of a target or a task is in it."""
    tasks = (task for notice in case.situation.notices for task in notice.tasks)
    ordered = (words for task in tasks for words in (*(target.what for target in task.targets), *task.qualitative))
    return any(covered(words, text) >= _ALL_BUT_ALL for words in ordered)


def _why(case: Case, kind: MailKind, parts: list[Leaf]) -> Evidence:
    """Return what makes a mail with files a report, or not one."""
    found = _REPORT_WORDS.search(fold(case.subject))
    if kind is MailKind.REPORT and is_nil_report(case):
        return Evidence(About.KIND, kind.value, "body", "零报告或无变化", 0.7)
    if kind is MailKind.REPORT and found:
        return Evidence(About.KIND, kind.value, "subject", found[0], 0.6)
    return Evidence(About.KIND, kind.value, parts[0].file, parts[0].stem, 0.4)
