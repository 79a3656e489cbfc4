"""The ladder of reminders (提醒、催报): which rung stands at a moment. Who is spared it, and why, is reminders'."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from mailbot.domain.ladder import Side
from mailbot.domain.moments import at, in_shanghai, midnight_after
from mailbot.domain.period import periods
from mailbot.rules.deadline import due_at, last_day, printed_day

if TYPE_CHECKING:
    from mailbot.domain.calendar import WorkingCalendar
    from mailbot.domain.ladder import OfficeHours, Rung
    from mailbot.domain.notice import DeadlineRule, Notice
    from mailbot.domain.period import Period

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Ladder:
    """The rungs with what places them in time. `since` is the day the service began, None while it has not."""

    rungs: tuple[Rung, ...]
    calendar: WorkingCalendar
    hours: OfficeHours
    since: datetime | None


def may_remind_now(now: datetime, calendar: WorkingCalendar, hours: OfficeHours) -> bool:
    """Tell whether a reminder may leave: in office hours of a working day, both directions of 调休 considered.

    >>> from mailbot.domain.calendar import WorkingCalendar
    >>> from mailbot.domain.ladder import OfficeHours
    >>> from mailbot.domain.moments import shanghai
    >>> calendar = WorkingCalendar(off=frozenset({date(2021, 5, 3)}), work=frozenset({date(2021, 4, 25)}))
    >>> [may_remind_now(shanghai(text), calendar, OfficeHours()) for text in (
    ...     "2021-04-25T09:00",  # a Sunday that is worked
    ...     "2021-05-03T10:00",  # a Monday off
    ...     "2021-04-23T08:59",
    ...     "2021-04-23T17:30",
    ... )]
    [True, False, False, False]
    """
    moment = in_shanghai(now)
    return calendar.is_workday(moment.date()) and hours.opens <= moment.time() < hours.closes


def rung_moment(
    rung: Rung, period: Period, rule: DeadlineRule, calendar: WorkingCalendar, hours: OfficeHours
) -> datetime:
    """Return the moment from which a rung stands: office opening of a working day.

    Rungs before the date count back from the printed day, whether that is worked or not; rungs after it count the
    working days that begin at or after `due`.

    Source: the office's ladder: 3 and 1 working days before the printed day, 1 after the due time has passed.

    >>> from mailbot.domain.calendar import WorkingCalendar
    >>> from mailbot.domain.ladder import OfficeHours, Rung
    >>> from mailbot.domain.notice import DeadlineRule
    >>> from mailbot.domain.period import Period
    >>> calendar = WorkingCalendar(work=frozenset({date(2021, 4, 25)}))
    >>> def days(period: Period) -> list[str]:
    ...     ladder = (Rung(Side.BEFORE, 3), Rung(Side.BEFORE, 1), Rung(Side.AFTER, 1))
    ...     rule, hours = DeadlineRule(day=25), OfficeHours()
    ...     return [f"{rung_moment(rung, period, rule, calendar, hours):%a %d %H:%M}" for rung in ladder]

    25 April is a worked Sunday, so it is due that day; 25 July is not, so it is due on Monday:

    >>> days(Period(2021, 4))
    ['Wed 21 09:00', 'Fri 23 09:00', 'Mon 26 09:00']
    >>> days(Period(2021, 7))
    ['Wed 21 09:00', 'Fri 23 09:00', 'Tue 27 09:00']
    """
    if rung.side is Side.BEFORE:
        return at(_nth_workday(printed_day(period, rule), -rung.workdays, calendar), hours.opens)
    due = due_at(period, rule, calendar)
    return at(_nth_workday(last_day(due), rung.workdays, calendar), hours.opens)


def is_only_a_draft(rung: Rung, rungs: tuple[Rung, ...]) -> bool:
    """Tell whether a rung's mail is never sent without a person: what is sharper than the first one after the date.

    >>> from mailbot.domain.ladder import Rung
    >>> first, second = Rung(Side.AFTER, 1), Rung(Side.AFTER, 3)
    >>> [is_only_a_draft(rung, (second, first)) for rung in (Rung(Side.BEFORE, 1), first, second)]
    [False, False, True]
    """
    after = [each.workdays for each in rungs if each.side is Side.AFTER]
    return rung.side is Side.AFTER and rung.workdays > min(after)


def newest_rung(ladder: Ladder, period: Period, rule: DeadlineRule, now: datetime) -> tuple[Rung, datetime] | None:
    """Return the rung whose moment passed last, with that moment; the ones before it never come any more.

    After a long stop this is the only one that may still be sent.
    """
    passed = [each for each in _rungs(ladder, period, rule) if each[1] <= now]
    return passed[-1] if passed else None


def next_rung(ladder: Ladder, period: Period, rule: DeadlineRule, now: datetime) -> tuple[Rung, datetime] | None:
    """Return the rung that comes next for the period, with its moment."""
    return next((each for each in _rungs(ladder, period, rule) if each[1] > now), None)


def lapses_at(rung: Rung, ladder: Ladder, period: Period, rule: DeadlineRule) -> datetime:
    """Return the moment from which a rung is not sent any more.

    Every rung lapses when the next period's first rung begins: one thing is asked of a unit at a time. A rung before
    the date also lapses with the printed day or with `due`, whichever ends first: it would ask for what is over.

    >>> from mailbot.domain.calendar import WorkingCalendar
    >>> from mailbot.domain.ladder import OfficeHours, Rung
    >>> from mailbot.domain.notice import DeadlineRule
    >>> from mailbot.domain.period import Period
    >>> before, after = Rung(Side.BEFORE, 3), Rung(Side.AFTER, 1)
    >>> ladder = Ladder((before, after), WorkingCalendar(), OfficeHours(), since=None)
    >>> [f"{lapses_at(rung, ladder, Period(2021, 7), DeadlineRule(day=25)):%m-%d %H:%M}" for rung in (before, after)]
    ['07-26 00:00', '08-20 09:00']
    """
    next_begins = _begins(ladder, period.next(), rule)
    if rung.side is Side.AFTER:
        return next_begins
    return min(next_begins, due_at(period, rule, ladder.calendar), midnight_after(printed_day(period, rule)))


def live_period(ladder: Ladder, notice: Notice, now: datetime) -> Period | None:
    """Return the one period that the ladder is about at a moment: the last whose first rung has begun.

    Before the notice's first rung it is the first period; after the last period's rungs have lapsed there is none.
    From 20 January 2022 on, three working days before a 25th that nobody asks for, December 2021 is left in peace.
    """
    if not ladder.rungs or now >= _begins(ladder, notice.last_period.next(), notice.deadline):
        return None
    covered = periods(notice.first_period, notice.last_period)
    begun = [period for period in covered if _begins(ladder, period, notice.deadline) <= now]
    return begun[-1] if begun else notice.first_period


def _begins(ladder: Ladder, period: Period, rule: DeadlineRule) -> datetime:
    """Return the moment of a period's first rung."""
    return _rungs(ladder, period, rule)[0][1]


def _rungs(ladder: Ladder, period: Period, rule: DeadlineRule) -> list[tuple[Rung, datetime]]:
    """Return the rungs with their moments for a period, in time."""
    placed = [(rung, rung_moment(rung, period, rule, ladder.calendar, ladder.hours)) for rung in ladder.rungs]
    return sorted(placed, key=lambda each: each[1])


def _nth_workday(day: date, count: int, calendar: WorkingCalendar) -> date:
    """Return the working day that many working days after a day, or before it where the count is negative."""
    step = ONE_DAY if count > 0 else -ONE_DAY
    for _ in range(abs(count)):
        day += step
        while not calendar.is_workday(day):
            day += step
    return day
