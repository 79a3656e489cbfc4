from __future__ import annotations

from tests.unit.matching.builders import TASKS

from mailbot.matching.rows import Row
from mailbot.matching.tasks import match_rows


def number_of(number: int | None, *wordings: str) -> int | None:
    (task,) = match_rows([Row(number, wordings, ())], TASKS)
    return task.number if task else None


def test_a_number_that_a_far_better_wording_gainsays_is_the_tables_own() -> None:
    assert number_of(5, "智慧停车高位视频设备覆盖道路内停车泊位") == 7


def test_a_number_that_the_wording_does_not_gainsay_is_the_notices() -> None:
    assert number_of(5, "停车泊位建设") == 5


def test_a_word_of_several_tasks_is_none_of_them() -> None:
    assert number_of(None, "停车") is None


def test_nothing_is_no_task() -> None:
    assert number_of(None) is None
    assert number_of(99) is None
