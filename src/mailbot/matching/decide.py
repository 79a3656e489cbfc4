"""The decision on one message.

    facts ─▶ machine? ─▶ whose ─▶ which month ─▶ parts, tasks, figures ─▶ kind ─▶ record | triage | ignore

Nothing is guessed into the ledger: whatever stays in doubt goes to a person, with the best guess and every reason.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from mailbot.domain.decision import About, Decision, Doubt, Evidence, MailKind, Situation, Submission, Verdict
from mailbot.domain.message import Facts, FileKind
from mailbot.domain.period import Period
from mailbot.matching.body_text import with_body
from mailbot.matching.case import Case, open_case
from mailbot.matching.doubting import (
    doubts_of_arrival,
    doubts_of_aside,
    doubts_of_blank,
    doubts_of_kind,
    doubts_of_replacing,
    doubts_of_sender,
    doubts_of_what_is_missing,
    doubts_of_words,
    problems_of_aside,
    problems_of_unread,
    reasons_of_sender,
)
from mailbot.matching.findings import Findings, look_at
from mailbot.matching.kinds import kind_of, machine_kind
from mailbot.matching.leaves import Leaf, Use, leaves_of
from mailbot.matching.links import links_instead_of_files
from mailbot.matching.matter import without_other_business

_SUSPECTED = 0.65


def decide(facts: Facts, situation: Situation, *, arrived: datetime | None) -> Decision:
    """Decide whose report a message is, for which month, what it holds, and whether it may be booked and answered.

    Args:
        facts: what reading the message gave.
        situation: configuration, bindings, what is still owed, and a person's ruling if there is one.
        arrived: the server's time of arrival, None where nobody knows it; then nothing is booked without a person.
    """
    case = open_case(facts, situation, arrived)
    policy = situation.reply_policy(facts.mail, case.bound, situation.own_addresses)
    codes = (*policy, *reasons_of_sender(case))
    if facts.mail.sender.spec in situation.own_addresses:
        own = Evidence(About.KIND, MailKind.OTHER.value, "sender", facts.mail.sender.spec, 1.0)
        return Decision(MailKind.OTHER, Verdict.IGNORE, evidence=(own,), reasons_not_to_answer=codes)
    machine = None if situation.rulings else machine_kind(codes)
    files = leaves_of(facts.attachments)
    says_all = not machine and not links_instead_of_files(facts.mail)
    leaves = without_other_business(case, with_body(case, files) if says_all else files)
    found = look_at(case, _of(Use.PART, leaves) or _of(Use.UNREAD, leaves))
    return _machines(case, machine, leaves, found, codes) if machine else _persons(case, leaves, found, codes)


def _machines(
    case: Case, kind: MailKind, leaves: tuple[Leaf, ...], found: Findings, codes: tuple[str, ...]
) -> Decision:
    """Ignore a machine's mail, unless it carries what may be a unit's report."""
    signs = Evidence(About.KIND, kind.value, "headers", f"{case.mail.subject[:80]}（{'、'.join(codes)}）", 0.9)
    whole = replace(found, evidence=(signs, *found.evidence))
    returns_ours = kind in {MailKind.BOUNCE, MailKind.READ_RECEIPT}  # its own leaves are about our mail
    unread = (leaf for leaf in _of(Use.UNREAD, leaves) if leaf.attachment.kind is not FileKind.MESSAGE)
    carries = found.parts or (not returns_ours and any(unread))
    if carries and any(e.about is About.UNIT and e.weight >= _SUSPECTED for e in found.evidence):
        doubt = Doubt("machine_with_report", "像是自动发出的邮件，却带有单位的报送材料")
        return _decision(kind, Verdict.TRIAGE, replace(whole, doubts=(doubt, *found.doubts)), codes)
    return _decision(kind, Verdict.IGNORE, replace(whole, doubts=(), guess=(None, None), concerns=()), codes)


def _persons(case: Case, leaves: tuple[Leaf, ...], found: Findings, codes: tuple[str, ...]) -> Decision:
    """Book a person's report, or say why a person has to look at it."""
    kind, why = kind_of(case, leaves)
    unread, aside = _of(Use.UNREAD, leaves), _of(Use.ASIDE, leaves)
    links = links_instead_of_files(case.mail)
    of_reading = (*case.facts.problems, *(p for attachment in case.facts.attachments for p in attachment.problems))
    doubts = (
        *doubts_of_sender(case),
        *doubts_of_kind(kind, found.parts),
        *doubts_of_what_is_missing(case, found.parts, unread, links),
        *doubts_of_aside(found.parts, aside),
        *doubts_of_blank(found.parts, _of(Use.PART, leaves)),
        *(found.doubts if kind is MailKind.REPORT and found.parts else ()),
        *doubts_of_words(case, found.parts),
        *doubts_of_replacing(case, found.parts),
        *doubts_of_arrival(case),
    )
    if not found.parts and not doubts:
        doubts = (Doubt("no_part", "邮件没有附带电子版或扫描件"),)
    whole = replace(
        found,
        evidence=(why, *found.evidence),
        doubts=doubts,
        problems=(*of_reading, *links, *found.problems, *problems_of_unread(unread), *problems_of_aside(aside)),
    )
    may_deliver = bool(kind is MailKind.REPORT or found.parts or unread or links)
    if not may_deliver and not _asks_us(case, kind) and not case.situation.rulings:
        whole = replace(whole, guess=(None, None), concerns=())
    if case.situation.rulings:
        return _ruled(case, kind, whole, codes)
    if doubts:
        return replace(_decision(kind, Verdict.TRIAGE, whole, codes), may_deliver=may_deliver)
    keys = dict.fromkeys((part.unit, part.period) for part in found.parts)
    return _booked(case, _decision(kind, Verdict.RECORD, whole, codes), keys)


