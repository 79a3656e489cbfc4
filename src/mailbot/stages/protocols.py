"""What the stages ask of the rooms. The rooms do not import this: they fit it by their shape."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from contextlib import AbstractContextManager
    from datetime import datetime
    from pathlib import Path

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
    from mailbot.outgoing.courier import Outcome


class Clock(Protocol):
    """The reader of time."""

    def now(self) -> datetime:
        """Return the present moment, aware, in Asia/Shanghai."""


class Mailbox(Protocol):
    """One connection to the mail server, read-only by construction (EXAMINE and PEEK)."""

    def folders(self) -> tuple[str, ...]:
        """Return the folders to watch: those that were chosen, there or not; else INBOX and the spam-like ones."""

    def look(self, folder: str, memory: FolderMemory | None) -> FolderView:
        """Return what is in a folder; with a memory that still holds, only what came since.

        Raises:
            ProtocolRefused: the server refused it, or it is not there; another folder can still be looked at.
            MailboxError: the connection failed.
        """

    def fetch(self, sighting: Sighting, start: int = 0) -> Iterator[bytes]:
        """Give the raw bytes of a message just seen, from `start` on, in pieces; it ends only where the message does.

        Raises:
            MessageVanished: it is not there any more; what was given is not the whole.
            MessageTooLarge, ProtocolRefused: this one cannot be had; another can still be asked for.
            MailboxError: the connection failed.
        """

    def headers(self, sighting: Sighting) -> bytes | None:
        """Return the beginning of a message's headers, where it cannot be had whole; None where it vanished."""

    def sent_message_ids(self, limit: int) -> frozenset[str] | None:
        """Return the Message-IDs of the newest mails in the Sent folder; None where there is no such folder."""


class Unfinished(Protocol):
    """A message on its way into the archive, lent for a time. Neither kept nor discarded, it is found again."""

    @property
    def size(self) -> int:
        """Return how many of its bytes are there."""

    def append(self, piece: bytes) -> None:
        """Add a piece."""

    def keep(self) -> str:
        """Store it durably (fsync, rename, fsync of the folders) under its SHA-256, which is returned in hex."""

    def discard(self) -> None:
        """Leave nothing of it."""


class Archive(Protocol):
    """The raw bytes of every message, named by their SHA-256."""

    def unfinished(self, whose: str) -> AbstractContextManager[Unfinished]:
        """Begin a message, or go on with it where a round was cut off in it: `whose` tells it from every other one."""

    def put(self, raw: bytes) -> str:
        """Store the bytes of a small message durably and return their SHA-256 in hex."""

    def checked(self, sha256: str) -> Path:
        """Return where a message lies, for reading only, its bytes checked against their name.

        Raises:
            MessageLost: they are not there, or no longer what they were.
        """

    def has(self, sha256: str) -> bool:
        """Tell whether a file of that name is there, without reading it."""

    def is_whole(self, sha256: str) -> bool:
        """Tell whether the bytes are there and what they were."""

    def is_empty(self) -> bool:
        """Tell whether no message was ever stored."""

    def mark(self) -> str:
        """Return what was last written on the archive as a whole, '' where nothing was."""

    def set_mark(self, text: str) -> None:
        """Write a word on the archive as a whole, durably."""

    def sweep(self, now: datetime) -> int:
        """Remove what was left unfinished and nobody will go on with; return how many."""


class Reader(Protocol):
    """Whoever turns raw messages into facts, in workers with limits."""

    def read(self, message: Path) -> Facts:
        """Return what the message in a file holds. Never raises for what is in the message: that becomes a problem."""

    def read_bytes(self, raw: bytes) -> Facts:
        """Return what a message holds that lies in no file yet."""


