"""For which month each file reports: what it says itself, else the other files of its unit, else the mail around it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from mailbot.domain.decision import About, Doubt, Evidence
from mailbot.domain.notice import Notice
from mailbot.domain.period import Period
from mailbot.domain.report import PartKind
from mailbot.matching.around import Finding, Words, against_data, around, contradiction, words_of
from mailbot.matching.case import Case
from mailbot.matching.leaves import Leaf
from mailbot.matching.months import MonthClue, each_named, months_of_file, months_of_sheet, named, plain


@dataclass(frozen=True, slots=True)
class Dating:
    """The month of each file (None: nobody can tell), of the mail as a whole, and what stays in doubt.

    `possible` are all months that a file may be of, the best guess first; of a mail without files under ''. `named` are
    those that it names itself, else those of its unit's other files; none where only the mail or its arrival tells.
    `torn` are the files that name none beside others of several months.
    """

    periods: dict[str, Period | None]
    possible: dict[str, tuple[Period, ...]]
    named: dict[str, tuple[Period, ...]]
    evidence: tuple[Evidence, ...]
    doubts: tuple[Doubt, ...]
    torn: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Said:
    """What a file says of its month: its clues, and the one month they come to, None where they name none.

    `sheets` are the months of a workbook that keeps a sheet for each of several.
    """

    clues: tuple[MonthClue, ...]
    own: Finding
    sheets: tuple[Period, ...] = ()

    @property
    def counted(self) -> tuple[MonthClue, ...]:
        """Return what only tells up to when the file's data go."""
        return tuple(clue for clue in self.clues if clue.only_counts)


def date_files(case: Case, leaves: tuple[Leaf, ...], units: Mapping[str, str | None], guess: str | None) -> Dating:
    """Say for which month each file is."""
    words = words_of(case)
    said = {leaf.file: _said_by(case, leaf, words) for leaf in leaves}
    asked = {leaf.file: _asked_elsewhere(leaf, leaves, said, words, units) for leaf in leaves}
    said = {file: _of_several(case, file, one, asked[file], units[file] or guess) for file, one in said.items()}
    months = _months_of_units(said, units)
    found = {file: _one_file(case, file, said[file], months[units[file]], words, units[file] or guess) for file in said}
    found = found or {"": around(case, words, guess)}
    checked = {file: _in_range(case, units.get(file) or guess, finding) for file, finding in found.items()}
    return Dating(
        {file: checked[file].period for file in said},
        {file: _possible(finding) for file, finding in checked.items()},
        {file: _possible(one.own) or tuple(months[units[file]]) for file, one in said.items()},
        tuple(dict.fromkeys(item for finding in checked.values() for item in finding.evidence)),
        tuple(dict.fromkeys(doubt for finding in checked.values() for doubt in finding.doubts)),
        frozenset(file for file, one in said.items() if not one.own.period and len(months[units[file]]) > 1),
    )


def _months_of_units(said: Mapping[str, _Said], units: Mapping[str, str | None]) -> dict[str | None, dict[Period, str]]:
    """Return the months that the files of each unit name, each with the first file that does."""
    found: dict[str | None, dict[Period, str]] = {unit: {} for unit in units.values()}
    for file, one in said.items():
        if one.own.period:
            found[units[file]].setdefault(one.own.period, file)
    return found


def _possible(finding: Finding) -> tuple[Period, ...]:
    """Return the months that a finding leaves possible, the best guess first."""
    return tuple(dict.fromkeys(month for month in (finding.period, *finding.others) if month))


def _said_by(case: Case, leaf: Leaf, words: Words) -> _Said:
    """Return what a file says of its month."""
    of_name = months_of_file(case, leaf)
    of_sheets = [months_of_sheet(case, leaf, sheet) for sheet in leaf.sheets]
    clues = tuple(dict.fromkeys((*of_name, *(clue for clues in of_sheets for clue in clues))))
    outright = named(clues)
    if not outright:
        return _Said(clues, Finding(None))
    if len(outright) == 1:
        return _Said(clues, _of_one(leaf, outright[0], plain(clues), words))
    each_month_a_sheet = len({named(sheet) for sheet in of_sheets if named(sheet)}) > 1
    if each_month_a_sheet and all(len(named(sheet)) <= 1 for sheet in of_sheets):
        months = tuple(dict.fromkeys(period for sheet in of_sheets for period in named(sheet)))
        return _Said(clues, _of_sheets(case, leaf, named(of_name), months), months)
    best = case.month if case.month in outright else max(outright)
    return _Said(clues, Finding(best).doubted(contradiction(f"附件“{leaf.file}”", outright), *outright))


def _of_one(leaf: Leaf, month: Period, named_alone: tuple[Period, ...], words: Words) -> Finding:
    """Return the one month a file names; one that it only counts up to (1-3月) is none, unless the mail speaks of one.

    Where the mail speaks of a later month, that is the better guess.
    """
    if named_alone:
        return Finding(month)
    if len(words.spoken) != 1:
        return Finding(None)
    (spoken,) = words.spoken
    if spoken <= month:
        return Finding(month)
    return Finding(spoken).doubted(contradiction(f"附件“{leaf.file}”和邮件", (month, spoken)), month)


