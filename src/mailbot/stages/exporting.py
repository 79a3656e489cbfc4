"""The ledger as a workbook: what the books hold, handed to the reports room."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

from mailbot.errors import Place, UsageError
from mailbot.reports.workbook import LedgerBook, write_workbook

if TYPE_CHECKING:
    from datetime import datetime

    from mailbot.domain.books import LedgerRow
    from mailbot.stages.protocols import Books
    from mailbot.stages.viewing import Desk

A_WORKBOOKS_OWN = "xl/workbook.xml"


def refuse_to_destroy(path: Path, archive: Path) -> None:
    """Refuse to write a workbook over anything but a workbook, or into the archive.

    Raises:
        UsageError: the ledger, a file of settings, a device or anything else lies there.
    """
    if Path(os.path.realpath(path)).is_relative_to(archive):  # Path.resolve raises where a link leads to itself
        raise UsageError(
            f"{path} is in the archive",
            chinese="原始邮件的存放处不能放别的文件",
            remedy="请写到别的文件夹。",
            place=Place(file=str(path)),
        )
    if os.path.lexists(path) and not _is_workbook(path):
        raise UsageError(
            f"{path} is no workbook",
            chinese="已有这个名称，而它不是 Excel 文件，不予覆盖",
            remedy="请另写一个文件名，如 台账.xlsx。",
            place=Place(file=str(path)),
        )


def _is_workbook(path: Path) -> bool:
    try:
        if not path.is_file():
            return False
        with zipfile.ZipFile(path) as package:
            return A_WORKBOOKS_OWN in package.namelist()
    except OSError:  # nor could it be written
        return False
    except (zipfile.BadZipFile, ValueError):
        return path.stat().st_size == 0


def export(path: Path, archive: Path, books: Books, desk: Desk, rows: tuple[LedgerRow, ...], now: datetime) -> None:
    """Write the workbook, whole or not at all.

    Raises:
        UsageError: it cannot or must not be written there.
    """
    refuse_to_destroy(path, archive)
    write_workbook(path, LedgerBook(rows, desk.notices, books.triage(), books.messages(), books.outbox(), now))
