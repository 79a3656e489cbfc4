"""The ledger's door: opening the database, and transactions over it. Driver errors end behind it."""

from __future__ import annotations

from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from mailbot.domain.ledger_url import file_of, server_of
from mailbot.errors import ConfigurationError, Place, Problem
from mailbot.ledger.books import SqlBooks
from mailbot.ledger.migrate import bring_up_to_date, is_current

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mailbot.ledger.database import Database

PATIENCE = 10.0  # seconds that a transaction waits for another process's to end


@dataclass(frozen=True, slots=True)
class SqlLedger:
    """A ledger in a database. Safe between threads: no two transactions share a connection at one time."""

    receipt_number: str
    _database: Database

    @contextmanager
    def transaction(self) -> Iterator[SqlBooks]:
        """Begin to write; commit at the end, roll back on an error.

        Raises:
            LedgerUnavailable: it is locked, unreachable or cannot be written.
            AlreadyRunning: as the instance, whose lock was lost meanwhile and taken by another.
        """
        with self._database.writing() as connection:
            yield SqlBooks(connection, self.receipt_number)
            connection.commit()

    @contextmanager
    def reading(self) -> Iterator[SqlBooks]:
        """Look at one consistent state, without a write lock; what is written inside is rolled back."""
        with self._database.reading() as connection:
            yield SqlBooks(connection, self.receipt_number)

    def lock(self) -> AbstractContextManager[None]:
        """Hold the instance lock, which is released when the process dies.

        Raises:
            AlreadyRunning: another instance works on this ledger.
        """
        return self._database.lock()

    def close(self) -> None:
        """Close the connections."""
        self._database.engine.dispose()


def open_ledger(url: str, *, receipt_number: str, password: str = "", patience: float = PATIENCE) -> SqlLedger:
    """Open the ledger, made or migrated where that is needed.

    Args:
        url: such as ``sqlite:////var/lib/mailbot/ledger.db`` or ``postgresql://mailbot@localhost/mailbot``.
        receipt_number: a format with {year}, {month} and {serial}, filled with numbers.
        password: of the account on a server; '' where none is needed or libpq finds it (PGPASSWORD, ~/.pgpass).
        patience: seconds that a transaction waits for another process's to end.

    Raises:
        ConfigurationError: the URL names no database that we can use.
        LedgerUnavailable: the database cannot be made, reached, read or written.
        LedgerMismatch: a newer mailbot made it, it is damaged, or it is something else.
    """
    database = _database(url, password, patience)
    with ExitStack() as unless_opened:
        unless_opened.callback(database.engine.dispose)
        _make(database)
        unless_opened.pop_all()
    return SqlLedger(receipt_number, database)


def _make(database: Database) -> None:
    """Make or migrate the tables where that is needed."""
    with database.making():
        with database.reading() as connection:
            current = is_current(connection)
        if not current:
            with database.writing() as connection:
                bring_up_to_date(connection)
                connection.commit()


def _database(url: str, password: str, patience: float) -> Database:
    try:
        place = file_of(url) or server_of(url)
    except ValueError as error:  # which says nothing of the URL: it may hold a password
        raise ConfigurationError((Problem("ledger_url", str(error), Place(key="ledger.url")),)) from None
    if isinstance(place, Path):
        from mailbot.ledger.sqlite import Sqlite

        return Sqlite.at(place, patience)
    from mailbot.ledger.postgresql import PostgreSql

    return PostgreSql.on(place, password, patience)
