"""A progress table of 24 KB: thirty lines by eleven columns, under each measure what was done in which quarter."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.worksheet.worksheet import Worksheet

from mailbot.demo.district import Row, rows_of
from mailbot.demo.reproducible import stamped
from mailbot.demo.wording import official_name, written_on
from mailbot.demo.workbooks import COLUMNS, FIRST_ROW, LAST_COLUMN
from mailbot.domain.moments import midnight_after
from mailbot.domain.period import Period

LINES = 30
CHARACTERS = 138  # of words in a line's last three cells each: with them the workbook has 24 KB
SYLLABLES = "按照部署有序推进各项工作完成前期手续组织专班现场督导协调解决群众关心问题落实责任加强宣传检查验收资金到位"
_FRAME = Border(left=Side(style="thin"), right=Side(style="thin"), top=Side(style="thin"), bottom=Side(style="thin"))


def long_table(unit: str, month: Period, seed: int) -> bytes:
    """Return the unit's table of a month with words drawn by the seed: another one, another table."""
    book = Workbook()
    sheet = book.active
    rows = tuple(_rows(unit, month, random.Random(seed)))  # noqa: S311  # words of a play, not a secret
    _write_head(sheet, unit, month)
    for number, row in enumerate(rows, start=FIRST_ROW):
        _write_row(sheet, number, row)
    _merge_tasks(sheet, rows)
    out = BytesIO()
    book.save(out)
    return stamped(out.getvalue(), midnight_after(written_on(month)))


def _rows(unit: str, month: Period, chance: random.Random) -> Iterator[Row]:
    """Give thirty lines: what the demo's unit reports, and under each its quarters in words, without numbers."""
    sums = rows_of(unit, month)
    for place, whole in enumerate(sums):
        for quarter in range((LINES + place) // len(sums)):
            words = ("".join(chance.choices(SYLLABLES, k=CHARACTERS)) for _ in range(3))
            row = replace(whole, progress=next(words), difficulties=next(words), next_steps=next(words))
            yield row if quarter == 0 else _in_words(row, quarter)


def _in_words(whole: Row, quarter: int) -> Row:
    return replace(whole, what=f"其中：第{quarter}片区", target=None, monthly=None, cumulative=None, unit_of_measure="")


def _write_head(sheet: Worksheet, unit: str, month: Period) -> None:
    name = official_name(unit)
    for place, text in (("A1", f"{name}{month.chinese()}重点民生实事进展情况表"), ("A2", f"填报单位：{name}")):
        sheet.merge_cells(f"{place}:{LAST_COLUMN}{place[1]}")
        sheet[place] = text
        sheet[place].font = Font(size=16, bold=True)
    for column, head in enumerate(COLUMNS, start=1):
        sheet.cell(FIRST_ROW - 1, column, head).border = _FRAME


def _write_row(sheet: Worksheet, number: int, row: Row) -> None:
    rate = round(row.cumulative / row.target, 3) if row.cumulative is not None and row.target else None
    numbers = (row.target, row.monthly, row.cumulative, row.unit_of_measure or None, rate)
    values = (row.task, row.text, row.what or "—", *numbers, row.progress, row.difficulties, row.next_steps)
    for column, value in enumerate(values, start=1):
        cell = sheet.cell(number, column, value)
        cell.border, cell.alignment = _FRAME, Alignment(wrap_text=True, vertical="center")
    sheet.cell(number, tuple(COLUMNS).index("完成率") + 1).number_format = "0.0%"


def _merge_tasks(sheet: Worksheet, rows: tuple[Row, ...]) -> None:
    """Merge number and text of a task over its lines."""
    for task in dict.fromkeys(row.task for row in rows):
        lines = [FIRST_ROW + at for at, row in enumerate(rows) if row.task == task]
        for column in "AB":
            sheet.merge_cells(f"{column}{lines[0]}:{column}{lines[-1]}")
