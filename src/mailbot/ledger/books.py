"""The ledger inside one transaction: every question and every entry, each answered by the file of its theme."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mailbot.ledger import bindings, decisions, events, gaps, memory, messages, outbox, receipts, sightings, triage

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy.engine import Connection

    from mailbot.domain.books import (
        Event,
        FolderPoll,
        Gap,
        MessageRow,
        MessageStanding,
        Obligation,
        OpenDoubt,
        OutboxItem,
        Outgoing,
        OutgoingState,
        Receipt,
        StoredMessage,
        TriageItem,
    )
    from mailbot.domain.decision import Decision
    from mailbot.domain.mailbox import FolderMemory, FolderView, Origin, Sighting, StandIn
    from mailbot.domain.message import Facts
    from mailbot.domain.period import Period
    from mailbot.domain.report import PartKind
    from mailbot.domain.unit import Unit


@dataclass(frozen=True, slots=True)
class SqlBooks:
    """The ledger over a connection that is in a transaction; whoever opened it commits."""

    _connection: Connection
    _receipt_number: str

    def folder_memory(self, folder: str) -> FolderMemory | None:
        """Return what the last complete poll left of the folder."""
        return sightings.folder_memory(self._connection, folder)

    def unseen(self, view: FolderView) -> tuple[Sighting, ...]:
        """Return the view's sightings that the ledger does not hold."""
        return sightings.unseen(self._connection, view)

    def sight(self, sighting: Sighting, sha256: str, at: datetime | None = None) -> bool:
        """Note that these bytes were seen there, and when; return whether the message is new."""
        return sightings.sight(self._connection, sighting, sha256, at)

    def stand_in(self, sighting: Sighting, sha256: str, why: StandIn, at: datetime | None = None) -> bool:
        """Note that these bytes stand for a message that could not be had there; return whether they are new."""
        return sightings.sight(self._connection, sighting, sha256, at, why)

    def take_in(
        self, sha256: str, size: int, arrived: datetime | None, origin: Origin, at: datetime | None = None
    ) -> bool:
        """Note a message that came by hand, and when; return whether it is new."""
        return sightings.take_in(self._connection, sha256, size, arrived, origin=origin, at=at)

    def viewed(self, view: FolderView, at: datetime) -> None:
        """Note a complete poll: which sightings are in view, and the moment."""
        sightings.viewed(self._connection, view, at)

    def polls(self) -> tuple[FolderPoll, ...]:
        """Return the last complete poll of each folder."""
        return sightings.polls(self._connection)

    def undecided(self) -> tuple[StoredMessage, ...]:
        """Return the messages archived and not decided yet, oldest arrival first."""
        return messages.undecided(self._connection)

    def message(self, sha256: str) -> StoredMessage | None:
        """Return a message."""
        return messages.message(self._connection, sha256)

    def called(self, word: str) -> tuple[StoredMessage, ...]:
        """Return the messages that a person may mean by a receipt's number, a number in triage or part of a hash."""
        return messages.called(self._connection, word)

    def messages(self) -> tuple[MessageRow, ...]:
        """Return every sighting with where its message is."""
        return messages.rows(self._connection)

    def standing_of(self, sha256: str) -> MessageStanding | None:
        """Return where a message is, None where there is none."""
        return messages.standing_of(self._connection, sha256)

    def standings(self) -> dict[MessageStanding, int]:
        """Return how many messages are in each place."""
        return messages.standings(self._connection)

    def gaps(self) -> tuple[Gap, ...]:
        """Return where a message is not whole: lost, or only a stand-in."""
        return gaps.gaps(self._connection)

    def whole(self) -> tuple[str, ...]:
        """Return the messages that are not known to be lost, the newest first."""
        return gaps.whole(self._connection)

    def lose(self, *hashes: str) -> None:
        """Note that the bytes of messages could not be read back from the archive."""
        gaps.lose(self._connection, hashes)

    def find_again(self, *hashes: str) -> None:
        """Note that the bytes of messages are whole in the archive again."""
        gaps.find_again(self._connection, hashes)

    def count_try(self, sha256: str) -> int:
        """Count that a message is about to be read; return how often that did not end as foreseen, this time too."""
        return gaps.count_try(self._connection, sha256)

    def forget_tries(self, sha256: str) -> None:
        """Note that reading a message ended as foreseen."""
        gaps.forget_tries(self._connection, sha256)

    def unread(self) -> tuple[tuple[StoredMessage, int], ...]:
        """Return what waits in triage and was never read to its end, with how often that was tried."""
        return gaps.unread(self._connection)

    def came_to_mailbox(self, sha256: str) -> bool:
        """Tell whether a message was ever seen in the mailbox, not only brought in by hand."""
        return messages.came_to_mailbox(self._connection, sha256)

    def unanswered(self, since: datetime) -> tuple[StoredMessage, ...]:
        """Return the messages with receipts that arrived since then and for which no answer was ever queued."""
        return messages.unanswered(self._connection, since)

    def messages_from(self, address: str, standing: MessageStanding) -> tuple[StoredMessage, ...]:
        """Return the messages from an address that are in one place."""
        return messages.from_address(self._connection, address, standing)

    def decided(self, message: StoredMessage, facts: Facts, decision: Decision, at: datetime) -> tuple[Receipt, ...]:
        """Book a decision; return its receipts, numbered, in the order of its submissions."""
        pattern = self._receipt_number
        return decisions.decided(self._connection, message, facts, decision, at=at, pattern=pattern)

    def hold_to(self, sha256: str, owed: Obligation) -> None:
        """Keep by which moment a message's receipt for an obligation is judged, unless that is kept already."""
        receipts.hold_to(self._connection, sha256, owed)

    def receipts(self, *, unit: str | None = None, period: Period | None = None) -> tuple[Receipt, ...]:
        """Return the receipts, oldest arrival first."""
        return receipts.filtered(self._connection, unit, period)

    def arrivals(self, *, unit: str | None = None, period: Period | None = None) -> tuple[Receipt, ...]:
        """Return the receipts with their parts alone, oldest arrival first."""
        return receipts.arrivals(self._connection, unit, period)

    def kinds_received(self) -> frozenset[tuple[str, str, Period, PartKind]]:
        """Return which kinds of part have come: notice, unit, period and kind."""
        return receipts.kinds(self._connection)

    def revoke(self, sha256: str, event: Event) -> None:
        """Take a message's receipts back, as a person decided."""
        decisions.revoke(self._connection, sha256, event)

    def answers_to(self, sha256: str) -> int:
        """Return how many acknowledgements of a message were ever composed."""
        return outbox.answers_to(self._connection, sha256)

    def confirmed(self, sha256: str) -> frozenset[tuple[str, Period]]:
        """Return the units and months of which an acknowledgement of a message was composed and not taken back."""
        return outbox.confirmed(self._connection, sha256)

    def receipts_of(self, sha256: str) -> tuple[Receipt, ...]:
        """Return the receipts of one message."""
        return receipts.of_message(self._connection, sha256)

    def open_doubts(self, *, unit: str | None = None, period: Period | None = None) -> tuple[OpenDoubt, ...]:
        """Return what in triage counts for units and periods: for one unit, one period, both or all."""
        return triage.open_doubts(self._connection, unit, period)

    def concerned(self) -> frozenset[tuple[str, Period]]:
        """Return the units and periods that what waits in triage may be for or about."""
        return triage.concerned(self._connection)

    def triage(self) -> tuple[TriageItem, ...]:
        """Return what waits for a person, oldest first."""
        return triage.items(self._connection)

    def ignore(self, sha256: str, event: Event) -> None:
        """Put a message in triage among the ignored, as a person decided."""
        decisions.ignore(self._connection, sha256, event)

    def bind(self, address: str, unit: str, event: Event) -> None:
        """Bind an address to a unit."""
        bindings.bind(self._connection, address, unit, event)

    def unbind(self, address: str, unit: str, event: Event) -> bool:
        """Take back a binding that a person made; return whether there was one."""
        return bindings.unbind(self._connection, address, unit, event)

    def bindings(self) -> tuple[tuple[str, str], ...]:
        """Return the bindings that persons made, as address and unit."""
        return bindings.pairs(self._connection)

    def directory(self, units: Iterable[Unit]) -> tuple[Unit, ...]:
        """Return the units with the ledger's bindings added."""
        return bindings.directory(self._connection, units)

    def queue(self, mail: Outgoing, state: OutgoingState, at: datetime, reason: str = "") -> bool:
        """Put a mail in the outbox unless its key was ever there; return whether it was put."""
        return outbox.queue(self._connection, mail, state, at, reason)

    def outbox(self, *states: OutgoingState) -> tuple[OutboxItem, ...]:
        """Return the outbox, or those of its mails in the states named."""
        return outbox.items(self._connection, states)

    def outbox_keys(self) -> frozenset[str]:
        """Return the key of every mail that was ever put there."""
        return outbox.keys(self._connection)

    def outbox_states(self) -> dict[OutgoingState, int]:
        """Return how many mails of ours are in each state."""
        return outbox.states(self._connection)

    def answered(self, message_ids: tuple[str, ...]) -> OutboxItem | None:
        """Return the mail of ours that one of these Message-IDs names."""
        return outbox.answered(self._connection, message_ids)

    def move(
        self, item: int, state: OutgoingState, at: datetime, reason: str = "", *, not_before: datetime | None = None
    ) -> None:
        """Move an outbox mail to a state; moving it to SENDING counts a try. Notes the event."""
        outbox.move(self._connection, item, state, at=at, reason=reason, not_before=not_before)

    def renew(self, item: int, mail: Outgoing) -> None:
        """Let a mail in the outbox say what it would say if it were composed now; its key and Message-ID stay."""
        outbox.renew(self._connection, item, mail)

    def release(self, item: int, event: Event) -> None:
        """Let a held mail go, as a person decided."""
        outbox.release(self._connection, item, event)

    def sent_between(self, since: datetime, until: datetime, to: str | None = None) -> int:
        """Return how many mails left (or may have left) from then until then, in all or to one address."""
        return outbox.sent_between(self._connection, since, until, to)

    def remember(self, key: str, value: str) -> None:
        """Keep a word of the service about itself; '' forgets it."""
        memory.remember(self._connection, key, value)

    def recall(self, key: str) -> str:
        """Return what was kept under the key, '' where nothing was."""
        return memory.recall(self._connection, key)

    def note(self, event: Event) -> None:
        """Add an event."""
        events.note(self._connection, event)

    def events(self, subject: str | None = None, *, what: str | None = None) -> tuple[Event, ...]:
        """Return what happened, to one subject or at all, of one sort or of any, in order."""
        return events.events(self._connection, subject, what)

    def last_event(self) -> int:
        """Return the number of the last event, 0 before there was one."""
        return events.last(self._connection)
