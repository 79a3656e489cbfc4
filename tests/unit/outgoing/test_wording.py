"""Figures and days keep their value whatever they look like in words."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from mailbot.domain.moments import midnight_after, shanghai
from mailbot.domain.notice import Shift
from mailbot.outgoing.letters import Deadline
from mailbot.outgoing.wording import moment, number, shifted, tasks


@given(st.floats(min_value=-1e12, max_value=1e15, allow_nan=False))
def test_a_number_is_never_rounded(value: float) -> None:
    shown = number(value)

    assert "e" not in shown.lower()
    assert float(shown.replace(",", "")) == value


def test_a_moment_is_told_in_shanghai() -> None:
    assert moment(shanghai("2021-04-25T16:30:00Z")) == "2021年4月26日0:30"


@given(st.dates(date(2021, 1, 1), date(2030, 12, 31)), st.integers(0, 9))
def test_a_shift_is_told_only_where_there_was_one(printed: date, days: int) -> None:
    words = shifted(Deadline(printed, midnight_after(printed + timedelta(days=days))), Shift.NEXT_WORKDAY)

    assert bool(words) == (days > 0)
    assert not words or ("逢休息日" in words and "24:00前" in words)


def test_a_day_before_the_printed_one_is_no_shift_where_the_rule_knows_none() -> None:
    """`inclusive: false` makes the 24th the last day; the 25th is no day off for that."""
    assert shifted(Deadline(date(2021, 3, 25), midnight_after(date(2021, 3, 24))), Shift.NEXT_WORKDAY) == ""


@given(st.sets(st.integers(1, 60), min_size=1))
def test_task_numbers_in_ranges_are_the_same_numbers(numbers: set[int]) -> None:
    read: set[int] = set()
    for run in tasks(numbers).removeprefix("第").removesuffix("项").split("、"):
        first, _, last = run.partition("至")
        read |= set(range(int(first), int(last or first) + 1))

    assert read == numbers
