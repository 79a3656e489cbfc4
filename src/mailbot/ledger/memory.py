"""What the service remembers of itself between two starts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, insert, select

from mailbot.ledger.schema import service

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


_RECALL = select(service.c.value).where(service.c.key == bindparam("key"))


def remember(connection: Connection, key: str, value: str) -> None:
    """Keep a word under the key; '' forgets it."""
    connection.execute(delete(service).where(service.c.key == key))
    if value:
        connection.execute(insert(service).values(key=key, value=value))


def recall(connection: Connection, key: str) -> str:
    """Return what was kept under the key, '' where nothing was."""
    return connection.execute(_RECALL, {"key": key}).scalar_one_or_none() or ""
