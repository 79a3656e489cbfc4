"""Messages and the one place each is in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sqlalchemy import BindParameter, bindparam, func, or_, select

from mailbot.domain.books import MessageRow, MessageStanding, StoredMessage
from mailbot.domain.mailbox import Origin, StandIn
from mailbot.ledger.schema import messages, outbox, receipts, sightings, triage

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.engine import Connection
    from sqlalchemy.sql.elements import ColumnElement

OLDEST_FIRST = (messages.c.arrived.is_(None), messages.c.arrived, messages.c.sha256)  # unknown arrivals last


def message_columns() -> tuple[ColumnElement[Any], ...]:
    """Return what `stored` reads."""
    of_message = sightings.c.sha256 == messages.c.sha256
    stand_in = select(func.max(sightings.c.stand_in)).where(of_message).correlate(messages).scalar_subquery()
    columns = messages.c
    return columns.sha256, columns.size, columns.arrived, columns.folder, columns.lost, stand_in.label("stands_for")


_OF: BindParameter[str] = bindparam("sha256")
_MESSAGE = select(*message_columns()).where(messages.c.sha256 == _OF)
_SEEN = select(sightings.c.id).where(sightings.c.sha256 == _OF, sightings.c.source == Origin.IMAP).limit(1)
_STANDING = select(messages.c.standing).where(messages.c.sha256 == _OF)


def message(connection: Connection, sha256: str) -> StoredMessage | None:
    """Return a message."""
    row = connection.execute(_MESSAGE, {"sha256": sha256}).one_or_none()
    return None if row is None else stored(row)


def called(connection: Connection, word: str) -> tuple[StoredMessage, ...]:
    """Return the messages that a person may mean: by a receipt's or triage's number, or how a SHA-256 begins."""
    meant: list[ColumnElement[bool]] = [
        messages.c.sha256.in_(select(receipts.c.sha256).where(receipts.c.number == word))
    ]
    if re.fullmatch(r"[0-9]{1,9}", word):
        meant.append(messages.c.sha256.in_(select(triage.c.sha256).where(triage.c.id == int(word))))
    if re.fullmatch(r"[0-9a-f]{12,64}", word.lower()):  # `mailbot messages` shows twelve
        meant.append(messages.c.sha256.startswith(word.lower()))
    return _stored(connection, or_(*meant))


def undecided(connection: Connection) -> tuple[StoredMessage, ...]:
    """Return the messages not decided yet, oldest arrival first."""
    return _stored(connection, messages.c.standing == MessageStanding.UNDECIDED)


def from_address(connection: Connection, address: str, standing: MessageStanding) -> tuple[StoredMessage, ...]:
    """Return the messages from an address that are in one place, oldest arrival first."""
    return _stored(connection, messages.c.standing == standing, messages.c.sender == address.lower())


def came_to_mailbox(connection: Connection, sha256: str) -> bool:
    """Tell whether a message was ever seen in the mailbox, not only brought in by hand."""
    return connection.execute(_SEEN, {"sha256": sha256}).first() is not None


def unanswered(connection: Connection, since: datetime) -> tuple[StoredMessage, ...]:
    """Return the messages with receipts that arrived since then and for which no answer was ever queued."""
    answered = select(outbox.c.answers).where(outbox.c.answers != "")
    recorded = messages.c.standing == MessageStanding.RECEIPTS
    return _stored(connection, recorded, messages.c.arrived >= since, messages.c.sha256.not_in(answered))


def standing_of(connection: Connection, sha256: str) -> MessageStanding | None:
    """Return where a message is, None where there is none."""
    standing: MessageStanding | None = connection.execute(_STANDING, {"sha256": sha256}).scalar_one_or_none()
    return standing


def standings(connection: Connection) -> dict[MessageStanding, int]:
    """Return how many messages are in each place; together they are all there are."""
    counted = select(messages.c.standing, func.count()).group_by(messages.c.standing)
    found = {row[0]: row[1] for row in connection.execute(counted)}
    return {standing: found.get(standing, 0) for standing in MessageStanding}


def rows(connection: Connection) -> tuple[MessageRow, ...]:
    """Return every sighting with where its message is, in the order they were made."""
    numbers: dict[str, tuple[str, ...]] = {}
    for row in connection.execute(
        select(receipts.c.sha256, receipts.c.number).where(receipts.c.revoked.is_(None)).order_by(receipts.c.id)
    ):
        numbers[row.sha256] = (*numbers.get(row.sha256, ()), row.number)
    chosen = (
        select(sightings, messages.c.message_id, messages.c.standing, messages.c.why)
        .join(messages)
        .order_by(sightings.c.id)
    )
    return tuple(_row(row, numbers.get(row.sha256, ())) for row in connection.execute(chosen))


def _row(row: Any, numbers: tuple[str, ...]) -> MessageRow:
    return MessageRow(
        sha256=row.sha256,
        message_id=row.message_id,
        folder=row.folder,
        uid=row.uid,
        arrived=row.arrived,
        source=row.source.value,
        in_view=row.in_view,
        standing=row.standing,
        receipts=numbers,
        why=row.why,
    )


def _stored(connection: Connection, *conditions: ColumnElement[bool]) -> tuple[StoredMessage, ...]:
    chosen = select(*message_columns()).where(*conditions).order_by(*OLDEST_FIRST)
    return tuple(stored(row) for row in connection.execute(chosen))


def stored(row: Any) -> StoredMessage:
    """Return a row of these columns as a message."""
    stand_in = None if row.stands_for is None else StandIn(row.stands_for)
    return StoredMessage(row.sha256, row.size, row.arrived, row.folder, stand_in, row.lost)