class Books(Protocol):
    """The ledger inside one transaction. Nothing is kept unless the transaction ends well."""

    # what was seen
    def folder_memory(self, folder: str) -> FolderMemory | None:
        """Return what the last complete poll left of the folder."""

    def unseen(self, view: FolderView) -> tuple[Sighting, ...]:
        """Return the view's sightings that the ledger does not hold (folder, UIDVALIDITY, UID, arrival and size)."""

    def sight(self, sighting: Sighting, sha256: str, at: datetime | None = None) -> bool:
        """Note that these bytes were seen there (the earliest arrival counts); return whether the message is new.

        `at` is when they were seen: the moment of the event where an earlier arrival corrects the message's.
        """

    def stand_in(self, sighting: Sighting, sha256: str, why: StandIn, at: datetime | None = None) -> bool:
        """Note that these bytes stand for a message that could not be had there; return whether they are new.

        When the message itself is sighted there later, it takes the place, and the stand-in leaves triage.
        """

    def take_in(
        self, sha256: str, size: int, arrived: datetime | None, origin: Origin, at: datetime | None = None
    ) -> bool:
        """Note a message that came by hand; return whether it is new. `at` as in `sight`."""

    def viewed(self, view: FolderView, at: datetime) -> None:
        """Note a complete poll: which sightings are in view, and the moment."""

    def polls(self) -> tuple[FolderPoll, ...]:
        """Return the last complete poll of each folder."""

    # what was made of it
    def undecided(self) -> tuple[StoredMessage, ...]:
        """Return the messages archived and not decided yet, oldest arrival first."""

    def message(self, sha256: str) -> StoredMessage | None:
        """Return a message."""

    def called(self, word: str) -> tuple[StoredMessage, ...]:
        """Return the messages that a person may mean by a receipt's number, a number in triage or part of a hash."""

    def messages(self) -> tuple[MessageRow, ...]:
        """Return every sighting, in the order they were noted, with where its message is."""

    def standings(self) -> dict[MessageStanding, int]:
        """Return how many messages are in each place; together they are all there are."""

    def standing_of(self, sha256: str) -> MessageStanding | None:
        """Return where a message is, None where there is none."""

    def gaps(self) -> tuple[Gap, ...]:
        """Return where a message is not whole, oldest arrival first: its bytes were lost, or it is only a stand-in."""

    def whole(self) -> tuple[str, ...]:
        """Return the messages that are not known to be lost, the newest first."""

    def lose(self, *hashes: str) -> None:
        """Note that the bytes of messages could not be read back from the archive."""

    def find_again(self, *hashes: str) -> None:
        """Note that the bytes of messages are whole in the archive again."""

    def count_try(self, sha256: str) -> int:
        """Count that a message is about to be read; return how often that did not end as foreseen, this time too."""

    def forget_tries(self, sha256: str) -> None:
        """Note that reading a message ended as foreseen."""

    def unread(self) -> tuple[tuple[StoredMessage, int], ...]:
        """Return what waits in triage and was never read to its end, with how often that was tried."""

    def came_to_mailbox(self, sha256: str) -> bool:
        """Tell whether a message was ever seen in the mailbox, not only brought in by hand."""

    def unanswered(self, since: datetime) -> tuple[StoredMessage, ...]:
        """Return the messages with receipts that arrived since then and for which no answer was ever queued."""

    def messages_from(self, address: str, standing: MessageStanding) -> tuple[StoredMessage, ...]:
        """Return the messages from an address that are in one place, oldest arrival first."""

    def decided(self, message: StoredMessage, facts: Facts, decision: Decision, at: datetime) -> tuple[Receipt, ...]:
        """Book a decision: receipts, triage or ignored, with its event. A message decided before leaves its old place.

        Returns the receipts, numbered, in the order of the decision's submissions.
        """

    def hold_to(self, sha256: str, owed: Obligation) -> None:
        """Keep by which moment a message's receipt for an obligation is judged, unless that is kept already."""

    def receipts(self, *, unit: str | None = None, period: Period | None = None) -> tuple[Receipt, ...]:
        """Return the receipts, oldest arrival first."""

    def arrivals(self, *, unit: str | None = None, period: Period | None = None) -> tuple[Receipt, ...]:
        """Return the receipts with their parts alone, which is all that answers and reminders speak of."""

    def kinds_received(self) -> frozenset[tuple[str, str, Period, PartKind]]:
        """Return which kinds of part have come: notice, unit, period and kind."""

    def revoke(self, sha256: str, event: Event) -> None:
        """Take a message's receipts back, as a person decided: they count for nothing, and it waits in triage again."""

    def answers_to(self, sha256: str) -> int:
        """Return how many acknowledgements of a message were ever composed."""

    def confirmed(self, sha256: str) -> frozenset[tuple[str, Period]]:
        """Return the units and months of which an acknowledgement of a message was composed and not taken back."""

    def receipts_of(self, sha256: str) -> tuple[Receipt, ...]:
        """Return the receipts of one message."""

    def open_doubts(self, *, unit: str | None = None, period: Period | None = None) -> tuple[OpenDoubt, ...]:
        """Return what in triage counts for units and periods: for one unit, one period, both or all."""

    def concerned(self) -> frozenset[tuple[str, Period]]:
        """Return the units and periods that what waits in triage may be for or about."""

    def triage(self) -> tuple[TriageItem, ...]:
        """Return what waits for a person, oldest first."""

    def ignore(self, sha256: str, event: Event) -> None:
        """Put a message in triage among the ignored, as a person decided."""

    # who is who
    def bind(self, address: str, unit: str, event: Event) -> None:
        """Bind an address to a unit."""

    def unbind(self, address: str, unit: str, event: Event) -> bool:
        """Take back a binding that a person made; return whether there was one."""

    def bindings(self) -> tuple[tuple[str, str], ...]:
        """Return the bindings that persons made, as address and unit."""

    def directory(self, units: Iterable[Unit]) -> tuple[Unit, ...]:
        """Return the units with the ledger's bindings added."""

    # what goes out
    def queue(self, mail: Outgoing, state: OutgoingState, at: datetime, reason: str = "") -> bool:
        """Put a mail in the outbox unless its key was ever there; return whether it was put."""

    def outbox(self, *states: OutgoingState) -> tuple[OutboxItem, ...]:
        """Return the outbox, or those of its mails in the states named, acknowledgements first, then oldest first."""

    def outbox_keys(self) -> frozenset[str]:
        """Return the key of every mail that was ever put there."""

    def outbox_states(self) -> dict[OutgoingState, int]:
        """Return how many mails of ours are in each state."""

    def answered(self, message_ids: tuple[str, ...]) -> OutboxItem | None:
        """Return the mail of ours that one of these Message-IDs names."""

    def move(
        self, item: int, state: OutgoingState, at: datetime, reason: str = "", *, not_before: datetime | None = None
    ) -> None:
        """Move an outbox mail to a state; moving it to SENDING counts a try. Notes the event."""

    def renew(self, item: int, mail: Outgoing) -> None:
        """Let a mail in the outbox say what it would say if it were composed now; its key and Message-ID stay."""

    def release(self, item: int, event: Event) -> None:
        """Let a held mail go, as a person decided: it is QUEUED and may leave in hold mode too."""

    def sent_between(self, since: datetime, until: datetime, to: str | None = None) -> int:
        """Return how many mails left (or may have left) from then until then, in all or to one address."""

    # everything
    def remember(self, key: str, value: str) -> None:
        """Keep a word of the service about itself ('' forgets it), such as what is wrong since when."""

    def recall(self, key: str) -> str:
        """Return what was kept under the key, '' where nothing was."""

    def note(self, event: Event) -> None:
        """Add an event."""

    def events(self, subject: str | None = None, *, what: str | None = None) -> tuple[Event, ...]:
        """Return what happened, in order; or only what happened to a message (SHA-256) or a mail of ours (its key).

        With `what`, only the events of that sort.
        """

    def last_event(self) -> int:
        """Return the number of the last event, 0 before there was one.

        It stays the same for as long as nobody books, binds or queues anything: each of these adds an event.
        """


class Ledger(Protocol):
    """The ledger's door."""

    def transaction(self) -> AbstractContextManager[Books]:
        """Begin to write (BEGIN IMMEDIATE); commit at the end, roll back on an error.

        Raises:
            LedgerUnavailable: it is locked, unreachable or cannot be written.
        """

    def reading(self) -> AbstractContextManager[Books]:
        """Look, without a write lock; what is written inside is rolled back."""

    def lock(self) -> AbstractContextManager[None]:
        """Hold the instance lock; the kernel releases it when the process dies.

        Raises:
            AlreadyRunning: another instance works on this ledger.
        """

    def close(self) -> None:
        """Close the connections."""


class Courier(Protocol):
    """One SMTP connection's worth of sending."""

    def deliver(self, mail: Outgoing) -> Outcome:
        """Try once. Taken, refused or unknown; never raises for what the server says or does."""
