from __future__ import annotations

from collections.abc import Sequence
from time import process_time

import pytest
from tests.unit.matching.builders import (
    APRIL,
    EDUCATION,
    HEALTH,
    HOUSING,
    STRANGER,
    judged,
    problems,
    situation,
    table,
    workbook,
)

from mailbot.domain.decision import Decision, Ruling, Verdict
from mailbot.domain.message import Cell, Table
from mailbot.domain.report import Meaning, Source

CUMULATIVE, MONTHLY, PERCENT = Meaning.CUMULATIVE, Meaning.MONTHLY, Meaning.PERCENT


def read(*rows: Sequence[object], sender: str = EDUCATION) -> Decision:
    return judged(workbook("报表.xlsx", table(*rows)), sender=sender, subject="4月民生实事进展")


def figures(*rows: Sequence[object], sender: str = EDUCATION) -> list[tuple[int, str, float, str, Meaning]]:
    return [(f.task, f.what, f.value, f.unit_of_measure, f.meaning) for f in read(*rows, sender=sender).figures]


def one(head: str, value: object, measure: str = "") -> tuple[float, str, Meaning]:
    """Return the only figure of a table of one row whose value stands under this head."""
    ((_, what, number, unit_of_measure, meaning),) = figures(
        ("序号", "任务内容", head, "计量单位"), (10, "新增中小学学位", value, measure)
    )
    assert what == "新增中小学学位"
    return number, unit_of_measure, meaning


@pytest.mark.parametrize(
    "head",
    [
        "未完成",
        "尚未完成",
        "剩余数量",
        "缺口",
        "2020年完成",
        "2020年4月累计",
        "上月累计",
        "本周完成",
        "当日完成",
        "本季度完成",
        "一季度完成",
        "二季度完成",
        "1-3月累计",
        "3月完成",
    ],
)
def test_a_column_of_what_is_not_done_or_of_another_time_gives_no_figure(head: str) -> None:
    given = figures(("序号", "任务内容", head, "累计完成"), (10, "新增中小学学位", "900个", "1200个"))

    assert given == [(10, "新增中小学学位", 1200, "个", CUMULATIVE)]


@pytest.mark.parametrize("head", ["2021年完成", "2021年4月累计", "2020-2021年累计", "完成与未完成情况", "1-3月累计"])
def test_a_column_of_this_year_gives_its_figure(head: str) -> None:
    given = figures(("序号", "任务内容", head), (10, "新增中小学学位", "1200个"))

    assert given == [(10, "新增中小学学位", 1200, "个", CUMULATIVE)]


def test_what_the_first_quarter_brought_is_marchs_own_figure() -> None:
    rows = ("序号", "任务内容", "一季度完成", "累计"), (10, "新增中小学学位", "1200个", "1200个")
    given = judged(workbook("报表.xlsx", table(*rows)), subject="3月民生实事进展")

    assert {figure.value for figure in given.figures} == {1200}


@pytest.mark.parametrize("value", ["3800—3900个", "3800-3900个", "3800～3900", "1300±20个", "3800至3900个", "3-5千个"])
def test_a_range_is_no_figure(value: str) -> None:
    assert figures(("序号", "任务内容", "累计完成"), (10, "新增中小学学位", value)) == []


