"""Messages of which the archive lacks the bytes: lost or damaged since, or never had; and readings that ended badly."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, or_, select, update

from mailbot.domain.books import Event, Gap, MessageStanding, StoredMessage
from mailbot.domain.mailbox import Origin, Sighting
from mailbot.ledger import events, triage
from mailbot.ledger.messages import OLDEST_FIRST, message_columns, stored
from mailbot.ledger.schema import messages, sightings

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy.engine import Connection

REPLACED = "已收到完整邮件，改以该邮件为准"
AT_ONCE = 500  # ids in one statement: databases limit how many parameters they take

_ONE = update(messages).where(messages.c.sha256 == bindparam("of"))
_COUNT_TRY = _ONE.values(tries=messages.c.tries + 1).returning(messages.c.tries)
_FORGET_TRIES = _ONE.values(tries=0)


def gaps(connection: Connection) -> tuple[Gap, ...]:
    """Return where a message is not whole, oldest arrival first, a line for each place in which it was seen."""
    lacking = or_(messages.c.lost, sightings.c.stand_in.is_not(None))
    chosen = select(
        *message_columns(),
        messages.c.standing,
        messages.c.subject,
        sightings.c.source,
        sightings.c.folder.label("seen_in"),
        sightings.c.uidvalidity,
        sightings.c.uid,
        sightings.c.arrived.label("seen"),
        sightings.c.size.label("told_size"),
        sightings.c.in_view,
    ).join(sightings)
    found = connection.execute(chosen.where(lacking).order_by(*OLDEST_FIRST, sightings.c.id))
    return tuple(Gap(stored(row), row.standing, row.subject, _sighting(row), row.in_view) for row in found)


def whole(connection: Connection) -> tuple[str, ...]:
    """Return the messages that are not known to be lost, the newest arrival first."""
    chosen = select(messages.c.sha256).where(~messages.c.lost).order_by(messages.c.arrived.desc(), messages.c.sha256)
    return tuple(connection.execute(chosen).scalars())


def lose(connection: Connection, hashes: Collection[str]) -> None:
    """Note that the bytes of messages could not be read back from the archive."""
    _set(connection, hashes, {"lost": True})


def find_again(connection: Connection, hashes: Collection[str]) -> None:
    """Note that the bytes of messages are whole in the archive again."""
    _set(connection, hashes, {"lost": False, "tries": 0})


def count_try(connection: Connection, sha256: str) -> int:
    """Count that a message is about to be read; return how often that did not end as foreseen, this time too."""
    return connection.execute(_COUNT_TRY, {"of": sha256}).scalar_one_or_none() or 0


def forget_tries(connection: Connection, sha256: str) -> None:
    """Note that reading a message ended as foreseen."""
    connection.execute(_FORGET_TRIES, {"of": sha256})


def unread(connection: Connection) -> tuple[tuple[StoredMessage, int], ...]:
    """Return what waits in triage and was never read to its end, with how often that was tried, oldest arrival first.

    What is lost is not among it: it is read again when its file is back.
    """
    waiting = (messages.c.standing == MessageStanding.TRIAGE) & (messages.c.tries > 0) & ~messages.c.lost
    chosen = select(*message_columns(), messages.c.tries).where(waiting).order_by(*OLDEST_FIRST)
    return tuple((stored(row), row.tries) for row in connection.execute(chosen))


def take_place(connection: Connection, sighting: int, old: str, new: str, at: datetime) -> None:
    """Let a message take the place that a stand-in, or one whose bytes are lost, has in a sighting.

    The old one waits for nobody any more, unless it is still seen elsewhere; what was recorded of it stays.
    """
    connection.execute(
        update(sightings).where(sightings.c.id == sighting).values(sha256=new, stand_in=None, in_view=True)
    )
    events.note(connection, Event(at, "mailbot", "replaced", old, new))
    elsewhere = connection.execute(select(sightings.c.id).where(sightings.c.sha256 == old).limit(1)).first()
    waiting = messages.c.standing.in_((MessageStanding.UNDECIDED, MessageStanding.TRIAGE))
    if old != new and elsewhere is not None:
        return
    standing = MessageStanding.UNDECIDED if old == new else MessageStanding.IGNORED
    values = {"standing": standing, "why": "" if old == new else REPLACED, "decided": at}
    if connection.execute(update(messages).where(messages.c.sha256 == old, waiting).values(values)).rowcount:
        triage.close(connection, old, at)


def _set(connection: Connection, hashes: Collection[str], values: dict[str, Any]) -> None:
    for start in range(0, len(hashes), AT_ONCE):
        some = messages.c.sha256.in_(tuple(hashes)[start : start + AT_ONCE])
        connection.execute(update(messages).where(some).values(values))


def _sighting(row: Any) -> Sighting | None:
    if row.source is not Origin.IMAP:
        return None
    return Sighting(row.seen_in, row.uidvalidity, row.uid, row.seen, row.told_size)