def _asks_us(case: Case, kind: MailKind) -> bool:
    """Tell whether a mail that hands in nothing wants an answer from a person before its unit is reminded."""
    return kind is MailKind.EXPLANATION or (kind is MailKind.INQUIRY and bool(case.bound))


def _ruled(case: Case, kind: MailKind, found: Findings, codes: tuple[str, ...]) -> Decision:
    """Book a message as a person decided, and let what he left wait; what speaks against an answer still does."""
    rulings = dict.fromkeys(case.situation.rulings)
    person = [
        Evidence(about, points_to, "person", "人工确认", 1.0)
        for ruling in rulings
        for about, points_to in ((About.UNIT, ruling.unit), (About.PERIOD, str(ruling.period)))
    ]
    elsewhere = () if any(ruling.unit in case.bound for ruling in rulings) else ("not_bound",)
    settled = replace(found, evidence=(*person, *found.evidence), doubts=tuple(doubts_of_sender(case)))
    decision = replace(_decision(kind, Verdict.RECORD, settled, (*codes, *elsewhere)), doubts=found.left)
    return _booked(case, decision, [(ruling.unit, ruling.period) for ruling in rulings])


def _booked(case: Case, decision: Decision, keys: Iterable[tuple[str | None, Period | None]]) -> Decision:
    """Return a decision with what the message delivers for these units and months."""
    submissions = (_submission(case, decision, unit, period) for unit, period in keys if unit and period)
    return replace(decision, submissions=tuple(submissions), answer_to=case.mail.sender.spec)


def _submission(case: Case, decision: Decision, unit: str, period: Period) -> Submission:
    """Return what the message delivers for one unit and month."""
    notice = case.notice_of(unit, period)
    parts = tuple(part for part in decision.parts if (part.unit, part.period) == (unit, period))
    files = {part.file for part in parts}
    figures = tuple(figure for figure in decision.figures if figure.source.file in files)
    progress = tuple(said for said in decision.progress if said.source.file in files)
    tasks = sorted({figure.task for figure in figures} | {said.task for said in progress})
    return Submission(notice.key if notice else "", unit, period, parts, tuple(tasks), figures, progress)


def _decision(kind: MailKind, verdict: Verdict, found: Findings, codes: Iterable[str]) -> Decision:
    """Return the decision with everything that was found; a doubt is a reason not to answer too."""
    return Decision(
        kind,
        verdict,
        parts=found.parts,
        figures=tuple(figure for one in found.read for figure in one.figures),
        progress=tuple(said for one in found.read for said in one.progress),
        evidence=found.evidence,
        doubts=found.doubts,
        problems=tuple(dict.fromkeys(found.problems)),
        guess=found.guess,
        concerns=found.concerns,
        reasons_not_to_answer=tuple(dict.fromkeys((*codes, *(doubt.code for doubt in found.doubts)))),
    )


def _of(use: Use, leaves: tuple[Leaf, ...]) -> tuple[Leaf, ...]:
    """Return the leaves of one use."""
    return tuple(leaf for leaf in leaves if leaf.use is use)
