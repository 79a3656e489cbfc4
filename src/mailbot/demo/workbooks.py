"""A unit's progress table as an .xlsx of the kind that offices make: merged title, label line, notes below."""

from __future__ import annotations

from io import BytesIO

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.worksheet.worksheet import Worksheet

from mailbot.demo.district import Row, rows_of
from mailbot.demo.reproducible import stamped
from mailbot.demo.wording import CLERK, REVIEWER, chinese_day, official_name, written_on
from mailbot.domain.moments import midnight_after
from mailbot.domain.period import Period

COLUMNS = {  # head: width in characters
    "序号": 6,
    "任务内容": 30,
    "指标": 22,
    "年度目标": 11,
    "本月完成": 11,
    "累计完成": 11,
    "计量单位": 11,
    "完成率": 10,
    "进展情况": 40,
    "存在问题": 24,
    "下步措施": 28,
}
LAST_COLUMN = "K"
FIRST_ROW = 4
_LINE = Side(style="thin")


def progress_workbook(unit: str, period: Period, *, rows: tuple[Row, ...] | None = None, label: str = "") -> bytes:
    """Return a progress table.

    Args:
        unit: canonical name of the unit.
        period: the month reported.
        rows: what is reported; the unit's own invented rows if None.
        label: what stands after 填报单位; the unit's name with the district's before it if empty.
    """
    book = Workbook()
    sheet = book.active
    sheet.title = f"{period.month}月"
    reported = rows_of(unit, period) if rows is None else rows
    _write_head(sheet, label or official_name(unit), period)
    for number, row in enumerate(reported, start=FIRST_ROW):
        _write_row(sheet, number, row)
    _merge_tasks(sheet, reported)
    _write_foot(sheet, FIRST_ROW + len(reported), period)
    _draw(sheet, FIRST_ROW + len(reported) - 1)
    out = BytesIO()
    book.save(out)
    return stamped(out.getvalue(), midnight_after(written_on(period)))


def _write_head(sheet: Worksheet, name: str, period: Period) -> None:
    sheet.merge_cells(f"A1:{LAST_COLUMN}1")
    sheet["A1"] = f"{name}{period.chinese()}重点民生实事进展情况表"
    sheet["A1"].font = Font(size=18, bold=True)
    sheet["A1"].alignment = Alignment(horizontal="center", vertical="center")
    sheet.merge_cells("A2:F2")
    sheet["A2"] = f"填报单位：{name}"
    sheet.merge_cells(f"G2:{LAST_COLUMN}2")
    sheet["G2"] = f"填报日期：{chinese_day(written_on(period))}"
    for column, head in enumerate(COLUMNS, start=1):
        sheet.cell(FIRST_ROW - 1, column, head).font = Font(bold=True)


def _write_row(sheet: Worksheet, number: int, row: Row) -> None:
    rate = round(row.cumulative / row.target, 3) if row.cumulative is not None and row.target else None
    numbers = (row.target, row.monthly, row.cumulative, row.unit_of_measure or None, rate)
    values = (row.task, row.text, row.what or "—", *numbers, row.progress, row.difficulties, row.next_steps)
    for column, value in enumerate(values, start=1):
        sheet.cell(number, column, value)
    sheet.cell(number, tuple(COLUMNS).index("完成率") + 1).number_format = "0.0%"


def _merge_tasks(sheet: Worksheet, rows: tuple[Row, ...]) -> None:
    """Merge number, text and words of a task over the lines of all that it counts, as people do by hand."""
    for first in range(len(rows)):
        if first and rows[first - 1].task == rows[first].task:
            continue
        last = max(at for at, row in enumerate(rows) if row.task == rows[first].task)
        for column in "ABIJK" if last > first else "":
            sheet.merge_cells(f"{column}{FIRST_ROW + first}:{column}{FIRST_ROW + last}")


def _write_foot(sheet: Worksheet, number: int, period: Period) -> None:
    sheet.merge_cells(f"A{number}:{LAST_COLUMN}{number}")
    sheet[f"A{number}"] = f"注：1.累计完成为{period.year}年1月至{period.month}月数据；2.年度目标为区级目标。"
    sheet[f"A{number + 1}"] = f"填报人：{CLERK}"
    sheet[f"E{number + 1}"] = f"审核人：{REVIEWER}"


def _draw(sheet: Worksheet, last: int) -> None:
    for column, width in zip("ABCDEFGHIJK", COLUMNS.values(), strict=True):
        sheet.column_dimensions[column].width = width
    for cells in sheet.iter_rows(min_row=FIRST_ROW - 1, max_row=last):
        for cell in cells:
            cell.border = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
            cell.alignment = Alignment(wrap_text=True, vertical="center")
