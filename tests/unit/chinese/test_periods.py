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
        "4月份以来",
        "地址：三月街8号",
        "五月花小区",
        "三月路12号",
        "0371-3月亮大厦",
    ],
)
def test_dates_of_writing_plans_and_other_numbers_are_no_month(text: str) -> None:
    assert mentions(text) == ()


@pytest.mark.parametrize("text", ["三月街道工作", "三月路灯改造", "3月季报", "三月报表"])
def test_a_month_before_a_word_that_only_begins_like_a_name_is_one(text: str) -> None:
    assert [m.month for m in mentions(text)] == [3]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("3、4月民生实事", [3, 4]),
        ("区教育局2021年3、4月份进展", [3, 4]),
        ("现将三、四月份进展报上", [3, 4]),
        ("现将11月和12月进展报上", [11, 12]),
        ("任务1、3月完成", [3]),
        ("附件3、4月报表", [4]),
        ("一、进展\n三、四月份进展", [4]),
    ],
)
def test_two_months_in_a_row_may_share_one_word_and_an_item_number_is_none(text: str, found: list[int]) -> None:
    assert [m.month for m in mentions(text)] == found


@pytest.mark.parametrize(
    ("text", "is_span"), [("1-3月", True), ("一季度", True), ("上半年", True), ("3月", False), ("2021.03", False)]
)
def test_a_span_is_told_from_a_single_month(text: str, is_span: bool) -> None:  # noqa: FBT001 # the expected value
    assert [m.is_span for m in mentions(text)] == [is_span]


@pytest.mark.parametrize("text", ["张三-4月", "李四—4月报表", "王五~4月"])
def test_a_name_before_a_month_makes_no_span(text: str) -> None:
    assert [(m.month, m.is_span) for m in mentions(text)] == [(4, False)]


@pytest.mark.parametrize("text", ["一—四月", "2021年一-四月", "现将一至四月份情况", "一月-四月", "1月-4月", "1到4月"])
def test_a_span_may_be_written_in_many_ways(text: str) -> None:
    assert [(m.month, m.is_span) for m in mentions(text)] == [(4, True)]


@pytest.mark.parametrize("text", ["1-3月累计", "2021年1—3月份累计完成情况", "一至三月累计"])
def test_what_is_added_up_over_a_span_is_a_cut_off(text: str) -> None:
    assert [(m.month, m.day, m.is_span) for m in mentions(text)] == [(3, 31, False)]


@pytest.mark.parametrize("year", ["二〇二一年", "二○二一年", "二零二一年"])
def test_a_year_may_be_written_in_characters(year: str) -> None:
    assert [(m.year, m.month) for m in mentions(f"{year}四月")] == [(2021, 4)]


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
