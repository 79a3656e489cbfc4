"""Progress tables in .xlsx, as they are shown.

A workbook is looked at before it is loaded (packages.py): cells and ranges may be declared that no report ever has.
Rows are built from the cells that are there: a 1.7 KB file may have one at XFD1048576.
"""

from __future__ import annotations

import contextlib
import math
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

from mailbot.domain.message import Cell, Document, Table
from mailbot.errors import Place, Problem
from mailbot.reading.charsets import tidy
from mailbot.reading.display import shown
from mailbot.reading.foreign import Refused, foreign
from mailbot.reading.packages import check_package, check_sheets
from mailbot.reading.problems import problem
from mailbot.reading.salvage import cut_down
from mailbot.reading.sheets import Sheet, Value, load_sheets

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
    known = check_sheets(path)
    room = _Room()
    content, sheets = _opened(path, room, whole=not known.sprawling)
    tables = tuple(_table(sheet, room) for sheet in sheets)
    if known.uncached:
        room.problems += _formulas_without_value(sheets, load_sheets(content, formulas=True))
    document = Document(tables=tuple(t for t in tables if t.rows), has_text=any(t.rows for t in tables))
    return document, tuple(room.problems)


def _opened(path: Path, room: _Room, *, whole: bool) -> tuple[bytes, tuple[Sheet, ...]]:
    """Return the workbook; cut down to its cells where the whole of it is too much for openpyxl."""
    if whole:
        content = path.read_bytes()
        with contextlib.suppress(Refused):
            return content, load_sheets(content)
    content = cut_down(path)
    sheets = load_sheets(content)
    room.problems.append(problem("formats_not_read"))
    return content, sheets


@dataclass(slots=True)
class _Room:
    """How many cells may still be taken, and the problems so far. Not frozen: it is used up."""

    cells: int = MAX_CELLS
    problems: list[Problem] = field(default_factory=list)

    def full(self, sheet: str) -> None:
        self.problems.append(problem("table_cut", place=Place(sheet=sheet)))


def _table(sheet: Sheet, room: _Room) -> Table:
    """Return a sheet: rows that hold something, from column A on; hidden rows and columns are left out."""
    name = tidy(sheet.title)
    cells = _cells(sheet)
    hidden = frozenset(column for columns in sheet.hidden_columns for column in columns)
    visible_columns = [column for column in range(1, MAX_COLUMNS + 1) if column not in hidden]
    rows: list[tuple[Cell, ...]] = []
    for number, run in groupby(sorted(cells), key=lambda at: at[0]):
        if number in sheet.hidden_rows:
            continue
        last = max(column for _, column in run)
        if len(rows) >= MAX_ROWS or room.cells < min(last, MAX_COLUMNS) or last > MAX_COLUMNS:
            room.full(name)
            break
        row = tuple(cells.get((number, column), NOTHING) for column in visible_columns if column <= last)
        room.cells -= len(row)
        rows.append(row)
    return Table(name, tuple(rows), hidden=sheet.hidden)


def _cells(sheet: Sheet) -> dict[tuple[int, int], Cell]:
    """Return the cells that hold something by row and column, merged ranges filled."""
    with foreign():
        cells = {at: _cell(held) for at, held in sheet.values.items()}
    for merged in sheet.merged:
        first = cells.get(merged.first)
        if first is not None and first.text:
            cells |= dict.fromkeys(merged.places(), first)
    return cells


def _cell(held: Value) -> Cell:
    value, form = held.value, held.number_format
    number = float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else None
    if number is not None and not math.isfinite(number):
        return Cell(str(value), None, form, held.ref)
    return Cell(tidy(shown(value, form))[:MAX_CELL_TEXT].strip(), number, form, held.ref)


def _formulas_without_value(results: tuple[Sheet, ...], formulas: tuple[Sheet, ...]) -> list[Problem]:
    """Return a problem a sheet that has formulas whose result was never stored, with the first such cell."""
    problems = []
    for shown_sheet, sheet in zip(results, formulas, strict=True):
        lacking = [held.ref for at, held in sheet.values.items() if held.is_formula and at not in shown_sheet.values]
        if lacking:
            place = Place(sheet=tidy(sheet.title), cell=lacking[0])
            problems.append(problem("formula_without_value", f"共 {len(lacking)} 个", place=place))
    return problems
