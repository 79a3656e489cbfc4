"""Writes sheets as an .xlsx file that an office can filter and print: the room's only door to openpyxl.

Text stays text: a cell from a mail that begins with = or + is never a formula.
"""

from __future__ import annotations

import os
import tempfile
import unicodedata
from datetime import datetime
from functools import cache
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
from openpyxl.styles import Alignment, Border, Font, PatternFill
from openpyxl.styles import Side as Line
from openpyxl.utils import get_column_letter

from mailbot.errors import Place, UsageError
from mailbot.reports.sheet import Look, Marked, Side, printable, wall_clock

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openpyxl.worksheet.worksheet import Cell, Worksheet

    from mailbot.reports.sheet import Column, Entry, Sheet, Value

A4 = 9  # ECMA-376 part 1, 18.3.1.63, paperSize
HEADING_ROW, NOTE_ROW, HEAD_ROW = 1, 2, 3
LINE_HEIGHT = 14.5  # points, for ten-point type
TALLEST = 400.0  # Excel's limit is 409 points
FORMULA_SIGNS = ("=", "+", "-", "@", "\t")
COLOURS = {
    Look.GOOD: "C6E0B4",
    Look.PARTLY: "FFE699",
    Look.LATE: "F8CBAD",
    Look.BAD: "FF9B9B",
    Look.DOUBT: "BDD7EE",
    Look.SPARED: "D9D9D9",
    Look.TOTAL: "F2F2F2",
}


def write_sheets(path: Path, sheets: Sequence[Sheet], made_at: datetime) -> None:
    """Write sheets to a file: whole or not at all, since it gets its name only when it is complete.

    Raises:
        UsageError: nothing can be written there.
    """
    workbook = openpyxl.Workbook()
    workbook.properties.creator = "mailbot"
    workbook.properties.created = wall_clock(made_at)
    for sheet, page in zip(sheets, [workbook.active, *(workbook.create_sheet() for _ in sheets[1:])], strict=True):
        _fill(page, sheet)
    try:
        _save(workbook, path)
    except OSError as error:
        raise UsageError(
            f"cannot write {path}: {error}",
            chinese="无法写入工作簿",
            remedy="请检查目录是否存在、是否可写，磁盘空间是否充足。",
            place=Place(file=str(path)),
        ) from error


def _save(workbook: openpyxl.Workbook, path: Path) -> None:
    """Write under another name beside the file, then rename."""
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
        temporary = Path(file.name)
        try:
            workbook.save(file)
            file.flush()
            os.fsync(file.fileno())
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)


def text_width(text: str) -> int:
    """Return the width of a line in half-width characters; a Chinese one takes two.

    >>> text_width("4月25日")
    7
    """
    return sum(2 if unicodedata.east_asian_width(character) in "WFA" else 1 for character in text)


def _fill(page: Worksheet, sheet: Sheet) -> None:
    """Put a sheet onto a page."""
    page.title = sheet.tab
    width = len(sheet.columns)
    _line(page, HEADING_ROW, sheet.heading, width, size=16, bold=True)
    _line(page, NOTE_ROW, sheet.note, width, size=10, bold=False)
    total_width = sum(column.width for column in sheet.columns)
    page.row_dimensions[HEADING_ROW].height = 30
    page.row_dimensions[NOTE_ROW].height = _height([(sheet.note, total_width)])
    for number, column in enumerate(sheet.columns, 1):
        _head(page.cell(HEAD_ROW, number), column)
        page.column_dimensions[get_column_letter(number)].width = column.width
    page.row_dimensions[HEAD_ROW].height = _height([(column.head, column.width) for column in sheet.columns]) + 4
    for number, row in enumerate((*sheet.rows, *sheet.totals), HEAD_ROW + 1):
        _row(page, number, row, sheet.columns)
    _set_up(page, sheet)


