from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.domain.notice import Target
from mailbot.matching.prose import said_of

JOBS, MOVED = Target("新增城镇就业", 120000, "人"), Target("农村劳动力转移就业", 40000, "人")
SCHOOLS = Target("新建、改扩建中小学", 20, "所")


def said(text: str, *targets: Target) -> dict[str, float]:
    return {target.what: value for target, value in said_of(text, targets or (JOBS, MOVED))}


@pytest.mark.parametrize(
    "text",
    [
        "新增城镇就业3900人",
        "新增城镇就业3 900人。",
        "新增城镇就业0.39万人",
        "1.新增城镇就业3900人",
        "城镇新增就业3900人",
        "新增城镇就业人数达到3900人",
        "累计新增城镇就业3900人",
        "截至4月20日，新增城镇就业3900人",
        "截至4月底新增城镇就业累计完成3900人",
        "截至2021年4月，全区新增城镇就业3900人",
        "1-4月新增城镇就业3900人",
        "1—4月，新增城镇就业3900人",
        "全年目标12000人，已完成新增城镇就业3900人",
        "本月新增城镇就业400人，累计新增城镇就业3900人",
        "去年新增城镇就业13000人；今年新增城镇就业3900人",
        "新增城镇就业3900人，完成年目标的32.5%",
        "完成年度目标任务的32.5%，新增城镇就业3900人",
        "新增城镇就业3900人，其中失业人员再就业800人，同比增长12%，距目标12万人还差116100人",
        "计划：\n新增城镇就业12000人\n完成情况：\n新增城镇就业3900人",
    ],
)
def test_the_one_number_behind_a_targets_noun_is_what_is_done_of_it(text: str) -> None:
    assert said(text) == {"新增城镇就业": 3900}


@pytest.mark.parametrize(
    "between", ["；", "，", "、", "。", "\n", "，完成年目标的32.5%；", "，其中失业人员再就业800人，"]
)
def test_each_target_of_a_sentence_has_its_own_number(between: str) -> None:
    text = f"新增城镇就业3900人{between}农村劳动力转移就业1300人"

    assert said(text) == {"新增城镇就业": 3900, "农村劳动力转移就业": 1300}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "推进中",
        "新增城镇就业12万人、农村劳动力转移就业4万人。",
        "新增城镇就业32.5%",
        "新增城镇就业3900套",
        "失业人员再就业800人",
        "其中新增城镇就业800人",
        "其中新增城镇就业800人、农村劳动力转移就业90人",
        "新增城镇就业人员中失业人员再就业800人",
        "带动新增城镇就业800人",
        "全市新增城镇就业3900人",
        "计划新增城镇就业12000人",
        "全年目标新增城镇就业12000人、农村劳动力转移就业4000人",
        "年度目标：\n新增城镇就业12000人",
        "计划完成新增城镇就业12000人",
        "新增城镇就业12000人的目标",
        "新增城镇就业12000人以上的年度任务",
        "力争5月底新增城镇就业5000人",
        "去年同期，新增城镇就业3500人",
        "本月新增城镇就业400人",
        "4月新增城镇就业400人",
        "2021年4月份，新增城镇就业400人，农村劳动力转移就业90人",
        "四月份，新增城镇就业400人",
        "新增城镇就业3900人；新增城镇就业4000人",
        "新增城镇就业目标12000人",
    ],
)
def test_plans_parts_other_times_and_pasted_targets_are_not_taken(text: str) -> None:
    assert said(text) == {}


def test_a_noun_with_a_mark_in_it_is_found_whole() -> None:
    assert said("已完成新建、改扩建中小学3所", SCHOOLS) == {"新建、改扩建中小学": 3}
    assert said("3所已开工", SCHOOLS) == {}


def test_a_number_behind_far_too_many_words_says_nothing() -> None:
    assert said("我局" * 40 + "新增城镇就业3900人") == {}
    assert said("推进工作5次和" * 60 + "新增城镇就业3900人") == {}


@given(st.text(alphabet="新增城镇就业农村劳动力转移完成目标4月12,0.，；、\n人万% "))
def test_no_text_breaks_the_reading_of_sentences(text: str) -> None:
    said(text)
