"""Moments and days as the office counts them: aware, in Asia/Shanghai."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from datetime import time as time_of_day
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def shanghai(text: str) -> datetime:
    """Return an ISO-8601 moment in Asia/Shanghai; without a zone it is meant there.

    Raises:
        ValueError: the text is no ISO-8601 moment.

    >>> shanghai("2021-04-25T16:00:00Z").isoformat()
    '2021-04-26T00:00:00+08:00'
    >>> shanghai("2021-04-25T09:30").isoformat()
    '2021-04-25T09:30:00+08:00'
    """
    return in_shanghai(datetime.fromisoformat(text))


def in_shanghai(moment: datetime) -> datetime:
    """Return the moment in Asia/Shanghai; a naive one is meant there."""
    return moment.replace(tzinfo=SHANGHAI) if moment.tzinfo is None else moment.astimezone(SHANGHAI)


def at(day: date, clock_time: time_of_day) -> datetime:
    """Return the moment of a day and a time of day."""
    return datetime.combine(day, clock_time, SHANGHAI)


def midnight_after(day: date) -> datetime:
    """Return the first moment of the next day."""
    return at(day + timedelta(days=1), time_of_day(0))
