"""A message on which a person has ruled: what he said is booked, what he left waits on.

his words ──▶ the files that each takes ──▶ what they hold for each unit and month ──▶ record, the rest in doubt
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from hashlib import sha256

from mailbot.domain.decision import About, Decision, Doubt, Evidence, MailKind, Ruling, Verdict
from mailbot.domain.message import Attachment, FileKind
from mailbot.domain.period import Period
from mailbot.domain.report import Part, PartKind
from mailbot.errors import Place, Problem
from mailbot.matching.body_text import BODY
from mailbot.matching.case import Case
from mailbot.matching.figures import Yield
from mailbot.matching.findings import Findings, read_files
from mailbot.matching.leaves import Leaf, Use
from mailbot.matching.outcome import booked, decision_of
from mailbot.matching.parts import evidence_of, part_of, parts_of
from mailbot.matching.periods import Dating, date_files
from mailbot.matching.settling import Named, Settled, settle, takes_nothing
from mailbot.matching.units import Attribution, attribute

_REQUIRED = frozenset({PartKind.ELECTRONIC, PartKind.SEALED_SCAN})
_NEVER_HAD = frozenset({"message_too_large", "message_not_given"})  # no person has it either: it has to come again


def ruled(case: Case, kind: MailKind, leaves: tuple[Leaf, ...], around: Findings, codes: tuple[str, ...]) -> Decision:
    """Book a message as a person decided; what speaks against an answer still does.

    Args:
        case: the message.
        kind: what sort of mail it is.
        leaves: its attachments, and its text where that may be the report.
        around: the evidence and problems of the mail as a whole, and the doubts about its sender.
        codes: why it must not be answered.
    """
    rulings = case.situation.rulings
    last, unknown = rulings[-1], {file for file in rulings[-1].files if file not in {leaf.file for leaf in leaves}}
    counted = _counted(leaves, rulings)
    attribution = attribute(case, counted)
    units: dict[str, str | None] = {leaf.file: attribution.says.get(leaf.file, last.unit) for leaf in counted}
    dating = date_files(case, counted, units, last.unit)
    settled = settle(rulings, _names(counted, attribution, dating))
    if unknown or takes_nothing(last, settled):
        return decision_of(kind, Verdict.TRIAGE, replace(around, doubts=(_not_heard(last, unknown, settled),)), codes)
    found = _found(case, counted, settled, dating)
    if last.files and not any(part.file in last.files for part in found.parts):
        return decision_of(kind, Verdict.TRIAGE, replace(around, doubts=(_not_opened(last),)), codes)
    left: tuple[Doubt, ...] = ()
    concerns: tuple[tuple[str, Period], ...] = ()
    if not case.situation.rest_is_nothing:
        left = (*settled.doubts(), *settled.doubts_of_held_back(), *_unread_of(case, leaves, found.parts, rulings))
        concerns = tuple(dict.fromkeys((*_of_left(case, settled, dating, rulings), *_of_unread(left, rulings))))
    waiting = ("waits_for_a_person",) if {ruling.pair for ruling in rulings} & set(concerns) else ()
    elsewhere = () if any(ruling.unit in case.bound for ruling in rulings) else ("not_bound",)
    whole = replace(
        found,
        evidence=(*_persons_word(rulings), *around.evidence, *found.evidence),
        doubts=around.doubts,
        problems=(*around.problems, *found.problems),
        guess=concerns[0] if concerns else last.pair,
        concerns=concerns or tuple(ruling.pair for ruling in rulings),
    )
    decision = decision_of(kind, Verdict.RECORD, whole, (*codes, *elsewhere, *waiting))
    return booked(case, replace(decision, doubts=left), dict.fromkeys(ruling.pair for ruling in rulings))


def _counted(leaves: tuple[Leaf, ...], rulings: tuple[Ruling, ...]) -> tuple[Leaf, ...]:
    """Return the files that can be booked: parts, whatever a person named, and what he found parts in."""
    named = {file for ruling in rulings for file in ruling.files}
    opened = any(ruling.holds and not ruling.files for ruling in rulings)
    return tuple(
        leaf for leaf in leaves if leaf.use is Use.PART or leaf.file in named or (opened and leaf.use is Use.UNREAD)
    )


def _names(leaves: tuple[Leaf, ...], attribution: Attribution, dating: Dating) -> dict[str, Named]:
    says, holds = attribution.says, attribution.holds
    return {
        file: Named(says.get(file), dating.named[file], file in dating.torn, holds.get(file, ()))
        for file in (leaf.file for leaf in leaves)
    }


def _found(case: Case, leaves: tuple[Leaf, ...], settled: Settled, dating: Dating) -> Findings:
    """Return the parts and readings of each unit and month, and those of what was left."""
    rulings = case.situation.rulings
    parts: list[Part] = []
    problems: list[Problem] = []
    of_pairs: list[tuple[Leaf, str | None, Period | None]] = []
    for unit, period in dict.fromkeys(ruling.pair for ruling in rulings):
        words = [ruling for ruling in dict.fromkeys(rulings) if ruling.pair == (unit, period)]
        under = [leaf for leaf in leaves if any(word in settled.under[leaf.file] for word in words)]
        text = [] if any(leaf.use is Use.UNREAD for leaf in leaves) else [_text(case)]
        held = list(_held(words, under, text))
        usual = tuple(leaf for leaf in under if leaf.file not in {part.file for part in held})
        known, told = parts_of(usual, {leaf.file: unit for leaf in usual}, {leaf.file: period for leaf in usual})
        parts += [*known, *held]
        problems += told
        of_pairs += [(leaf, unit, period) for leaf in under]
    left = tuple(leaf for leaf in leaves if leaf.file in settled.left)
    nobodys: dict[str, str | None] = {leaf.file: None for leaf in left}  # until somebody says whose they are
    parts += parts_of(left, nobodys, {leaf.file: dating.periods[leaf.file] for leaf in left})[0]
    read: tuple[Yield, ...] = read_files(case, of_pairs)
    problems += [problem for one in read for problem in one.problems]
    untaken = zip(settled.left, settled.doubts(), strict=True)
    problems += [Problem(doubt.code, doubt.text, Place(file)) for file, doubt in untaken]
    return Findings(tuple(parts), read, (*dating.evidence, *evidence_of(tuple(parts))), (), tuple(problems))


def _held(words: Iterable[Ruling], under: Iterable[Leaf], text: list[Leaf]) -> Iterator[Part]:
    """Yield the parts that a person found: in the files he named, else in the unread ones, else in the mail's text."""
    for word in words:
        files = [leaf for leaf in under if (leaf.file in word.files if word.files else leaf.use is Use.UNREAD)]
        for leaf in files or text:
            yield from (part_of(leaf, kind, word.unit, word.period) for kind in word.holds)


