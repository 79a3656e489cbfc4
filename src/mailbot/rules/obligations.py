"""Who owes a report, for which months, over which tasks. When it is due is deadline's."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from mailbot.domain.books import Obligation
from mailbot.domain.period import periods
from mailbot.rules.deadline import due_at

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mailbot.domain.calendar import WorkingCalendar
    from mailbot.domain.notice import Notice


def obligations(notices: Iterable[Notice], calendar: WorkingCalendar) -> tuple[Obligation, ...]:
    """Return what is owed: one obligation for each notice, period and lead unit, in that order.

    A unit reports once a month over all the tasks it leads, not once a task. Units that are only responsible report to
    the lead unit and owe nothing here. A task that does not concern the district (此项工作不涉及我区) is nobody's.

    Source: notice 中原政办〔2021〕8号, 三: 各牵头单位每月…报区政府督查室.

    >>> from datetime import date
    >>> from mailbot.domain.calendar import WorkingCalendar
    >>> from mailbot.domain.notice import DeadlineRule, Notice, Task
    >>> from mailbot.domain.period import Period
    >>> from mailbot.domain.report import PartKind
    >>> notice = Notice(
    ...     key="n", document_number="", title="", short_title="", issuer="", dated=date(2021, 3, 16),
    ...     reporting_sentence="", mailbox="",
    ...     tasks=(
    ...         Task(2, "", "", lead_units=("区房管局", "区城市更新发展中心")),
    ...         Task(4, "", "", lead_units=("区房管局",)),
    ...         Task(21, "", "", lead_units=("区民政局",), not_applicable="此项工作不涉及我区"),
    ...     ),
    ...     required=(PartKind.ELECTRONIC, PartKind.SEALED_SCAN), deadline=DeadlineRule(day=25),
    ...     first_period=Period(2021, 3), last_period=Period(2021, 4),
    ... )
    >>> [(owed.unit, str(owed.period), owed.tasks) for owed in obligations([notice], WorkingCalendar())][:2]
    [('区房管局', '2021-03', (2, 4)), ('区城市更新发展中心', '2021-03', (2,))]
    >>> len(obligations([notice], WorkingCalendar()))
    4
    """
    return _all(tuple(notices), calendar)


@lru_cache(maxsize=8)  # it follows from the office's files alone, and each message asks for it
def _all(notices: tuple[Notice, ...], calendar: WorkingCalendar) -> tuple[Obligation, ...]:
    return tuple(owed for notice in notices for owed in _of(notice, calendar))


def _of(notice: Notice, calendar: WorkingCalendar) -> Iterator[Obligation]:
    """Yield what one notice asks for."""
    tasks = {unit: _applicable(notice, unit) for unit in notice.lead_units()}
    for period in periods(notice.first_period, notice.last_period):
        due = due_at(period, notice.deadline, calendar)
        for unit, numbers in tasks.items():
            if numbers:
                yield Obligation(notice.key, unit, period, due, notice.required, numbers, str(notice.deadline))


def _applicable(notice: Notice, unit: str) -> tuple[int, ...]:
    """Return the numbers of the tasks that a unit leads and that concern the district."""
    return tuple(task.number for task in notice.tasks_of(unit) if task.not_applicable is None)