@pytest.mark.parametrize(
    ("head", "value", "measure", "expected"),
    [
        ("累计完成", 1200, "", (1200, "个", CUMULATIVE)),
        ("累计完成", 0.12, "万个", (1200, "个", CUMULATIVE)),
        ("累计完成（万个）", 0.12, "", (1200, "个", CUMULATIVE)),
        ("累计完成（万个）", "0.12", "", (1200, "个", CUMULATIVE)),
        ("累计完成（万个）", "0.12万", "", (1200, "个", CUMULATIVE)),
        ("累计完成", "1.2万个", "", (12000, "个", CUMULATIVE)),
        ("累计完成", "１２００个", "", (1200, "个", CUMULATIVE)),
        ("累计完成", "约1200个", "", (1200, "个", CUMULATIVE)),
        ("累计完成", "一千二百个", "", (1200, "个", CUMULATIVE)),
        ("累计完成", Cell("0.12", 0.12, '0.00"万个"'), "", (1200, "个", CUMULATIVE)),
        ("累计完成", Cell("0.12", 0.12, '0.00"万"'), "", (1200, "个", CUMULATIVE)),
        ("累计完成", Cell("1,200", 1200.0, "#,##0"), "", (1200, "个", CUMULATIVE)),
        ("本月完成", 300, "", (300, "个", MONTHLY)),
        ("当月完成数", 300, "", (300, "个", MONTHLY)),
        ("4月完成", 300, "", (300, "个", MONTHLY)),
        ("1-4月完成情况", 300, "", (300, "个", CUMULATIVE)),
        ("完成情况", 300, "", (300, "个", CUMULATIVE)),
        ("完成数", 300, "", (300, "个", CUMULATIVE)),
        ("已完成", 0, "", (0, "个", CUMULATIVE)),
        ("完成率", 0.65, "", (65, "%", PERCENT)),
        ("完成率", Cell("65.5%", 0.655, "0.0%"), "", (65.5, "%", PERCENT)),
        ("完成率（%）", 65.5, "", (65.5, "%", PERCENT)),
        ("完成率（%）", 0.5, "", (0.5, "%", PERCENT)),
        ("完成率", "６５％", "", (65, "%", PERCENT)),
        ("完成比例", "130.26%", "", (130.26, "%", PERCENT)),
        ("完成率", 961.7, "", (961.7, "%", PERCENT)),
        ("累计完成", Cell("85%", 0.85, "0%"), "", (85, "%", PERCENT)),
        ("累计完成", "85%", "", (85, "%", PERCENT)),
    ],
)
def test_a_cell_is_read_in_base_units(
    head: str, value: object, measure: str, expected: tuple[float, str, Meaning]
) -> None:
    assert one(head, value, measure) == expected


@pytest.mark.parametrize(
    "value", ["", "无", "—", "/", "完成过半", "正按序时推进", "主体完工", Cell("2021/4/20", 44306.0, "yyyy/m/d")]
)
def test_words_dates_and_dashes_are_no_figures(value: object) -> None:
    assert figures(("序号", "任务内容", "累计完成"), (10, "新增中小学学位", value)) == []


@pytest.mark.parametrize(
    "head",
    [
        "上月累计",
        "去年同期",
        "序时进度",
        "目标进度",
        "同比增长率",
        "预计完成",
        "完成投资（万元）",
        "责任人电话",
        "备注",
    ],
)
def test_columns_that_do_not_report_this_months_work_are_left_out(head: str) -> None:
    assert figures(("序号", "任务内容", head, "进展情况"), (10, "新增中小学学位", 300, "推进中")) == []


def test_columns_may_stand_in_any_order() -> None:
    rows = (("进展情况", "完成率", "任务内容", "累计完成", "序号"), ("已开工", "15%", "新增中小学学位", 1200, 10))

    assert figures(*rows) == [(10, "新增中小学学位", 15, "%", PERCENT), (10, "新增中小学学位", 1200, "个", CUMULATIVE)]


def test_a_head_of_two_lines_is_read_as_one() -> None:
    rows = (
        ("民生实事进展情况表", "民生实事进展情况表", "民生实事进展情况表", "民生实事进展情况表", "民生实事进展情况表"),
        ("序号", "任务内容", "完成情况", "完成情况", "完成情况"),
        ("序号", "任务内容", "本月", "累计", "完成率"),
        (10, "新增中小学学位", 300, 1200, "15%"),
    )

    assert [(value, meaning) for _, _, value, _, meaning in figures(*rows)] == [
        (300, MONTHLY),
        (1200, CUMULATIVE),
        (15, PERCENT),
    ]


def test_three_rows_of_one_task_are_three_targets() -> None:
    rows = (
        ("序号", "任务内容", "指标", "累计完成", "单位"),
        (2, "新开工、建成安置房，分配公租房", "新开工安置房", 300, "套"),
        (2, "新开工、建成安置房，分配公租房", "建成安置房", 838, "套"),
        (2, "新开工、建成安置房，分配公租房", "分配公租房", 0.0123, "万套"),
    )

    assert [(what, value) for _, what, value, _, _ in figures(*rows, sender=HOUSING)] == [
        ("新开工安置房", 300),
        ("建成安置房", 838),
        ("分配公租房", 123),
    ]


