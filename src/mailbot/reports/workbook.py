"""The ledger as a workbook (台账) for the office: six sheets, to be filtered, printed and filed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mailbot.reports.correspondence import sent, waiting
from mailbot.reports.explanation import explanation
from mailbot.reports.overview import overview
from mailbot.reports.register import register
from mailbot.reports.task_progress import task_progress

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from mailbot.domain.books import LedgerRow, MessageRow, OutboxItem, TriageItem
    from mailbot.domain.notice import Notice
    from mailbot.reports.sheet import Sheet


@dataclass(frozen=True, slots=True)
class LedgerBook:
    """What the workbook shows: the ledger's rows as they stood at `made_at`, and all about them."""

    rows: tuple[LedgerRow, ...]
    notices: tuple[Notice, ...]
    triage: tuple[TriageItem, ...]
    messages: tuple[MessageRow, ...]
    outbox: tuple[OutboxItem, ...]
    made_at: datetime


def sheets(book: LedgerBook) -> tuple[Sheet, ...]:
    """Return the sheets, in the order of their tabs."""
    return (
        overview(book.rows, book.notices, book.made_at),
        register(book.rows, book.made_at),
        task_progress(book.rows, book.notices, book.made_at),
        waiting(book.triage),
        sent(book.outbox),
        explanation(book.notices, book.messages, book.made_at),
    )


def write_workbook(path: Path, book: LedgerBook) -> None:
    """Write the workbook: whole or not at all."""
    from mailbot.reports.excel import write_sheets  # openpyxl is heavy: only where a workbook is written

    write_sheets(path, sheets(book), book.made_at)
