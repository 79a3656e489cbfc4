from __future__ import annotations

import pytest

from mailbot.domain.message import Cell
from mailbot.matching.amounts import amount


def read(value: float, number_format: str, *measures: tuple[float, str] | None) -> tuple[float, str]:
    found = amount(Cell("", value, number_format), *measures)
    assert found is not None
    return found.value, found.unit_of_measure


@pytest.mark.parametrize(
    ("value", "number_format", "expected"),
    [
        (0.39, '0"万人"', (3900, "人")),
        (0.39, '0.00"万人"', (3900, "人")),
        (0.39, "0.00万人", (3900, "人")),
        (0.39, 'General"万人"', (3900, "人")),
        (0.39, 'G/通用格式"万人"', (3900, "人")),
        (3900, '0"人"', (3900, "人")),
        (3900, '#,##0"人"', (3900, "人")),
        (3900, '#,##0.00"人"', (3900, "人")),
    ],
)
def test_a_number_format_that_only_names_a_measure_is_that_measure(
    value: float, number_format: str, expected: tuple[float, str]
) -> None:
    assert read(value, number_format) == expected


@pytest.mark.parametrize(
    "number_format",
    [
        '0!.0,"万人"',
        '0\\.0,"万人"',
        '0"."0,"万人"',
        '#,##0!.0,"万人"',
        "0!.0,万人",
        '0!.0000"万人"',
        '0,"千人"',
        '0.0,"千人"',
        '0,.0"千人"',
        '#,##0,"千人"',
        '0!.00,,"亿人"',
        '0!.0,"万人";-0!.0,"万人"',
    ],
)
def test_a_number_format_that_scales_down_to_its_measure_leaves_the_value(number_format: str) -> None:
    assert read(3900, number_format) == (3900, "人")


def test_a_scaling_format_scales_down_to_the_measure_of_its_column() -> None:
    assert read(3900, "0!.0,", (10_000, "人")) == (3900, "人")
    assert read(3900, "#,##0,", (1_000, "人")) == (3900, "人")


def test_a_scaling_format_without_any_large_measure_leaves_the_value() -> None:
    assert read(3900, "#,##0,") == (3900, "")
    assert read(3900, '0,"人"') == (3900, "人")


def test_a_format_that_shows_ten_times_the_number_is_believed_as_people_see_it() -> None:
    """3.9万人 is on the screen and on the sealed sheet."""
    assert read(3900, '0.0,"万人"') == (39_000, "人")


def test_a_thousands_separator_is_no_scale() -> None:
    assert read(0.39, "#,##0.00", (10_000, "人")) == (3900, "人")


@pytest.mark.parametrize(
    ("value", "number_format", "expected"),
    [
        (0.325, "0.0%", 32.5),
        (32.5, '0.0"%"', 32.5),
        (32.5, "0.0\\%", 32.5),
    ],
)
def test_only_a_percent_sign_that_is_no_mere_text_means_hundredths(
    value: float, number_format: str, expected: float
) -> None:
    assert read(value, number_format) == (expected, "%")
