"""任务进展: what the units say of each task."""

from __future__ import annotations

from dataclasses import replace

from tests.ledger_builders import a_figure, a_notice, a_receipt, a_row, a_task, some_progress

from mailbot.domain.books import LedgerRow, Receipt
from mailbot.domain.moments import shanghai
from mailbot.domain.notice import Target
from mailbot.domain.report import Meaning, Source
from mailbot.reports.task_progress import task_progress

NOW = shanghai("2021-04-28T09:00")


def lines(row: LedgerRow, *, district_target: float | None = None) -> list[dict[str, object]]:
    target = Target("新建幼儿园", 50, "所", at_least=True, district_target=district_target)
    task = replace(a_task(), targets=(target,))
    sheet = task_progress([row], [a_notice(task)], NOW)
    heads = [column.head.replace("\n", "") for column in sheet.columns]
    return [dict(zip(heads, line, strict=True)) for line in sheet.rows]


def said(*figures: float, words: str = "已开工3所。") -> Receipt:
    return a_receipt(figures=tuple(a_figure(value) for value in figures), progress=(some_progress(words),))


def test_the_values_of_one_thing_counted_share_a_line() -> None:
    figures = (
        a_figure(3),
        a_figure(1, meaning=Meaning.MONTHLY),
        replace(a_figure(60, meaning=Meaning.PERCENT), unit_of_measure="%"),
    )
    (line,) = lines(a_row(a_receipt(figures=figures)))

    assert (line["数据项"], line["累计完成"], line["当月完成"], line["完成率%(单位自报)"]) == ("开工", 3, 1, 60)
    assert line["计量单位"] == "所"


def test_a_task_that_counts_two_things_has_two_lines_and_its_text_once() -> None:
    found = lines(a_row(a_receipt(figures=(a_figure(8), a_figure(7, what="完工")), progress=(some_progress(),))))

    assert [(line["数据项"], line["累计完成"]) for line in found] == [("开工", 8), ("完工", 7)]
    assert [line["任务内容"] for line in found] == ["第10项任务的文字。", ""]
    assert [line["进展情况"] for line in found] == ["已开工3所。", ""]


def test_two_values_for_the_same_thing_are_both_shown() -> None:
    assert [line["累计完成"] for line in lines(a_row(said(3, 4)))] == [3, 4]


def test_the_citys_target_is_named_and_no_rate_is_computed_from_it() -> None:
    (line,) = lines(a_row(said(3)))

    assert (line["市级目标"], line["区级目标"], line["完成率%(单位自报)"]) == ("新建幼儿园 ≥50所", "", None)


def test_a_district_target_stands_apart() -> None:
    assert lines(a_row(said(3)), district_target=5)[0]["区级目标"] == "新建幼儿园 ≥5所"


def test_where_it_stood_is_named_file_sheet_and_cells() -> None:
    assert lines(a_row(said(3)))[0]["出处"] == "4月.xlsx·Sheet1·F3、E3"


def test_a_page_and_the_body_are_places_too() -> None:
    on_page = replace(a_figure(), source=Source("报告.pdf", page=2))
    in_body = replace(some_progress(), source=Source())

    assert lines(a_row(a_receipt(figures=(on_page,), progress=(in_body,))))[0]["出处"] == "报告.pdf·第2页\n邮件正文"


def test_a_task_of_which_nothing_came_is_listed() -> None:
    (line,) = lines(a_row())

    assert (line["任务序号"], line["进展情况"], line["出处"]) == (10, "（未报）", "")


def test_a_task_that_could_not_be_read_is_left_empty() -> None:
    assert lines(a_row(a_receipt()))[0]["进展情况"] == ""


def test_what_a_unit_says_of_another_task_is_shown_after_its_own() -> None:
    found = lines(a_row(a_receipt(progress=(some_progress(task=99),))))

    assert [(line["任务序号"], line["任务内容"]) for line in found] == [(10, "第10项任务的文字。"), (99, "")]


def test_an_unknown_notice_leaves_the_tasks_without_text() -> None:
    assert task_progress([a_row()], [], NOW).rows[0][3] == ""
