"""Moments as the office counts them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from datetime import time as time_of_day

from mailbot.domain.moments import at, in_shanghai, midnight_after, shanghai


def test_a_moment_of_another_zone_is_the_same_moment_in_shanghai() -> None:
    assert in_shanghai(datetime(2021, 4, 25, 16, tzinfo=UTC)).isoformat() == "2021-04-26T00:00:00+08:00"


def test_a_moment_without_a_zone_is_meant_in_shanghai() -> None:
    assert shanghai("2021-04-25") == at(date(2021, 4, 25), time_of_day(0))


def test_the_midnight_after_a_day_is_the_first_moment_of_the_next() -> None:
    assert midnight_after(date(2021, 12, 31)).isoformat() == "2022-01-01T00:00:00+08:00"
