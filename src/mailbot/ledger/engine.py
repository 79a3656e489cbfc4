"""The ledger's door: opening the file, and transactions over it. Driver errors end here."""

from __future__ import annotations

from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import StatementError

from mailbot.ledger import sqlite
from mailbot.ledger.books import SqlBooks
from mailbot.ledger.lock import one_at_a_time, only_instance
from mailbot.ledger.migrate import bring_up_to_date, is_current

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from sqlalchemy.engine import Connection, Engine

PATIENCE = 10.0  # seconds that a transaction waits for another process's to end


@dataclass(frozen=True, slots=True)
class SqlLedger:
    """A ledger in a database file. Safe between threads: each transaction has a connection of its own."""

    path: Path
    receipt_number: str
    _engine: Engine

    @contextmanager
    def transaction(self) -> Iterator[SqlBooks]:
        """Begin to write; commit at the end, roll back on an error.

        Raises:
            LedgerUnavailable: it is locked, unreachable or cannot be written.
        """
        with _begun(self._engine, sqlite.WRITING) as connection:
            yield SqlBooks(connection, self.receipt_number)
            connection.commit()

    @contextmanager
    def reading(self) -> Iterator[SqlBooks]:
        """Look at one consistent state, without a write lock; what is written inside is rolled back."""
        with _begun(self._engine, sqlite.READING) as connection:
            yield SqlBooks(connection, self.receipt_number)

    def lock(self) -> AbstractContextManager[None]:
        """Hold the instance lock, which the kernel releases when the process dies.

        Raises:
            AlreadyRunning: another instance works on this ledger.
        """
        return only_instance(self.path.with_name(self.path.name + ".lock"))

    def close(self) -> None:
        """Close the connections."""
        self._engine.dispose()


def open_ledger(url: str, *, receipt_number: str, patience: float = PATIENCE) -> SqlLedger:
    """Open the ledger, made or migrated where that is needed.

    Args:
        url: such as ``sqlite:////var/lib/mailbot/ledger.db``.
        receipt_number: a format with {year}, {month} and {serial}, filled with numbers.
        patience: seconds that a transaction waits for another process's to end.

    Raises:
        ConfigurationError: the URL names no database that we can use.
        LedgerUnavailable: the file cannot be made, read or written.
        LedgerMismatch: a newer mailbot made it, it is damaged, or it is something else.
    """
    path = sqlite.file_of(url)
    sqlite.make_file(path)
    engine = sqlite.engine_for(path, patience)
    with one_at_a_time(path.parent):
        with _begun(engine, sqlite.READING) as connection:
            current = is_current(connection)
        if not current:
            with _begun(engine, sqlite.WRITING) as connection:
                bring_up_to_date(connection)
                connection.commit()
    return SqlLedger(path, receipt_number, engine)


@contextmanager
def _begun(engine: Engine, mode: Mapping[str, Any]) -> Iterator[Connection]:
    """Hold a connection in a transaction, rolled back unless committed; turn the driver's errors into ours."""
    try:
        with engine.connect().execution_options(**mode) as connection:
            connection.begin()
            yield connection
    except StatementError as error:
        raise sqlite.meaning_of(error) from error
