"""A sheet as plain values: what stands where and how it looks. Nothing here knows how a workbook is written."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import TypeAlias

from mailbot.domain.moments import in_shanghai

LONGEST = 32767  # characters in a cell: Excel's limit
# What XML cannot hold, and marks that turn the direction of text, by which a file's name pretends to be another's.
UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")

DAY_AND_TIME = 'mm"-"dd hh:mm'  # the year is in the cell and in the report's period
MONTH = 'yyyy"年"m"月"'
NUMBER = "#,##0.##########"


class Look(Enum):
    """How a cell stands out; a sign says the same for those who print in black and white."""

    PLAIN = "plain"
    GOOD = "good"
    PARTLY = "partly"
    LATE = "late"
    BAD = "bad"
    DOUBT = "doubt"
    SPARED = "spared"
    TOTAL = "total"


class Side(Enum):
    """On which side of its cell a value stands."""

    LEFT = "left"
    CENTRE = "center"
    RIGHT = "right"


Value: TypeAlias = str | float | date | None


@dataclass(frozen=True, slots=True)
class Marked:
    """A value that stands out."""

    value: Value
    look: Look


Entry: TypeAlias = Value | Marked


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its head, its width in half-width characters, and how its values are shown."""

    head: str
    width: float
    side: Side = Side.LEFT
    number_format: str = "General"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: its tab, heading, a note under it, columns, rows, and totals that no filter hides."""

    tab: str
    heading: str
    note: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Entry, ...], ...]
    frozen_columns: int = 0
    totals: tuple[tuple[Entry, ...], ...] = ()


def printable(text: str) -> str:
    r"""Return text that a cell can hold: control characters removed, line ends alike, cut at Excel's limit.

    >>> printable("a\x00b\r\nc")
    'ab\nc'
    """
    return UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))[:LONGEST]


def wall_clock(moment: datetime) -> datetime:
    """Return a moment as the clock on the office's wall showed it: a workbook knows no zones.

    >>> from mailbot.domain.moments import shanghai
    >>> wall_clock(shanghai("2021-04-25T16:00:00Z"))
    datetime.datetime(2021, 4, 26, 0, 0)
    """
    return in_shanghai(moment).replace(tzinfo=None, microsecond=0)


def in_words(moment: datetime) -> str:
    """Return a moment as people write it.

    >>> from mailbot.domain.moments import shanghai
    >>> in_words(shanghai("2021-04-05T09:05"))
    '2021年4月5日9:05'
    """
    clock = in_shanghai(moment)
    return f"{clock.year}年{clock.month}月{clock.day}日{clock.hour}:{clock:%M}"
