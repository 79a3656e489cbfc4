from datetime import date
from datetime import time as time_of_day
from pathlib import Path

import pytest
from tests.unit.notices.office_files import NOTICE, mistakes, put, replaced

from mailbot.domain.notice import DeadlineRule, Shift
from mailbot.domain.period import Period
from mailbot.domain.report import PartKind
from mailbot.notices import load_notices


def test_a_notice_is_read(tmp_path: Path) -> None:
    (notice,) = load_notices(put(tmp_path).notices)

    assert (notice.key, notice.document_number, notice.dated) == ("n", "中原政办〔2021〕8号", date(2021, 3, 16))
    assert (notice.first_period, notice.last_period) == (Period(2021, 3), Period(2021, 12))
    assert notice.required == (PartKind.ELECTRONIC, PartKind.SEALED_SCAN)
    assert notice.deadline == DeadlineRule(25, inclusive=True, cutoff=None, shift=Shift.NEXT_WORKDAY)
    assert notice.tasks[0].targets[0].value == 27000
    assert notice.tasks[1].not_applicable == "此项工作不涉及我区。"


def test_a_deadline_rule_may_say_everything_itself(tmp_path: Path) -> None:
    rule = '{day: 31, inclusive: false, cutoff: "17:30", shift: none}'

    (notice,) = load_notices(put(tmp_path, notice=replaced(NOTICE, "{day: 25}", rule)).notices)

    assert notice.deadline == DeadlineRule(31, inclusive=False, cutoff=time_of_day(17, 30), shift=Shift.NONE)


def test_a_cutoff_without_quotes_is_understood_all_the_same(tmp_path: Path) -> None:
    text = replaced(NOTICE, "{day: 25}", "\n  day: 25\n  cutoff: 24:00")

    (notice,) = load_notices(put(tmp_path, notice=text).notices)

    assert notice.deadline.cutoff is None


@pytest.mark.parametrize(
    ("right", "wrong", "line", "key"),
    [
        ("dated: 2021-03-16", "dated: 2021-02-30", 5, "dated"),
        ("dated: 2021-03-16", "dated: 2021", 5, "dated"),
        ("office@example.com", "office", 6, "mailbox"),
        ("[electronic, sealed_scan]", "[electronic, paper]", 8, "required[2]"),
        ("[electronic, sealed_scan]", "[]", 8, "required"),
        ("first_period: 2021-03", "first_period: 2021-13", 9, "first_period"),
        ("first_period: 2021-03", "first_period: 2022-01", 10, "last_period"),
        ("{day: 25}", "{day: 32}", 11, "deadline.day"),
        ("{day: 25}", "{day: 25, cutoff: 25:00}", 11, "deadline.cutoff"),
        ("{day: 25}", "{day: 25, inclusive: 1}", 11, "deadline.inclusive"),
        ("{day: 25}", "{day: 25, shift: later}", 11, "deadline.shift"),
        ("number: 2", "number: 1", 22, "tasks[2].number"),
        ("number: 2", "number: two", 22, "tasks[2].number"),
        ("text: 新增中小学学位2.7万个。", "txt: 新增", 15, "tasks[1].txt"),
        ("    lead_units: [区教育局]\n", "", 13, "tasks[1].lead_units"),
        ("    not_applicable: 此项工作不涉及我区。\n", "", 22, "tasks[2].lead_units"),
        ("value: 27000", "value: 2.7万", 19, "tasks[1].targets[1].value"),
        ("value: 27000", "value: -1", 19, "tasks[1].targets[1].value"),
        ("district_target:", "district_target: 未定", 21, "tasks[1].targets[1].district_target"),
    ],
)
def test_a_wrong_line_is_told(right: str, wrong: str, line: int, key: str, tmp_path: Path) -> None:
    files = put(tmp_path, notice=replaced(NOTICE, right, wrong))

    problems = mistakes(lambda: load_notices(files.notices))

    assert (line, key) in {(problem.place.line, problem.place.key) for problem in problems}


def test_a_task_that_is_not_the_districts_has_no_lead_unit(tmp_path: Path) -> None:
    files = put(tmp_path, notice=NOTICE + "    lead_units: [区教育局]\n")

    (problem,) = mistakes(lambda: load_notices(files.notices))

    assert (problem.code, problem.place.line) == ("lead_unit", 26)


def test_a_folder_without_a_notice_is_told(tmp_path: Path) -> None:
    assert [problem.code for problem in mistakes(lambda: load_notices(tmp_path))] == ["file_missing"]
    assert [problem.code for problem in mistakes(lambda: load_notices(tmp_path / "none"))] == ["file_missing"]
