"""What the ledger (台账) holds and shows: messages, receipts, standings, the outbox, what waits for a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mailbot.domain.mailbox import Sighting, StandIn
    from mailbot.domain.message import Attachment
    from mailbot.domain.period import Period
    from mailbot.domain.report import Figure, Part, PartKind, Progress
    from mailbot.errors import Problem


class MessageStanding(Enum):
    """In which one place a message is. UNDECIDED: archived, and not read yet."""

    UNDECIDED = "undecided"
    RECEIPTS = "receipts"
    TRIAGE = "triage"
    IGNORED = "ignored"


@dataclass(frozen=True, slots=True)
class StoredMessage:
    """A message in the archive. `arrived` is the earliest arrival of these bytes, None where nobody knows it.

    `stand_in` says why its bytes only stand for the message; `lost` that they could not be read back from the archive.
    """

    sha256: str
    size: int
    arrived: datetime | None
    folder: str  # where it was first seen; '' for one taken in by hand
    stand_in: StandIn | None = None
    lost: bool = False


@dataclass(frozen=True, slots=True)
class Gap:
    """A message of which the archive lacks the bytes: lost or damaged since, or (`stand_in`) never had.

    `sighting` is where it was seen, None where it was only taken in by hand; `in_view` whether it is there still.
    """

    message: StoredMessage
    standing: MessageStanding
    subject: str
    sighting: Sighting | None
    in_view: bool


@dataclass(frozen=True, slots=True)
class MessageRow:
    """One sighting, as `mailbot messages` shows it."""

    sha256: str
    message_id: str
    folder: str
    uid: int | None
    arrived: datetime | None
    source: str
    in_view: bool
    standing: MessageStanding
    receipts: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """The recorded fact (收件登记): one message for one unit and period.

    `due` is the first moment too late when it was booked, `rule` the notice's rule that it followed from.
    """

    number: str
    sha256: str
    notice: str
    unit: str
    period: Period
    arrived: datetime
    folder: str
    parts: tuple[Part, ...]
    tasks: tuple[int, ...]
    figures: tuple[Figure, ...]
    progress: tuple[Progress, ...]
    due: datetime | None = None
    rule: str = ""


@dataclass(frozen=True, slots=True)
class OpenDoubt:
    """A message in triage that may be a report for a unit and period: it counts for them at its time (待核)."""

    unit: str
    period: Period
    arrived: datetime


@dataclass(frozen=True, slots=True)
class Obligation:
    """What a lead unit owes for one period under one notice (报送义务), and the first moment that is too late.

    `rule` is the notice's, in one line, from which `due` follows with the calendar.
    """

    notice: str
    unit: str
    period: Period
    due: datetime
    required: tuple[PartKind, ...]
    tasks: tuple[int, ...]
    rule: str = ""


class Completeness(Enum):
    """How much of an obligation is there."""

    MISSING = "missing"
    LACKS_SEALED_SCAN = "lacks_sealed_scan"
    LACKS_ELECTRONIC = "lacks_electronic"
    COMPLETE = "complete"
    IN_DOUBT = "in_doubt"
    RETURNED = "returned"
    EXEMPT = "exempt"


class Timeliness(Enum):
    """Whether it came in time."""

    NOT_DUE = "not_due"
    ON_TIME = "on_time"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class ReceivedPart:
    """A part with the receipt it came under."""

    part: Part
    arrived: datetime
    receipt: str
    folder: str


@dataclass(frozen=True, slots=True)
class Standing:
    """Both axes (报送状态) with the moments they rest on."""

    completeness: Completeness
    timeliness: Timeliness
    days_late: int
    first_arrival: datetime | None
    completed_at: datetime | None


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """An obligation with all that came for it. `parts` are those in force, `superseded` those a later one replaced."""

    obligation: Obligation
    standing: Standing
    parts: tuple[ReceivedPart, ...]
    superseded: tuple[ReceivedPart, ...]
    tasks: tuple[int, ...]
    figures: tuple[Figure, ...]
    progress: tuple[Progress, ...]
    receipts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TriageItem:
    """A message that waits for a person (待处理): the best guess, and every unit and period it may be for or about."""

    id: int
    sha256: str
    arrived: datetime | None
    sender: str
    subject: str
    unit: str | None
    period: Period | None
    reasons: tuple[str, ...]
    concerns: tuple[tuple[str, Period], ...] = ()


class OutgoingKind(Enum):
    """What sort of mail we send."""

    ACKNOWLEDGEMENT = "acknowledgement"
    REMINDER = "reminder"
    DIGEST = "digest"


class OutgoingState(Enum):
    """How far a mail of ours has come. SENDING: handed to the server, answer not yet known."""

    HELD = "held"
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    UNKNOWN = "unknown"
    FAILED = "failed"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Aside:
    """What an acknowledgement says that no receipt holds, so that it can be composed again without the message.

    `references` are the message's, `other_files` those that count for none, `problems` what was wrong with any.
    """

    references: tuple[str, ...] = ()
    other_files: tuple[Attachment, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A mail of ours, as composed last. `key` is unique for ever: what was queued once is never queued again.

    `to` is one address, or several as its To header lists them (`a@x, b@y`); `about` are the unit and period pairs it
    concerns; `answers` is the SHA-256 of the message it answers; `rung` names a reminder's step; `expires` is the
    moment after which it is not sent any more. `raw` is fixed once a server may have it, `message_id` from the first.
    """

    key: str
    kind: OutgoingKind
    to: str
    subject: str
    message_id: str
    in_reply_to: str
    raw: bytes
    about: tuple[tuple[str, str, Period], ...]  # notice, unit, period
    answers: str = ""
    rung: str = ""
    expires: datetime | None = None
    aside: Aside = Aside()

    @property
    def recipients(self) -> tuple[str, ...]:
        """The addresses it goes to, one by one."""
        return tuple(self.to.split(", "))


@dataclass(frozen=True, slots=True)
class OutboxItem:
    """A mail of ours as it lies in the outbox."""

    id: int
    mail: Outgoing
    state: OutgoingState
    tries: int
    created: datetime
    tried: datetime | None  # when the last try began
    not_before: datetime | None  # no further try before this moment
    reason: str  # why it stands where it stands, in Chinese
    released: bool = False  # a person let it go: it may leave in hold mode too


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened: when, by whom ('mailbot' or a person), what, to what, and why."""

    at: datetime
    actor: str
    what: str
    subject: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class FolderPoll:
    """The last complete poll of a folder."""

    folder: str
    completed: datetime
    exists: int
    in_view: int
