"""Progress tables as the units make them, and workbooks made to hurt."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from tests.files import a_workbook, with_entry

from mailbot.domain.message import Document, Table
from mailbot.errors import Problem
from mailbot.reading.foreign import Refused
from mailbot.reading.workbook import MAX_ROWS, read_workbook

SHEET = "xl/worksheets/sheet1.xml"
Read = Callable[[bytes], tuple[Document, tuple[Problem, ...]]]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def read(content: bytes) -> tuple[Document, tuple[Problem, ...]]:
        path = tmp_path / "book"
        path.write_bytes(content)
        return read_workbook(path)

    return read


def texts(table: Table) -> list[list[str]]:
    return [[cell.text for cell in row] for row in table.rows]


def codes(problems: tuple[Problem, ...]) -> list[str]:
    return [problem.code for problem in problems]


def with_cell(ref: str) -> bytes:
    """Return a workbook with one more cell far away from the others."""
    row = re.sub("[A-Z]", "", ref)
    cell = f'<row r="{row}"><c r="{ref}" t="inlineStr"><is><t>far</t></is></c></row></sheetData>'
    return with_entry(a_workbook(), SHEET, lambda xml: xml.replace(b"</sheetData>", cell.encode()))


def test_rows_are_given_with_the_names_of_their_cells(read: Read) -> None:
    document, problems = read(a_workbook([["填报单位", "区教育局"], [None, None], ["任务"]]))

    assert texts(document.tables[0]) == [["填报单位", "区教育局"], ["任务"]]
    assert document.tables[0].rows[1][0].ref == "A3"
    assert (document.tables[0].name, problems) == ("报表", ())


def test_numbers_are_shown_as_the_office_sees_them(read: Read) -> None:
    def formats(sheet: Any) -> None:
        for ref, value, form in (("A1", 0.855, "0.0%"), ("B1", 1.2, '0.0"万人"'), ("C1", 12000, "#,##0")):
            sheet[ref] = value
            sheet[ref].number_format = form

    row = read(a_workbook([], formats))[0].tables[0].rows[0]

    assert [(cell.text, cell.value, cell.number_format) for cell in row] == [
        ("85.5%", 0.855, "0.0%"),
        ("1.2万人", 1.2, '0.0"万人"'),
        ("12,000", 12000, "#,##0"),
    ]


def test_dates_are_iso_text_and_no_numbers(read: Read) -> None:
    cell = read(a_workbook([[datetime(2021, 4, 25)]]))[0].tables[0].rows[0][0]  # noqa: DTZ001 - workbooks know no zones

    assert (cell.text, cell.value) == ("2021-04-25", None)


def test_merged_ranges_are_filled_with_their_first_cell(read: Read) -> None:
    rows = [["一、教育", None, "x"], [None, None, "y"]]
    document, _problems = read(a_workbook(rows, lambda sheet: sheet.merge_cells("A1:B2")))

    assert texts(document.tables[0]) == [["一、教育", "一、教育", "x"], ["一、教育", "一、教育", "y"]]
    assert document.tables[0].rows[1][1].ref == "A1"


def test_hidden_rows_and_columns_are_left_out_and_hidden_sheets_told(read: Read) -> None:
    def hide(sheet: Any) -> None:
        sheet.row_dimensions[2].hidden = True
        sheet.column_dimensions["B"].hidden = True
        sheet.parent.create_sheet("旧").append(["上月"])
        sheet.parent["旧"].sheet_state = "hidden"

    document, _problems = read(a_workbook([["a", "b", "c"], ["d", "e", "f"]], hide))

    assert texts(document.tables[0]) == [["a", "c"]]
    assert [table.hidden for table in document.tables] == [False, True]


def test_a_formula_without_a_stored_result_is_told_with_its_place(read: Read) -> None:
    document, problems = read(a_workbook([[1, 2, "=A1+B1"]]))

    assert texts(document.tables[0]) == [["1", "2"]]
    assert codes(problems) == ["formula_without_value"]
    assert (problems[0].place.sheet, problems[0].place.cell) == ("报表", "C1")


def test_a_formula_with_its_result_is_read_by_it(read: Read) -> None:
    def store(xml: bytes) -> bytes:
        return re.sub(rb"<v\s*/>|<v></v>", b"<v>3</v>", xml)

    document, problems = read(with_entry(a_workbook([["=1+2"]]), SHEET, store))

    assert (texts(document.tables[0]), problems) == ([["3"]], ())


def test_a_cell_at_the_far_end_of_a_sheet_costs_nothing(read: Read) -> None:
    begun = time.process_time()
    document, problems = read(with_cell("XFD1048576"))

    assert time.process_time() - begun < 2
    assert texts(document.tables[0])[:2] == [["填报单位", "区教育局"], ["任务", "进度"]]
    assert codes(problems) == ["table_cut"]


def test_a_range_merged_over_the_whole_sheet_costs_nothing(read: Read) -> None:
    merged = b'</sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    begun = time.process_time()
    document, problems = read(with_entry(a_workbook(), SHEET, lambda xml: xml.replace(b"</sheetData>", merged)))

    assert time.process_time() - begun < 2
    assert texts(document.tables[0])[0] == ["填报单位", "区教育局"]
    assert codes(problems) == ["formats_not_read"]


def test_a_workbook_that_would_inflate_beyond_bounds_is_not_opened(read: Read) -> None:
    with pytest.raises(Refused) as refusal:
        read(with_entry(a_workbook(), "xl/sharedStrings.xml", bytes(120 << 20)))

    assert refusal.value.problem_code == "too_large"


def test_more_cells_than_a_report_ever_has_are_not_loaded(read: Read) -> None:
    flood = b"<row>" + b"<c/>" * 450_000 + b"</row></sheetData>"

    with pytest.raises(Refused) as refusal:
        read(with_entry(a_workbook(), SHEET, lambda xml: xml.replace(b"</sheetData>", flood)))

    assert refusal.value.problem_code == "too_large"


def test_a_long_table_is_cut_and_told(read: Read) -> None:
    document, problems = read(a_workbook([["x"]] * (MAX_ROWS + 1)))

    assert len(document.tables[0].rows) == MAX_ROWS
    assert codes(problems) == ["table_cut"]


def test_entities_are_not_expanded(read: Read) -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]>'

    with pytest.raises(Refused) as refusal:
        read(with_entry(a_workbook(), SHEET, lambda xml: bomb + xml.replace(b"<t>", b"<t>&b;", 1)))

    assert refusal.value.problem_code == "damaged"


@pytest.mark.parametrize("name", ["xl/workbook.xml", SHEET, "[Content_Types].xml"])
def test_a_workbook_with_a_spoilt_part_is_damaged(read: Read, name: str) -> None:
    with pytest.raises(Refused) as refusal:
        read(with_entry(a_workbook(), name, b"<broken"))

    assert refusal.value.problem_code == "damaged"


def test_a_workbook_cut_off_is_damaged(read: Read) -> None:
    with pytest.raises(Refused) as refusal:
        read(a_workbook()[:-100])

    assert refusal.value.problem_code == "damaged"


def test_spoilt_styles_cost_the_number_formats_and_not_the_table(read: Read) -> None:
    document, problems = read(with_entry(a_workbook([["任务", 0.65]]), "xl/styles.xml", b"<broken"))

    assert texts(document.tables[0]) == [["任务", "0.65"]]
    assert codes(problems) == ["formats_not_read"]


def test_a_binary_workbook_is_told_as_not_read(read: Read) -> None:
    with pytest.raises(Refused) as refusal:
        read(with_entry(a_workbook(), "xl/workbook.bin", b"x"))

    assert refusal.value.problem_code == "format_not_read"
