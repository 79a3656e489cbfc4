"""Messages that come by hand: .eml files, a Maildir, an mbox, as if they had been fetched.

path ──▶ raw bytes with CRLF ──▶ archive ──▶ taken in, with its arrival where it is known
"""

from __future__ import annotations

from dataclasses import dataclass
from email.parser import BytesHeaderParser
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from mailbot.domain.mailbox import Origin
from mailbot.domain.moments import in_shanghai
from mailbot.mailbox.mail_files import Skipped, messages_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from mailbot.stages.protocols import Archive, Ledger

HEADERS_AT_MOST = 1024 * 1024


@dataclass(frozen=True, slots=True)
class TakenIn:
    """One message taken in: the file it came from, and whether it was new."""

    file: Path
    sha256: str
    arrived: datetime | None
    new: bool


def take_in(
    path: Path, archive: Archive, ledger: Ledger, skipped: Skipped, *, arrived: datetime | None = None
) -> Iterator[TakenIn]:
    """Store and note every message found at or below a path; each is kept before the next is touched.

    Raises:
        UsageError: there is nothing at the path.
    """
    for file, raw in messages_in(path, skipped):
        moment = arrived or arrival_by_received(raw)
        sha256 = archive.put(raw)
        with ledger.transaction() as books:
            new = books.take_in(sha256, len(raw), moment, Origin.INGEST)
        yield TakenIn(file, sha256, moment, new)


def arrival_by_received(raw: bytes) -> datetime | None:
    """Return when the last server took the message, by the topmost Received header; None where that says nothing.

    The Date header is the sender's, and proves nothing.
    """
    headers = BytesHeaderParser().parsebytes(raw[:HEADERS_AT_MOST])
    received = str(headers.get("Received") or "")
    try:
        moment = parsedate_to_datetime(received.rpartition(";")[2].strip())
    except (ValueError, TypeError, IndexError):
        return None
    return in_shanghai(moment) if moment.tzinfo else None
