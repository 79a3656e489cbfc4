from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.chinese.periods import Mention, mentions
from mailbot.domain.period import Period


@pytest.mark.parametrize(
    ("text", "year", "month"),
    [
        ("2021年3月", 2021, 3),
        ("２０２１年３月", 2021, 3),
        ("2021 年 3 月份进展", 2021, 3),
        ("21年3月", 2021, 3),
        ("二〇二一年三月", 2021, 3),
        ("3月", None, 3),
        ("3月份", None, 3),
        ("三月份", None, 3),
        ("十二月", None, 12),
        ("十月", None, 10),
        ("03月", None, 3),
        ("1-4月", None, 4),
        ("1—4月份", None, 4),
        ("1月至4月", None, 4),
        ("1～11月推进情况", None, 11),
        ("2021年1-4月", 2021, 4),
        ("2021年1月-2021年4月", 2021, 4),
        ("一至四月", None, 4),
        ("一季度", None, 3),
        ("2021年第三季度", 2021, 9),
        ("前三季度", None, 9),
        ("上半年", None, 6),
        ("2021年上半年", 2021, 6),
        ("202103", 2021, 3),
        ("2021.03", 2021, 3),
        ("2021-3", 2021, 3),
        ("2021/03 报表", 2021, 3),
        ("区教育局3月民生实事进展", None, 3),
        ("3月报表(改)", None, 3),
    ],
)
def test_a_month_is_read_however_it_is_written(text: str, year: int | None, month: int) -> None:
    assert [(m.year, m.month, m.is_cut_off) for m in mentions(text)] == [(year, month, False)]


@pytest.mark.parametrize(
    ("text", "year", "month", "day"),
    [
        ("截至3月25日", None, 3, 25),
        ("截止2021年3月31日", 2021, 3, 31),
        ("截至目前2021.4.20", 2021, 4, 20),
        ("截至3月底", None, 3, 31),
        ("截至四月末", None, 4, 30),
        ("3月1日至3月20日", None, 3, 20),
        ("3月1日-25日", None, 3, 25),
        ("2021年3月1日—2021年3月25日", 2021, 3, 25),
    ],
)
def test_a_data_cut_off_is_a_weak_word_with_its_day(text: str, year: int | None, month: int, day: int) -> None:
    assert [(m.year, m.month, m.day) for m in mentions(text)] == [(year, month, day)]


@pytest.mark.parametrize(
    "text",
    [
        "2021年3月24日",
        "3月24日",
        "3月24号",
        "20210324",
        "2021.3.24",
        "2021-03-24",
        "每月25日前",
        "3个月",
        "5月底前完成",
        "力争6月份前完工",
        "IMG_20210324153012.jpg",
        "扫描件0001",
        "〔2021〕8号",
        "13月",
        "2021年",
        "13712345678",
        "本月",
        "2021年底前",
    ],
)
def test_dates_of_writing_plans_and_other_numbers_are_no_month(text: str) -> None:
    assert mentions(text) == ()


def test_months_stand_in_the_order_of_the_text() -> None:
    assert [m.month for m in mentions("4月份进展，补报3月份")] == [4, 3]


@pytest.mark.parametrize(
    ("month", "arrived", "meant"),
    [
        (4, Period(2021, 4), Period(2021, 4)),
        (3, Period(2021, 4), Period(2021, 3)),
        (12, Period(2022, 1), Period(2021, 12)),
        (5, Period(2021, 4), Period(2020, 5)),
        (3, None, None),
    ],
)
def test_a_month_without_a_year_is_the_latest_not_after_the_arrival(
    month: int, arrived: Period | None, meant: Period | None
) -> None:
    assert Mention(month, None, f"{month}月", 0).period(arrived) == meant


@given(st.text(alphabet="0123456789年月日份至-—.十一二三四季度上半截止底前 ", max_size=40))
def test_every_mention_is_a_real_month_in_its_place(text: str) -> None:
    for mention in mentions(text):
        assert 1 <= mention.month <= 12
        assert mention.period(Period(2021, 6)) is not None
