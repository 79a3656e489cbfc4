"""What the server tells of messages and folders, judged one by one: an odd one is no reason to distrust the others."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, TypeAlias

from mailbot.domain.moments import in_shanghai
from mailbot.mailbox.providers import Folder
from mailbot.mailbox.wire import folder_name, parsed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

Answer: TypeAlias = "list[bytes | tuple[bytes, bytes]]"  # of imaplib: lines with the literals that they end in

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
# Source: RFC 3501 §9, date-time.
DATE_TIME = re.compile(
    rf"\s?(\d\d?)-({'|'.join(MONTHS)})-(\d{{4}}) (\d\d):(\d\d):(\d\d) ([+-])(\d\d)([0-5]\d)".encode(), re.IGNORECASE
)
POSSIBLE_YEARS = range(1990, 2100)  # outside lie a computer's zero and its never
FARTHEST_ZONE = 14  # hours
HIGHEST = 2**63 - 1  # what the ledger can hold; a UID has 32 bits (RFC 3501 §2.3.1.1)


@dataclass(frozen=True, slots=True)
class Row:
    """An answer to FETCH about the message of that number; what is None was not told or cannot be true.

    `texts` are the parts of it that were sent, by what was asked for (``BODY[]``); None where the server has none.
    """

    number: int
    uid: int | None = None
    arrived: datetime | None = None
    size: int | None = None
    texts: dict[bytes, bytes | None] = field(default_factory=dict)


def rows(answers: Sequence[object]) -> tuple[Row, ...]:
    """Read the answers to FETCH as imaplib keeps them; what cannot be read at all is left out."""
    return tuple(row for answer in _answers(answers) if (row := _row(parsed(answer))) is not None)


def folders(answers: Sequence[object]) -> tuple[Folder, ...]:
    """Read the answers to LIST; a folder whose name cannot be read cannot be opened, nor be one of ours."""
    return tuple(folder for answer in _answers(answers) if (folder := _folder(parsed(answer))) is not None)


def standing(answers: Sequence[object], folder: str) -> dict[bytes, int]:
    """Read the answer to STATUS: the numbers that it tells of the folder, none where it is about another one."""
    for answer in _answers(answers):
        match parsed(answer):
            case (bytes() | int() as told, tuple(items)) if _folder_name(told) == folder:
                numbers = zip(items[::2], map(number, items[1::2]), strict=False)
                return {name: counted for name, counted in numbers if isinstance(name, bytes) and counted is not None}
    return {}


def number(told: object) -> int | None:
    """Return a number that can be one of the server's: not negative, and not beyond what the ledger can hold."""
    return told if isinstance(told, int) and 0 <= told <= HIGHEST else None


def arrival(told: object) -> datetime | None:
    """Return an INTERNALDATE in Asia/Shanghai, None where it can be no moment at which a mail arrived.

    >>> str(arrival(b" 5-Apr-2021 09:00:00 +0000"))
    '2021-04-05 17:00:00+08:00'
    >>> arrival(b"30-Feb-2021 09:00:00 +0800"), arrival(b"01-Jan-1970 00:00:00 +0000"), arrival(None)
    (None, None, None)
    """
    found = DATE_TIME.fullmatch(told) if isinstance(told, bytes) else None
    if found is None:
        return None
    day, month, year, *clock_time, sign, hours, minutes = (each.decode("ascii") for each in found.groups())
    if int(year) not in POSSIBLE_YEARS or int(hours) > FARTHEST_ZONE:
        return None
    offset = timedelta(hours=int(hours), minutes=int(minutes)) * (-1 if sign == "-" else 1)
    try:
        hour, minute, second = map(int, clock_time)
        date = datetime(int(year), MONTHS.index(month.title()) + 1, int(day), hour, minute, second, 0, timezone(offset))
        return in_shanghai(date)
    except ValueError:
        return None


def _answers(told: Iterable[object]) -> Iterator[Answer]:
    """Take imaplib's flat list apart: an answer ends with the line that ends in no literal."""
    answer: Answer = []
    for piece in told:
        match piece:
            case (bytes(line), bytes(literal)):
                answer.append((line, literal))
            case bytes(line):
                yield [*answer, line]
                answer = []


def _row(parts: tuple[object, ...]) -> Row | None:
    match parts:
        case (int(counted), tuple(items)) if counted > 0:
            names = (name.upper() for name in items[::2] if isinstance(name, bytes))
            told = dict(zip(names, items[1::2], strict=False))
        case _:
            return None
    texts = {name: text for name, text in told.items() if name.startswith(b"BODY[") and isinstance(text, bytes | None)}
    uid = number(told.get(b"UID"))
    return Row(counted, uid or None, arrival(told.get(b"INTERNALDATE")), number(told.get(b"RFC822.SIZE")), texts)


def _folder(parts: tuple[object, ...]) -> Folder | None:
    match parts:
        case (tuple(flags), delimiter, bytes() | int() as told):
            name = _folder_name(told)
        case _:
            return None
    if name is None:
        return None
    between = delimiter.decode("ascii", "replace") if isinstance(delimiter, bytes) else ""
    return Folder(name, frozenset(flag for flag in flags if isinstance(flag, bytes)), between)


def _folder_name(told: bytes | int) -> str | None:
    """Return a folder's name; one of digits alone was read as a number."""
    return folder_name(told if isinstance(told, bytes) else str(told).encode())
