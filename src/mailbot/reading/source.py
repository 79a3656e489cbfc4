"""Random access to a raw message in a file, with never more than a window of it in memory."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

WINDOW = 1 << 17  # larger ones are given back to the system each time: three times the cost of the reading itself
LINE = 1 << 16


class RawSource:
    """A seekable file of raw bytes, seen through a window that moves along with the reading."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.size = file.seek(0, io.SEEK_END)
        self._base = 0
        self._window = b""

    def read(self, start: int, end: int) -> bytes:
        """Return the bytes from start up to end."""
        if end <= start:
            return b""
        self._show(start, min(end, self.size) - start)
        return self._window[start - self._base : end - self._base]

    def line(self, start: int, end: int) -> bytes:
        """Return the line that begins at start, with its ending, at most 64 KiB of it."""
        end = max(start, min(end, start + LINE))
        self._show(start, end - start)
        first, last = start - self._base, end - self._base
        line_end = self._window.find(b"\n", first, last)
        return self._window[first : last if line_end < 0 else line_end + 1]

    def chunks(self, start: int, end: int) -> Iterator[bytes]:
        """Return the bytes from start up to end, a window at a time."""
        while start < end:
            chunk = self.read(start, min(end, start + WINDOW))
            if not chunk:
                return
            yield chunk
            start += len(chunk)

    def find(self, needle: bytes, start: int, end: int) -> int:
        """Return where the needle stands first in the range, -1 where it does not."""
        while start + len(needle) <= end:
            self._show(start, len(needle))
            found = self._window.find(needle, start - self._base, end - self._base)
            if found >= 0:
                return self._base + found
            start = max(start, self._base + len(self._window) - len(needle)) + 1
        return -1

    def _show(self, start: int, length: int) -> None:
        """Move the window where it does not hold so many bytes from start on."""
        shown_to = self._base + len(self._window)
        if start < self._base or (start + length > shown_to and shown_to < self.size) or start > shown_to:
            self._file.seek(start)
            self._base = start
            self._window = self._file.read(max(WINDOW, length))


@contextmanager
def opened(message: Path, folder: Path) -> Iterator[RawSource]:
    """Open a raw message; one whose lines end in bare CR, as very old systems write it, with CRLF instead.

    Nothing is written beside the message, which may lie in the archive: only into the folder.
    """
    with message.open("rb") as file:
        head = file.read(LINE)
        file.seek(0)
        if b"\n" in head or b"\r" not in head:
            yield RawSource(file)
            return
        with tempfile.TemporaryFile(dir=folder) as relined:
            while chunk := file.read(WINDOW):
                relined.write(chunk.replace(b"\r", b"\r\n"))
            yield RawSource(relined)
