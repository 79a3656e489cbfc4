"""Progress tables in .xlsx by openpyxl: its one door in this room.

A workbook is looked at before it is loaded (packages.py): a 1.7 KB file with a cell at XFD1048576 would otherwise keep
openpyxl busy for ever, as it fills every gap. For the same reason rows are built from the cells that are there.
"""

from __future__ import annotations

import contextlib
import math
import warnings
from dataclasses import dataclass, field
from io import BytesIO
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from mailbot.domain.message import Cell, Document, Table
from mailbot.errors import Place, Problem
from mailbot.reading.charsets import tidy
from mailbot.reading.display import shown
from mailbot.reading.foreign import Refused, foreign
from mailbot.reading.packages import check_package, check_sheets
from mailbot.reading.problems import problem
from mailbot.reading.salvage import cut_down

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

MAX_SHEETS = 50
MAX_ROWS = 5_000
MAX_COLUMNS = 256
MAX_CELLS = 100_000
MAX_CELL_TEXT = 32_767

NOTHING = Cell("")


def read_workbook(path: Path) -> tuple[Document, tuple[Problem, ...]]:
    """Return the sheets of a workbook as tables, values as shown, and what is wrong with them.

    Raises:
        Refused: it is damaged, encrypted or too large.
    """
    names = check_package(path)
    if "xl/workbook.bin" in names:
        raise Refused("format_not_read", "xlsb")
    sheets = check_sheets(path)
    room = _Room()
    content, book = _opened(path, room, whole=not sheets.sprawling)
    tables = tuple(_table(sheet, room) for sheet in book.worksheets[:MAX_SHEETS])
    if sheets.uncached:
        room.problems += _formulas_without_value(book, _load(content, values=False))
    document = Document(tables=tuple(t for t in tables if t.rows), has_text=any(t.rows for t in tables))
    return document, tuple(room.problems)


def _opened(path: Path, room: _Room, *, whole: bool) -> tuple[bytes, Workbook]:
    """Return the workbook; cut down to its cells where the whole of it is too much for openpyxl."""
    if whole:
        content = path.read_bytes()
        with contextlib.suppress(Refused):
            return content, _load(content, values=True)
    content = cut_down(path)
    book = _load(content, values=True)
    room.problems.append(problem("formats_not_read"))
    return content, book


def _load(content: bytes, *, values: bool) -> Workbook:
    from openpyxl import load_workbook

    with foreign(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = load_workbook(BytesIO(content), data_only=values, keep_links=False)
    if not book.worksheets:
        raise Refused("damaged")
    return book


@dataclass(slots=True)
class _Room:
    """How many cells may still be taken, and the problems so far. Not frozen: it is used up."""

    cells: int = MAX_CELLS
    problems: list[Problem] = field(default_factory=list)

    def full(self, sheet: str) -> None:
        self.problems.append(problem("table_cut", place=Place(sheet=sheet)))


def _table(sheet: Worksheet, room: _Room) -> Table:
    """Return a sheet: rows that hold something, from column A on; hidden rows and columns are left out."""
    name = tidy(sheet.title)
    cells = _cells(sheet)
    visible_columns = [column for column in range(1, MAX_COLUMNS + 1) if not _column_hidden(sheet, column)]
    rows: list[tuple[Cell, ...]] = []
    for number, run in groupby(sorted(cells), key=lambda at: at[0]):
        if sheet.row_dimensions[number].hidden:
            continue
        last = max(column for _, column in run)
        if len(rows) >= MAX_ROWS or room.cells < min(last, MAX_COLUMNS) or last > MAX_COLUMNS:
            room.full(name)
            break
        row = tuple(cells.get((number, column), NOTHING) for column in visible_columns if column <= last)
        room.cells -= len(row)
        rows.append(row)
    return Table(name, tuple(rows), hidden=sheet.sheet_state != "visible")


def _cells(sheet: Worksheet) -> dict[tuple[int, int], Cell]:
    """Return the cells that hold something by row and column, merged ranges filled."""
    there = sheet._cells  # noqa: SLF001  the public ways fill every gap up to the last cell
    cells = {}
    with foreign():
        for (row, column), cell in there.items():
            if cell.value is not None:
                cells[row, column] = _cell(cell.value, cell.number_format, cell.coordinate)
        for merged in sheet.merged_cells.ranges:
            first = cells.get((merged.min_row, merged.min_col))
            if first is not None and first.text:
                for row in range(merged.min_row, merged.max_row + 1):
                    for column in range(merged.min_col, merged.max_col + 1):
                        cells[row, column] = first
    return cells


def _cell(value: object, number_format: str, ref: str) -> Cell:
    number = float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None
    if number is not None and not math.isfinite(number):
        return Cell(str(value), None, number_format, ref)
    return Cell(tidy(shown(value, number_format))[:MAX_CELL_TEXT].strip(), number, number_format, ref)


def _column_hidden(sheet: Worksheet, column: int) -> bool:
    return any(
        dimension.hidden and (dimension.min or 0) <= column <= (dimension.max or 0)
        for dimension in sheet.column_dimensions.values()
    )


def _formulas_without_value(values: Workbook, formulas: Workbook) -> list[Problem]:
    """Return a problem a sheet that has formulas whose result was never stored, with the first such cell."""
    problems = []
    for shown_sheet, sheet in zip(values.worksheets, formulas.worksheets, strict=True):
        stored = shown_sheet._cells  # noqa: SLF001  as above
        lacking = [
            cell.coordinate
            for at, cell in sheet._cells.items()  # noqa: SLF001  as above
            if cell.data_type == "f" and (at not in stored or stored[at].value is None)
        ]
        if lacking:
            place = Place(sheet=tidy(sheet.title), cell=lacking[0])
            problems.append(problem("formula_without_value", f"共 {len(lacking)} 个", place=place))
    return problems