def _of_sheets(case: Case, leaf: Leaf, of_name: tuple[Period, ...], of_sheets: tuple[Period, ...]) -> Finding:
    """Return the month of a workbook that keeps a sheet for each month: the named one, else the latest that can be."""
    possible = [period for period in of_sheets if case.month is None or period <= case.month]
    if not of_name:
        return Finding(max(possible, default=max(of_sheets)))
    if len(of_name) == 1 and of_name[0] in of_sheets:
        return Finding(of_name[0])
    months = (*of_name, *of_sheets)
    return Finding(of_name[0]).doubted(contradiction(f"附件“{leaf.file}”", months), *months)


def _asked_elsewhere(
    leaf: Leaf, leaves: tuple[Leaf, ...], said: Mapping[str, _Said], words: Words, units: Mapping[str, str | None]
) -> set[Period]:
    """Return the months that the mail or the unit's other files speak of, but for those with a file of their own."""
    others = [other for other in leaves if other is not leaf and units[other.file] == units[leaf.file]]
    months = {(other.kind, said[other.file].own.period) for other in others}
    spoken = {*each_named(words.subject), *each_named(words.body), *(month for _, month in months if month)}
    return {month for month in spoken if (PartKind.ELECTRONIC, month) not in months}


def _of_several(case: Case, file: str, said: _Said, asked: set[Period], unit: str | None) -> _Said:
    """Add a doubt where a workbook may be the return of several months: it has a sheet of another that is owed too.

    A file is booked for one month; what it merely keeps of earlier ones is nobody's concern. A person's word on the one
    leaves the other open.
    """
    others = [
        month
        for month in said.sheets
        if month in asked - {said.own.period}
        and (case.situation.rulings or unit is None or (unit, month) in case.situation.incomplete)
    ]
    if not others:
        return said
    months = "、".join(month.chinese() for month in sorted({*others, *(m for m in (said.own.period,) if m)}))
    doubt = Doubt("several_months_in_file", f"附件“{file}”中有{months}的表，来件写到这几个月，可能同时报送这几个月")
    return replace(said, own=said.own.doubted(doubt, *others))


def _one_file(
    case: Case, file: str, said: _Said, siblings: Mapping[Period, str], words: Words, unit: str | None
) -> Finding:
    """Return a file's month: its own word, else that of the unit's other files, else that of the mail."""
    evidence = tuple(clue.evidence() for clue in said.clues)
    if said.own.period is not None:
        cut_off = (clue for clue in said.clues if clue.cut_off)
        own = replace(said.own, evidence=evidence)
        return against_data(_against_mail(file, own, words), said.own.period, cut_off)
    if len(siblings) > 1:
        months = "、".join(period.chinese() for period in sorted(siblings))
        doubt = Doubt("whose_period", f"同一单位报了{months}的材料，附件“{file}”看不出属于哪个月")
        return Finding(max(siblings), evidence).doubted(doubt, *siblings)
    if siblings:
        ((period, source),) = siblings.items()
        same = Evidence(About.PERIOD, str(period), source, f"同一邮件中的附件“{source}”", 0.5)
        return against_data(_against_mail(file, Finding(period, (*evidence, same)), words), period, said.counted)
    return around(case, words, unit, said.counted)


def _against_mail(file: str, finding: Finding, words: Words) -> Finding:
    """Add a doubt where subject or body name another month than a file, or count beyond it."""
    subject = named(words.subject)
    for place, months in (("邮件主题", subject), ("邮件正文", () if subject else named(words.body))):
        if finding.period and months and finding.period not in months:
            doubt = contradiction(f"附件“{file}”和{place}", (finding.period, *months))
            return finding.doubted(doubt, *months)
    return finding


def _in_range(case: Case, unit: str | None, finding: Finding) -> Finding:
    """Add a doubt where the month lies in the future or outside what the notice asks for."""
    notice = case.notice_of(unit, finding.period)
    period = finding.period
    if period is None or notice is None:
        return finding
    if case.month and period > case.month:
        doubt = Doubt("period_future", f"写的是{period.chinese()}，晚于收到的月份")
        others = (period,) if notice.covers(period) else ()
        return replace(finding, period=_guess_within(notice, case.month)).doubted(doubt, *others)
    if not notice.covers(period):
        span = f"{notice.first_period.chinese()}至{notice.last_period.chinese()}"
        doubt = Doubt("period_out_of_range", f"{period.chinese()}不在通知要求报送的{span}之内")
        return replace(finding, period=_guess_within(notice, case.month)).doubted(doubt)
    return finding


def _guess_within(notice: Notice, month: Period | None) -> Period | None:
    """Return the month of arrival as a guess, after the last that reports are owed for that one."""
    if month is None or month < notice.first_period:
        return None
    return min(month, notice.last_period)
