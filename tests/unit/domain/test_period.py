"""The month a report is about."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.domain.period import Period, periods

PERIODS = st.builds(Period, st.integers(1901, 9998), st.integers(1, 12))


@given(PERIODS)
def test_a_period_reads_back_as_it_is_written(period: Period) -> None:
    assert Period.parse(str(period)) == period


@given(PERIODS)
def test_the_month_after_the_month_before_is_the_month(period: Period) -> None:
    assert period.previous().next() == period
    assert period.previous() < period < period.next()


@given(PERIODS, st.integers(1, 31))
def test_a_day_of_the_month_lies_in_the_month(period: Period, number: int) -> None:
    assert Period.of(period.day(number)) == period


@pytest.mark.parametrize("text", ["2021-13", "2021-00", "2021-4", "202104", "2021-04-25", "２０２１-０４", "1899-12"])
def test_what_is_no_month_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"no such month|not a period"):
        Period.parse(text)


def test_february_ends_when_it_ends() -> None:
    assert (Period(2020, 2).last_day(), Period(2021, 2).day(30)) == (date(2020, 2, 29), date(2021, 2, 28))


def test_periods_run_over_the_end_of_the_year() -> None:
    assert [str(each) for each in periods(Period(2021, 11), Period(2022, 1))] == ["2021-11", "2021-12", "2022-01"]
    assert periods(Period(2021, 2), Period(2021, 1)) == ()
