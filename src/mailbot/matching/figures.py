"""Figures and progress from a unit's progress tables, each with the cell it came from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from mailbot.chinese.fold import fold
from mailbot.chinese.numerals import Quantity, measure, quantities
from mailbot.domain.message import Cell
from mailbot.domain.notice import Target, Task
from mailbot.domain.period import Period
from mailbot.domain.report import Figure, Meaning, Progress, Source
from mailbot.errors import Place, Problem
from mailbot.matching.amounts import Amount, amount, rate
from mailbot.matching.columns import Column, Role
from mailbot.matching.likeness import covered
from mailbot.matching.prose import said_of
from mailbot.matching.rows import ProgressTable, Row
from mailbot.matching.tasks import match_rows, match_target

_MEANINGS = {Role.MONTHLY: Meaning.MONTHLY, Role.CUMULATIVE: Meaning.CUMULATIVE, Role.PROGRESS: Meaning.CUMULATIVE}
_VALUED = {*_MEANINGS, Role.PERCENT}
_SEVERAL = {Role.MONTHLY, Role.CUMULATIVE}  # may hold a number for each of several targets
_COUNTED_WHOLE = frozenset("人名户套部个所家条场台件处")
_MOST_PLACES = 3
_EMPTY = {"", "无", "/", "\\", "-", "--", "—", "暂无"}


@dataclass(frozen=True, slots=True)
class Yield:
    """What a table gave."""

    tasks: tuple[int, ...] = ()
    figures: tuple[Figure, ...] = ()
    progress: tuple[Progress, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A table with what it is read by."""

    file: str
    table: ProgressTable
    unit: str | None
    period: Period | None
    columns: tuple[Column, ...]
    said: tuple[Column, ...]  # of these columns those that tell how far a row has come, in figures or in words
    difficulties: tuple[Column, ...]
    next_steps: tuple[Column, ...]
    common: Mapping[str, frozenset[str]]  # of each cell merged over several rows: the wordings that all of them have
    over_tasks: tuple[float, str] | None  # the measure over the tasks or targets (任务（万人）)

    @classmethod
    def of(cls, file: str, table: ProgressTable, unit: str | None, period: Period | None) -> _Sheet:
        """Take up a table with what each of its rows is asked for."""
        columns = _columns_of(table, period)
        difficulties, next_steps = (
            tuple(column for column in columns if column.role is role) for role in (Role.DIFFICULTIES, Role.NEXT_STEPS)
        )
        return cls(
            file,
            table,
            unit,
            period,
            columns=columns,
            said=tuple(column for column in columns if column.role in _VALUED),
            difficulties=difficulties,
            next_steps=next_steps,
            common=_common_wordings(table, columns),
            over_tasks=_measure_over_tasks(table),
        )

    def wordings(self, row: Row, column: Column) -> tuple[str, ...]:
        """Return what a row says its number is of; for a cell merged over several rows, only what all of them say."""
        common = self.common.get(row.cell(column).ref or "")
        return row.wordings if common is None else tuple(word for word in row.wordings if word in common)

    def measure_over_tasks(self, cell: Cell) -> tuple[float, str] | None:
        """Return the measure over the tasks for a number that cannot count persons: 0.39."""
        found = amount(cell) if self.over_tasks else None
        return self.over_tasks if found and found.value % 1 else None

    def source(self, cell: Cell) -> Source:
        """Return where a cell stands."""
        return Source(self.file, self.table.sheet, cell.ref, self.table.page)


