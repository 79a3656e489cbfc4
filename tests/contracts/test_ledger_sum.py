"""The sum that is proved daily: registered + in triage + ignored + undecided = every message, whatever happens when."""

from __future__ import annotations

import tempfile
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from tests.unit.ledger.builders import (
    APRIL,
    LATER,
    MAY,
    NOON,
    NUMBERS,
    a_submission,
    a_view,
    by_a_person,
    doubted,
    facts,
    ignored,
    recorded,
    sha,
)

from mailbot.domain.books import MessageStanding, StoredMessage
from mailbot.domain.decision import Decision, Verdict
from mailbot.domain.mailbox import Origin, Sighting
from mailbot.domain.period import Period
from mailbot.ledger.engine import open_ledger

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.servers.postgresql import PostgreSqlServer

    from mailbot.stages.protocols import Ledger

NAMES = st.sampled_from("abcd")
FOLDERS = st.sampled_from(["INBOX", "垃圾邮件"])
HOURS = st.integers(0, 3).map(lambda hours: NOON + timedelta(hours=hours))
DECISIONS = st.one_of(
    st.sampled_from([doubted(), doubted(None), ignored()]),
    st.lists(
        st.sampled_from([("区教育局", APRIL), ("区民政局", APRIL), ("区教育局", MAY)]), min_size=1, unique=True
    ).map(lambda pairs: recorded(*(a_submission(unit, period) for unit, period in pairs))),
)


class Office(RuleBasedStateMachine):
    """Mail comes in any order, is decided, ruled upon and ignored; now and then a transaction fails at its end."""

    def __init__(self, place: Callable[[], AbstractContextManager[str]]) -> None:
        super().__init__()
        self.held = ExitStack()
        self.ledger: Ledger = open_ledger(self.held.enter_context(place()), receipt_number=NUMBERS)
        self.arrivals: dict[str, datetime | None] = {}  # the model: the earliest arrival of each message
        self.seen: dict[Sighting, str] = {}
        self.in_view: set[Sighting] = set()

    def teardown(self) -> None:
        self.ledger.close()
        self.held.close()

    @rule(name=NAMES, folder=FOLDERS, uid=st.integers(1, 4), arrived=HOURS)
    def sight(self, name: str, folder: str, uid: int, arrived: datetime) -> None:
        sighting = Sighting(folder, 1, uid, arrived, 1000)
        name = self.seen.setdefault(sighting, name)
        with self.ledger.transaction() as books:
            assert books.sight(sighting, sha(name), LATER) == (name not in self.arrivals)
        self.in_view.add(sighting)
        self._arrives(name, arrived)

    @rule(name=NAMES, arrived=st.none() | HOURS)
    def take_in(self, name: str, arrived: datetime | None) -> None:
        with self.ledger.transaction() as books:
            assert books.take_in(sha(name), 1000, arrived, Origin.INGEST) == (name not in self.arrivals)
        self._arrives(name, arrived)

    def _arrives(self, name: str, arrived: datetime | None) -> None:
        known = [one for one in (self.arrivals.get(name), arrived) if one is not None]
        self.arrivals[name] = min(known, default=None)

    @precondition(lambda self: self.arrivals)
    @rule(data=st.data(), decision=DECISIONS, fails=st.booleans())
    def decide(self, data: st.DataObject, decision: Decision, *, fails: bool) -> None:
        name = data.draw(st.sampled_from(sorted(self.arrivals)))
        message = StoredMessage(sha(name), 1000, self.arrivals[name], "")
        try:
            with suppress(ZeroDivisionError), self.ledger.transaction() as books:
                books.decided(message, facts(), decision, LATER)
                assert 1 / (not fails)  # fails at its end
        except ValueError:  # it has receipts, or nobody knows when it arrived
            assert decision.verdict is not Verdict.RECORD or message.arrived is None

    @rule()
    def a_person_ignores_what_waits_longest(self) -> None:
        with self.ledger.transaction() as books:
            for item in books.triage()[:1]:
                books.ignore(item.sha256, by_a_person("ignored", item.sha256))

    @rule(folder=FOLDERS, keep=st.integers(0, 4))
    def poll(self, folder: str, keep: int) -> None:
        """A person deletes all but some of a folder, and then it is listed."""
        there = sorted((one for one in self.in_view if one.folder == folder), key=lambda one: (one.uid, one.arrived))
        self.in_view -= set(there[keep:])
        with self.ledger.transaction() as books:
            view = a_view(*there[:keep], folder=folder)
            assert books.unseen(view) == ()
            books.viewed(view, LATER)
            assert {poll.folder: poll.in_view for poll in books.polls()}[folder] == len(there[:keep])

    @invariant()
    def every_message_is_in_exactly_one_place(self) -> None:
        with self.ledger.reading() as books:
            rows, places, waiting = books.messages(), books.standings(), books.triage()
            undecided, receipts = books.undecided(), books.receipts()
        assert sum(places.values()) == len({row.sha256 for row in rows}) == len(self.arrivals)
        assert places[MessageStanding.TRIAGE] == len(waiting)
        assert places[MessageStanding.UNDECIDED] == len(undecided)
        assert places[MessageStanding.RECEIPTS] == len({receipt.sha256 for receipt in receipts})
        for row in rows:
            assert (row.standing is MessageStanding.RECEIPTS) == bool(row.receipts)

    @invariant()
    def rows_in_view_are_what_is_in_the_mailbox(self) -> None:
        with self.ledger.reading() as books:
            assert sum(row.in_view for row in books.messages()) == len(self.in_view)

    @invariant()
    def the_earliest_arrival_counts(self) -> None:
        with self.ledger.reading() as books:
            for name, arrived in self.arrivals.items():
                message = books.message(sha(name))
                assert message is not None
                assert message.arrived == arrived
                assert {receipt.arrived for receipt in books.receipts_of(sha(name))} <= {arrived}

    @invariant()
    def receipts_are_numbered_without_gaps_one_a_message_unit_and_period(self) -> None:
        with self.ledger.reading() as books:
            receipts = books.receipts()
        assert len({(one.sha256, one.unit, one.period) for one in receipts}) == len(receipts)
        for period in (APRIL, MAY):
            numbers = sorted(one.number for one in receipts if one.period == period)
            assert numbers == [number(period, serial) for serial in range(1, len(numbers) + 1)]


def number(period: Period, serial: int) -> str:
    return NUMBERS.format(year=period.year, month=period.month, serial=serial)


@contextmanager
def a_file() -> Iterator[str]:
    """Lend the URL of a ledger in a file that is yet to be made."""
    with tempfile.TemporaryDirectory() as folder:
        yield f"sqlite:///{folder}/ledger.db"


def play(place: Callable[[], AbstractContextManager[str]], months: int) -> None:
    some = settings(
        max_examples=months, stateful_step_count=20, deadline=None, suppress_health_check=[HealthCheck.too_slow]
    )
    run_state_machine_as_test(lambda: Office(place), settings=some)  # type: ignore[arg-type]  # any maker of one will do


def test_the_sum_holds_in_a_file_whatever_happens() -> None:
    play(a_file, months=15)


@pytest.mark.postgresql
def test_the_sum_holds_on_a_server_whatever_happens(postgresql: PostgreSqlServer) -> None:
    play(postgresql.lent, months=4)
