"""The mails that the demo's SMTP server took, kept as `sent/NNNN.eml`: durable before the server says so."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from mailbot.domain.moments import SHANGHAI


@dataclass(frozen=True, slots=True)
class SentMail:
    """A mail that was taken, and when (the file's own time)."""

    path: Path
    raw: bytes
    taken: datetime


class SentMails:
    """A folder of sent mails, numbered in the order of their coming."""

    def __init__(self, folder: Path) -> None:
        """Use the folder, made if it is not there."""
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder

    def keep(self, raw: bytes, taken: datetime) -> SentMail:
        """Store a mail so that it outlives a power cut, and return it."""
        path = self._folder / f"{len(self._paths()) + 1:04d}.eml"
        unfinished = path.with_suffix(".part")
        with unfinished.open("wb") as file:
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
        os.utime(unfinished, (taken.timestamp(), taken.timestamp()))
        unfinished.replace(path)
        self._settle()
        return SentMail(path, raw, taken)

    def all(self) -> tuple[SentMail, ...]:
        """Return every mail kept, oldest first."""
        return tuple(
            SentMail(path, path.read_bytes(), datetime.fromtimestamp(path.stat().st_mtime, SHANGHAI))
            for path in self._paths()
        )

    def _paths(self) -> list[Path]:
        return sorted(self._folder.glob("[0-9]*.eml"))

    def _settle(self) -> None:
        """Make the new name itself durable."""
        folder = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
