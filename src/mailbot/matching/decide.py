"""The decision on one message.

    facts ─▶ machine? ─▶ whose ─▶ which month ─▶ parts, tasks, figures ─▶ kind ─▶ record | triage | ignore

Nothing is guessed into the ledger: whatever stays in doubt goes to a person, with the best guess and every reason.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from mailbot.domain.decision import About, Decision, Doubt, Evidence, MailKind, Situation, Verdict
from mailbot.domain.message import Facts, FileKind
from mailbot.errors import Problem
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
from mailbot.matching.outcome import booked, decision_of
from mailbot.matching.ruled import ruled

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
    if facts.mail.sender.spec in situation.own_addresses and not situation.rulings:
        own = Evidence(About.KIND, MailKind.OTHER.value, "sender", facts.mail.sender.spec, 1.0)
        return Decision(MailKind.OTHER, Verdict.IGNORE, evidence=(own,), reasons_not_to_answer=codes)
    machine = None if situation.rulings else machine_kind(codes)
    files = leaves_of(facts.attachments)
    says_all = not machine and not links_instead_of_files(facts.mail)
    leaves = without_other_business(case, with_body(case, files) if says_all else files)
    if situation.rulings:
        return _by_a_persons_word(case, leaves, codes)
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
        return decision_of(kind, Verdict.TRIAGE, replace(whole, doubts=(doubt, *found.doubts)), codes)
    return decision_of(kind, Verdict.IGNORE, replace(whole, doubts=(), guess=(None, None), concerns=()), codes)


def _by_a_persons_word(case: Case, leaves: tuple[Leaf, ...], codes: tuple[str, ...]) -> Decision:
    """Book what a person said of the message."""
    kind, why = kind_of(case, leaves)
    around = Findings(
        evidence=(why,), doubts=tuple(doubts_of_sender(case)), problems=tuple(_problems_around(case, leaves))
    )
    return ruled(case, kind, leaves, around, codes)


def _problems_around(case: Case, leaves: tuple[Leaf, ...]) -> Iterator[Problem]:
    """Yield what reading the mail complained of, and which files count for nothing."""
    yield from case.facts.problems
    yield from (problem for attachment in case.facts.attachments for problem in attachment.problems)
    yield from links_instead_of_files(case.mail)
    yield from problems_of_unread(_of(Use.UNREAD, leaves))
    yield from problems_of_aside(_of(Use.ASIDE, leaves))


def _persons(case: Case, leaves: tuple[Leaf, ...], found: Findings, codes: tuple[str, ...]) -> Decision:
    """Book a person's report, or say why a person has to look at it."""
    kind, why = kind_of(case, leaves)
    unread, aside = _of(Use.UNREAD, leaves), _of(Use.ASIDE, leaves)
    links = links_instead_of_files(case.mail)
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
        problems=(*_problems_around(case, leaves), *found.problems),
    )
    may_deliver = bool(kind is MailKind.REPORT or found.parts or unread or links)
    if not may_deliver and not _asks_us(case, kind):
        whole = replace(whole, guess=(None, None), concerns=())
    if doubts:
        return replace(decision_of(kind, Verdict.TRIAGE, whole, codes), may_deliver=may_deliver)
    keys = dict.fromkeys((part.unit, part.period) for part in found.parts)
    return booked(case, decision_of(kind, Verdict.RECORD, whole, codes), keys)


def _asks_us(case: Case, kind: MailKind) -> bool:
    """Tell whether a mail that hands in nothing wants an answer from a person before its unit is reminded."""
    return kind is MailKind.EXPLANATION or (kind is MailKind.INQUIRY and bool(case.bound))


def _of(use: Use, leaves: tuple[Leaf, ...]) -> tuple[Leaf, ...]:
    """Return the leaves of one use."""
    return tuple(leaf for leaf in leaves if leaf.use is use)
