"""The decision on one message.

    facts ─▶ machine? ─▶ kind ─▶ whose ─▶ which month ─▶ parts, tasks, figures ─▶ record | triage | ignore

Nothing is guessed into the ledger: whatever stays in doubt goes to a person, with the best guess and every reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from mailbot.chinese.fold import fold
from mailbot.domain.decision import About, Decision, Doubt, Evidence, MailKind, Ruling, Situation, Submission, Verdict
from mailbot.domain.message import Facts
from mailbot.domain.period import Period
from mailbot.domain.report import Part, PartKind
from mailbot.errors import Place, Problem
from mailbot.matching.authentication import Authenticity, authenticity
from mailbot.matching.case import Case, open_case
from mailbot.matching.figures import Yield, read_table
from mailbot.matching.kinds import is_of_our_matter, kind_of, machine_kind
from mailbot.matching.leaves import Leaf, Use, leaves_of
from mailbot.matching.links import links_instead_of_files
from mailbot.matching.months import months_of_sheet, named
from mailbot.matching.parts import evidence_of, parts_of
from mailbot.matching.periods import date_files
from mailbot.matching.units import attribute

_REQUIRED = frozenset({PartKind.ELECTRONIC, PartKind.SEALED_SCAN})
_SUSPECTED = 0.65
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


@dataclass(frozen=True, slots=True)
class _Found:
    """What the files came to: parts and readings with their unit and month, evidence, doubts, problems, best guess."""

    parts: tuple[Part, ...] = ()
    read: tuple[Yield, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    problems: tuple[Problem, ...] = ()
    guess: tuple[str | None, Period | None] = (None, None)


def decide(facts: Facts, situation: Situation, *, arrived: datetime | None) -> Decision:
    """Decide whose report a message is, for which month, what it holds, and whether it may be booked and answered.

    Args:
        facts: what reading the message gave.
        situation: configuration, bindings, what is still owed, and a person's ruling if there is one.
        arrived: the server's time of arrival, None where nobody knows it; then nothing is booked without a person.
    """
    case = open_case(facts, situation, arrived)
    codes = situation.reply_policy(facts.mail, case.bound, situation.own_addresses)
    if facts.mail.sender.spec in situation.own_addresses:
        own = Evidence(About.KIND, "other", "sender", facts.mail.sender.spec, 1.0)
        return Decision(MailKind.OTHER, Verdict.IGNORE, evidence=(own,), reasons_not_to_answer=codes)
    leaves = leaves_of(facts.attachments)
    found = _look(case, tuple(leaf for leaf in leaves if leaf.use is Use.PART), situation.ruling)
    machine = machine_kind(codes)
    if machine and not situation.ruling:
        return _machine(case, machine, found, codes)
    return _persons(case, leaves, found, codes)


def _machine(case: Case, kind: MailKind, found: _Found, codes: tuple[str, ...]) -> Decision:
    """Ignore a machine's mail, unless it carries what looks like a unit's report."""
    quote = case.mail.subject[:80]
    evidence = (Evidence(About.KIND, kind.value, "headers", f"{quote}（{'、'.join(codes)}）", 0.9), *found.evidence)
    carries = found.parts and any(e.about is About.UNIT and e.weight >= _SUSPECTED for e in found.evidence)
    decision = _decision(kind, Verdict.IGNORE, replace(found, evidence=evidence, doubts=()), codes)
    if not carries:
        return replace(decision, guess=(None, None))
    doubt = Doubt("machine_with_report", "像是自动发出的邮件，却带有单位的报送材料")
    doubts = (doubt, *found.doubts)
    reasons = (*codes, *(doubt.code for doubt in doubts))
    return replace(decision, verdict=Verdict.TRIAGE, doubts=doubts, reasons_not_to_answer=tuple(dict.fromkeys(reasons)))


def _persons(case: Case, leaves: tuple[Leaf, ...], found: _Found, codes: tuple[str, ...]) -> Decision:
    """Decide on a mail that a person wrote."""
    kind, why = kind_of(case, leaves)
    links = links_instead_of_files(case.mail)
    unread = tuple(leaf for leaf in leaves if leaf.use is Use.UNREAD)
    problems = (*case.facts.problems, *(p for a in case.facts.attachments for p in a.problems), *links, *found.problems)
    doubts = (
        *_of_sender(case),
        *_of_kind(case, kind, leaves),
        *(found.doubts if kind is MailKind.REPORT else ()),
        *_of_what_is_missing(found.parts, unread, links),
        *_of_arrival(case),
    )
    evidence = (why, *found.evidence)
    guess = found.guess if found.parts or unread or links else (None, None)
    problems = (*problems, *_unread_problems(unread))
    whole = replace(found, evidence=evidence, doubts=doubts, problems=problems, guess=guess)
    ruling = case.situation.ruling
    if ruling:
        return _ruled(case, kind, ruling, whole, codes)
    if doubts:
        return _decision(kind, Verdict.TRIAGE, whole, codes)
    submissions = _submissions(case, whole)
    return replace(
        _decision(kind, Verdict.RECORD, whole, codes), submissions=submissions, answer_to=case.mail.sender.spec
    )


def _ruled(case: Case, kind: MailKind, ruling: Ruling, found: _Found, codes: tuple[str, ...]) -> Decision:
    """Book a message as a person decided; only what concerns the answer still heeds our doubts about the sender."""
    by_person = Evidence(About.UNIT, ruling.unit, "person", "人工确认", 1.0)
    of_period = Evidence(About.PERIOD, str(ruling.period), "person", "人工确认", 1.0)
    settled = replace(found, evidence=(by_person, of_period, *found.evidence), doubts=_of_sender(case))
    submissions = _submissions(case, settled, ruling)
    bound_elsewhere = () if ruling.unit in case.bound or "not_bound" in codes else ("not_bound",)
    decision = _decision(kind, Verdict.RECORD, settled, (*codes, *bound_elsewhere))
    return replace(decision, doubts=(), submissions=submissions, answer_to=case.mail.sender.spec)


def _look(case: Case, leaves: tuple[Leaf, ...], ruling: Ruling | None) -> _Found:
    """Return what the files that count come to."""
    attribution = attribute(case, leaves)
    units, guess = attribution.units, attribution.guess
    if ruling:
        units, guess = dict.fromkeys(units, ruling.unit), ruling.unit
    dating = date_files(case, leaves, units, guess)
    periods, month = dating.periods, dating.guess
    if ruling:
        periods, month = dict.fromkeys(periods, ruling.period), ruling.period
    parts, problems = parts_of(leaves, units, periods)
    read = tuple(_read(case, leaf, units[leaf.file], periods[leaf.file]) for leaf in leaves)
    clues = sorted({clue.evidence() for clue in attribution.clues}, key=lambda e: (-e.weight, e.points_to, e.source))
    return _Found(
        parts,
        read,
        (*clues, *dating.evidence, *evidence_of(parts)),
        (*attribution.doubts, *dating.doubts),
        (*problems, *(problem for one in read for problem in one.problems)),
        (guess if guess in case.lead_units else None, month),
    )


def _read(case: Case, leaf: Leaf, unit: str | None, period: Period | None) -> Yield:
    """Read the tables of one file that are for its month; those of other months are kept by the unit for itself."""
    notice = case.notice_of(unit, period)
    if notice is None:
        return Yield()
    own = notice.tasks_of(unit) if unit else notice.tasks
    found = []
    for sheet in leaf.sheets:
        months = named(months_of_sheet(case, leaf, sheet))
        if sheet.progress and (period is None or not months or period in months):
            found.append(read_table(leaf.file, sheet.progress, own=own, every=notice.tasks, unit=unit, period=period))
    return Yield(
        tuple(dict.fromkeys(number for one in found for number in one.tasks)),
        tuple(figure for one in found for figure in one.figures),
        tuple(progress for one in found for progress in one.progress),
        tuple(problem for one in found for problem in one.problems),
    )


def _submissions(case: Case, found: _Found, ruling: Ruling | None = None) -> tuple[Submission, ...]:
    """Return what the message delivers, one a unit and month, in the order of its files."""
    keys = dict.fromkeys((part.unit, part.period) for part in found.parts)
    if ruling:
        keys = {(ruling.unit, ruling.period): None}
    booked = []
    for unit, period in keys:
        notice = case.notice_of(unit, period)
        if unit is None or period is None or notice is None:
            continue
        parts = tuple(part for part in found.parts if (part.unit, part.period) == (unit, period))
        files = {part.file for part in parts}
        figures = tuple(f for one in found.read for f in one.figures if f.source.file in files)
        progress = tuple(p for one in found.read for p in one.progress if p.source.file in files)
        tasks = sorted({f.task for f in figures} | {p.task for p in progress})
        booked.append(Submission(notice.key, unit, period, parts, tuple(tasks), figures, progress))
    return tuple(booked)


def _of_sender(case: Case) -> tuple[Doubt, ...]:
    """Return a doubt where the sender is not, or calls himself by another's address than, the one in From."""
    sender = case.mail.sender
    if authenticity(case.mail) is Authenticity.FAILED:
        return (Doubt("forged_sender", f"发件地址 {sender.spec} 未通过收信服务器的验证，可能是冒名邮件"),)
    shown = _ADDRESS.search(fold(sender.name))
    if shown and shown[0].lower() != sender.spec:
        return (Doubt("forged_sender", f"显示名写的是 {shown[0]}，实际发件地址是 {sender.spec}，可能是冒名邮件"),)
    return ()


