from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.chinese.numerals import measure, quantities, quantity, spoken_number


@pytest.mark.parametrize(
    ("text", "value", "unit_of_measure"),
    [
        ("1.2万", 12000, ""),
        ("1.2万人", 12000, "人"),
        ("１２０", 120, ""),
        ("65%", 65, "%"),
        ("65％", 65, "%"),
        ("一百二十", 120, ""),
        ("一百二十所", 120, "所"),
        ("两千三百套", 2300, "套"),
        ("3亿元", 300_000_000, "元"),
        ("500 万㎡", 5_000_000, "平方米"),
        ("500万平方米", 5_000_000, "平方米"),
        ("约 1.2 万人", 12000, "人"),
        ("5万个以上", 50000, "个"),
        ("不少于1500名", 1500, "名"),
        ("累计完成800套", 800, "套"),
        ("12,000", 12000, ""),
        ("12，000人", 12000, "人"),
        ("3 900人", 3900, "人"),
        ("3\u00a0900人", 3900, "人"),
        ("1\u2009300\u2009人", 1300, "人"),
        ("1\u202f234\u202f567.5元", 1234567.5, "元"),
        ("3　900 人", 3900, "人"),
        ("32.5\n%", 32.5, "%"),
        ("3900\n人", 3900, "人"),
        ("累计\n3900人", 3900, "人"),
        ("0", 0, ""),
        ("-3", -3, ""),
        ("百分之六十五", 65, "%"),
        ("百分之85.5", 85.5, "%"),
        ("130.26%", 130.26, "%"),
        ("5万人次", 50000, "人次"),
        ("2个百分点", 2, "百分点"),
        ("五千人", 5000, "人"),
        ("5千人", 5000, "人"),
        ("1万亿元", 1_000_000_000_000, "元"),
    ],
)
def test_a_quantity_is_its_number_in_base_units(text: str, value: float, unit_of_measure: str) -> None:
    found = quantity(text)

    assert found is not None
    assert (found.value, found.unit_of_measure) == (value, unit_of_measure)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "过半",
        "完成过半",
        "无",
        "—",
        "正按序时推进",
        "2021年",
        "3月24日",
        "30—64岁",
        "已开工8个、开工率80%",
        "第一批",
        "一体化",
        "A12",
        "1.2.3",
        "主体完工",
        "3900\n1300",
        "3 90人",
        "0 300",
        "1300 900",
    ],
)
def test_what_is_no_single_number_is_no_quantity(text: str) -> None:
    assert quantity(text) is None


def test_several_quantities_are_found_in_order_with_their_measures() -> None:
    text = "已开工8个、开工率80%，已完工7个、完工率70%，完成投资248万元"

    assert [(q.value, q.unit_of_measure) for q in quantities(text)] == [
        (8, "个"),
        (80, "%"),
        (7, "个"),
        (70, "%"),
        (2_480_000, "元"),
    ]


@pytest.mark.parametrize(
    "text",
    ["2021年底前", "30—64岁", "3月24日", "40岁以上人群", "每月25日前", "9时30分", "2021/4/20", "2021.4.20"],
)
def test_years_dates_and_ages_are_no_quantities(text: str) -> None:
    assert quantities(text) == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("万人", (10_000, "人")),
        ("（万平方米）", (10_000, "平方米")),
        ("㎡", (1, "平方米")),
        ("套", (1, "套")),
        ("万", (10_000, "")),
        ("区教育局", None),
        ("", None),
        ("%", (1, "%")),
    ],
)
def test_a_unit_of_measure_is_a_factor_and_a_base_unit(text: str, expected: tuple[float, str] | None) -> None:
    assert measure(text) == expected


@pytest.mark.parametrize(
    ("text", "value"), [("三", 3), ("十", 10), ("二十", 20), ("一百零二", 102), ("三亿五千万", 350_000_000)]
)
def test_numbers_in_characters_are_read(text: str, value: int) -> None:
    assert spoken_number(text) == value


@given(st.integers(min_value=0, max_value=10**9))
def test_every_whole_number_written_in_figures_is_read_as_itself(number: int) -> None:
    found = quantity(str(number))

    assert found is not None
    assert found.value == number


@given(st.text())
def test_no_text_breaks_the_reading_of_numbers(text: str) -> None:
    quantity(text)
    quantities(text)
    measure(text)


@pytest.mark.parametrize("text", ["万" * 5000, "9" * 5000, "一" * 5000, "1," * 3000])
def test_absurdly_long_numbers_are_none(text: str) -> None:
    assert quantity(text) is None
