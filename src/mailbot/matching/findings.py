"""What the files of a message come to: parts and readings with unit and month, evidence and doubts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from mailbot.domain.decision import Doubt, Evidence
from mailbot.domain.period import Period
from mailbot.domain.report import Part
from mailbot.errors import Place, Problem
from mailbot.matching.body_text import BODY, read_body
from mailbot.matching.case import Case
from mailbot.matching.concerns import best_guess, concerns_of
from mailbot.matching.figures import Yield, read_table
from mailbot.matching.leaves import Leaf
from mailbot.matching.matter import is_nil_report
from mailbot.matching.months import months_of_sheet, named
from mailbot.matching.parts import evidence_of, parts_of
from mailbot.matching.periods import date_files
from mailbot.matching.rows import ProgressTable
from mailbot.matching.units import attribute

_MOST_FIGURES = 2000  # of a message: what is shown, stored and answered must end somewhere


@dataclass(frozen=True, slots=True)
class Findings:
    """Parts and readings with their unit and month, evidence, doubts, problems; the best guess, and all that may be."""

    parts: tuple[Part, ...] = ()
    read: tuple[Yield, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    problems: tuple[Problem, ...] = ()
    guess: tuple[str | None, Period | None] = (None, None)
    concerns: tuple[tuple[str, Period], ...] = ()


def look_at(case: Case, leaves: tuple[Leaf, ...]) -> Findings:
    """Return what the files that count come to."""
    attribution = attribute(case, leaves)
    units = attribution.units
    dating = date_files(case, leaves, units, attribution.guess)
    concerns = concerns_of(case, attribution, dating)
    parts, problems = parts_of(leaves, units, dating.periods)
    read = read_files(case, [(leaf, units[leaf.file], dating.periods[leaf.file]) for leaf in leaves])
    clues = sorted({clue.evidence() for clue in attribution.clues}, key=lambda e: (-e.weight, e.points_to, e.source))
    return Findings(
        parts,
        read,
        (*clues, *dating.evidence, *evidence_of(parts)),
        (*attribution.doubts, *dating.doubts, *_only_others_tasks(leaves, read), *_blank(case, read)),
        (*problems, *(problem for one in read for problem in one.problems)),
        best_guess(case, attribution, dating, concerns),
        concerns,
    )


def read_files(case: Case, files: Sequence[tuple[Leaf, str | None, Period | None]]) -> tuple[Yield, ...]:
    """Return what files say of the tasks of their unit, for their month."""
    return _bounded([leaf for leaf, _, _ in files], [_read(case, *file) for file in files])


def _read(case: Case, leaf: Leaf, unit: str | None, period: Period | None) -> Yield:
    """Read the tables of one file that are for its month; those of other months are kept by the unit for itself."""
    notice = case.notice_of(unit, period)
    if notice is None:
        return Yield()
    own = notice.tasks_of(unit) if unit else notice.tasks
    if leaf.file == BODY:
        return read_body(case, own, unit, period)
    tables = _tables_for(case, leaf, period)
    found = [read_table(leaf.file, table, own=own, every=notice.tasks, unit=unit, period=period) for table in tables]
    problems = [problem for one in found for problem in one.problems]
    problems += [_cut(leaf, f"表“{table.sheet}”" if table.sheet else "表格") for table in tables if table.cut]
    if found and not problems and not any(one.tasks for one in found):
        problems.append(Problem("nothing_reported", "表中没有读到任何进展内容，请核对是否误发空表", Place(leaf.file)))
    return Yield(
        tuple(dict.fromkeys(number for one in found for number in one.tasks)),
        tuple(figure for one in found for figure in one.figures),
        tuple(progress for one in found for progress in one.progress),
        tuple(problems),
    )


def _bounded(leaves: Sequence[Leaf], read: list[Yield]) -> tuple[Yield, ...]:
    """Return the readings without the figures beyond what a message may hold, telling of which file they were left."""
    left = _MOST_FIGURES
    kept = []
    for leaf, one in zip(leaves, read, strict=True):
        told = (_cut(leaf, "附件"),) if len(one.figures) > left else ()
        kept.append(replace(one, figures=one.figures[:left], problems=one.problems + told))
        left -= len(kept[-1].figures)
    return tuple(kept)


def _cut(leaf: Leaf, what: str) -> Problem:
    """Return the problem of rows or figures that were left unread."""
    return Problem("figures_cut", f"{what}中的行或数据过多，超出部分没有读取，请核对", Place(leaf.file))


def _tables_for(case: Case, leaf: Leaf, period: Period | None) -> list[ProgressTable]:
    """Return the tables of a month: those that name it or none, else those of the month before it that comes nearest.

    A table that counts up to March (1-3月) may be all that April's return holds; so may one whose title nobody changed.
    """
    told = [(s.progress, named(months_of_sheet(case, leaf, s))) for s in leaf.sheets if s.progress]
    chosen = [table for table, months in told if period is None or not months or period in months]
    earlier = [max(months) for _, months in told if period and months and max(months) < period]
    return chosen or [table for table, months in told if earlier and max(months) == max(earlier)]


def _blank(case: Case, read: tuple[Yield, ...]) -> tuple[Doubt, ...]:
    """Return a doubt where forms came and not one is filled in, unless the sender says that nothing changed."""
    blank = any(problem.code == "nothing_reported" for one in read for problem in one.problems)
    if not blank or any(one.tasks for one in read) or is_nil_report(case):
        return ()
    return (Doubt("nothing_reported", "表格是空的，没有填写任何进展内容，也没有写明无变化"),)


def _only_others_tasks(leaves: tuple[Leaf, ...], read: tuple[Yield, ...]) -> tuple[Doubt, ...]:
    """Return a doubt for each file that reports on other units' tasks and on none of its own unit's."""
    found = []
    for leaf, one in zip(leaves, read, strict=True):
        if not one.tasks and any(problem.code == "task_of_other_unit" for problem in one.problems):
            found.append(Doubt("tasks_of_others", f"附件“{leaf.file}”报的都是其他单位牵头的任务"))
    return tuple(found)
