"""What sort of mail it is: a machine's, a report, an explanation, an inquiry, or something else."""

from __future__ import annotations

import re

from mailbot.chinese.fold import fold
from mailbot.domain.decision import About, Evidence, MailKind
from mailbot.matching.case import Case
from mailbot.matching.leaves import Leaf, Use
from mailbot.matching.matter import NIL, REPORT_WORDS, is_nil_report, is_of_our_matter, tasks_in

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
_ASKS_DELAY = re.compile(r"延期|推迟报|暂缓报|延后报|无法按时|不能按时|难以按时")
_WILL_BE_LATE = re.compile(r"迟报|晚报|缓报|宽限|来不及|[推延]后|晚(?:一?点|些|[几一两二三四五\d]天).{0,3}[报交]")
_EXPLAINS = re.compile(r"说明|申请|请假")
_INQUIRES = re.compile(r"^(?:关于)?(?:查询|咨询|询问|请问|请教)|查询$|^.{0,15}[?吗]$")
_HANDS_IN = re.compile(NIL.pattern + r"|见附件|附件|查收|现将|报上|报来|如下")


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
    return _HANDS_IN.search(subject + "\n" + body) or REPORT_WORDS.search(subject)


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


def _why(case: Case, kind: MailKind, parts: list[Leaf]) -> Evidence:
    """Return what makes a mail with files a report, or not one."""
    found = REPORT_WORDS.search(fold(case.subject))
    if kind is MailKind.REPORT and is_nil_report(case):
        return Evidence(About.KIND, kind.value, "body", "零报告或无变化", 0.7)
    if kind is MailKind.REPORT and found:
        return Evidence(About.KIND, kind.value, "subject", found[0], 0.6)
    return Evidence(About.KIND, kind.value, parts[0].file or "body", parts[0].stem or case.body.strip()[:80], 0.4)
