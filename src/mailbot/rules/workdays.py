"""Working days after the due time: how many have passed (已超过规定时限 N 个工作日), and until when we ask then."""

from __future__ import annotations

from datetime import datetime, timedelta
from datetime import time as time_of_day
from itertools import count

from mailbot.domain.calendar import WorkingCalendar
from mailbot.domain.moments import at, in_shanghai
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
    return sum(calendar.is_workday(last + timedelta(days=passed)) for passed in range(1, days + 1))


def asked_by(due: datetime, now: datetime, calendar: WorkingCalendar, closes: time_of_day) -> datetime | None:
    """Return until when a late unit is asked for what lacks: the end of the next working day; None while in time.

    Source: the office's wording of 催报, a date that can be kept: one request, one date.

    >>> from datetime import date
    >>> from mailbot.domain.moments import shanghai
    >>> calendar = WorkingCalendar(off=frozenset({date(2021, 5, 3)}))
    >>> due, closes = shanghai("2021-05-01T00:00"), time_of_day(17, 30)
    >>> str(asked_by(due, shanghai("2021-05-01T00:00"), calendar, closes))  # a Saturday before a Monday off
    '2021-05-04 17:30:00+08:00'
    >>> asked_by(due, shanghai("2021-04-30T23:59"), calendar, closes)
    """
    if now < due:
        return None
    today = in_shanghai(now).date()
    following = (today + timedelta(days=passed) for passed in count(1))
    return at(next(day for day in following if calendar.is_workday(day)), closes)
