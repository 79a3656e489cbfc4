"""Random access to a raw message in a file, with never more than a window of it in memory."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import BinaryIO

WINDOW = 1 << 20
LINE = 1 << 16


class RawSource:
    """A seekable file of raw bytes."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.size = file.seek(0, io.SEEK_END)

    def read(self, start: int, end: int) -> bytes:
        """Return the bytes from start up to end."""
        if end <= start:
            return b""
        self._file.seek(start)
        return self._file.read(end - start)

    def line(self, start: int, end: int) -> bytes:
        """Return the line that begins at start, with its ending, at most 64 KiB of it."""
        self._file.seek(start)
        return self._file.readline(max(0, min(end - start, LINE)))

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
        overlap = len(needle) - 1
        while start < end:
            window = self.read(start, min(end, start + WINDOW + overlap))
            found = window.find(needle)
            if found >= 0:
                return start + found
            start += WINDOW
        return -1
