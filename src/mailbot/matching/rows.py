"""The rows of a progress table below its head: number, wording, cells; totals, notes, repeated heads left out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from mailbot.chinese.fold import fold
from mailbot.chinese.numerals import measure
from mailbot.domain.message import Cell, Table
from mailbot.matching.columns import Column, Head, Role, find_head

MOST_ROWS = 400  # of one table
_TOTAL = re.compile(r"^(?:合计|总计|小计|共计)")
_NOTES = re.compile(
    r"^(?:注|备注|说明|填表说明|填报说明|填报人|填表人|审核人|负责人|单位负责人|联系人|联系电话|制表|报送人)\d*[:：]?"
)
_WORDS = re.compile(r"[\u3400-\u9fff]{2}")
_WORDING = (Role.ITEM, Role.TASK, Role.TARGET)
NO_CELL = Cell("")


@dataclass(frozen=True, slots=True)
class Row:
    """A row: the number it bears, its wordings (the narrowest column first), and its cells by column."""

    number: int | None
    wordings: tuple[str, ...]
    cells: tuple[Cell, ...]

    def cell(self, column: Column) -> Cell:
        """Return the cell of a column, an empty one where the row is shorter."""
        return self.cells[column.index] if column.index < len(self.cells) else NO_CELL


@dataclass(frozen=True, slots=True)
class ProgressTable:
    """A table that reports progress: its sheet or page, its head and its rows."""

    sheet: str | None
    page: int | None
    head: Head
    rows: tuple[Row, ...]
    unit_of_measure: tuple[float, str] | None = None  # what stands above the head for the whole table: 单位：万人
    cut: bool = False  # whether there were more rows than were read


def progress_table(table: Table, most_rows: int = MOST_ROWS) -> ProgressTable | None:
    """Return the table as a progress table, None where it has no head that says so."""
    head = find_head(table)
    if head is None:
        return None
    above = (fold(cell.text).strip() for row in table.rows[: head.top] for cell in row)
    measures = (measure(text.partition(":")[2]) for text in above if text.startswith(("单位:", "计量单位:")))
    rows = tuple(islice(_rows(table, head), most_rows + 1))
    unit_of_measure = next((found for found in measures if found), None)
    return ProgressTable(table.name, table.page, head, rows[:most_rows], unit_of_measure, cut=len(rows) > most_rows)


def _rows(table: Table, head: Head) -> Iterator[Row]:
    """Yield the rows that report, down to the notes."""
    head_texts = [cell.text for cell in table.rows[head.top]]
    numbers = head.of(Role.NUMBER)
    wordings = sorted(head.of(*_WORDING), key=lambda column: _WORDING.index(column.role))
    for cells in table.rows[head.first_row :]:
        first = next((fold(cell.text).strip() for cell in cells if cell.text.strip()), "")
        if _NOTES.match(first) and not _is_long_row(cells):
            return
        if first and not _TOTAL.match(first) and [cell.text for cell in cells] != head_texts:
            yield _row(cells, numbers, wordings)


def _is_long_row(cells: tuple[Cell, ...]) -> bool:
    """Tell whether a row has values of its own, so that it is no note even where it begins like one."""
    return len({cell.text for cell in cells if cell.text.strip()}) > 3 and any(cell.value is not None for cell in cells)


def _row(cells: tuple[Cell, ...], numbers: Sequence[Column], wordings: Sequence[Column]) -> Row:
    """Return one row by its columns of numbers and of wordings; a wording that is only a number says nothing."""
    found = [_number(cells[column.index]) for column in numbers if column.index < len(cells)]
    texts = (fold(cells[column.index].text).strip() for column in wordings if column.index < len(cells))
    said = tuple(dict.fromkeys(text for text in texts if _WORDS.search(text)))
    return Row(next((number for number in found if number is not None), None), said, cells)


def _number(cell: Cell) -> int | None:
    """Return the number a cell gives a task, None where it gives none."""
    found = re.fullmatch(r"(?:第|任务|事项)?(\d{1,3})(?:\.0+)?[.、)项号]?", fold(cell.text).strip())
    return int(found[1]) if found else None
