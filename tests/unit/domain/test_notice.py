"""A notice and its tasks."""

from __future__ import annotations

from tests.ledger_builders import APRIL, a_notice, a_task

from mailbot.domain.period import Period


def test_lead_units_stand_in_the_order_of_their_first_task() -> None:
    notice = a_notice(a_task(2, lead=("区房管局", "区城管局")), a_task(3, lead=("区城管局", "区残联")))

    assert notice.lead_units() == ("区房管局", "区城管局", "区残联")
    assert [task.number for task in notice.tasks_of("区城管局")] == [2, 3]


def test_a_task_is_found_by_its_number() -> None:
    assert a_notice().task(10) == a_task(10)
    assert a_notice().task(11) is None


def test_a_notice_covers_its_first_and_last_period() -> None:
    notice = a_notice(first=APRIL, last=APRIL)

    assert [notice.covers(Period(2021, month)) for month in (3, 4, 5)] == [False, True, False]
