"""What openpyxl's own parser of a sheet gives us, beside what openpyxl makes of the whole workbook."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook
from tests.files import a_workbook, with_entry

from mailbot.reading.foreign import Refused
from mailbot.reading.sheets import Sheet, load_sheets

ROWS: list[list[object]] = [["任务", "完成率", "日期"], ["一、教育", 0.855, None], [None, True, "=1+1"]]


def only_sheet(content: bytes) -> Sheet:
    (sheet,) = load_sheets(content)
    return sheet


def test_values_and_formats_are_those_of_the_workbook_as_openpyxl_loads_it() -> None:
    def dress(sheet: Any) -> None:
        sheet["B2"].number_format = '0.0"％"'
        sheet["A2"].number_format = "0.00%"
        sheet.merge_cells("A2:A3")

    content = a_workbook(ROWS, dress)
    whole = load_workbook(BytesIO(content), data_only=True).worksheets[0]

    assert {(held.ref, held.value, held.number_format) for held in only_sheet(content).values.values()} == {
        (cell.coordinate, cell.value, cell.number_format)
        for row in whole.iter_rows()
        for cell in row
        if cell.value is not None
    }


def test_what_lies_under_a_merged_range_is_not_there() -> None:
    def cover(xml: bytes) -> bytes:
        return xml.replace(b"</sheetData>", b'</sheetData><mergeCells><mergeCell ref="A1:B1"/></mergeCells>')

    sheet = only_sheet(with_entry(a_workbook([["一、教育", "旧稿", "x"]]), "xl/worksheets/sheet1.xml", cover))

    assert [held.value for held in sheet.values.values()] == ["一、教育", "x"]
    assert [list(span.places()) for span in sheet.merged] == [[(1, 1), (1, 2)]]


def test_formulas_are_given_where_they_are_asked_for() -> None:
    (sheet,) = load_sheets(a_workbook(ROWS), formulas=True)

    assert [(held.ref, held.value) for held in sheet.values.values() if held.is_formula] == [("C3", "=1+1")]


def test_drawings_that_nobody_reads_do_not_spoil_a_workbook() -> None:
    content = with_entry(a_workbook(), "xl/theme/theme1.xml", b"<broken")

    assert only_sheet(with_entry(content, "docProps/core.xml", b"<broken")).title == "报表"


def test_a_workbook_without_a_sheet_is_damaged() -> None:
    def lose(xml: bytes) -> bytes:
        return xml.replace(b"/xl/worksheets/sheet1.xml", b"/xl/worksheets/none.xml")

    with pytest.raises(Refused):
        load_sheets(with_entry(a_workbook(), "xl/_rels/workbook.xml.rels", lose))
