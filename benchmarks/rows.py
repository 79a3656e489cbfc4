"""The product's rows, message by message, and what it takes to put the same ones into a new ledger with SQLAlchemy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Table, insert, select, update
from sqlalchemy.engine import Engine

from mailbot.domain.books import MessageStanding
from mailbot.ledger import schema
from mailbot.ledger.engine import open_ledger
from mailbot.ledger.sqlite import WRITING, engine_for

PATTERN = "{year}-{month:02d}-{serial:04d}"
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Book:
    """All rows of one message: itself, its sighting, and the others by table."""

    message: Row
    sighting: Row
    others: tuple[tuple[Table, list[Row]], ...]


def books_of(ledger: Path) -> Iterator[Book]:
    """Give the messages of a finished ledger with all their rows, in the order of their receipts."""
    engine = engine_for(ledger, 1.0)
    with engine.connect() as connection:

        def rows(table: Table, column: str, value: object) -> list[Row]:
            found = connection.execute(select(table).where(table.c[column] == value))
            return [dict(row._mapping) for row in found]  # noqa: SLF001  # SQLAlchemy's public name

        for receipt in connection.execute(select(schema.receipts).order_by(schema.receipts.c.id)).all():
            of_receipt = [(table, rows(table, "receipt", receipt.id)) for table in OF_A_RECEIPT]
            outgoing = rows(schema.outbox, "answers", receipt.sha256)
            subjects = (receipt.sha256, *(row["key"] for row in outgoing))
            happened = [row for subject in subjects for row in rows(schema.events, "subject", subject)]
            others = (
                (schema.receipts, rows(schema.receipts, "id", receipt.id)),
                *((table, found) for table, found in of_receipt if found),
                (schema.outbox, outgoing),
                (schema.events, happened),
            )
            (message,) = rows(schema.messages, "sha256", receipt.sha256)
            (sighting,) = rows(schema.sightings, "sha256", receipt.sha256)
            yield Book(message, sighting, others)
    engine.dispose()


OF_A_RECEIPT = (schema.parts, schema.figures, schema.progress)


@dataclass(frozen=True, slots=True)
class NewLedger:
    """An empty ledger, as durable as the product's."""

    engine: Engine

    def commit(self, book: Book) -> None:
        """Put a message's rows in, in the two transactions that cannot be one: seen, before it is read; then booked."""
        seen = {name: book.message[name] for name in ("sha256", "size", "arrived", "folder")}
        with self.engine.connect().execution_options(**WRITING) as connection:
            connection.execute(insert(schema.messages), {**seen, "standing": MessageStanding.UNDECIDED})
            connection.execute(insert(schema.sightings), book.sighting)
            connection.commit()
        with self.engine.connect().execution_options(**WRITING) as connection:
            own = schema.messages.c.sha256 == book.message["sha256"]
            connection.execute(update(schema.messages).where(own).values(book.message))
            for table, rows in book.others:
                connection.execute(insert(table), rows)
            connection.commit()


def empty_ledger(folder: Path) -> NewLedger:
    """Make a ledger in the folder."""
    path = folder / "ledger.db"
    open_ledger(f"sqlite:///{path}", receipt_number=PATTERN).close()
    return NewLedger(engine_for(path, 1.0))
