"""Each phase of sending × what goes wrong in it: what that means for the mail, and that it reaches its reader once.

connect · greeting · EHLO · STARTTLS · AUTH · MAIL · RCPT · DATA · final dot × 4yz · 5yz · silence · cut
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import cast

import pytest
from tests.outgoing_builders import a_mail
from tests.servers.host import free_port
from tests.servers.scripted_smtp import GO_ON, OK, READY, TAKEN, USER, Fault, Script, ScriptedSmtp

from mailbot.clock import SetClock
from mailbot.domain.books import OutboxItem, OutgoingState
from mailbot.domain.moments import shanghai
from mailbot.ledger.engine import SqlLedger, open_ledger
from mailbot.outgoing.connection import Timeouts
from mailbot.outgoing.smtp import open_courier
from mailbot.settings import Caps, Security, Server
from mailbot.stages.delivering import Delivery, Postman, resolve_unknown, to_be_sent
from mailbot.stages.patience import REFUSED_SENDING, Patience
from mailbot.stages.protocols import Mailbox

CODE = "an authorisation code"
MAIL = a_mail()
NOON = shanghai("2021-04-15T12:00")
HOURS = timedelta(hours=4)  # longer than any of these failures keeps mail back
QUICK = Timeouts(connect=0.3, command=0.3, content=0.3, verdict=0.3, farewell=0.3)
CAPS = Caps(per_address_day=100, per_hour=100, per_day=100)

OFFERS_LOGIN, OFFERS_TLS = b"250-hello\r\n250 AUTH PLAIN\r\n", b"250-hello\r\n250 STARTTLS\r\n"
LET_IN: Script = [READY, OFFERS_LOGIN, b"235 in\r\n"]
WELL: Script = [*LET_IN, *TAKEN]
BEFORE: dict[str, Script] = {
    "greeting": [],
    "EHLO": [READY],
    "STARTTLS": [READY, OFFERS_TLS],
    "AUTH": [READY, OFFERS_LOGIN],
    "MAIL": LET_IN,
    "RCPT": [*LET_IN, OK],
    "DATA": [*LET_IN, OK, OK],
    "final dot": [*LET_IN, OK, OK, GO_ON],
}
LATER, NEVER, SILENCE, CUT = b"450 4.3.2 not now\r\n", b"550 5.7.1 no\r\n", Fault.SAY_NOTHING, Fault.HANG_UP
QUEUED_AGAIN, FAILED, UNKNOWN = OutgoingState.QUEUED, OutgoingState.FAILED, OutgoingState.UNKNOWN

# phase: what becomes of the mail where it is answered 4yz, 5yz, not at all, and where the line is cut
TABLE: dict[str, tuple[OutgoingState, OutgoingState, OutgoingState, OutgoingState]] = {
    "greeting": (QUEUED_AGAIN, QUEUED_AGAIN, QUEUED_AGAIN, QUEUED_AGAIN),
    "EHLO": (QUEUED_AGAIN, QUEUED_AGAIN, QUEUED_AGAIN, QUEUED_AGAIN),
    "STARTTLS": (QUEUED_AGAIN, QUEUED_AGAIN, QUEUED_AGAIN, QUEUED_AGAIN),
    "AUTH": (QUEUED_AGAIN, QUEUED_AGAIN, QUEUED_AGAIN, QUEUED_AGAIN),
    "MAIL": (QUEUED_AGAIN, QUEUED_AGAIN, QUEUED_AGAIN, QUEUED_AGAIN),
    "RCPT": (QUEUED_AGAIN, FAILED, QUEUED_AGAIN, QUEUED_AGAIN),
    "DATA": (QUEUED_AGAIN, FAILED, QUEUED_AGAIN, QUEUED_AGAIN),
    "final dot": (QUEUED_AGAIN, FAILED, UNKNOWN, UNKNOWN),
}
CASES = [
    pytest.param(phase, fault, state, id=f"{phase}-{name}")
    for phase, states in TABLE.items()
    for name, fault, state in zip(("4yz", "5yz", "silence", "cut"), (LATER, NEVER, SILENCE, CUT), states, strict=True)
]


@dataclass(frozen=True, slots=True)
class SentFolder:
    """A mailbox of which only the Sent folder is looked at: other mail of ours is there, this one is not."""

    def sent_message_ids(self, _limit: int) -> frozenset[str] | None:
        """Return what is filed."""
        return frozenset({"<another@example.test>"})


@dataclass(slots=True)
class Outbox:
    """An outbox with one mail, sent by the real courier over a real line."""

    ledger: SqlLedger
    clock: SetClock = field(default_factory=lambda: SetClock(NOON))

    def flush(self, server: Server, *, after: timedelta = timedelta()) -> Delivery:
        """Send what may leave, after looking for what is in doubt, as a round does."""
        self.clock.moment += after
        now = self.clock.now()
        resolve_unknown(cast("Mailbox", SentFolder()), self.ledger, now)
        patience = Patience(self.ledger, lambda: (server.host, USER, CODE), REFUSED_SENDING)
        with self.ledger.reading() as books:
            chosen = to_be_sent(books, holding=False)
        with open_courier(server, CODE, timeouts=QUICK) as courier:
            postman = Postman(self.ledger, courier, self.clock, CAPS, lambda _books, item, _now: item.mail, patience)
            return postman.flush(chosen)

    @property
    def item(self) -> OutboxItem:
        """Return the mail as it stands."""
        with self.ledger.reading() as books:
            (item,) = books.outbox()
        return item


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    ledger = open_ledger(f"sqlite:///{tmp_path}/ledger.db", receipt_number="{year}-{month:02d}-{serial:04d}")
    with ledger.transaction() as books:
        books.queue(MAIL, OutgoingState.QUEUED, NOON)
    yield Outbox(ledger)
    ledger.close()


def given(peer: ScriptedSmtp) -> int:
    """Return how many times the whole mail was handed over, final dot and all."""
    return sum(MAIL.message_id.encode() in said and said.endswith(b"\r\n.\r\n") for said in peer.said)


@pytest.mark.parametrize(("phase", "fault", "state"), CASES)
def test_a_failure_of_that_kind_in_that_phase_leaves_the_mail_in_that_state_and_it_is_read_once(
    outbox: Outbox, phase: str, fault: bytes | Fault, state: OutgoingState
) -> None:
    security = Security.STARTTLS if phase == "STARTTLS" else Security.PLAIN
    with ScriptedSmtp(([*BEFORE[phase], fault], WELL)) as peer:
        outbox.flush(peer.server(security))
        met = outbox.item
        in_doubt = given(peer) if state is UNKNOWN else 0
        for _ in range(3):
            outbox.flush(peer.server(), after=HOURS)

        assert (met.state, met.tries) == (state, 1)
        assert met.reason
        if state is FAILED:
            assert "550 5.7.1 no" in met.reason
            assert outbox.item.state is FAILED
        else:
            assert outbox.item.state is OutgoingState.SENT
            refused = 1 if (phase, fault) == ("final dot", LATER) else 0
            assert given(peer) == in_doubt + refused + 1


@pytest.mark.parametrize("phase", [phase for phase in BEFORE if phase not in {"RCPT", "DATA", "final dot"}])
@pytest.mark.parametrize("fault", [LATER, NEVER, SILENCE, CUT], ids=["4yz", "5yz", "silence", "cut"])
def test_what_every_mail_would_meet_keeps_all_back_for_a_while_and_says_why(
    outbox: Outbox, phase: str, fault: bytes | Fault
) -> None:
    security = Security.STARTTLS if phase == "STARTTLS" else Security.PLAIN
    with ScriptedSmtp(([*BEFORE[phase], fault], WELL)) as peer:
        told = outbox.flush(peer.server(security)).trouble
        at_once = outbox.flush(peer.server(security)).trouble

        assert peer.connections == 1
    assert told
    assert at_once
    if isinstance(fault, bytes):
        assert fault.decode().strip()[4:] in told


def test_a_server_where_nobody_listens_costs_no_more_than_time(outbox: Outbox) -> None:
    nobody = Server("127.0.0.1", free_port(), Security.PLAIN, USER)

    assert outbox.flush(nobody).trouble

    with ScriptedSmtp((WELL,)) as peer:
        outbox.flush(peer.server(), after=HOURS)
        assert (outbox.item.state, given(peer)) == (OutgoingState.SENT, 1)


def test_a_mail_in_doubt_goes_a_second_time_with_its_message_id_and_never_a_third(outbox: Outbox) -> None:
    lost: Script = [*BEFORE["final dot"], CUT]
    with ScriptedSmtp((lost, lost, WELL)) as peer:
        for _ in range(5):
            outbox.flush(peer.server(), after=HOURS)

        assert (outbox.item.state, outbox.item.tries) == (UNKNOWN, 2)
        assert (given(peer), peer.connections) == (2, 2)


def test_one_that_was_found_in_the_sent_folder_does_not_go_again(outbox: Outbox) -> None:
    class Filed(SentFolder):
        def sent_message_ids(self, _limit: int) -> frozenset[str] | None:
            return frozenset({MAIL.message_id})

    with ScriptedSmtp(([*BEFORE["final dot"], SILENCE], WELL)) as peer:
        outbox.flush(peer.server())
        resolve_unknown(cast("Mailbox", Filed()), outbox.ledger, NOON + HOURS)
        outbox.flush(peer.server(), after=HOURS)

        assert outbox.item.state is OutgoingState.SENT
        assert given(peer) == 1
