"""Even the ledger takes nothing: the office hears of it straight away, from a process that has only its memory."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from tests.ledger_builders import CALENDAR, a_directory, a_notice

from mailbot.data import shipped
from mailbot.domain.books import Outgoing
from mailbot.domain.message import Address
from mailbot.domain.moments import shanghai
from mailbot.errors import LedgerUnavailable, Retry
from mailbot.ledger.engine import open_ledger
from mailbot.outgoing.courier import Outcome, Refused, Scope, Taken
from mailbot.outgoing.rendering import Renderer
from mailbot.stages.alarming import Alarms
from mailbot.stages.outcry import Outcry
from mailbot.stages.protocols import Courier, Ledger
from mailbot.stages.viewing import Desk
from mailbot.stages.writing import Writer

NINE = shanghai("2021-04-15T09:00")
DUTY = ("duty@office.example",)


@dataclass(slots=True)
class Machine:
    """A machine with a full disk, and a mail server that answers as a test says."""

    ledger: Ledger
    office: tuple[str, ...] = DUTY
    refuses: bool = False
    asked: list[str] = field(default_factory=list)

    def deliver(self, mail: Outgoing) -> Outcome:
        """Answer as told."""
        self.asked.append(mail.subject)
        return Refused(Scope.SERVER, Retry.SOON, "连接中断") if self.refuses else Taken("250 OK")

    @contextmanager
    def courier(self) -> Iterator[Courier]:
        """Lend this as the courier."""
        yield self

    def outcry(self) -> Outcry:
        """Return what a new process has."""
        renderer = Renderer((shipped("templates"),), signature="督查室")
        writer = Writer(renderer, renderer, Address("", "bot@example.test"))
        desk = Desk((a_notice(),), a_directory("jyj@clerks.example"), CALENDAR)
        return Outcry(
            self.courier, Alarms(self.ledger, writer, lambda: desk, self.office, frozenset, timedelta(hours=4))
        )


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    ledger = open_ledger(f"sqlite:///{tmp_path}/ledger.db", receipt_number="{year}-{month:02d}-{serial:04d}")
    yield Machine(ledger)
    ledger.close()


def fails(outcry: Outcry, *hours: float) -> None:
    for hour in hours:
        outcry.failed(LedgerUnavailable(), NINE + timedelta(hours=hour))


def test_what_lasts_for_four_hours_is_told_once_and_once_that_it_is_over(machine: Machine) -> None:
    outcry = machine.outcry()

    fails(outcry, 0, 2, 3.9)
    assert machine.asked == []
    fails(outcry, 4, 5, 6, 30)
    outcry.well(NINE + timedelta(hours=31))
    outcry.well(NINE + timedelta(hours=32))

    assert machine.asked == ["【故障】台账读写自2021年4月15日9:00起未能正常进行", "【恢复】台账读写已恢复正常"]


def test_what_was_over_in_time_is_told_not_at_all(machine: Machine) -> None:
    outcry = machine.outcry()

    fails(outcry, 0, 3)
    outcry.well(NINE + timedelta(hours=3.5))
    fails(outcry, 4, 7)

    assert machine.asked == []


def test_a_mail_server_that_refuses_is_asked_once_an_hour_and_no_all_clear_follows(machine: Machine) -> None:
    outcry, machine.refuses = machine.outcry(), True

    fails(outcry, 0, *(4 + minutes / 60 for minutes in range(0, 120, 5)))
    outcry.well(NINE + timedelta(hours=7))

    assert len(machine.asked) == 2


def test_without_an_address_nobody_is_told(machine: Machine) -> None:
    machine.office = ()

    fails(machine.outcry(), 0, 4, 8)

    assert machine.asked == []


def test_a_clock_put_back_does_not_keep_it_from_the_office(machine: Machine) -> None:
    outcry = machine.outcry()
    machine.refuses = True
    fails(outcry, 24 * 365, 24 * 365 + 5)

    machine.refuses = False
    fails(outcry, 0, 4)

    assert len(machine.asked) == 2
