"""What happened, in order; nothing here is ever changed or removed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import insert, select

from mailbot.domain.books import Event
from mailbot.ledger import schema

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

table = schema.events


def note(connection: Connection, event: Event) -> None:
    """Add an event."""
    connection.execute(
        insert(table).values(
            at=event.at, actor=event.actor, what=event.what, subject=event.subject, detail=event.detail
        )
    )


def events(connection: Connection, subject: str | None, what: str | None = None) -> tuple[Event, ...]:
    """Return what happened, to one subject or at all, of one sort or of any, in order."""
    chosen = select(table).order_by(table.c.id)
    if subject is not None:
        chosen = chosen.where(table.c.subject == subject)
    if what is not None:
        chosen = chosen.where(table.c.what == what)
    return tuple(Event(row.at, row.actor, row.what, row.subject, row.detail) for row in connection.execute(chosen))
