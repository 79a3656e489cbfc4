from __future__ import annotations

import pytest

from mailbot.chinese.fold import fold
from mailbot.chinese.periods import mentions
from mailbot.matching.bearing import Bearing, bearing


def of_first(text: str) -> Bearing:
    """Return what a text says its first month of."""
    folded = fold(text)
    return bearing(folded, mentions(folded)[0])


@pytest.mark.parametrize(
    "text",
    [
        "现将我局3月份进展情况报上",
        "现将中原区教育局2021年4月份重点民生实事工作进展情况报上。",
        "现将区政务办（区大数据局）4月份的情况报上",
        "附件为4月材料",
        "附件1：4月份进展情况表",
        "附件：1.4月份进展情况表 2.盖章件",
        "附件：民生实事-4月.xlsx",
        "这是4月的材料，请查收",
        "请查收我局4月份月报",
        "补报3月",
        "更正4月份报表",
        "3月报表",
        "4月份重点民生实事进展情况见附件，请查收。",
        "一、4月份完成情况：已完成招标。",
        "您好：\n4月份\n请查收",
        "截至4月20日，已完成2所",
        "现将3月和4月份进展情况报上",
        "4月份计划完成情况见附件",
    ],
)
def test_a_sentence_that_hands_in_says_the_month_of_the_report(text: str) -> None:
    assert of_first(text) is Bearing.REPORT


@pytest.mark.parametrize(
    "text",
    [
        "按贵办3月份会议要求，现报送进展情况。",
        "贵办在3月份的会议上要求的，现报送进展情况。",
        "贯彻落实3月工作例会精神，现报送进展。",
        "根据4月份督查通报，现报送进展情况",
        "与4月份相比无变化",
        "较4月份进展情况无变化",
        "同4月份情况一致",
        "自4月份开工，进展顺利",
        "其中4月份完成情况较好",
        "3月份已报送过的内容不再重复",
        "3月份报表已报过，这次是新的。",
        "计划6月份完成",
        "5月份工作打算",
        "4月重点工作计划",
        "联系人：王三月 材料见附件",
        "填报人：王三月。材料见附件",
        "三月不减肥",
    ],
)
def test_a_sentence_about_a_meeting_a_comparison_a_plan_or_a_person_says_nothing_of_the_report(text: str) -> None:
    assert of_first(text) is Bearing.ASIDE


@pytest.mark.parametrize(
    "text",
    [
        "我局4月完成招标，主体正在施工。",
        "附件为4月开工学校名单",
        "4月份材料还要补吗",
        "如需4月份材料请联系我",
        "3月份材料已于上月报送，现报送最新进展。",
        "4月份情况我们上次报错了",
        "因3月份工作调整，联系人变更为李四。",
        "感谢贵办对我局4月份工作的支持",
    ],
)
def test_what_a_sentence_says_of_a_month_may_stay_unclear(text: str) -> None:
    assert of_first(text) is Bearing.UNCLEAR


def test_a_word_of_the_next_sentence_says_nothing_of_the_month() -> None:
    assert of_first("我局4月完成招标，进展情况见附件。") is Bearing.UNCLEAR
