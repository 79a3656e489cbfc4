"""When a report is due."""

from __future__ import annotations

from datetime import date, timedelta
from datetime import time as time_of_day

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.ledger_builders import CALENDAR, days_off

from mailbot.domain.calendar import WorkingCalendar
from mailbot.domain.moments import shanghai
from mailbot.domain.notice import DeadlineRule, Shift
from mailbot.domain.period import Period, periods
from mailbot.rules.deadline import due_at, last_day, printed_day, printed_due

PERIODS = st.builds(Period, st.integers(2015, 2030), st.integers(1, 12))
RULES = st.builds(
    DeadlineRule,
    day=st.integers(1, 31),
    inclusive=st.booleans(),
    cutoff=st.none() | st.times().map(lambda moment: moment.replace(second=0, microsecond=0)),
    shift=st.sampled_from(Shift),
)
CALENDARS = st.builds(
    WorkingCalendar,
    off=st.frozensets(st.dates(date(2014, 12, 1), date(2031, 1, 31)), max_size=30),
    work=st.frozensets(st.dates(date(2014, 12, 1), date(2031, 1, 31)), max_size=30),
)


@pytest.mark.parametrize(
    ("period", "due"),
    [
        (Period(2021, 3), "2021-03-26"),  # a Thursday
        (Period(2021, 4), "2021-04-26"),  # a Sunday that is worked instead of a holiday
        (Period(2021, 7), "2021-07-27"),  # Sunday, so Monday counts in full
        (Period(2021, 9), "2021-09-27"),  # Saturday, and the Sunday after it is worked
        (Period(2021, 12), "2021-12-28"),  # Saturday, so Monday
        (Period(2020, 1), "2020-02-04"),  # spring festival to 2 February: nine days later
    ],
)
def test_the_25th_counts_and_a_day_off_passes_the_duty_to_the_next_working_day(period: Period, due: str) -> None:
    assert due_at(period, DeadlineRule(day=25), CALENDAR) == shanghai(due)


@pytest.mark.parametrize(
    ("shift", "july", "spring_festival"),
    [
        (Shift.NONE, "2021-07-26", "2020-01-26"),
        (Shift.NEXT_WORKDAY, "2021-07-27", "2020-02-04"),
        (Shift.PREV_WORKDAY, "2021-07-24", "2020-01-24"),
        (Shift.STATUTORY_ONLY, "2021-07-26", "2020-02-04"),
    ],
)
def test_each_shift_says_what_a_day_off_does(shift: Shift, july: str, spring_festival: str) -> None:
    rule = DeadlineRule(day=25, shift=shift)

    assert due_at(Period(2021, 7), rule, CALENDAR) == shanghai(july)
    assert due_at(Period(2020, 1), rule, CALENDAR) == shanghai(spring_festival)


def test_statutory_only_may_end_on_the_plain_weekend_after_a_holiday() -> None:
    """The holiday is Friday 25 June 2021 alone; the Saturday after it is no listed day off."""
    rule = DeadlineRule(day=25, shift=Shift.STATUTORY_ONLY)

    assert due_at(Period(2021, 6), rule, days_off("2021-06-25")) == shanghai("2021-06-27")


def test_where_the_day_does_not_count_the_day_before_is_the_last() -> None:
    assert due_at(Period(2021, 3), DeadlineRule(day=25, inclusive=False), CALENDAR) == shanghai("2021-03-25")


def test_the_cutoff_ends_the_shifted_day() -> None:
    rule = DeadlineRule(day=25, cutoff=time_of_day(17, 30))

    assert due_at(Period(2021, 7), rule, CALENDAR) == shanghai("2021-07-26T17:30")


def test_the_31st_of_a_shorter_month_is_its_last_day() -> None:
    assert printed_day(Period(2021, 2), DeadlineRule(day=31)) == date(2021, 2, 28)


@pytest.mark.parametrize(
    ("due", "printed"),
    [
        ("2021-04-26T00:00", "4月25日24:00前"),
        ("2021-04-25T17:30", "4月25日17:30前"),
        ("2022-01-01T00:00", "12月31日24:00前"),
        ("2021-04-25T16:00:00Z", "4月25日24:00前"),
    ],
)
def test_a_due_moment_is_printed_as_the_end_of_the_day_that_still_counts(due: str, printed: str) -> None:
    assert printed_due(shanghai(due)) == printed


@given(PERIODS, RULES, CALENDARS)
def test_the_last_day_is_a_working_day_wherever_the_rule_asks_for_one(
    period: Period, rule: DeadlineRule, calendar: WorkingCalendar
) -> None:
    day = last_day(due_at(period, DeadlineRule(rule.day, inclusive=rule.inclusive, shift=rule.shift), calendar))

    assert rule.shift in {Shift.NONE, Shift.STATUTORY_ONLY} or calendar.is_workday(day)


@given(PERIODS, RULES, CALENDARS)
def test_a_shift_moves_the_day_only_in_its_own_direction(
    period: Period, rule: DeadlineRule, calendar: WorkingCalendar
) -> None:
    unshifted = due_at(period, DeadlineRule(rule.day, rule.inclusive, rule.cutoff, Shift.NONE), calendar)
    due = due_at(period, rule, calendar)

    assert due <= unshifted if rule.shift is Shift.PREV_WORKDAY else due >= unshifted
    assert (due - unshifted) % timedelta(days=1) == timedelta(0)


@given(CALENDARS)
def test_a_later_period_is_never_due_before_an_earlier_one(calendar: WorkingCalendar) -> None:
    dues = [due_at(period, DeadlineRule(day=25), calendar) for period in periods(Period(2021, 1), Period(2022, 3))]

    assert dues == sorted(dues)