def _text(case: Case) -> Leaf:
    raw = case.mail.text.encode("utf-8", "replace")
    return Leaf(Attachment(BODY, FileKind.TEXT, len(raw), sha256(raw).hexdigest()), Use.PART)


def _unread_of(
    case: Case, leaves: tuple[Leaf, ...], parts: tuple[Part, ...], rulings: tuple[Ruling, ...]
) -> Iterator[Doubt]:
    """Yield a doubt for each file that nobody read, while it may be just what a unit lacks."""
    lacking = [
        ruling
        for ruling in rulings
        if ruling.pair in case.situation.incomplete
        and not {part.kind for part in parts if (part.unit, part.period) == ruling.pair} >= _REQUIRED
    ]
    if not lacking or any(ruling.holds for ruling in rulings):
        return
    for leaf in leaves:
        if leaf.use is Use.UNREAD and not _NEVER_HAD & {problem.code for problem in leaf.attachment.problems}:
            text = (
                f"附件“{leaf.file}”没有读取，请打开核对：含有所缺材料的，请用 assign --holds 写明；没有的，请用 ignore"
            )
            yield Doubt("file_not_read", text)


def _of_left(case: Case, settled: Settled, dating: Dating, rulings: tuple[Ruling, ...]) -> Iterator[tuple[str, Period]]:
    """Yield the units and months that the files left may be of, and those that files taken hold besides."""
    said = tuple(dict.fromkeys(ruling.unit for ruling in rulings))
    for file in settled.left:
        named = settled.files[file]
        units = (named.unit,) if named.unit else settled.units or said
        for month in named.months or dating.possible[file] or (rulings[-1].period,):
            yield from ((unit, month) for unit in units if unit in case.lead_units)
    yield from ((unit, period) for _, unit, period in settled.held_back())


def _of_unread(left: Iterable[Doubt], rulings: tuple[Ruling, ...]) -> Iterator[tuple[str, Period]]:
    if any(doubt.code == "file_not_read" for doubt in left):
        yield from (ruling.pair for ruling in rulings)


def _not_heard(word: Ruling, unknown: set[str], settled: Settled) -> Doubt:
    """Return why a person's word books nothing."""
    if unknown:
        return Doubt("no_such_file", f"来件中没有附件“{'”“'.join(sorted(unknown))}”，请照待处理和 explain 所列的名称写")
    named = "、".join(f"“{file}”" for file in tuple(settled.files)[:5])
    how = "请核对；确属该单位该月的，请用 --file 指明，或用 --all"
    return Doubt("not_meant", f"附件（{named}）写的不是{word.unit}{word.period.chinese()}，{how}")


def _not_opened(word: Ruling) -> Doubt:
    """Return why a word about files that the program made nothing of books nothing."""
    named = "”“".join(word.files)
    return Doubt("file_not_read", f"附件“{named}”没有读取，请打开核对，含有所缺材料的，请加 --holds 写明")


def _persons_word(rulings: tuple[Ruling, ...]) -> Iterator[Evidence]:
    for unit, period in dict.fromkeys(ruling.pair for ruling in rulings):
        yield Evidence(About.UNIT, unit, "person", "人工确认", 1.0)
        yield Evidence(About.PERIOD, str(period), "person", "人工确认", 1.0)
