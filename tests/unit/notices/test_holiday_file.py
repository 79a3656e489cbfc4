from datetime import date
from pathlib import Path

import pytest
from tests.unit.notices.office_files import HOLIDAYS, mistakes, put, replaced

from mailbot.notices import load_calendar


def test_days_off_and_days_worked_instead_are_read(tmp_path: Path) -> None:
    calendar = load_calendar(put(tmp_path).holidays)

    assert calendar.off == {date(2021, 4, 3), date(2021, 4, 4)}
    assert calendar.work == {date(2021, 4, 25)}
    assert calendar.years == {2021}


def test_an_arrangement_may_begin_in_the_last_days_of_the_year_before(tmp_path: Path) -> None:
    files = put(tmp_path, holidays="2023: {off: [2022-12-31, 2023-01-01]}\n")

    assert not load_calendar(files.holidays).is_workday(date(2022, 12, 31))


@pytest.mark.parametrize(("right", "wrong"), [("2021:", "2022:"), ("2021-", "2012-")])
def test_a_wrong_year_is_one_mistake_however_many_days_stand_under_it(right: str, wrong: str, tmp_path: Path) -> None:
    files = put(tmp_path, holidays=HOLIDAYS.replace(right, wrong))

    (problem,) = mistakes(lambda: load_calendar(files.holidays))

    assert (problem.code, problem.place.key) == ("wrong_year", wrong[:4] if wrong.endswith(":") else "2021")
    assert f"请把年份改成 {'2021' if wrong.endswith(':') else '2012'}" in problem.text


@pytest.mark.parametrize(
    ("right", "wrong", "code", "key"),
    [
        ("2021-04-25", "2021-04-31", "wrong_value", "2021.work[1]"),
        ("2021-04-25", "4月25日", "wrong_value", "2021.work[1]"),
        ("2021-04-25", "20210425", "wrong_value", "2021.work[1]"),
        ("2021-04-25", "2021-04-26", "no_weekend", "2021.work[1]"),
        ("2021-04-25", "2021-04-03", "off_and_work", "2021.work[1]"),
        ("2021-04-04", "2012-04-04", "wrong_year", "2021.off[2]"),
        ("2021-04-04", "9999-12-31", "wrong_year", "2021.off[2]"),
        ("2021-04-04", "0001-01-01", "wrong_year", "2021.off[2]"),
        ("[2021-04-03, 2021-04-04]", "[]", "wrong_value", "2021.off"),
        ("[2021-04-03, 2021-04-04]", "2021-04-03", "wrong_type", "2021.off"),
        ("off:", "of:", "missing_key", "2021.off"),
        ("2021:", "21:", "out_of_range", "21"),
        ("2021:", "今年:", "wrong_type", "今年"),
    ],
)
def test_a_wrong_day_or_year_is_told(right: str, wrong: str, code: str, key: str, tmp_path: Path) -> None:
    files = put(tmp_path, holidays=replaced(HOLIDAYS, right, wrong))

    found = {(problem.code, problem.place.key) for problem in mistakes(lambda: load_calendar(files.holidays))}

    assert (code, key) in found