def test_rows_below_without_number_and_text_go_on_with_the_task_above() -> None:
    rows = (
        ("序号", "任务内容", "指标", "累计完成"),
        (10, "市区新建、改扩建中小学，新投入使用中小学，新增学位", "新建、改扩建中小学", 3),
        ("", "", "新投入使用中小学", 2),
        ("", "", "新增中小学学位", 1200),
    )

    assert [(task, what, value) for task, what, value, _, _ in figures(*rows)] == [
        (10, "新建、改扩建中小学", 3),
        (10, "新投入使用中小学", 2),
        (10, "新增中小学学位", 1200),
    ]


@pytest.mark.parametrize(
    "value", ["新开工安置房300套，建成安置房838套，分配公租房123套", "300/838/123", "300套、838套、123套"]
)
def test_three_numbers_in_one_cell_are_three_targets(value: str) -> None:
    text = "新开工安置房1.5万套，建成安置房4万套，分配公租房7000套"
    rows = (("序号", "任务内容", "累计完成"), (2, text, value))

    assert [(what, number) for _, what, number, _, _ in figures(*rows, sender=HOUSING)] == [
        ("新开工安置房", 300),
        ("建成安置房", 838),
        ("分配公租房", 123),
    ]


def test_two_numbers_without_words_for_three_targets_are_not_guessed() -> None:
    text = "新开工安置房1.5万套，建成安置房4万套，分配公租房7000套"

    assert figures(("序号", "任务内容", "累计完成"), (2, text, "300/838"), sender=HOUSING) == []


def test_columns_named_after_targets_are_theirs() -> None:
    rows = (
        ("序号", "任务内容", "新开工安置房（套）", "分配公租房（套）", "进展情况"),
        (2, "安置房和公租房", 300, 123, "已开工"),
    )

    assert [(what, value) for _, what, value, _, _ in figures(*rows, sender=HOUSING)] == [
        ("新开工安置房", 300),
        ("分配公租房", 123),
    ]


def test_tasks_are_found_by_their_words_whatever_the_number_says() -> None:
    """The unit numbers its own tasks 1, 2."""
    rows = (
        ("序号", "任务内容", "指标", "累计完成"),
        (1, "免费为妇女进行宫颈癌、乳腺癌筛查", "宫颈癌筛查", 1420),
        (1, "免费为妇女进行宫颈癌、乳腺癌筛查", "乳腺癌筛查", 1310),
        (2, "脑卒中危险因素筛查", "", 1378),
    )

    assert [(task, what) for task, what, *_ in figures(*rows, sender=HEALTH)] == [
        (11, "宫颈癌筛查"),
        (11, "乳腺癌筛查"),
        (14, "脑卒中危险因素筛查"),
    ]


@pytest.mark.parametrize("number", [10, "10", "10.", "第10项", "任务10", "１０"])
def test_a_number_alone_names_a_task(number: object) -> None:
    assert [task for task, *_ in figures(("序号", "任务内容", "累计完成"), (number, "", 3))] == [10]


def test_totals_and_notes_are_no_rows() -> None:
    rows = (
        ("序号", "任务内容", "累计完成"),
        (10, "新增中小学学位", 1200),
        ("合计", "", 1200),
        ("注：累计完成为1月至4月数据", "", ""),
        (10, "新增中小学学位", 9999),
        ("填报人：张三", "", 13700000000),
    )

    assert [value for _, _, value, _, _ in figures(*rows)] == [1200]


def test_a_repeated_head_is_no_row() -> None:
    head = ("序号", "任务内容", "累计完成")

    assert len(figures(head, (10, "新增中小学学位", 1200), head, (10, "新建、改扩建中小学", 3))) == 2


def test_a_row_on_another_units_task_is_told_and_not_booked() -> None:
    rows = (("序号", "任务内容", "累计完成"), (10, "新增中小学学位", 1200), (4, "既有住宅加装电梯", 8))
    decision = read(*rows)

    assert [figure.task for figure in decision.figures] == [10]
    assert "task_of_other_unit" in problems(decision)


def test_a_row_on_no_task_is_told() -> None:
    rows = (("序号", "任务内容", "累计完成"), (10, "新增中小学学位", 1200), (99, "购买办公用品", 8))

    assert "row_without_task" in problems(read(*rows))


