"""When a period's report is due: the day, the cutoff, the shift over days off. What late means is standing's."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from datetime import time as time_of_day
from typing import TYPE_CHECKING

from mailbot.domain.moments import at, in_shanghai, midnight_after
from mailbot.domain.notice import Shift

if TYPE_CHECKING:
    from mailbot.domain.calendar import WorkingCalendar
    from mailbot.domain.notice import DeadlineRule
    from mailbot.domain.period import Period

ONE_DAY = timedelta(days=1)


def printed_day(period: Period, rule: DeadlineRule) -> date:
    """Return the day as the notice prints it, whatever the calendar says.

    Source: notice 中原政办〔2021〕8号, 三: 每月25日前.

    >>> from mailbot.domain.notice import DeadlineRule
    >>> from mailbot.domain.period import Period
    >>> printed_day(Period(2021, 7), DeadlineRule(day=25))
    datetime.date(2021, 7, 25)
    """
    return period.day(rule.day)


def due_at(period: Period, rule: DeadlineRule, calendar: WorkingCalendar) -> datetime:
    """Return the first moment that is too late for the period (aware, Asia/Shanghai).

    Source: notice 中原政办〔2021〕8号, 三: 每月25日前. Whether the 25th itself counts and what a day off does to it, it
    leaves open; both are the office's to set (docs/decisions/rules-deadline.md).

    >>> from mailbot.domain.calendar import WorkingCalendar
    >>> from mailbot.domain.notice import DeadlineRule
    >>> from mailbot.domain.period import Period
    >>> worked_sunday = WorkingCalendar(work=frozenset({date(2021, 4, 25)}))

    A Sunday that is worked instead of a holiday counts like any working day:

    >>> due_at(Period(2021, 4), DeadlineRule(day=25), worked_sunday).isoformat()
    '2021-04-26T00:00:00+08:00'

    Any other Sunday passes the duty on to Monday, which still counts in full:

    >>> due_at(Period(2021, 7), DeadlineRule(day=25), worked_sunday).isoformat()
    '2021-07-27T00:00:00+08:00'

    The day before the 25th, and only until the office closes:

    >>> strict = DeadlineRule(day=25, inclusive=False, cutoff=time_of_day(17, 30))
    >>> due_at(Period(2021, 3), strict, worked_sunday).isoformat()
    '2021-03-24T17:30:00+08:00'
    """
    named = printed_day(period, rule)
    last = _shifted(named if rule.inclusive else named - ONE_DAY, rule.shift, calendar)
    return midnight_after(last) if rule.cutoff is None else at(last, rule.cutoff)


def last_day(due: datetime) -> date:
    """Return the day that people read of a due moment: midnight belongs to the day that it ends.

    >>> from mailbot.domain.moments import shanghai
    >>> last_day(shanghai("2021-04-26T00:00"))
    datetime.date(2021, 4, 25)
    """
    moment = in_shanghai(due)
    return moment.date() - ONE_DAY if moment.time() == time_of_day(0) else moment.date()


def printed_due(due: datetime) -> str:
    """Return a due moment as mails print it.

    >>> from mailbot.domain.moments import shanghai
    >>> printed_due(shanghai("2021-04-26T00:00")), printed_due(shanghai("2021-04-25T17:30"))
    ('4月25日24:00前', '4月25日17:30前')
    """
    moment, day = in_shanghai(due), last_day(due)
    clock_time = "24:00" if day != moment.date() else f"{moment:%H:%M}"
    return f"{day.month}月{day.day}日{clock_time}前"


def _shifted(day: date, shift: Shift, calendar: WorkingCalendar) -> date:
    """Return the nearest day, in the direction of the shift, on which the duty may end."""
    step = -ONE_DAY if shift is Shift.PREV_WORKDAY else ONE_DAY
    while not _may_end_on(day, shift, calendar):
        day += step
    return day


def _may_end_on(day: date, shift: Shift, calendar: WorkingCalendar) -> bool:
    """Tell whether the rule lets a day stand.

    Source for STATUTORY_ONLY: practice of the 质检 statistics, where holidays move the day and weekends do not.
    """
    if shift is Shift.NONE:
        return True
    if shift is Shift.STATUTORY_ONLY:
        return day not in calendar.off
    return calendar.is_workday(day)
