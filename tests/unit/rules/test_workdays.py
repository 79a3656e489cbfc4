"""Working days after the due time."""

from __future__ import annotations

from datetime import datetime
from datetime import time as time_of_day

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.ledger_builders import CALENDAR

from mailbot.domain.moments import SHANGHAI, shanghai
from mailbot.rules.workdays import asked_by

DUE = shanghai("2021-04-26T00:00")
CLOSES = time_of_day(17, 30)
MOMENTS = st.datetimes(min_value=DUE.replace(tzinfo=None), timezones=st.just(SHANGHAI))


@pytest.mark.parametrize(
    ("now", "until"),
    [
        ("2021-04-25T23:59:59", None),
        ("2021-04-26T00:00", "2021-04-27T17:30"),
        ("2021-04-26T23:59", "2021-04-27T17:30"),
        ("2021-04-30T09:00", "2021-05-06T17:30"),  # the holidays of 1 May
        ("2021-05-07T09:00", "2021-05-08T17:30"),  # a Saturday that is worked
    ],
)
def test_a_late_unit_is_asked_until_the_end_of_the_next_working_day(now: str, until: str | None) -> None:
    assert asked_by(DUE, shanghai(now), CALENDAR, CLOSES) == (shanghai(until) if until else None)


@given(MOMENTS.filter(lambda moment: moment.year < 9999))
def test_the_day_asked_for_is_worked_and_always_still_to_come(now: datetime) -> None:
    until = asked_by(DUE, now, CALENDAR, CLOSES)

    assert until is not None
    assert until.date() > now.date()
    assert CALENDAR.is_workday(until.date())
