"""Numbers as a workbook shows them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.reading.display import plain, shown


@pytest.mark.parametrize(
    ("value", "number_format", "expected"),
    [
        (0.65, "0%", "65%"),
        (0.6512, "0.00%", "65.12%"),
        (1234567.891, "#,##0.00", "1,234,567.89"),
        (12000, "0.0,", "12.0"),
        (5, '"第"0"项"', "第5项"),
        (1.5, "0.0#", "1.5"),
        (-3, "0;(0)", "(3)"),
        (0, '0;-0;"无"', "0"),
        (3, "General", "3"),
        (3, "@", "3"),
        (0.25, "# ?/?", "0.25"),
        (12345, "0.00E+00", "12345"),
        (7, "[红色]0", "7"),
        (True, "General", "TRUE"),
        (None, "General", ""),
        ("进展顺利", "General", "进展顺利"),
        (date(2021, 4, 1), "General", "2021-04-01"),
        (time(9, 30), "General", "09:30:00"),
        (datetime(2021, 4, 1, 9, 30), "General", "2021-04-01T09:30:00"),  # noqa: DTZ001 - workbooks know no zones
        (timedelta(hours=1), "General", "1:00:00"),
    ],
)
def test_a_value_is_shown_as_its_format_says(value: object, number_format: str, expected: str) -> None:
    assert shown(value, number_format) == expected


@given(st.floats(allow_nan=False, allow_infinity=False), st.text(alphabet='0#?.,;%"[]\\E+/_* 万@', max_size=20))
def test_no_format_makes_a_number_raise(value: float, number_format: str) -> None:
    shown(value, number_format)


@given(st.integers(-(10**14), 10**14))
def test_whole_numbers_are_shown_whole(value: int) -> None:
    assert plain(float(value)) == str(value)
