"""The jobs done in this process, without limits: what the worker runs, and tests of the readers."""

from __future__ import annotations

import tempfile
from pathlib import Path

from mailbot.domain.message import Facts, FileKind
from mailbot.reading.carver import carve
from mailbot.reading.documents import read_document
from mailbot.reading.gathering import gather
from mailbot.reading.jobs import Carved, MailReading, Reading
from mailbot.reading.skeleton import read_mail


class LocalHands:
    """Hands of this very process."""

    def carve(self, message: Path, folder: Path) -> Carved:
        """Cut the raw message into files in the folder."""
        return carve(message, folder)

    def mail(self, message: Path, folder: Path) -> MailReading:
        """Read headers and text of the raw message."""
        return read_mail(message, folder)

    def document(self, path: Path, kind: FileKind, turn: int) -> Reading:
        """Let the reader whose turn it is read a file of that kind."""
        return read_document(path, kind, turn)


def read_here(raw: bytes) -> Facts:
    """Return what a message holds, read in this process: never for mail from outside in the daemon."""
    with tempfile.TemporaryDirectory(prefix="mailbot-") as name:
        folder = Path(name)
        message = folder / "message"
        message.write_bytes(raw)
        return gather(message, folder, LocalHands())
