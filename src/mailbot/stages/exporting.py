"""The ledger as a workbook: what the books hold, handed to the reports room."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailbot.reports.workbook import LedgerBook, write_workbook

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from mailbot.domain.books import LedgerRow
    from mailbot.stages.protocols import Books
    from mailbot.stages.viewing import Desk


def export(path: Path, books: Books, desk: Desk, rows: tuple[LedgerRow, ...], now: datetime) -> None:
    """Write the workbook, whole or not at all.

    Raises:
        UsageError: it cannot be written there.
    """
    write_workbook(path, LedgerBook(rows, desk.notices, books.triage(), books.messages(), books.outbox(), now))
