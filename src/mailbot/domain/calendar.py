"""Which days are worked: the State Council's yearly arrangement (节假日安排), weekends where it says nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

SATURDAY = 5


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """Days off (放假), weekend days worked instead (调休上班), and the years for which the arrangement was entered."""

    off: frozenset[date] = frozenset()
    work: frozenset[date] = frozenset()
    years: frozenset[int] = frozenset()

    def is_workday(self, day: date) -> bool:
        """Tell whether offices work on that day."""
        return day in self.work or (day.weekday() < SATURDAY and day not in self.off)

    def is_entered(self, day: date) -> bool:
        """Tell whether the arrangement of the day's year is known; if not, only weekends are."""
        return day.year in self.years