def test_empty_rows_of_other_units_in_the_offices_form_are_no_problem() -> None:
    rows = (
        ("序号", "任务内容", "累计完成", "进展情况"),
        (4, "既有住宅加装电梯", "", ""),
        (10, "新增中小学学位", 1200, "推进中"),
        (11, "宫颈癌、乳腺癌筛查", "", ""),
    )

    assert problems(read(*rows)) == set()


def test_another_unit_of_measure_than_the_targets_is_told() -> None:
    rows = (("序号", "任务内容", "累计完成"), (14, "脑卒中危险因素筛查", "1378人次"))
    decision = read(*rows, sender=HEALTH)

    assert "measure_differs" in problems(decision)
    assert [figure.unit_of_measure for figure in decision.figures] == ["人次"]


def test_words_difficulties_and_next_steps_are_kept_with_their_cell() -> None:
    rows = (
        ("序号", "任务内容", "进展情况", "存在问题", "下一步措施"),
        (10, "新增中小学学位", "主体完工", "资金紧张", "加快施工"),
        (10, "新投入使用中小学", "已投入使用", "无", ""),
    )
    first, second = read(*rows).progress

    assert (first.task, first.text, first.difficulties, first.next_steps) == (10, "主体完工", "资金紧张", "加快施工")
    assert (first.source.file, first.source.sheet, first.source.cell) == ("报表.xlsx", "Sheet1", "C2")
    assert (second.difficulties, second.next_steps) == ("", "")


def test_difficulties_alone_are_kept() -> None:
    rows = (("序号", "任务内容", "进展情况", "存在问题"), (10, "新增中小学学位", "", "资金紧张"))

    assert [progress.difficulties for progress in read(*rows).progress] == ["资金紧张"]


def test_words_merged_over_the_rows_of_a_task_are_kept_once() -> None:
    rows = (
        ("序号", "任务内容", "累计完成", "进展情况"),
        (10, "新建、改扩建中小学", 3, "均已开工"),
        (10, "新增中小学学位", 1200, "均已开工"),
    )

    assert len(read(*rows).progress) == 1


def test_a_figure_names_unit_month_and_source() -> None:
    (figure,) = read(("序号", "任务内容", "累计完成"), (10, "新增中小学学位", 1200)).figures

    assert (figure.unit, str(figure.period)) == ("区教育局", "2021-04")
    assert (figure.source.file, figure.source.sheet, figure.source.cell) == ("报表.xlsx", "Sheet1", "C2")


def test_figures_are_read_even_where_the_unit_is_unknown() -> None:
    decision = read(("序号", "任务内容", "累计完成"), (10, "新增中小学学位", 1200), sender=STRANGER)

    assert [(figure.task, figure.unit) for figure in decision.figures] == [(10, None)]


def test_a_table_without_a_head_of_progress_gives_nothing() -> None:
    decision = judged(workbook("名单.xlsx", table(("姓名", "电话"), ("张三", 1))), subject="4月民生实事进展")

    assert decision.figures == ()


def test_short_and_empty_rows_are_borne() -> None:
    assert len(figures(("序号", "任务内容", "累计完成"), (), ("",), (10,), (10, "新增中小学学位", 5))) == 1


def test_a_number_merged_over_several_targets_is_said_of_none_of_them() -> None:
    shared = Cell("900", 900.0, "General", "D2")
    head = ("序号", "任务内容", "指标", "累计完成")
    rows = tuple((2, "安置房和公租房", what, shared) for what in ("新开工安置房", "建成安置房", "分配公租房"))
    filled = table(head, *rows, keep_refs=True)
    decision = judged(workbook("报表.xlsx", filled), sender=HOUSING, subject="4月民生实事进展")

    assert [(figure.what, figure.value) for figure in decision.figures] == [("安置房和公租房", 900)]


def test_a_count_in_a_column_of_rates_is_a_count() -> None:
    assert one("进度", "1200个") == (1200, "个", CUMULATIVE)
    assert one("进度", "65%") == (65, "%", PERCENT)


def test_a_rate_beside_a_count_is_not_counted_as_a_target() -> None:
    rows = (("序号", "任务内容", "累计完成"), (14, "脑卒中危险因素筛查", "1378人，35%"))

    assert [(value, unit) for _, _, value, unit, _ in figures(*rows, sender=HEALTH)] == [(1378, "人")]


