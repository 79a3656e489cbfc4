"""The office's own files as they are right now: read again when one of them was edited."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from mailbot.errors import ConfigurationError
from mailbot.notices import load_all
from mailbot.stages.viewing import Desk

if TYPE_CHECKING:
    from pathlib import Path

    from mailbot.settings import Files

log = structlog.get_logger(__name__)


class OfficeFiles:
    """Gives the desk at each decision. A broken edit leaves the last good state in force and is told as `trouble`."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._seen: object = None
        self._desk: Desk | None = None
        self.trouble = ""

    def __call__(self) -> Desk:
        """Return the files as they are now.

        Raises:
            ConfigurationError: they are wrong, and never were right since the program started.
        """
        seen = tuple(_mark(path) for path in self._paths())
        if self._desk is None or seen != self._seen:
            self._desk = self._read(self._desk)
            self._seen = seen
        return self._desk

    def _read(self, last: Desk | None) -> Desk:
        try:
            office = load_all(self._files)
        except ConfigurationError as error:
            if last is None:
                raise
            log.warning("an edit of the office's files is wrong, the last good one stays", error=str(error))
            self.trouble = f"{error.for_people()}\n在改正之前，仍按上一次正确的内容办理。"
            return last
        self.trouble = ""
        return Desk(office.notices, office.directory, office.calendar)

    def _paths(self) -> tuple[Path, ...]:
        files = self._files
        return (files.units, files.holidays, *sorted(files.notices.glob("*.y*ml")))


def _mark(path: Path) -> tuple[Path, int, int]:
    """Return what changes when a file is edited, or goes away."""
    try:
        status = path.stat()
    except OSError:
        return (path, 0, 0)
    return (path, status.st_mtime_ns, status.st_size)