def read_table(
    file: str,
    table: ProgressTable,
    *,
    own: Sequence[Task],
    every: Sequence[Task],
    unit: str | None,
    period: Period | None,
) -> Yield:
    """Read what a unit reports of its own tasks in a table; rows on other tasks, and rows on none, become problems."""
    sheet = _Sheet.of(file, table, unit, period)
    tasks: list[int] = []
    figures: list[Figure] = []
    progress: dict[tuple[int, str, str, str], Progress] = {}  # words repeat in merged cells
    problems: list[Problem] = []
    told_in_words: list[Figure] = []
    lost: list[Row] = []
    for row, mine, any_task in zip(table.rows, match_rows(table.rows, own), match_rows(table.rows, every), strict=True):
        if not _says_something(sheet, row):
            continue
        if any_task is not None and any_task not in own:
            problems.append(_problem(sheet, row, "task_of_other_unit", f"第{any_task.number}项任务不由{unit}牵头"))
        elif mine is None:
            lost.append(row)
        else:
            tasks.append(mine.number)
            found = tuple(_figures(sheet, row, mine))
            figures.extend(found)
            told_in_words.extend(_in_words(sheet, row, mine))
            for said in _progress(sheet, row, mine):
                progress.setdefault((said.task, said.text, said.difficulties, said.next_steps), said)
            problems.extend(_odd_measures(mine, found))
    figures.extend(_told_nowhere_else(told_in_words, figures))
    problems.extend(_without_task(sheet, lost))
    return Yield(tuple(dict.fromkeys(tasks)), _distinct(figures), tuple(progress.values()), tuple(problems))


def _columns_of(table: ProgressTable, period: Period | None) -> tuple[Column, ...]:
    """Return the columns to read.

    Of those that name months (1-10月, 1-11月) only the latest not after the period, beside one of their sort without a
    month (累计) only the period's own; none of another year, none of what another month brought by itself (3月完成).
    """
    last = period.month if period else 12
    columns = [c for c in table.head.columns if not (period and c.years and period.year not in c.years)]
    months = {(c.role, c.month) for c in columns if c.month is not None and c.month <= last}
    latest = {role: max(month for r, month in months if r is role) for role, _ in months}
    only_now = {Role.MONTHLY, *(c.role for c in columns if c.month is None)} if period else set()
    return tuple(
        c
        for c in columns
        if c.month is None or (c.month == latest.get(c.role) and (c.month == last or c.role not in only_now))
    )


