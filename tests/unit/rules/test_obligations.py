"""Who owes what."""

from __future__ import annotations

from tests.ledger_builders import BOTH, CALENDAR, a_notice, a_task

from mailbot.domain.moments import shanghai
from mailbot.domain.period import Period
from mailbot.rules.obligations import obligations


def test_a_unit_owes_one_report_a_month_over_all_its_tasks() -> None:
    notice = a_notice(a_task(2, lead=("区房管局", "区城市更新发展中心")), a_task(4, lead=("区房管局",)))

    april = [owed for owed in obligations([notice], CALENDAR) if owed.period == Period(2021, 4)]

    assert [(owed.unit, owed.tasks) for owed in april] == [("区房管局", (2, 4)), ("区城市更新发展中心", (2,))]


def test_every_month_from_the_first_to_the_last_period_is_owed() -> None:
    owed = obligations([a_notice()], CALENDAR)

    assert [str(each.period) for each in owed] == [f"2021-{month:02d}" for month in range(3, 13)]


def test_an_obligation_carries_its_due_moment_and_the_parts_asked_for() -> None:
    march = obligations([a_notice()], CALENDAR)[0]

    assert (march.due, march.required) == (shanghai("2021-03-26"), BOTH)


def test_a_task_that_does_not_concern_the_district_is_not_owed() -> None:
    notice = a_notice(a_task(10), a_task(22, not_applicable="此项工作不涉及我区"))

    assert obligations([notice], CALENDAR)[0].tasks == (10,)


def test_a_unit_whose_tasks_all_do_not_concern_the_district_owes_nothing() -> None:
    notice = a_notice(a_task(21, lead=("区民政局",), not_applicable="此项工作不涉及我区"))

    assert obligations([notice], CALENDAR) == ()


def test_several_notices_are_owed_side_by_side() -> None:
    notices = [a_notice(key="one", last=Period(2021, 3)), a_notice(key="two", last=Period(2021, 3))]

    assert [owed.notice for owed in obligations(notices, CALENDAR)] == ["one", "two"]
