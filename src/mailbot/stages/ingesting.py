"""Messages that come by hand: .eml files, a Maildir, an mbox, as if they had been fetched.

path ──▶ raw bytes with CRLF ──▶ archive ──▶ taken in, with its arrival where it is known
"""

from __future__ import annotations

import mailbox
import re
from dataclasses import dataclass
from email.parser import BytesHeaderParser
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import TYPE_CHECKING

from mailbot.domain.mailbox import Origin
from mailbot.domain.moments import in_shanghai
from mailbot.errors import Place, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from mailbot.stages.protocols import Archive, Ledger

BARE_LF = re.compile(rb"(?<!\r)\n")
HEADERS_AT_MOST = 1024 * 1024


@dataclass(frozen=True, slots=True)
class TakenIn:
    """One message taken in: the file it came from, and whether it was new."""

    file: Path
    sha256: str
    arrived: datetime | None
    new: bool


def take_in(
    paths: Iterable[Path], archive: Archive, ledger: Ledger, *, arrived: datetime | None = None
) -> Iterator[TakenIn]:
    """Store and note every message found under the paths; each is kept before the next is touched."""
    for path in paths:
        for file, raw in messages_in(path):
            moment = arrived or arrival_by_received(raw)
            sha256 = archive.put(raw)
            with ledger.transaction() as books:
                new = books.take_in(sha256, len(raw), moment, Origin.INGEST)
            yield TakenIn(file, sha256, moment, new)


def messages_in(path: Path) -> Iterator[tuple[Path, bytes]]:
    """Return every message under a path, as it would have come over IMAP (CRLF).

    Raises:
        UsageError: there is nothing at the path, or it cannot be read.
    """
    try:
        for file, raw in _found(path):
            yield file, BARE_LF.sub(b"\r\n", raw)
    except OSError as error:
        raise UsageError(
            str(error),
            chinese=f"无法读取（{error.strerror}）",
            remedy="请核对路径：可以是 .eml 文件、存放 .eml 的目录、Maildir 或 mbox 文件。",
            place=Place(file=str(path)),
        ) from error


def _found(path: Path) -> Iterator[tuple[Path, bytes]]:
    if path.is_dir() and (path / "cur").is_dir() and (path / "new").is_dir():
        files = sorted(file for folder in ("new", "cur") for file in (path / folder).iterdir() if file.is_file())
        yield from ((file, file.read_bytes()) for file in files)
    elif path.is_dir():
        files = sorted(file for file in path.rglob("*.eml") if file.is_file())
        yield from ((file, file.read_bytes()) for file in files)
    elif _is_mbox(path):
        box = mailbox.mbox(path, create=False)
        yield from ((path, box.get_bytes(key)) for key in box.iterkeys())
    else:
        yield path, path.read_bytes()


def _is_mbox(path: Path) -> bool:
    with path.open("rb") as file:
        return path.suffix.lower() != ".eml" and file.read(5) == b"From "


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