def test_when_a_task_will_be_done_is_no_progress() -> None:
    rows = (("序号", "任务内容", "完成时间", "是否完成"), (10, "新增中小学学位", "2021年12月", "否"))

    assert [progress.text for progress in read(*rows).progress] == ["否"]


@pytest.mark.parametrize("value", [float("inf"), float("nan")])
def test_what_is_no_finite_number_is_no_figure(value: float) -> None:
    assert figures(("序号", "任务内容", "累计完成"), (14, "脑卒中筛查", Cell("x", value)), sender=HEALTH) == []


def test_what_is_counted_beside_the_target_keeps_its_own_name() -> None:
    rows = (
        ("序号", "任务内容", "指标", "累计完成"),
        (14, "脑卒中危险因素筛查", "筛查人数", "1378人"),
        (14, "脑卒中危险因素筛查", "培训医务骨干", "120人"),
    )

    assert [(what, value) for _, what, value, _, _ in figures(*rows, sender=HEALTH)] == [
        ("脑卒中危险因素筛查", 1378),
        ("培训医务骨干", 120),
    ]


def test_a_row_that_only_shares_a_common_word_is_on_no_task() -> None:
    rows = (("序号", "任务内容", "累计完成"), (10, "新增中小学学位", 1200), (99, "新建篮球馆和体育设施", 8))

    assert "row_without_task" in problems(read(*rows))


def test_only_the_unit_of_measure_tells_two_targets_apart() -> None:
    rows = (("序号", "任务内容", "累计完成"), (10, "中小学建设", "1200个"), (10, "中小学建设", "3所"))

    assert [(what, value) for _, what, value, _, _ in figures(*rows)] == [("新增中小学学位", 1200), ("中小学建设", 3)]


@pytest.mark.parametrize(
    "rows",
    [
        (("任务内容", "累计完成"), ("新增中小学学位（万个）", 0.12)),
        (("任务内容", "指标", "累计完成"), ("学位", "新增中小学学位（单位：万个）", 0.12)),
        (("进展情况表", "", "单位：万个"), ("任务内容", "指标", "累计完成"), ("学位", "新增中小学学位", 0.12)),
    ],
)
def test_the_unit_of_measure_may_stand_behind_the_words_or_above_the_table(rows: tuple[Sequence[object], ...]) -> None:
    assert figures(*rows) == [(10, "新增中小学学位", 1200, "个", CUMULATIVE)]


def test_a_part_of_a_person_without_a_unit_of_measure_is_told() -> None:
    decision = read(("序号", "任务内容", "累计完成"), (14, "脑卒中危险因素筛查", 0.1378), sender=HEALTH)

    assert problems(decision) == {"measure_unclear"}
    assert [figure.value for figure in decision.figures] == [0.1378]


LABOUR = "rsj@qq.example"
JOBS = "新增城镇就业"
MOVED = "农村劳动力转移就业"
BOTH = "新增城镇就业12万人、农村劳动力转移就业4万人"


def of_labour(*rows: Sequence[object]) -> Decision:
    """Return the decision on a table of 区人社局, which has two targets counted in persons."""
    return judged(workbook("区人社局4月民生实事.xlsx", table(*rows)), sender=LABOUR, subject="区人社局4月民生实事进展")


def jobs(*rows: Sequence[object]) -> list[tuple[str, float, Meaning]]:
    return [(figure.what, figure.value, figure.meaning) for figure in of_labour(*rows).figures]


@pytest.mark.parametrize("value", ["3 900人", "3\u00a0900人", "3\u2009900 人", "3,900人", "3，900人", "3900\n人"])
@pytest.mark.parametrize("wording", [JOBS, f"{JOBS}12万人"])
def test_the_digit_groups_of_a_cell_are_one_number_of_one_target(value: str, wording: str) -> None:
    assert jobs(("序号", "任务", "累计完成"), (1, wording, value)) == [(JOBS, 3900, CUMULATIVE)]


@pytest.mark.parametrize("value", ["3 90", "3 90人", "3, 90 人", "0 300人"])
def test_a_number_torn_apart_is_not_split_over_two_targets(value: str) -> None:
    assert jobs(("序号", "任务", "累计完成"), (1, BOTH, value)) == []


