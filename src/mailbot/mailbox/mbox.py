"""An mbox file, message by message: never more of it in memory than one message, however large the file is.

Source: RFC 4155; the quoting of "mboxrd", which takes one ">" from every line that is ">From " behind any more of them.
"""

from __future__ import annotations

import re
from itertools import chain, pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import BinaryIO

PIECE = 1024 * 1024  # bytes of a line read at once: a file need not have lines
DATED = re.compile(rb"From .*(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? .*\d\d?:\d\d.*\d{4}|From .*\d{4}.*\d\d?:\d\d:\d\d")
FIELD = re.compile(rb"[!-9;-~]+[ \t]*:|>From ")
QUOTED = re.compile(rb">+From ")
BLANK = (b"\n", b"\r\n")


def is_mbox(file: BinaryIO) -> bool:
    """Tell whether a file begins as an mbox does; leave it where it was."""
    start = file.tell()
    first, second = file.readline(PIECE), file.readline(PIECE)
    file.seek(start)
    return _parts(first, b"\n", second)


def messages_of(file: BinaryIO, at_most: int) -> Iterator[bytes | None]:
    """Return each message, None in the place of one larger than so many bytes."""
    return _messages(iter(lambda: file.readline(PIECE), b""), at_most)


def _messages(lines: Iterable[bytes], at_most: int) -> Iterator[bytes | None]:
    message, begun, before = _Message(at_most), False, b"\n"
    for line, following in pairwise(chain(lines, [b""])):
        if _parts(line, before, following):
            if begun:
                yield message.whole()
            message, begun = _Message(at_most), True
        elif line.startswith(b">") and before.endswith(b"\n") and QUOTED.match(line):
            message.add(line[1:])
        else:
            message.add(line)
        before = line
    if begun:
        yield message.whole()


def _parts(line: bytes, before: bytes, following: bytes) -> bool:
    """Tell whether a line parts two messages: by its date, else by the blank line before and the header after it.

    Not every program that writes an mbox dates the line, and not every one quotes "From " in the text.
    """
    if not line.startswith(b"From ") or not before.endswith(b"\n"):
        return False
    return bool(DATED.match(line) or (before in BLANK and FIELD.match(following)))


class _Message:
    """The message being read. Not frozen: it grows line by line, up to a limit."""

    def __init__(self, at_most: int) -> None:
        self._raw = bytearray()
        self._room = at_most

    def add(self, line: bytes) -> None:
        self._room -= len(line)
        if self._room >= 0:
            self._raw += line

    def whole(self) -> bytes | None:
        """Return the message without the blank line that an mbox puts behind it; None where it was too large."""
        if self._room < 0:
            return None
        for blank in (b"\r\n\r\n", b"\n\n"):
            if self._raw.endswith(blank):
                return bytes(self._raw[: -len(blank) // 2])
        return bytes(self._raw)