def _of_kind(case: Case, kind: MailKind, leaves: tuple[Leaf, ...]) -> tuple[Doubt, ...]:
    """Return why a mail of this kind needs a person."""
    match kind:
        case MailKind.EXPLANATION:
            return (Doubt("explanation", "来件是情况说明或延期申请，请人工处理"),)
        case MailKind.INQUIRY:
            return (Doubt("inquiry", "来件是查询或咨询，请人工答复"),)
        case MailKind.REPORT if is_of_our_matter(case, leaves):
            return ()
        case MailKind.REPORT:
            return (Doubt("unrelated", "附件内容对不上通知中的任何一项任务，可能是其他材料"),)
        case _:
            return (Doubt("no_report_found", "邮件中没有找到报送材料"),)


def _of_what_is_missing(
    parts: tuple[Part, ...], unread: tuple[Leaf, ...], links: tuple[Problem, ...]
) -> Iterable[Doubt]:
    """Return a doubt where a part is lacking and something unread may be it."""
    if {part.kind for part in parts} >= _REQUIRED:
        return
    if links:
        yield Doubt("link_instead_of_file", "有文件以超大附件链接的形式发来，需请单位改用普通附件重发")
    for leaf in unread:
        yield Doubt("file_not_read", f"附件“{leaf.file}”没有读取，其中可能有报送材料，请人工打开核对")
    if not parts and not links and not unread:
        yield Doubt("no_part", "邮件没有附带电子版或扫描件")


def _of_arrival(case: Case) -> tuple[Doubt, ...]:
    """Return a doubt where nobody knows when the message came."""
    return () if case.arrived else (Doubt("no_arrival", "收到时间不明，无法判断是否按时"),)


def _unread_problems(unread: tuple[Leaf, ...]) -> tuple[Problem, ...]:
    """Return a problem for each file that nobody read and no reader complained of."""
    silent = (leaf for leaf in unread if not leaf.attachment.problems)
    return tuple(Problem("file_not_read", "这种附件没有读取，请人工打开核对", Place(leaf.file)) for leaf in silent)


def _decision(kind: MailKind, verdict: Verdict, found: _Found, codes: Iterable[str]) -> Decision:
    """Return the decision with everything that was found."""
    return Decision(
        kind,
        verdict,
        parts=found.parts,
        figures=tuple(figure for one in found.read for figure in one.figures),
        progress=tuple(progress for one in found.read for progress in one.progress),
        evidence=found.evidence,
        doubts=found.doubts,
        problems=tuple(dict.fromkeys(found.problems)),
        guess=found.guess,
        reasons_not_to_answer=tuple(dict.fromkeys((*codes, *(doubt.code for doubt in found.doubts)))),
    )