def _common_wordings(table: ProgressTable, columns: tuple[Column, ...]) -> dict[str, frozenset[str]]:
    """Return for each cell that is merged over several rows the wordings that all of them have."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for row in table.rows:
        for ref in {row.cell(column).ref for column in columns} - {None}:
            found.setdefault(str(ref), []).append(row.wordings)
    return {ref: frozenset.intersection(*map(frozenset, rows)) for ref, rows in found.items() if len(rows) > 1}


def _says_something(sheet: _Sheet, row: Row) -> bool:
    """Tell whether a row reports anything at all."""
    columns = (*sheet.said, *sheet.difficulties, *sheet.next_steps)
    return any(fold(row.cell(column).text).strip() not in _EMPTY for column in columns)


def _figures(sheet: _Sheet, row: Row, task: Task) -> Iterator[Figure]:
    """Yield the figures of a row."""
    own = next(filter(None, _measures_of(sheet, row)), None)
    for column in sheet.columns:
        cell = row.cell(column)
        found = rate(cell, column.head) if column.role is Role.PERCENT else None
        if column.role in _VALUED or _is_target_column(column, task):
            measures = (own, column.unit_of_measure, sheet.table.unit_of_measure)
            found = found or amount(cell, *measures, sheet.measure_over_tasks(cell))
        if found:
            yield _figure(sheet, row, task, column, found)
        elif cell.value is None and column.role in _SEVERAL:
            yield from _several(sheet, cell, task, column)


def _measures_of(sheet: _Sheet, row: Row) -> Iterator[tuple[float, str] | None]:
    """Yield what a row says it counts in: in its own column, or in brackets behind its words (新增城镇就业（万人）)."""
    for column in sheet.table.head.of(Role.MEASURE):
        yield measure(row.cell(column).text)
    for wording in row.wordings:
        in_brackets = re.search(r"\((?:单位:)?([^()]{1,6})\)$", wording)
        yield measure(in_brackets[1]) if in_brackets else None


def _measure_over_tasks(table: ProgressTable) -> tuple[float, str] | None:
    """Return the one measure over the tasks or targets that counts persons or things, None where there is none."""
    columns = table.head.of(Role.TASK, Role.ITEM, Role.TARGET)
    measures = {column.unit_of_measure for column in columns if column.unit_of_measure}
    if len(measures) != 1:
        return None
    (only,) = measures
    return only if only[1] in _COUNTED_WHOLE else None


def _figure(sheet: _Sheet, row: Row, task: Task, column: Column, found: Amount) -> Figure:
    """Return one figure; what is a percentage is a rate in whatever column it stands."""
    is_rate = found.unit_of_measure == "%"
    meaning = Meaning.PERCENT if is_rate else _MEANINGS.get(column.role, Meaning.CUMULATIVE)
    head = "" if column.role in {Role.PERCENT, Role.PROGRESS} else column.head
    cell = row.cell(column)
    wordings = sheet.wordings(row, column)
    target = match_target(task, head, wordings, found.unit_of_measure)
    what = target.what if target else (wordings[0] if wordings else task.text)[:60]
    unit_of_measure = found.unit_of_measure or (target.unit_of_measure if target else "")
    source = sheet.source(cell)
    return Figure(task.number, what, found.value, unit_of_measure, meaning, source, sheet.unit, sheet.period)


def _several(sheet: _Sheet, cell: Cell, task: Task, column: Column) -> Iterator[Figure]:
    """Yield the numbers of a cell that holds one for each of several targets, each told by the words before it."""
    found = tuple(number for number in quantities(cell.text) if number.unit_of_measure != "%")
    text, end = fold(cell.text), 0
    if not _is_list(text, found):
        return
    for number in found:
        words = text[end : number.start]
        end = number.start + len(number.quote)
        target = _target_in(task, words, number, found)
        if target:
            meaning = _MEANINGS[column.role]
            measured = number.unit_of_measure or target.unit_of_measure
            source = sheet.source(cell)
            yield Figure(task.number, target.what, number.value, measured, meaning, source, sheet.unit, sheet.period)


def _in_words(sheet: _Sheet, row: Row, task: Task) -> Iterator[Figure]:
    """Yield what the sentences of a row's progress say of the task's targets."""
    for column in sheet.columns:
        cell = row.cell(column)
        if column.role is Role.PROGRESS and _is_prose(cell):
            for target, value in said_of(cell.text, task.targets):
                what, measured, source = target.what, target.unit_of_measure, sheet.source(cell)
                yield Figure(task.number, what, value, measured, Meaning.CUMULATIVE, source, sheet.unit, sheet.period)


def _told_nowhere_else(in_words: list[Figure], figures: list[Figure]) -> Iterator[Figure]:
    """Yield the figures said in words of targets that no cell of their own gives, where all words agree."""
    given = {(figure.task, figure.what) for figure in figures if figure.meaning is Meaning.CUMULATIVE}
    values: dict[tuple[int, str], set[float]] = {}
    for figure in in_words:
        values.setdefault((figure.task, figure.what), set()).add(figure.value)
    single = {key for key, said in values.items() if len(said) == 1} - given
    for figure in in_words:
        if (figure.task, figure.what) in single:
            single.remove((figure.task, figure.what))
            yield figure


def _is_list(text: str, found: tuple[Quantity, ...]) -> bool:
    """Tell whether numbers are several: each bears a measure, or more than a space or comma parts it from the next."""
    ends = (number.start + len(number.quote) for number in found)
    between = (text[end : after.start] for end, after in zip(ends, found[1:], strict=False))
    return all(one.unit_of_measure or re.search(r"[^ ,]", gap) for one, gap in zip(found, between, strict=False))


def _target_in(task: Task, words: str, number: Quantity, found: tuple[Quantity, ...]) -> Target | None:
    """Return the target that a number among several is about; numbers without any words go in the targets' order."""
    if any("\u3400" <= character <= "\u9fff" for character in words):
        fitting = [t for t in task.targets if covered(words, t.what) >= 0.6 or covered(t.what, words) >= 0.6]
        alike = [t for t in fitting if number.unit_of_measure in {"", t.unit_of_measure}]
        return alike[0] if len(alike) == 1 else None
    return task.targets[found.index(number)] if len(found) == len(task.targets) else None