@pytest.mark.parametrize("value", ["3900/1300", "3900、1300", "3900\n1300", "3900人、1300人"])
def test_numbers_parted_by_more_than_a_space_are_those_of_two_targets(value: str) -> None:
    assert jobs(("序号", "任务", "累计完成"), (1, BOTH, value)) == [(JOBS, 3900, CUMULATIVE), (MOVED, 1300, CUMULATIVE)]


def test_a_number_format_that_scales_shows_persons_as_ten_thousands_and_changes_nothing() -> None:
    rows = (("序号", "任务", "累计完成"), (1, JOBS, Cell("0.4万人", 3900.0, '0!.0,"万人"')))

    assert jobs(*rows) == [(JOBS, 3900, CUMULATIVE)]


@pytest.mark.parametrize("head", ["任务（万人）", "任务内容（单位：万人）"])
@pytest.mark.parametrize("value", [0.39, "0.39"])
def test_the_measure_over_the_tasks_is_that_of_a_number_that_counts_no_persons(head: str, value: object) -> None:
    decision = of_labour(("序号", head, "累计完成"), (1, f"{JOBS}1.2", value))

    assert [(figure.what, figure.value) for figure in decision.figures] == [(JOBS, 3900)]
    assert problems(decision) == set()


@pytest.mark.parametrize("head", ["累计完成", "累计完成（人）"])
def test_the_measure_over_the_targets_leaves_whole_persons_alone(head: str) -> None:
    assert jobs(("序号", "任务", "目标（万人）", head), (1, JOBS, 1.2, 3900)) == [(JOBS, 3900, CUMULATIVE)]


def test_a_rate_broken_over_two_lines_is_read() -> None:
    rows = (("序号", "任务", "累计\n完成\n（人）", "完成\n率"), (1, "新增城镇\n就业", "3900\n", "32.5\n%"))

    assert jobs(*rows) == [(JOBS, 3900, CUMULATIVE), (JOBS, 32.5, PERCENT)]


def test_a_sentence_of_progress_tells_each_target_its_number() -> None:
    words = "新增城镇就业3900人，其中失业人员再就业800人，同比增长12%，完成年目标的32.5%；农村劳动力转移就业1300人"
    decision = of_labour(("序号", "任务", "完成情况"), (1, f"{BOTH}。", words))

    assert [(f.what, f.value, f.unit_of_measure, f.meaning) for f in decision.figures] == [
        (JOBS, 3900, "人", CUMULATIVE),
        (MOVED, 1300, "人", CUMULATIVE),
    ]
    assert decision.figures[0].source == Source("区人社局4月民生实事.xlsx", "Sheet1", "C2")
    assert [said.text for said in decision.progress] == [words]


def test_a_cell_of_its_own_stands_above_what_a_sentence_says() -> None:
    rows = (
        ("序号", "任务", "指标", "累计完成", "进展情况"),
        (1, BOTH, JOBS, 3900, "新增城镇就业3800人，农村劳动力转移就业1200人"),
        (1, BOTH, MOVED, 1300, "新增城镇就业3800人，农村劳动力转移就业1200人"),
    )

    assert jobs(*rows) == [(JOBS, 3900, CUMULATIVE), (MOVED, 1300, CUMULATIVE)]


def test_a_sentence_over_two_rows_is_told_once_and_two_that_differ_not_at_all() -> None:
    head = ("序号", "任务", "指标", "进展情况")

    assert jobs(head, (1, BOTH, JOBS, f"{JOBS}3900人"), (1, BOTH, MOVED, f"{JOBS}3900人")) == [(JOBS, 3900, CUMULATIVE)]
    assert jobs(head, (1, BOTH, JOBS, f"{JOBS}3900人"), (1, BOTH, MOVED, f"{JOBS}4000人")) == []


def test_rows_on_no_task_are_one_problem_with_their_number_and_first_places() -> None:
    others = [("", f"附表{number}", "x") for number in range(300)]
    decision = judged(
        workbook("报表.xlsx", table(("序号", "任务内容", "累计完成"), (10, "新增中小学学位", 1200), *others)),
        subject="4月民生实事进展",
    )
    (told,) = [problem for problem in decision.problems if problem.code == "row_without_task"]

    assert told.text == "有 300 行对不上任何一项牵头任务：A3（附表0）、A4（附表1）、A5（附表2）等"
    assert (told.place.file, told.place.sheet, told.place.cell) == ("报表.xlsx", "Sheet1", None)