def _set_up(page: Worksheet, sheet: Sheet) -> None:
    """Make a page easy to scroll, filter and print: A4 landscape, as wide as the paper, the heads on each page."""
    last = get_column_letter(len(sheet.columns))
    page.freeze_panes = f"{get_column_letter(sheet.frozen_columns + 1)}{HEAD_ROW + 1}"
    page.auto_filter.ref = f"A{HEAD_ROW}:{last}{HEAD_ROW + max(1, len(sheet.rows))}"
    page.print_title_rows = f"{HEAD_ROW}:{HEAD_ROW}"
    page.page_setup.orientation = "landscape"
    page.page_setup.paperSize = A4
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.print_options.horizontalCentered = True
    page.page_margins.left = page.page_margins.right = 0.4  # inches
    page.page_margins.top, page.page_margins.bottom = 0.6, 0.8
    page.page_margins.footer = 0.4
    page.oddFooter.left.text = sheet.tab
    page.oddFooter.right.text = "第 &P 页，共 &N 页"


def _line(page: Worksheet, row: int, text: str, width: int, *, size: float, bold: bool) -> None:
    """Write a line across the whole sheet."""
    cell = page.cell(row, 1)
    _put(cell, text)
    cell.font, cell.alignment = _font(size=size, bold=bold), _alignment(Side.CENTRE if bold else Side.LEFT)
    page.merge_cells(f"A{row}:{get_column_letter(width)}{row}")


def _head(cell: Cell, column: Column) -> None:
    """Write a column's head."""
    _put(cell, column.head)
    cell.font, cell.alignment = _font(size=10, bold=True), _alignment(Side.CENTRE)
    cell.border, cell.fill = _border(), _fill_of("DDEBF7")


def _row(page: Worksheet, number: int, row: Sequence[Entry], columns: Sequence[Column]) -> None:
    """Write a row; it is as high as its fullest cell."""
    texts: list[tuple[str, float]] = []
    for place, (entry, column) in enumerate(zip(row, columns, strict=True), 1):
        marked = entry if isinstance(entry, Marked) else Marked(entry, Look.PLAIN)
        cell = page.cell(number, place)
        _put(cell, marked.value)
        if not isinstance(marked.value, str):
            cell.number_format = column.number_format
        cell.font = _font(size=10, bold=marked.look is Look.TOTAL)
        cell.alignment, cell.border = _alignment(column.side), _border()
        if marked.look in COLOURS:
            cell.fill = _fill_of(COLOURS[marked.look])
        texts.append((marked.value if isinstance(marked.value, str) else "", column.width))
    page.row_dimensions[number].height = _height(texts)


def _put(cell: Cell, value: Value) -> None:
    """Put a value into a cell: text as text whatever it begins with, moments by the clock on the wall."""
    if value == "":
        return  # an empty cell, which a filter finds as blank
    if isinstance(value, str):
        cell.value = printable(value)
        cell.data_type = "s"
        cell.quotePrefix = value.startswith(FORMULA_SIGNS)
    else:
        cell.value = wall_clock(value) if isinstance(value, datetime) else value


def _height(texts: Sequence[tuple[str, float]]) -> float:
    """Return a row's height in points for its texts and the widths of their columns."""
    lines = [
        sum(max(1, ceil(text_width(line) / max(1.0, width - 1))) for line in text.split("\n")) for text, width in texts
    ]
    return min(TALLEST, LINE_HEIGHT * max([1, *lines]) + 4)


@cache
def _font(*, size: float, bold: bool) -> Font:
    return Font(name="黑体" if bold else "宋体", size=size, bold=bold)


@cache
def _alignment(side: Side) -> Alignment:
    return Alignment(horizontal=side.value, vertical="center", wrap_text=True)


@cache
def _border() -> Border:
    thin = Line(style="thin", color="808080")
    return Border(left=thin, right=thin, top=thin, bottom=thin)


@cache
def _fill_of(colour: str) -> PatternFill:
    return PatternFill(fill_type="solid", start_color=colour, end_color=colour)
