"""A notice (通知): the tasks it orders, the units it names, its mailbox and its deadline rule."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from datetime import time as time_of_day
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mailbot.domain.period import Period
    from mailbot.domain.report import PartKind


class Shift(Enum):
    """What happens to a due day that is a day off."""

    NONE = "none"
    NEXT_WORKDAY = "next_workday"
    PREV_WORKDAY = "prev_workday"
    STATUTORY_ONLY = "statutory_only"


@dataclass(frozen=True, slots=True)
class DeadlineRule:
    """The day of the month, whether it still counts, the time at which it ends, and what a day off does to it."""

    day: int
    inclusive: bool = True
    cutoff: time_of_day | None = None  # None is 24:00
    shift: Shift = Shift.NEXT_WORKDAY

    def __str__(self) -> str:
        """Return it in one line, by which it is known again."""
        return (
            f"{self.day} {'inclusive' if self.inclusive else 'exclusive'} {self.cutoff or '24:00'} {self.shift.value}"
        )


@dataclass(frozen=True, slots=True)
class Target:
    """A number that the notice sets: the *city's*. The district's share is `district_target`, None while unknown."""

    what: str
    value: float
    unit_of_measure: str
    at_least: bool = False
    raw: str = ""
    scope_word: str | None = None
    district_target: float | None = None


@dataclass(frozen=True, slots=True)
class Task:
    """A task (任务/事项) of a notice, word for word."""

    number: int
    section: str
    text: str
    leaders: tuple[str, ...] = ()
    lead_units: tuple[str, ...] = ()
    responsible_units: tuple[str, ...] = ()
    collective: str | None = None
    targets: tuple[Target, ...] = ()
    qualitative: tuple[str, ...] = ()
    not_applicable: str | None = None  # the notice's own words, 此项工作不涉及我区

    def __hash__(self) -> int:
        """Return a hash at little cost: much is remembered of tasks."""
        return hash((self.number, self.text))


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice in force over the mailbox. `key` is its file's stem."""

    key: str
    document_number: str
    title: str
    issuer: str
    dated: date
    reporting_sentence: str
    mailbox: str
    tasks: tuple[Task, ...]
    required: tuple[PartKind, ...]
    deadline: DeadlineRule
    first_period: Period
    last_period: Period
    short_title: str  # what mails call it: 重点民生实事

    def __hash__(self) -> int:
        """Return a hash at little cost: what follows from notices is remembered of them."""
        return hash((self.key, self.title))

    def lead_units(self) -> tuple[str, ...]:
        """Return the canonical names of the units that report, in the order of their first task."""
        return tuple(dict.fromkeys(unit for task in self.tasks for unit in task.lead_units))

    def tasks_of(self, unit: str) -> tuple[Task, ...]:
        """Return the tasks that a unit leads."""
        return tuple(task for task in self.tasks if unit in task.lead_units)

    def task(self, number: int) -> Task | None:
        """Return the task of that number, if there is one."""
        return next((task for task in self.tasks if task.number == number), None)

    def covers(self, period: Period) -> bool:
        """Tell whether reports are owed for the period."""
        return self.first_period <= period <= self.last_period
