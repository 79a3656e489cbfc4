"""Which address a person bound to which unit."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select

from mailbot.ledger import events
from mailbot.ledger.schema import bindings

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy.engine import Connection

    from mailbot.domain.books import Event
    from mailbot.domain.unit import Unit


_PAIRS = select(bindings.c.address, bindings.c.unit).order_by(bindings.c.address, bindings.c.unit)


def bind(connection: Connection, address: str, unit: str, event: Event) -> None:
    """Bind an address to a unit; bound already, it stays bound."""
    spec = address.lower()
    same = (bindings.c.address == spec) & (bindings.c.unit == unit)
    if connection.execute(select(bindings).where(same)).one_or_none() is None:
        connection.execute(insert(bindings).values(address=spec, unit=unit, bound=event.at, actor=event.actor))
    events.note(connection, event)


def unbind(connection: Connection, address: str, unit: str, event: Event) -> bool:
    """Take back a binding that a person made; return whether there was one."""
    same = (bindings.c.address == address.lower()) & (bindings.c.unit == unit)
    if connection.execute(delete(bindings).where(same)).rowcount == 0:
        return False
    events.note(connection, event)
    return True


def pairs(connection: Connection) -> tuple[tuple[str, str], ...]:
    """Return every binding as address and unit, in the order of the addresses."""
    return tuple((row.address, row.unit) for row in connection.execute(_PAIRS))


def directory(connection: Connection, units: Iterable[Unit]) -> tuple[Unit, ...]:
    """Return the units with the addresses that were bound to them added behind their own."""
    bound = pairs(connection)
    if not bound:
        return tuple(units)
    return tuple(
        replace(
            unit,
            addresses=tuple(
                dict.fromkeys((*unit.addresses, *(address for address, name in bound if name == unit.name)))
            ),
        )
        for unit in units
    )
