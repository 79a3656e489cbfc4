"""What the story's mails carry: each function returns what makes the files once they are needed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias

from mailbot.demo.district import rows_of
from mailbot.demo.documents import word_report
from mailbot.demo.letters import File
from mailbot.demo.scans import photo, sealed_scan
from mailbot.demo.wording import official_name
from mailbot.demo.workbooks import progress_workbook
from mailbot.domain.period import Period

MONTH = Period(2021, 4)
MONTH_BEFORE = MONTH.previous()

Files: TypeAlias = Callable[[], tuple[File, ...]]


def table(unit: str) -> Files:
    """Make the unit's progress table."""
    return lambda: (_table(unit),)


def scan(unit: str) -> Files:
    """Make the unit's sealed scan."""
    return lambda: (_scan(unit),)


def both(*units: str, month: Period = MONTH) -> Files:
    """Make table and scan of each unit."""
    return lambda: tuple(file for unit in units for file in (_table(unit, month), _scan(unit, month)))


def words_and_scan(unit: str) -> Files:
    """Make a report in Word and a scan under the name that the scanner gave it."""
    return lambda: (
        File("4月民生实事进展.docx", word_report(unit, MONTH)),
        replace(_scan(unit), name="扫描件0001.pdf"),
    )


def corrected_table(unit: str) -> Files:
    """Make the unit's table with a little more done than it first said."""

    def make() -> tuple[File, ...]:
        rows = tuple(
            replace(row, cumulative=row.cumulative + 1) if row.cumulative is not None else row
            for row in rows_of(unit, MONTH)
        )
        return (
            File(f"{official_name(unit)}{MONTH.month}月报表（改）.xlsx", progress_workbook(unit, MONTH, rows=rows)),
        )

    return make


def photo_of_the_paper(unit: str) -> Files:
    """Make a telephone's picture of the sealed page."""
    return lambda: (File("IMG_20210427.jpg", photo(unit, MONTH), "image/jpeg"),)


def _table(unit: str, month: Period = MONTH) -> File:
    return File(f"{official_name(unit)}{month.month}月重点民生实事进展情况表.xlsx", progress_workbook(unit, month))


def _scan(unit: str, month: Period = MONTH) -> File:
    name = f"{official_name(unit)}{month.month}月进展情况报告（盖章）.pdf"
    return File(name, sealed_scan(unit, month), "application/pdf")
