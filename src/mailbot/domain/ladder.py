"""The ladder of reminders (提醒、催报) as data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time as time_of_day
from enum import Enum


class Side(Enum):
    """Before the printed day, or after the due moment."""

    BEFORE = "before"
    AFTER = "after"


@dataclass(frozen=True, slots=True)
class Rung:
    """One step: so many working days before the printed day, or after the due moment.

    >>> str(Rung(Side.BEFORE, 3))
    'before-3'
    """

    side: Side
    workdays: int

    def __str__(self) -> str:
        """Return its key, as it stands in the outbox."""
        return f"{self.side.value}-{self.workdays}"


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """When mail that is no answer may leave, on working days."""

    opens: time_of_day = time_of_day(9, 0)
    closes: time_of_day = time_of_day(17, 30)
