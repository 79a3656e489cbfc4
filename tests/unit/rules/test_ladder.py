"""Which rung of the ladder stands: 3 and 1 working days before the 25th, 1 after the due moment."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from datetime import time as time_of_day

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.ledger_builders import APRIL, CALENDAR, DECEMBER, MARCH, NO_HOLIDAYS, RULE, a_notice

from mailbot.domain.ladder import OfficeHours, Rung, Side
from mailbot.domain.moments import shanghai
from mailbot.domain.notice import DeadlineRule, Shift
from mailbot.domain.period import Period
from mailbot.rules.deadline import due_at
from mailbot.rules.ladder import (
    Ladder,
    lapses_at,
    live_period,
    may_remind_now,
    newest_rung,
    next_rung,
    rung_moment,
)

THREE_BEFORE, ONE_BEFORE, ONE_AFTER = Rung(Side.BEFORE, 3), Rung(Side.BEFORE, 1), Rung(Side.AFTER, 1)
HOURS = OfficeHours()
JULY, SEPTEMBER = Period(2021, 7), Period(2021, 9)


def a_ladder(*rungs: Rung) -> Ladder:
    return Ladder(rungs or (THREE_BEFORE, ONE_BEFORE, ONE_AFTER), CALENDAR, HOURS, shanghai("2021-01-01"))


USUAL = a_ladder()


def stands(now: datetime, period: Period = APRIL, ladder: Ladder = USUAL) -> Rung | None:
    """Return the newest rung that has passed, unless it has lapsed."""
    rung, _ = newest_rung(ladder, period, RULE, now) or (None, None)
    return rung if rung and now < lapses_at(rung, ladder, period, RULE) else None


@pytest.mark.parametrize(
    ("period", "moments"),
    [
        (MARCH, ("2021-03-22T09:00", "2021-03-24T09:00", "2021-03-26T09:00")),  # a plain Thursday
        (APRIL, ("2021-04-21T09:00", "2021-04-23T09:00", "2021-04-26T09:00")),  # a worked Sunday
        (JULY, ("2021-07-21T09:00", "2021-07-23T09:00", "2021-07-27T09:00")),  # a Sunday: due on Monday
        (SEPTEMBER, ("2021-09-22T09:00", "2021-09-24T09:00", "2021-09-27T09:00")),  # the 26th is a worked Sunday
        (Period(2020, 1), ("2020-01-21T09:00", "2020-01-23T09:00", "2020-02-04T09:00")),  # spring festival
    ],
)
def test_the_rungs_stand_at_office_opening_of_working_days(period: Period, moments: tuple[str, ...]) -> None:
    found = [rung_moment(rung, period, RULE, CALENDAR, HOURS) for rung in a_ladder().rungs]

    assert found == [shanghai(moment) for moment in moments]


def test_after_an_afternoon_cutoff_the_next_working_day_is_the_first() -> None:
    rule = DeadlineRule(day=25, cutoff=time_of_day(17, 30))

    assert rung_moment(ONE_AFTER, APRIL, rule, CALENDAR, HOURS) == shanghai("2021-04-26T09:00")


def test_a_rung_before_aims_at_the_printed_day_even_where_the_due_day_was_moved_forward() -> None:
    rule = DeadlineRule(day=25, shift=Shift.PREV_WORKDAY)

    assert rung_moment(ONE_BEFORE, JULY, rule, CALENDAR, HOURS) == shanghai("2021-07-23T09:00")


@pytest.mark.parametrize(
    ("now", "may"),
    [
        ("2021-04-23T08:59:59", False),
        ("2021-04-23T09:00", True),
        ("2021-04-23T17:29:59", True),
        ("2021-04-23T17:30", False),
        ("2021-04-24T10:00", False),  # Saturday
        ("2021-04-25T10:00", True),  # a Sunday worked instead
        ("2021-05-03T10:00", False),  # a Monday off
        ("2021-04-23T01:00:00Z", True),  # 9 o'clock in Shanghai
    ],
)
def test_reminders_leave_in_office_hours_of_working_days_only(now: str, may: bool) -> None:  # noqa: FBT001  # a table
    assert may_remind_now(shanghai(now), CALENDAR, HOURS) is may


@pytest.mark.parametrize(
    ("now", "rung"),
    [
        ("2021-04-21T08:59", None),
        ("2021-04-21T09:00", THREE_BEFORE),
        ("2021-04-23T08:59", THREE_BEFORE),
        ("2021-04-23T09:00", ONE_BEFORE),
        ("2021-04-25T23:59", ONE_BEFORE),
        ("2021-04-26T00:00", None),
        ("2021-04-26T09:00", ONE_AFTER),
        ("2021-05-20T08:59", ONE_AFTER),
        ("2021-05-20T09:00", None),  # May's first rung begins: the 25th is a Tuesday
    ],
)
def test_only_the_newest_rung_that_has_passed_stands(now: str, rung: Rung | None) -> None:
    assert stands(shanghai(now)) == rung


def test_between_the_printed_day_and_a_later_due_moment_no_rung_stands() -> None:
    """25 July is a Sunday, so Monday still counts; nobody is asked for a day that is over."""
    assert stands(shanghai("2021-07-26T10:00"), JULY) is None


def test_where_the_due_moment_comes_before_the_printed_day_the_rung_before_lapses_with_it() -> None:
    rule = DeadlineRule(day=25, inclusive=False)

    assert lapses_at(ONE_BEFORE, a_ladder(), MARCH, rule) == shanghai("2021-03-25T00:00")


def test_what_comes_next_is_told_until_the_last_rung() -> None:
    assert next_rung(a_ladder(), APRIL, RULE, shanghai("2021-04-22")) == (ONE_BEFORE, shanghai("2021-04-23T09:00"))
    assert next_rung(a_ladder(), APRIL, RULE, shanghai("2021-04-27")) is None


def test_the_order_of_the_rungs_in_the_settings_does_not_matter() -> None:
    now = shanghai("2021-04-23T10:00")
    backwards = a_ladder(ONE_AFTER, ONE_BEFORE, THREE_BEFORE)

    assert newest_rung(backwards, APRIL, RULE, now) == newest_rung(a_ladder(), APRIL, RULE, now)


@pytest.mark.parametrize(
    ("now", "period"),
    [
        ("2021-03-16", MARCH),  # before the first rung
        ("2021-04-21T08:59", MARCH),
        ("2021-04-21T09:00", APRIL),
        ("2021-12-31", DECEMBER),
        ("2022-01-19T09:00", DECEMBER),
        ("2022-01-20T09:00", None),  # three working days before 25 January 2022, which nobody asks for
    ],
)
def test_the_ladder_is_about_one_period_at_a_time(now: str, period: Period | None) -> None:
    assert live_period(a_ladder(), a_notice(), shanghai(now)) == period


def test_a_ladder_without_rungs_is_about_nothing() -> None:
    assert live_period(Ladder((), CALENDAR, HOURS, None), a_notice(), shanghai("2021-04-21")) is None


RUNGS = st.lists(st.builds(Rung, st.sampled_from(Side), st.integers(1, 5)), min_size=1, max_size=5, unique=True)
MOMENTS = st.integers(0, 500 * 24).map(lambda hours: shanghai("2021-01-01") + timedelta(hours=hours))


@given(RUNGS, MOMENTS)
def test_a_rung_that_stands_has_passed_and_nothing_newer_has(rungs: list[Rung], now: datetime) -> None:
    ladder = Ladder(tuple(rungs), NO_HOLIDAYS, HOURS, shanghai("2020-01-01"))
    rung = stands(now, APRIL, ladder)
    passed = [each for each in rungs if rung_moment(each, APRIL, RULE, NO_HOLIDAYS, HOURS) <= now]

    assert rung is None or rung_moment(rung, APRIL, RULE, NO_HOLIDAYS, HOURS) == max(
        rung_moment(each, APRIL, RULE, NO_HOLIDAYS, HOURS) for each in passed
    )


@given(RUNGS, MOMENTS)
def test_no_rung_after_stands_while_a_report_is_still_in_time(rungs: list[Rung], now: datetime) -> None:
    ladder = Ladder(tuple(rungs), CALENDAR, HOURS, shanghai("2020-01-01"))
    rung = stands(now, JULY, ladder)

    assert rung is None or (rung.side is Side.AFTER) == (now >= due_at(JULY, RULE, CALENDAR))


@given(st.builds(Rung, st.sampled_from(Side), st.integers(1, 9)), st.dates(date(2021, 1, 1), date(2021, 12, 31)))
def test_every_rung_stands_on_a_working_day_at_office_opening(rung: Rung, day: date) -> None:
    moment = rung_moment(rung, Period.of(day), DeadlineRule(day=day.day), CALENDAR, HOURS)

    assert may_remind_now(moment, CALENDAR, HOURS)
    assert moment.time() == HOURS.opens
