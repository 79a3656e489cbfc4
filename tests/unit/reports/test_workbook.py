"""The ledger as a workbook."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import openpyxl
from tests.ledger_builders import a_figure, a_notice, a_receipt, a_row, some_progress

from mailbot.domain.moments import shanghai
from mailbot.domain.report import PartKind
from mailbot.reports.workbook import LedgerBook, write_workbook

if TYPE_CHECKING:
    from pathlib import Path


def a_book() -> LedgerBook:
    hostile = a_receipt(
        "2021-04-20T09:00", PartKind.ELECTRONIC, figures=(a_figure(),), progress=(some_progress("=1+1\x07"),)
    )
    return LedgerBook((a_row(hostile),), (a_notice(),), (), (), (), shanghai("2021-04-23T10:00"))


def test_the_six_sheets_stand_in_their_order(tmp_path: Path) -> None:
    path = tmp_path / "ledger.xlsx"
    write_workbook(path, a_book())

    assert openpyxl.load_workbook(str(path)).sheetnames == [
        "总览",
        "收件台账",
        "任务进展",
        "待处理",
        "发出邮件",
        "说明",
    ]


def test_no_cell_of_the_workbook_is_a_formula(tmp_path: Path) -> None:
    path = tmp_path / "ledger.xlsx"
    write_workbook(path, a_book())
    pages = openpyxl.load_workbook(str(path)).worksheets

    assert {cell.data_type for page in pages for row in page.iter_rows() for cell in row} == {"s", "n", "d"}


def test_an_empty_ledger_makes_a_workbook_too(tmp_path: Path) -> None:
    write_workbook(tmp_path / "ledger.xlsx", LedgerBook((), (), (), (), (), shanghai("2021-03-17")))

    assert (tmp_path / "ledger.xlsx").stat().st_size > 0


def test_the_workbook_room_does_not_pull_openpyxl_before_it_writes() -> None:
    code = "import sys, mailbot.reports.workbook; sys.exit('openpyxl' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0  # noqa: S603  # our own words
