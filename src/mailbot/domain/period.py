"""The month a report is about (报送期): the month reported, not the month received."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A month of a year.

    >>> Period(2021, 12).next()
    Period(year=2022, month=1)
    >>> str(Period(2021, 4)), Period(2021, 4).chinese()
    ('2021-04', '2021年4月')
    """

    year: int
    month: int

    def __post_init__(self) -> None:
        """Refuse what is no month."""
        if not 1 <= self.month <= 12 or not 1900 <= self.year <= 9999:
            message = f"no such month: {self.year}-{self.month}"
            raise ValueError(message)

    @classmethod
    def parse(cls, text: str) -> Period:
        """Return the period written ``2021-04``.

        Raises:
            ValueError: it is not written so.
        """
        found = re.fullmatch(r"(\d{4})-(\d{2})", text, re.ASCII)
        if not found:
            message = f"not a period: {text!r}"
            raise ValueError(message)
        return cls(int(found[1]), int(found[2]))

    @classmethod
    def of(cls, moment: date | datetime) -> Period:
        """Return the month in which a day or moment lies."""
        return cls(moment.year, moment.month)

    def __str__(self) -> str:
        """Return it as it is written in data: ``2021-04``."""
        return f"{self.year}-{self.month:02d}"

    def chinese(self) -> str:
        """Return it as people write it: ``2021年4月``."""
        return f"{self.year}年{self.month}月"

    def next(self) -> Period:
        """Return the month after."""
        return Period.of(self.last_day() + timedelta(days=1))

    def previous(self) -> Period:
        """Return the month before."""
        return Period.of(self.first_day() - timedelta(days=1))

    def first_day(self) -> date:
        """Return its first day."""
        return date(self.year, self.month, 1)

    def last_day(self) -> date:
        """Return its last day."""
        return (self.first_day() + timedelta(days=31)).replace(day=1) - timedelta(days=1)

    def day(self, number: int) -> date:
        """Return its day of that number, or its last day where the month is shorter."""
        return min(self.first_day() + timedelta(days=number - 1), self.last_day())


def periods(first: Period, last: Period) -> tuple[Period, ...]:
    """Return every period from the first to the last, both included."""
    found = []
    while first <= last:
        found.append(first)
        first = first.next()
    return tuple(found)
