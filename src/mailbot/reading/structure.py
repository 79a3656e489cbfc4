"""Where the parts of a message lie in its raw bytes: boundaries walked, nothing decoded.

Source: RFC 2046 §5.1. Where mail is malformed it does as the standard library's feed parser does, so that the two can
be compared byte for byte; beyond that it guesses a boundary that the header does not name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message
from email.parser import BytesHeaderParser

from mailbot.errors import Problem
from mailbot.reading.headers import boundary_of, content_type
from mailbot.reading.problems import problem
from mailbot.reading.source import RawSource

MAX_DEPTH = 20
MAX_PARTS = 200
MAX_HEADERS = 256 * 1024

_HEADER_LINE = re.compile(rb"From |[\x21-\x39\x3b-\x7e]*:|[\x21-\x39\x3b-\x7e]+[\t ]+:|[\t ]")
_BLANK_BEFORE_COLON = re.compile(rb"\A([\x21-\x39\x3b-\x7e]+)[\t ]+:")  # RFC 5322 §4.5: must be read
_BLANK_LINE = re.compile(rb"\r?\n\Z")
_AFTER_BOUNDARY = re.compile(rb"(--)?[ \t]*(?:\r\n|\r|\n|\Z)")
_BARE_BOUNDARY = re.compile(rb"--(\S[^\r\n]{0,199}?)[ \t]*\r?\nContent-", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Part:
    """A part: its headers, where its body lies in the raw bytes, and the parts in it."""

    headers: Message
    start: int
    end: int
    children: tuple[Part, ...] = ()

    def leaves(self) -> Iterator[Part]:
        """Give every part that holds no others, in order."""
        if not self.children:
            yield self
        for child in self.children:
            yield from child.leaves()


@dataclass(slots=True)
class Budget:
    """How many parts may still be found, and what was wrong so far. Not frozen: it is used up."""

    parts: int = MAX_PARTS
    problems: list[Problem] = field(default_factory=list)

    def note(self, code: str) -> None:
        """Note a problem once."""
        if all(known.code != code for known in self.problems):
            self.problems.append(problem(code))


def walk(source: RawSource, budget: Budget) -> Part:
    """Return the message as a tree of parts; over a limit, what was found up to there."""
    return _part(source, _beginning(source), source.size, budget, depth=0)


def _beginning(source: RawSource) -> int:
    """Return where the headers begin: after a byte order mark, blank lines and mbox 'From ' lines."""
    at = 3 if source.read(0, 3) == b"\xef\xbb\xbf" else 0
    while at < source.size:
        line = source.line(at, source.size)
        if line.strip() and not line.startswith((b"From ", b">From ")):
            break
        at += len(line)
    return at


def _part(source: RawSource, start: int, end: int, budget: Budget, *, depth: int) -> Part:
    headers, body = _headers(source, start, end, budget)
    if not content_type(headers).startswith("multipart/"):
        return Part(headers, body, end)
    if depth >= MAX_DEPTH:
        budget.note("too_deep")
        return Part(headers, body, end)
    children = []
    for child_start, child_end in _ranges(source, body, end, _boundary(source, headers, body, end, budget)):
        if budget.parts <= 0:
            budget.note("too_many_parts")
            break
        budget.parts -= 1
        children.append(_part(source, child_start, child_end, budget, depth=depth + 1))
    return Part(headers, body, end, tuple(children))


def _headers(source: RawSource, start: int, end: int, budget: Budget) -> tuple[Message, int]:
    """Return the header block at start, parsed, and where the body begins."""
    lines: list[bytes] = []
    size, at, continues = 0, start, False
    while at < end:
        line = source.line(at, end)
        if not continues and _BLANK_LINE.match(line):
            at += len(line)
            break
        header = line if continues else _as_header(line, lines)
        if header is None:
            break
        at += len(line)
        continues = not line.endswith(b"\n")  # only the beginning of a very long line
        size += len(line)
        if size <= MAX_HEADERS:
            lines.append(header)
    if size > MAX_HEADERS:
        budget.note("headers_too_large")
    return BytesHeaderParser().parsebytes(b"".join(lines)), at


def _as_header(line: bytes, before: list[bytes]) -> bytes | None:
    """Return a line as the standard library reads a header, None where it is none."""
    if _HEADER_LINE.match(line):
        return _BLANK_BEFORE_COLON.sub(rb"\1:", line)
    wraps = before and before[-1].rstrip().endswith(b";")
    return b" " + line if wraps else None  # a parameter wrapped without the blank that belongs before it


def _boundary(source: RawSource, headers: Message, start: int, end: int, budget: Budget) -> bytes | None:
    """Return the boundary that the header names, or, where it never occurs, the one that the body seems to use."""
    named = boundary_of(headers)
    if named and next(_delimiters(source, start, end, named), None):
        return named
    guess = _BARE_BOUNDARY.search(source.read(start, min(end, start + 64 * 1024)))
    if guess is None:
        return None
    budget.note("boundary_missing")
    return guess.group(1).rstrip()


def _ranges(source: RawSource, start: int, end: int, boundary: bytes | None) -> Iterator[tuple[int, int]]:
    """Give where each part between the delimiter lines begins and ends."""
    opened: int | None = None
    if boundary is None:
        return
    for line_start, line_end, closes in _delimiters(source, start, end, boundary):
        if opened is not None:
            stop = _before_line_end(source, opened, line_start)
            if line_start > opened:
                yield opened, stop
        closes_nothing = line_start == opened  # right behind a delimiter that opens: what follows it must not be lost
        opened = line_end
        if closes and not closes_nothing:
            return
    if opened is not None and opened < end:
        yield opened, end


def _delimiters(source: RawSource, start: int, end: int, boundary: bytes) -> Iterator[tuple[int, int, bool]]:
    """Give each delimiter line: where it begins and ends, and whether it closes the multipart."""
    needle = b"--" + boundary
    at = start
    while (found := source.find(needle, at, end)) >= 0:
        at = found + len(needle)
        if found > start and source.read(found - 1, found) not in {b"\n", b"\r"}:
            continue
        tail = source.line(at, end)
        rest = _AFTER_BOUNDARY.match(tail)
        if rest and (rest.group().endswith((b"\n", b"\r")) or at + rest.end() >= end):
            at += rest.end()
            yield found, at, rest.group(1) is not None


def _before_line_end(source: RawSource, start: int, at: int) -> int:
    """Return the place before the line end that stands before `at`: it belongs to the delimiter."""
    tail = source.read(max(start, at - 2), at)
    if tail.endswith(b"\r\n"):
        return at - 2
    return at - 1 if tail.endswith((b"\n", b"\r")) else at
