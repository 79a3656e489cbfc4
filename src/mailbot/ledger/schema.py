"""The tables. The unique keys hold the promises even where a lock failed: one row a message, a receipt, a mail of ours.

Changing anything here needs a new file in migrations/versions and a new HEAD; a test compares the two.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
)

from mailbot.domain.books import MessageStanding, OutgoingKind, OutgoingState
from mailbot.domain.decision import MailKind
from mailbot.domain.mailbox import Origin, StandIn
from mailbot.domain.report import Meaning, PartKind, Seal
from mailbot.ledger.columns import Document, Moment, Month, Words, choice

HEAD = "0001"  # the revision these tables are; compared with the file's before anything is read

metadata = MetaData(
    naming_convention={  # so that a later migration can name what it changes
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

messages = Table(
    "messages",
    metadata,
    Column("sha256", String(64), primary_key=True),  # its name in the archive; the same bytes are one message
    Column("size", BigInteger, nullable=False),  # bytes
    Column("arrived", Moment),  # the earliest over its sightings; NULL while nobody knows
    Column("folder", Words, nullable=False),  # where it was first seen: the office may have to clear a spam folder
    Column("standing", choice(MessageStanding), nullable=False, index=True),  # the one place it is in
    Column("kind", choice(MailKind)),  # NULL until it was read
    Column("message_id", Words, nullable=False, default=""),  # the sender's word: shown, never a key
    Column("sender", Words, nullable=False, default=""),  # addr-spec, '' where it cannot be trusted; triage looks by it
    Column("sender_as_written", Words, nullable=False, default=""),  # the From header, for people
    Column("subject", Words, nullable=False, default=""),
    Column("why", Words, nullable=False, default=""),  # Chinese: why it is where it is
    Column("evidence", Document),  # what the last decision rested on
    Column("decided", Moment),  # when it was last decided
    Column("tries", Integer, nullable=False, default=0),  # readings begun and not ended as foreseen
    Column("lost", Boolean, nullable=False, default=False),  # its file was missing or damaged when last looked at
    Index(None, "sender"),
)

sightings = Table(
    "sightings",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("sha256", ForeignKey("messages.sha256"), nullable=False, index=True),
    Column("source", choice(Origin), nullable=False),
    Column("folder", Words, nullable=False),  # '' for what was taken in by hand
    Column("uidvalidity", BigInteger),  # unsigned 32 bit: too big for INTEGER; NULL by hand
    Column("uid", BigInteger),  # likewise
    Column("arrived", Moment),  # INTERNALDATE
    Column("size", BigInteger, nullable=False),  # RFC822.SIZE as the server says, which need not be ours
    Column("in_view", Boolean, nullable=False),  # whether the last complete poll still saw it
    Column("stand_in", choice(StandIn)),  # why the bytes only stand for the message; NULL where they are its own
    # 163 renumbers under a constant UIDVALIDITY: only with arrival and size is a UID an identity
    UniqueConstraint("folder", "uidvalidity", "uid", "arrived", "size"),
)

folders = Table(
    "folders",
    metadata,
    Column("folder", Words, primary_key=True),
    Column("uidvalidity", BigInteger, nullable=False),
    Column("uidnext", BigInteger),  # NULL where the provider's is of no use
    Column("exists", BigInteger, nullable=False),  # the server's count, against which ours is checked
    Column("completed", Moment, nullable=False),  # no reminder goes out on an old poll
)

receipts = Table(
    "receipts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("number", Words, nullable=False, unique=True),  # 登记号, as printed to the unit
    Column("sha256", ForeignKey("messages.sha256"), nullable=False),
    Column("notice", Words, nullable=False),
    Column("unit", Words, nullable=False),  # canonical name
    Column("period", Month, nullable=False),
    Column("serial", Integer, nullable=False),  # counts within the period, without gaps
    Column("arrived", Moment, nullable=False),  # the message's; kept here because lateness hangs on it
    Column("folder", Words, nullable=False),  # where the report lay
    Column("tasks", Document, nullable=False),
    Column("revoked", Moment),  # when a person took it back; NULL while it counts
    Column("due", Moment),  # by which it was judged: what a unit was told to be in time stays so
    Column("rule", Words, nullable=False, default=""),  # the notice's, from which that followed
    UniqueConstraint("sha256", "notice", "unit", "period"),  # one receipt a message × unit × period
    UniqueConstraint("period", "serial"),
    Index(None, "unit", "period"),
)

parts = Table(
    "parts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("receipt", ForeignKey("receipts.id"), nullable=False, index=True),
    Column("kind", choice(PartKind), nullable=False),
    Column("file", Words),  # NULL for the body
    Column("sha256", String(64), nullable=False),  # of the file, by which it is known again
    Column("size", BigInteger, nullable=False),
    Column("unit", Words),  # as the part itself says; NULL where only the message does
    Column("period", Month),
    Column("pages", Integer),
    Column("seal", choice(Seal)),  # NULL: not looked for
)

figures = Table(
    "figures",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("receipt", ForeignKey("receipts.id"), nullable=False, index=True),
    Column("task", Integer, nullable=False),
    Column("what", Words, nullable=False),
    Column("value", Float, nullable=False),  # base units: 1.2万人 is 12000
    Column("unit_of_measure", Words, nullable=False),
    Column("meaning", choice(Meaning), nullable=False),
    Column("file", Words),  # the place it stood in, here and below; NULL for the body
    Column("sheet", Words),
    Column("cell", Words),
    Column("page", Integer),
    Column("unit", Words),
    Column("period", Month),
)

progress = Table(
    "progress",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("receipt", ForeignKey("receipts.id"), nullable=False, index=True),
    Column("task", Integer, nullable=False),
    Column("text", Words, nullable=False),
    Column("difficulties", Words, nullable=False),
    Column("next_steps", Words, nullable=False),
    Column("file", Words),
    Column("sheet", Words),
    Column("cell", Words),
    Column("page", Integer),
    Column("unit", Words),
    Column("period", Month),
)

triage = Table(
    "triage",
    metadata,
    Column("id", Integer, primary_key=True),  # what a person types
    Column("sha256", ForeignKey("messages.sha256"), nullable=False, unique=True),
    Column("unit", Words),  # the best guess
    Column("period", Month),
    Column("may_deliver", Boolean, nullable=False),  # whether it counts as 待核 for them
    Column("doubts", Document, nullable=False),  # [{code, text}]
    Column("opened", Moment, nullable=False),
    Column("closed", Moment),  # NULL while it waits; the row stays so that its number is never another's
)

concerns = Table(  # the units and months that what waits may be for or about: none of them is reminded meanwhile
    "concerns",
    metadata,
    Column("id", Integer, primary_key=True),  # their order: the best guess comes first
    Column("triage", ForeignKey("triage.id"), nullable=False, index=True),
    Column("unit", Words, nullable=False),
    Column("period", Month, nullable=False),
    Index(None, "unit", "period"),  # what is booked asks for its own: how much else waits must cost it nothing
)

bindings = Table(
    "bindings",
    metadata,
    Column("address", Words, primary_key=True),  # addr-spec in lower case
    Column("unit", Words, primary_key=True),  # one clerk may serve two units
    Column("bound", Moment, nullable=False),
    Column("actor", Words, nullable=False),  # the person
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", Words, nullable=False, unique=True),  # what was queued once is never queued again
    Column("kind", choice(OutgoingKind), nullable=False),
    Column("recipient", Words, nullable=False, index=True),
    Column("subject", Words, nullable=False),
    Column("message_id", Words, nullable=False, unique=True),  # fixed before the first try: a repeat is recognisable
    Column("in_reply_to", Words, nullable=False),
    Column("raw", LargeBinary, nullable=False),  # the mail as it leaves; composed again until a server may have it
    Column("about", Document, nullable=False),  # [[notice, unit, period]]
    Column("answers", Words, nullable=False),  # SHA-256 of the message it answers, or ''
    Column("rung", Words, nullable=False),
    Column("aside", Document, nullable=False),  # what it says that no receipt holds
    Column("expires", Moment),
    Column("state", choice(OutgoingState), nullable=False, index=True),
    Column("tries", Integer, nullable=False),
    Column("created", Moment, nullable=False),
    Column("tried", Moment, index=True),  # the caps on sending count by it
    Column("not_before", Moment),
    Column("reason", Words, nullable=False),
    Column("released", Boolean, nullable=False),  # a person let it go
)

events = Table(
    "events",
    metadata,
    Column("id", Integer, primary_key=True),  # the order in which things happened, whatever the clock said
    Column("at", Moment, nullable=False),
    Column("actor", Words, nullable=False),
    Column("what", Words, nullable=False),
    Column("subject", Words, nullable=False, index=True),
    Column("detail", Words, nullable=False),
)

service = Table(
    "service",
    metadata,
    Column("key", Words, primary_key=True),  # what the service remembers of itself between two starts
    Column("value", Words, nullable=False),
)