def _is_target_column(column: Column, task: Task) -> bool:
    """Tell whether a column's head is a target's own name (新开工安置房)."""
    return column.role is Role.OTHER and any(covered(target.what, column.head) >= 0.8 for target in task.targets)


def _progress(sheet: _Sheet, row: Row, task: Task) -> Iterator[Progress]:
    """Yield what a row says in words."""
    prose = [cell for cell in map(row.cell, sheet.said) if _is_prose(cell)]
    difficulties, next_steps = _words(row, sheet.difficulties), _words(row, sheet.next_steps)
    if prose or difficulties or next_steps:
        text = "；".join(dict.fromkeys(cell.text.strip() for cell in prose))
        source = sheet.source(prose[0]) if prose else Source(sheet.file, sheet.table.sheet, None, sheet.table.page)
        yield Progress(task.number, text, source, difficulties, next_steps, sheet.unit, sheet.period)


def _is_prose(cell: Cell) -> bool:
    """Tell whether a cell says something in words."""
    return cell.value is None and fold(cell.text).strip() not in _EMPTY and amount(cell) is None


def _words(row: Row, columns: tuple[Column, ...]) -> str:
    """Return what columns of one role say."""
    texts = (row.cell(column).text.strip() for column in columns)
    return "；".join(dict.fromkeys(text for text in texts if fold(text) not in _EMPTY))


def _odd_measures(task: Task, figures: tuple[Figure, ...]) -> Iterator[Problem]:
    """Yield a problem for each figure in another unit of measure than its target's, and for each half of a person."""
    expected = {target.what: target.unit_of_measure for target in task.targets}
    for figure in figures:
        place = Place(figure.source.file, sheet=figure.source.sheet, cell=figure.source.cell)
        if figure.meaning is Meaning.PERCENT:
            continue
        wanted = expected.get(figure.what)
        if wanted and figure.unit_of_measure not in {"", wanted}:
            text = f"“{figure.what}”的计量单位是{figure.unit_of_measure}，通知中为{wanted}"
            yield Problem("measure_differs", text, place)
        elif figure.unit_of_measure in _COUNTED_WHOLE and figure.value % 1:
            text = f"“{figure.what}”的数值 {figure.value:g} 带小数而没有写计量单位，可能以万计"
            yield Problem("measure_unclear", text, place)


def _problem(sheet: _Sheet, row: Row, code: str, text: str) -> Problem:
    """Return a problem with a row."""
    first = next((cell.ref for cell in row.cells if cell.ref), None)
    wording = f"（{row.wordings[0][:30]}）" if row.wordings else ""
    return Problem(code, text + wording, Place(sheet.file, sheet=sheet.table.sheet, cell=first))


def _without_task(sheet: _Sheet, rows: list[Row]) -> Iterator[Problem]:
    """Yield one problem for all rows on no task, with the first places."""
    if len(rows) == 1:
        yield _problem(sheet, rows[0], "row_without_task", "这一行对不上任何一项牵头任务")
    elif rows:
        places = "、".join(_place(row) for row in rows[:_MOST_PLACES]) + ("等" if len(rows) > _MOST_PLACES else "")
        text = f"有 {len(rows)} 行对不上任何一项牵头任务：{places}"
        yield Problem("row_without_task", text, Place(sheet.file, sheet=sheet.table.sheet, page=sheet.table.page))


def _place(row: Row) -> str:
    """Return where a row begins and what it says (A3（附表）)."""
    first = next((cell.ref for cell in row.cells if cell.ref), None) or ""
    return first + (f"（{row.wordings[0][:30]}）" if row.wordings else "")


def _distinct(figures: list[Figure]) -> tuple[Figure, ...]:
    """Return the figures without the copies that merged cells make."""
    return tuple(dict.fromkeys(figures))
