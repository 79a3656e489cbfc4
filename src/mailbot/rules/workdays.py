"""Counting working days past the due time, as a reminder prints them (已超过规定报送时间 N 个工作日)."""

from __future__ import annotations

from datetime import datetime, timedelta

from mailbot.domain.calendar import WorkingCalendar
from mailbot.domain.moments import in_shanghai
from mailbot.rules.deadline import last_day


def workdays_past(due: datetime, now: datetime, calendar: WorkingCalendar) -> int:
    """Return how many working days have begun since the last day that was in time, today among them.

    >>> from datetime import date
    >>> from mailbot.domain.moments import shanghai
    >>> calendar = WorkingCalendar(off=frozenset({date(2021, 5, 3)}))
    >>> due = shanghai("2021-05-01T00:00")  # the last day was a Friday
    >>> [workdays_past(due, shanghai(f"2021-05-0{day}T10:00"), calendar) for day in (1, 3, 4, 5)]
    [0, 0, 1, 2]
    """
    last = last_day(due)
    days = (in_shanghai(now).date() - last).days
    return sum(calendar.is_workday(last + timedelta(days=count)) for count in range(1, days + 1))
