"""What happened, in order; nothing here is ever changed or removed."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, func, insert, select

from mailbot.domain.books import Event
from mailbot.ledger import schema

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection
    from sqlalchemy.sql import Select

table = schema.events

_NOTE = insert(table)
_LAST = select(func.max(table.c.id))


def note(connection: Connection, event: Event) -> None:
    """Add an event."""
    values = {name: getattr(event, name) for name in ("at", "actor", "what", "subject", "detail")}
    connection.execute(_NOTE, values)


def events(connection: Connection, subject: str | None, what: str | None = None) -> tuple[Event, ...]:
    """Return what happened, to one subject or at all, of one sort or of any, in order."""
    wanted = {name: value for name, value in (("subject", subject), ("what", what)) if value is not None}
    rows = connection.execute(_chosen(*wanted), wanted)
    return tuple(Event(row.at, row.actor, row.what, row.subject, row.detail) for row in rows)


def last(connection: Connection) -> int:
    """Return the number of the last event, 0 before there was one."""
    return connection.execute(_LAST).scalar() or 0


@cache
def _chosen(*names: str) -> Select[Any]:
    """Return how events are chosen by the columns of these names."""
    return select(table).where(*(table.c[name] == bindparam(name) for name in names)).order_by(table.c.id)
