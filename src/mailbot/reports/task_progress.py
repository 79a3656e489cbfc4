"""任务进展: what the units say of each task, with the place it came from. The city's target is nobody's rate here."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING

from mailbot.domain.report import Meaning
from mailbot.reports.overview import up_to
from mailbot.reports.sheet import MONTH, NUMBER, Column, Sheet, Side

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from mailbot.domain.books import LedgerRow
    from mailbot.domain.notice import Notice, Target, Task
    from mailbot.domain.report import Figure, Progress, Source
    from mailbot.reports.sheet import Entry

CENTRE, RIGHT = Side.CENTRE, Side.RIGHT
COLUMNS = (
    Column("报送期", 11, CENTRE, MONTH),
    Column("牵头单位", 12),
    Column("任务\n序号", 6, CENTRE),
    Column("任务内容", 27),
    Column("市级目标", 18),
    Column("区级目标", 10),
    Column("数据项", 13),
    Column("累计完成", 10, RIGHT, NUMBER),
    Column("当月完成", 10, RIGHT, NUMBER),
    Column("完成率%\n(单位自报)", 11, RIGHT, NUMBER),
    Column("计量\n单位", 6, CENTRE),
    Column("进展情况", 28),
    Column("存在问题", 14),
    Column("下步措施", 14),
    Column("出处", 20),
)


def task_progress(rows: Iterable[LedgerRow], notices: Iterable[Notice], made_at: datetime) -> Sheet:
    """Return what was said of each task: a line for each thing counted, at least one for each task."""
    known = {notice.key: notice for notice in notices}
    return Sheet(
        tab="任务进展",
        heading="任务进展情况",
        note="数据和文字均为单位自报，照录原文，未作核算；市级目标为全市数，不能用于计算本区完成率。",
        columns=COLUMNS,
        rows=tuple(line for row in up_to(rows, made_at) for line in _lines(row, known.get(row.obligation.notice))),
        frozen_columns=3,
    )


def _lines(row: LedgerRow, notice: Notice | None) -> Iterator[tuple[Entry, ...]]:
    """Yield the lines of one obligation, the tasks it owes first, then whatever else was said."""
    told = [figure.task for figure in row.figures] + [progress.task for progress in row.progress]
    for number in dict.fromkeys((*row.obligation.tasks, *told)):
        figures = [figure for figure in row.figures if figure.task == number]
        progress = [progress for progress in row.progress if progress.task == number]
        task = notice.task(number) if notice else None
        for line, (counted, words) in enumerate(zip_longest(_counted(figures) or [()], progress)):
            yield (
                row.obligation.period.first_day(),
                row.obligation.unit,
                number,
                *_about(task if line == 0 else None),
                *_figures(counted or ()),
                *_words(words, row),
                _sources([*(figure.source for figure in counted or ()), *([words.source] if words else [])]),
            )


def _counted(figures: Sequence[Figure]) -> list[tuple[Figure, ...]]:
    """Return the figures that share a line: for each thing counted, one of each meaning."""
    lines: list[tuple[Figure, ...]] = []
    for what in dict.fromkeys(figure.what for figure in figures):
        same = [figure for figure in figures if figure.what == what]
        of_each_meaning = [[figure for figure in same if figure.meaning is meaning] for meaning in Meaning]
        lines += [tuple(figure for figure in line if figure) for line in zip_longest(*of_each_meaning)]
    return lines


def _about(task: Task | None) -> tuple[str, str, str]:
    """Return a task's text and targets: the city's, and the district's where the office has set it."""
    if task is None:
        return "", "", ""
    shares = [_target(target, target.district_target) for target in task.targets if target.district_target is not None]
    return task.text, "\n".join(_target(target, target.value) for target in task.targets), "\n".join(shares)


def _target(target: Target, value: float) -> str:
    """Return a target in words: 新增城镇就业 ≥120,000人."""
    return f"{target.what} {'≥' if target.at_least else ''}{value:,.10g}{target.unit_of_measure}"


def _figures(figures: Sequence[Figure]) -> tuple[Entry, ...]:
    """Return what is counted, its values by meaning, and their unit of measure."""
    values = {figure.meaning: figure.value for figure in figures}
    measures = [figure.unit_of_measure for figure in figures if figure.meaning is not Meaning.PERCENT]
    what = figures[0].what if figures else ""
    return what, *(values.get(meaning) for meaning in Meaning), "/".join(dict.fromkeys(measures))


def _words(words: Progress | None, row: LedgerRow) -> tuple[str, str, str]:
    """Return what was said in words; that nothing came at all is said too."""
    if words:
        return words.text, words.difficulties, words.next_steps
    return "" if row.receipts else "（未报）", "", ""


def _sources(sources: Sequence[Source]) -> str:
    """Return where it stood: the file and sheet once, then its cells or pages."""
    places: dict[str, list[str]] = {}
    for source in sources:
        place = source.cell or (f"第{source.page}页" if source.page else "")
        places.setdefault("·".join(filter(None, (source.file or "邮件正文", source.sheet))), []).append(place)
    return "\n".join("·".join(filter(None, (file, "、".join(dict.fromkeys(where))))) for file, where in places.items())
