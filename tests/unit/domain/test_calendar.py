"""Which days are worked."""

from __future__ import annotations

from datetime import date

import pytest
from tests.ledger_builders import CALENDAR


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        (date(2021, 4, 23), True),  # a Friday
        (date(2021, 4, 24), False),  # a Saturday
        (date(2021, 4, 25), True),  # a Sunday worked instead of a holiday
        (date(2021, 5, 3), False),  # a Monday off
    ],
)
def test_holidays_and_worked_weekends_go_before_the_week(day: date, worked: bool) -> None:  # noqa: FBT001  # a table
    assert CALENDAR.is_workday(day) is worked


def test_a_year_nobody_entered_is_told() -> None:
    assert CALENDAR.is_entered(date(2021, 12, 31))
    assert not CALENDAR.is_entered(date(2022, 1, 1))
