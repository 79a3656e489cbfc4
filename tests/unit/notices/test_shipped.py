"""The office's files as they are shipped. The counts are the notice's own, 中原政办〔2021〕8号."""

from datetime import date

import pytest

from mailbot.data import shipped
from mailbot.domain.notice import DeadlineRule, Notice, Shift
from mailbot.domain.period import Period
from mailbot.domain.report import PartKind
from mailbot.notices import Office, load_all
from mailbot.settings import load


@pytest.fixture(scope="module")
def office() -> Office:
    return load_all(load(shipped("config") / "mailbot.toml").files)


@pytest.fixture(scope="module")
def notice(office: Office) -> Notice:
    (notice,) = office.notices
    return notice


def test_the_notice_says_who_reports_what_until_when(notice: Notice) -> None:
    assert (notice.key, notice.document_number) == ("zhongyuan-2021-8", "中原政办〔2021〕8号")
    assert (notice.dated, notice.mailbox, notice.short_title) == (date(2021, 3, 16), "zydc697@163.com", "重点民生实事")
    assert (notice.first_period, notice.last_period) == (Period(2021, 3), Period(2021, 12))
    assert notice.required == (PartKind.ELECTRONIC, PartKind.SEALED_SCAN)
    assert notice.deadline == DeadlineRule(25, inclusive=True, cutoff=None, shift=Shift.NEXT_WORKDAY)
    assert "每月25日前" in notice.reporting_sentence


def test_the_notice_has_twenty_six_tasks_in_ten_sections_two_of_them_not_the_districts(notice: Notice) -> None:
    assert [task.number for task in notice.tasks] == list(range(1, 27))
    assert len({task.section for task in notice.tasks}) == 10
    assert {task.number: task.not_applicable for task in notice.tasks if task.not_applicable} == {
        21: "此项工作不涉及我区。",
        22: "此项工作不涉及我区。",
    }


def test_twelve_lead_units_have_twenty_eight_duties(notice: Notice) -> None:
    assert {unit: [task.number for task in notice.tasks_of(unit)] for unit in notice.lead_units()} == {
        "区人社局": [1],
        "区城市更新发展中心": [2, 3],
        "区房管局": [2, 4],
        "区城建局": [5, 17],
        "区政务办（区大数据局）": [6, 7, 23],
        "区城管局": [6, 7, 8, 9, 26],
        "区发改委": [9],
        "区教育局": [10],
        "区卫健委": [11, 12, 13, 14, 15],
        "区市场监管局": [16],
        "区文旅体局": [18, 19, 20],
        "区残联": [24, 25],
    }
    assert sum(len(task.lead_units) for task in notice.tasks) == 28


def test_the_order_of_two_lead_units_is_the_notices(notice: Notice) -> None:
    leads = {task.number: task.lead_units for task in notice.tasks if len(task.lead_units) > 1}

    assert leads == {
        2: ("区城市更新发展中心", "区房管局"),
        6: ("区政务办（区大数据局）", "区城管局"),
        7: ("区城管局", "区政务办（区大数据局）"),
        9: ("区发改委", "区城管局"),
    }


def test_no_target_is_the_districts_and_each_stands_in_its_tasks_words(notice: Notice) -> None:
    targets = [(task, target) for task in notice.tasks for target in task.targets]

    assert len(targets) == 29
    assert sum(1 for task, _ in targets if not task.not_applicable) == 27
    assert all(target.district_target is None for _, target in targets)
    assert all(target.raw in task.text and target.unit_of_measure in target.raw for task, target in targets)
    assert {task.number for task in notice.tasks if not task.targets} == {6, 8, 9, 12, 13, 23}
    assert {task.number for task, target in targets if target.at_least} == {5, 7, 24, 25}


def test_words_that_the_copy_breaks_are_whole(notice: Notice) -> None:
    words = {4: "全年加装电梯200部", 8: "应接尽接", 12: "先天性甲状腺功能低下症)", 25: "发放通讯信息消费补贴"}

    assert all(words[task.number] in task.text for task in notice.tasks if task.number in words)
    assert not any(" " in task.text or " " in "".join(task.leaders) for task in notice.tasks)


def test_the_notice_names_seven_leaders_and_fifteen_responsible_units(notice: Notice) -> None:
    assert len({leader for task in notice.tasks for leader in task.leaders}) == 7
    assert len({unit for task in notice.tasks for unit in task.responsible_units}) == 15
    assert {task.collective for task in notice.tasks if not task.not_applicable} == {"各街道办事处", "相关街道办事处"}


def test_every_unit_that_the_notice_names_is_in_the_list_without_an_address(office: Office, notice: Notice) -> None:
    named = {unit for task in notice.tasks for unit in (*task.lead_units, *task.responsible_units)}

    assert named == {unit.name for unit in office.directory.units}
    assert not any(unit.addresses for unit in office.directory.units)


@pytest.mark.parametrize(
    ("alias", "unit"),
    [
        ("区市场监督管理局", "区市场监管局"),
        ("区大数据局", "区政务办（区大数据局）"),
        ("区政务办", "区政务办（区大数据局）"),
    ],
)
def test_two_names_of_one_body_are_one_unit(alias: str, unit: str, office: Office) -> None:
    assert [known.name for known in office.directory.units if alias in known.aliases] == [unit]


@pytest.mark.parametrize(("year", "months"), [(2021, [7, 9, 12]), (2026, [1, 4, 7, 9, 10])])
def test_the_25ths_that_are_no_working_days_are_known(year: int, months: list[int], office: Office) -> None:
    """25 April 2021 is a Sunday worked for the days off in May; 25 September 2026 is the Mid-Autumn Festival."""
    off = [month for month in range(1, 13) if not office.calendar.is_workday(date(year, month, 25))]

    assert off == months


@pytest.mark.parametrize("day", ["2021-02-20", "2021-09-26", "2021-10-09", "2026-01-04", "2026-02-28", "2026-10-10"])
def test_weekend_days_worked_instead_are_known(day: str, office: Office) -> None:
    assert office.calendar.is_workday(date.fromisoformat(day))


def test_each_year_entered_has_as_many_days_off_and_worked_as_its_arrangement(office: Office) -> None:
    counted = {
        year: (
            sum(day.year == year for day in office.calendar.off),
            sum(day.year == year for day in office.calendar.work),
        )
        for year in office.calendar.years
    }

    assert counted == {2021: (31, 7), 2026: (33, 6)}
    assert not office.calendar.is_entered(date(2027, 1, 1))
