"""Sheets as a file."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from mailbot.domain.moments import shanghai
from mailbot.errors import UsageError
from mailbot.reports.excel import text_width, write_sheets
from mailbot.reports.sheet import DAY_AND_TIME, Column, Entry, Look, Marked, Sheet, Side

if TYPE_CHECKING:
    from pathlib import Path

MADE_AT = shanghai("2021-04-26T09:00")


def a_sheet(*rows: tuple[Entry, ...], tab: str = "收件台账", frozen: int = 1) -> Sheet:
    columns = (Column("单位", 10), Column("时间", 12, Side.CENTRE, DAY_AND_TIME))
    return Sheet(tab, "收件台账", "说明文字", columns, rows, frozen, totals=((Marked("合计", Look.TOTAL), None),))


def written(tmp_path: Path, *sheets: Sheet) -> Any:
    path = tmp_path / "ledger.xlsx"
    write_sheets(path, sheets, MADE_AT)
    return openpyxl.load_workbook(str(path))


@pytest.mark.parametrize("text", ["=1+1", '=HYPERLINK("http://x","报表")', "+8613800000000", "-", "@SUM(A1)", "#REF!"])
def test_text_from_a_mail_is_never_a_formula(tmp_path: Path, text: str) -> None:
    cell = written(tmp_path, a_sheet((text, None))).active["A4"]

    assert (cell.value, cell.data_type) == (text, "s")
    assert cell.quotePrefix == text.startswith(("=", "+", "-", "@"))


def test_control_characters_do_not_break_the_file(tmp_path: Path) -> None:
    assert written(tmp_path, a_sheet(("区教育局\x00\x0b4月", None))).active["A4"].value == "区教育局4月"


def test_moments_are_real_and_shown_in_shanghai_time(tmp_path: Path) -> None:
    page = written(tmp_path, a_sheet(("区教育局", shanghai("2021-04-25T16:00:00Z")))).active

    assert page["B4"].value == datetime(2021, 4, 26, 0, 0)  # noqa: DTZ001  # a workbook knows no zones
    assert page["B4"].is_date


def test_days_and_numbers_are_real(tmp_path: Path) -> None:
    page = written(tmp_path, a_sheet((12000, date(2021, 4, 25)))).active

    assert (page["A4"].value, page["A4"].data_type, page["B4"].is_date) == (12000, "n", True)


def test_the_heads_stay_in_view_and_on_each_printed_page(tmp_path: Path) -> None:
    page = written(tmp_path, a_sheet(("区教育局", None), ("区残联", None))).active

    assert (page.freeze_panes, page.print_title_rows) == ("B4", "$3:$3")
    assert page.auto_filter.ref == "A3:B5"  # the total in row 6 is not filtered
    assert (page.page_setup.orientation, page.page_setup.paperSize) == ("landscape", 9)
    assert (page.page_setup.fitToWidth, page.page_setup.fitToHeight) == (1, 0)


def test_a_row_is_as_high_as_its_fullest_cell(tmp_path: Path) -> None:
    page = written(tmp_path, a_sheet(("区", None), ("区城市更新发展中心" * 3, None))).active

    assert page.row_dimensions[5].height > 3 * page.row_dimensions[4].height


def test_every_sheet_has_its_tab_in_order(tmp_path: Path) -> None:
    workbook = written(tmp_path, a_sheet(tab="总览"), a_sheet(tab="说明"))

    assert workbook.sheetnames == ["总览", "说明"]


def test_what_stood_there_is_replaced_whole_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    written(tmp_path, a_sheet(("旧", None)))
    page = written(tmp_path, a_sheet(("新", None))).active

    assert page["A4"].value == "新"
    assert [path.name for path in tmp_path.iterdir()] == ["ledger.xlsx"]


def test_a_folder_that_is_not_there_is_told_in_plain_words(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        write_sheets(tmp_path / "没有" / "ledger.xlsx", [a_sheet()], MADE_AT)

    assert "无法写入工作簿" in caught.value.for_people()


def test_a_chinese_character_takes_two_half_widths() -> None:
    assert text_width("4月（a）") == 8
