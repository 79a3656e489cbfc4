"""Before a zip package is opened by a library: how much it would become, and what its cells would cost."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from mailbot.reading.foreign import Refused, foreign

MAX_ENTRIES = 2_000
MAX_INFLATED = 100 * 1024 * 1024  # zipfile never gives more than an entry declares
MAX_RATIO = 200
FREE_OF_RATIO = 10 * 1024 * 1024
MAX_CELLS = 400_000
MAX_SPANNED = 200_000

RANGE = rb'"\$?([A-Z]{1,3})\$?(\d{1,7}):\$?([A-Z]{1,3})\$?(\d{1,7})"'  # a range, quoted: its corners as four groups

_ENCRYPTED = 0x1
_CELL = re.compile(rb"<(?:\w+:)?c[ />]")
_SPAN = re.compile(rb"<(?:\w+:)?(?:mergeCell|hyperlink)\b[^<>]*?\bref=" + RANGE)
_UNCACHED = re.compile(
    rb"<(?:\w+:)?f\b[^<>]*(?:/>|>[^<]*</(?:\w+:)?f>)\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)


def check_package(path: Path) -> frozenset[str]:
    """Refuse a package that would become too large, or that is encrypted; return the names in it.

    Raises:
        Refused: 'too_large', 'encrypted' or 'damaged'.
    """
    with foreign(), zipfile.ZipFile(path) as package:
        entries = package.infolist()
    inflated = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if len(entries) > MAX_ENTRIES or inflated > MAX_INFLATED:
        raise Refused("too_large")
    if inflated > FREE_OF_RATIO and inflated > MAX_RATIO * packed:
        raise Refused("too_large")
    if any(entry.flag_bits & _ENCRYPTED for entry in entries):
        raise Refused("encrypted")
    return frozenset(entry.filename for entry in entries)


@dataclass(frozen=True, slots=True)
class Sheets:
    """What the sheets' raw XML tells: whether ranges span too much to be filled, whether a formula lacks its result."""

    sprawling: bool
    uncached: bool


def check_sheets(path: Path) -> Sheets:
    """Look at the sheets before they are loaded.

    Raises:
        Refused: 'too_large' for too many cells, or 'damaged'.
    """
    cells = spanned = 0
    uncached = False
    for sheet in _sheets(path):
        cells += sum(1 for _ in _CELL.finditer(sheet))
        spanned += sum(area(match) for match in _SPAN.finditer(sheet))
        uncached = uncached or _UNCACHED.search(sheet) is not None
        if cells > MAX_CELLS:
            raise Refused("too_large")
    return Sheets(sprawling=spanned > MAX_SPANNED, uncached=uncached)


def _sheets(path: Path) -> Iterator[bytes]:
    with foreign(), zipfile.ZipFile(path) as package:
        for name in package.namelist():
            if "worksheets/" in name.lower() and name.lower().endswith(".xml"):
                yield package.read(name)


def area(match: re.Match[bytes]) -> int:
    """Return how many cells a range spans, from its four matched groups."""
    left, top, right, bottom = match.groups()
    return (abs(_column(right) - _column(left)) + 1) * (abs(int(bottom) - int(top)) + 1)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