def test_a_month_before_completed_is_the_months_own_number() -> None:
    """The heads of a health bureau's book: 7月完成（人）, 1-7月（人）."""
    rows = (("序号", "任务内容", "7月完成（人）", "1-7月（人）"), (14, "脑卒中危险因素筛查", 200, 1100))
    decision = judged(
        workbook("报表.xlsx", table(*rows)),
        sender=HEALTH,
        subject="7月民生实事进展",
        arrived="2021-07-24T09:00",
    )

    assert [(figure.value, figure.meaning) for figure in decision.figures] == [(200, MONTHLY), (1100, CUMULATIVE)]


def test_a_head_of_two_lines_may_part_a_month_from_the_months_up_to_it() -> None:
    rows = (
        ("序号", "任务", "完成情况（人）", "完成情况（人）", "完成率（%）", "完成率（%）"),
        ("序号", "任务", "4月", "1-4月累计", "4月", "累计"),
        (1, JOBS, 400, 3900, 3.3, 32.5),
        ("", MOVED, 90, 1300, 2.2, 32.5),
    )

    assert [told for told in jobs(*rows) if told[2] is not PERCENT] == [
        (JOBS, 400, MONTHLY),
        (JOBS, 3900, CUMULATIVE),
        (MOVED, 90, MONTHLY),
        (MOVED, 1300, CUMULATIVE),
    ]
    assert (JOBS, 32.5, PERCENT) in jobs(*rows)


def sheet(name: str, value: int) -> Table:
    """Return a sheet of that name with one figure on school places."""
    return table(("序号", "任务内容", "累计完成"), (10, "新增中小学学位", value), name=name)


def values_for_april(*sheets: Table) -> list[float]:
    """Return the figures of a workbook that a person assigned to April."""
    given = situation(rulings=(Ruling("区教育局", APRIL),))
    return [f.value for f in judged(workbook("报表.xlsx", *sheets), given=given).submissions[0].figures]


@pytest.mark.parametrize("name", ["1-3月", "一季度", "3月", "2021年3月"])
def test_a_sheet_up_to_march_is_read_where_a_person_says_that_it_is_aprils_return(name: str) -> None:
    assert values_for_april(sheet(name, 30)) == [30]


def test_of_sheets_for_earlier_months_only_the_nearest_is_read() -> None:
    assert values_for_april(sheet("1-2月", 20), sheet("1-3月", 30)) == [30]


def test_a_sheet_for_the_month_goes_before_those_for_earlier_ones() -> None:
    assert values_for_april(sheet("1-3月", 30), sheet("1-4月", 40)) == [40]


def test_a_sheet_for_a_later_month_is_never_read() -> None:
    assert values_for_april(sheet("1-6月", 60)) == []


def long_table(rows: int, *, first: int = 0, name: str = "Sheet1") -> Table:
    """Return a table whose rows all report on one task, each with a number of its own."""
    head = ("序号", "任务内容", "本月完成", "累计完成")
    return table(head, *((10, "新增中小学学位", first + i, 2 * (first + i)) for i in range(rows)), name=name)


def test_the_rows_beyond_400_of_a_table_are_left_and_told() -> None:
    assert problems(judged(workbook("报表.xlsx", long_table(400)), subject="4月民生实事")) == set()

    decision = judged(workbook("报表.xlsx", long_table(6000)), subject="4月民生实事")

    assert len(decision.figures) == 800
    assert problems(decision) == {"figures_cut"}


def test_the_figures_of_one_message_end_at_2000_and_say_so() -> None:
    books = [workbook(f"报表{i}.xlsx", long_table(100, first=1000 * i)) for i in range(40)]

    decision = judged(*books, subject="4月民生实事")

    assert len(decision.parts) == 40
    assert len(decision.figures) == 2000
    assert {problem.code for problem in decision.problems} == {"figures_cut"}
    assert decision.verdict is Verdict.RECORD


def test_a_hundred_workbooks_cost_no_more_than_a_moment() -> None:
    tables = [long_table(400, name=f"表{k}") for k in range(3)]
    books = [workbook(f"报表{i}.xlsx", *tables) for i in range(100)]
    began = process_time()

    judged(*books, subject="4月民生实事")

    assert process_time() - began < 5  # a second on an idle machine; without a bound it was a minute
