"""What sort of mail it is: a machine's, a report, an explanation, an inquiry, or something else."""

from __future__ import annotations

import re

from mailbot.chinese.fold import fold
from mailbot.domain.decision import About, Evidence, MailKind
from mailbot.matching.case import Case
from mailbot.matching.leaves import Leaf, Use
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
_DELAY = re.compile(r"延期|推迟报|暂缓|无法按时|不能按时|难以按时|迟报|晚报|延后")
_EXPLAINS = re.compile(r"说明|申请|请假")
_INQUIRES = re.compile(r"^(?:关于)?(?:查询|咨询|询问|请问|请教)|查询$|^.{0,15}[?吗]$")
_NIL = re.compile(r"零报告|无变化|无新进展|暂无进展|无进展|与上月(?:相同|一致)")
_GENERIC = re.compile(
    r"附件|材料|文件|请查收|查收|资料|无主题|你好|您好|领导|谢谢|发送|转发|回复|新建|文档|工作簿|表格|[\W\da-zA-Z_]+"
)


def machine_kind(codes: tuple[str, ...]) -> MailKind | None:
    """Return which machine wrote the mail, by the reasons not to answer it; None for a person's.

    >>> machine_kind(("auto_submitted", "not_bound")), machine_kind(("not_bound",))
    (<MailKind.AUTO_REPLY: 'auto_reply'>, None)
    """
    return next((kind for kind, signs in _MACHINES if signs & set(codes)), None)


def kind_of(case: Case, leaves: tuple[Leaf, ...]) -> tuple[MailKind, Evidence]:
    """Return what a person's mail is, and why."""
    subject, body = fold(case.subject), fold(case.body[:4000])
    parts = [leaf for leaf in leaves if leaf.use is Use.PART]
    reports = any(match for leaf in parts for match in tasks_in(case, leaf))
    for word, text, source in ((_DELAY, subject, "subject"), (_DELAY, body, "body"), (_EXPLAINS, subject, "subject")):
        found = word.search(text)
        if found and not reports and (not parts or (source == "subject" and "进展" not in subject)):
            return MailKind.EXPLANATION, Evidence(About.KIND, "explanation", source, found[0], 0.7)
    found = _INQUIRES.search(subject)
    if found and not parts:
        return MailKind.INQUIRY, Evidence(About.KIND, "inquiry", "subject", found[0], 0.7)
    if parts:
        return MailKind.REPORT, _why_report(case, parts)
    found = _NIL.search(subject + "\n" + body) or _REPORT_WORDS.search(subject)
    if found and (case.bound or any(leaf.use is Use.UNREAD for leaf in leaves)):
        return MailKind.REPORT, Evidence(About.KIND, "report", "subject", found[0], 0.4)
    return MailKind.OTHER, Evidence(About.KIND, "other", "subject", case.mail.subject[:80], 0.5)


def is_of_our_matter(case: Case, leaves: tuple[Leaf, ...]) -> bool:
    """Tell whether what came can be a report under a notice, rather than some other paper of the unit.

    It is where a task is found or the matter is named. Other words and tables speak against it; where nothing
    speaks at all (扫描件0001.pdf without a subject) it is taken for one.
    """
    parts = [leaf for leaf in leaves if leaf.use is Use.PART]
    names = " ".join([fold(case.subject), *(fold(leaf.stem) for leaf in parts)])
    texts = " ".join(fold(leaf.attachment.document.text[:4000]) for leaf in parts)
    titles = " ".join(fold(title) for leaf in parts for sheet in leaf.sheets for title in sheet.titles)
    if any(word in text for word in _matters(case) for text in (names, titles, texts, fold(case.body[:2000]))):
        return True
    if any(tasks_in(case, leaf) for leaf in parts) or _mentions_targets(case, texts):
        return True
    if any(len(sheet.table.rows) >= 3 for leaf in parts for sheet in leaf.sheets) or len(texts.strip()) > 200:
        return bool(_NIL.search(texts + titles + fold(case.body[:2000])))
    return bool(_REPORT_WORDS.search(names)) or not _GENERIC.sub("", names)


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
    return bool(_NIL.search(fold(case.mail.subject + "\n" + case.body[:4000])))


def _matters(case: Case) -> tuple[str, ...]:
    """Return the words that name a notice's matter: its short title, the end of that, its number."""
    return tuple(
        word
        for n in case.situation.notices
        for word in (n.short_title, n.short_title[-4:], fold(n.document_number))
        if word
    )


def _mentions_targets(case: Case, text: str) -> bool:
    """Tell whether a text speaks of what the notice wants counted."""
    return any(fold(target.what) in text for n in case.situation.notices for task in n.tasks for target in task.targets)


def _why_report(case: Case, parts: list[Leaf]) -> Evidence:
    """Return what makes the mail a report."""
    found = _REPORT_WORDS.search(fold(case.subject))
    if is_nil_report(case):
        return Evidence(About.KIND, "report", "body", "零报告或无变化", 0.7)
    if found:
        return Evidence(About.KIND, "report", "subject", found[0], 0.6)
    return Evidence(About.KIND, "report", parts[0].file, parts[0].attachment.kind.value, 0.4)
