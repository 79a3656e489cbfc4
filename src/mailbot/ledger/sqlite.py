"""Everything that is SQLite's own: the file, its settings, how a transaction begins, and what its errors mean.

Its twin is postgresql.py; no other file knows which database it is. Source: SQLite's pages on WAL, pragmas and result
codes; for `BEGIN`, SQLAlchemy's page on the SQLite dialect, 'Using SQLAlchemy to emit BEGIN in lieu of SQLite's
transaction control'.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import create_engine, event
from sqlalchemy.engine import URL

from mailbot.errors import LedgerError, LedgerMismatch, LedgerReplaced, LedgerUnavailable, Place
from mailbot.ledger.columns import as_json
from mailbot.ledger.database import begun
from mailbot.ledger.lock import one_at_a_time, only_instance

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection, Engine
    from sqlalchemy.exc import StatementError
    from sqlalchemy.pool import ConnectionPoolEntry

WRITING = {"begin": "BEGIN IMMEDIATE"}  # a deferred one that turns to writing fails at once, without waiting
READING = {"begin": "BEGIN DEFERRED"}

_FULL = 2  # PRAGMA synchronous: a commit has reached the disk when it returns; a receipt must survive a power cut
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR, sqlite3.SQLITE_SCHEMA}
_NOT_NOW = {
    sqlite3.SQLITE_BUSY: "database is locked",
    sqlite3.SQLITE_LOCKED: "database is locked",
    sqlite3.SQLITE_FULL: "disk is full",
    sqlite3.SQLITE_READONLY: "database is read-only",
    sqlite3.SQLITE_CANTOPEN: "database cannot be opened",
    sqlite3.SQLITE_IOERR: "disk error",
    sqlite3.SQLITE_PERM: "permission denied",
    sqlite3.SQLITE_NOMEM: "out of memory",
}


@dataclass(frozen=True, slots=True)
class Sqlite:
    """A ledger in a file. `file` is which one it was when it was opened: its device and number there."""

    path: Path
    engine: Engine
    file: tuple[int, int]

    @classmethod
    def at(cls, path: Path, patience: float) -> Sqlite:
        """Make the file where it is missing; `patience` is how many seconds a transaction waits for another's to end.

        Raises:
            LedgerUnavailable: it could not be made.
        """
        make_file(path)
        return cls(path, engine_for(path, patience), _file_at(path))

    def making(self) -> AbstractContextManager[None]:
        """Keep others waiting: two that turn a new file to WAL at once find it locked."""
        return one_at_a_time(self.path.parent)

    def reading(self) -> AbstractContextManager[Connection]:
        """Begin a transaction that sees one consistent state.

        Raises:
            LedgerReplaced: the file is not the one that was opened.
        """
        self._must_be_the_same()
        return begun(self.engine, READING, meaning_of)

    def writing(self) -> AbstractContextManager[Connection]:
        """Begin a transaction while no other writes.

        Raises:
            LedgerReplaced: the file is not the one that was opened.
        """
        self._must_be_the_same()
        return begun(self.engine, WRITING, meaning_of)

    def lock(self) -> AbstractContextManager[None]:
        """Hold the instance lock, which the kernel releases when the process dies.

        Raises:
            AlreadyRunning: another instance holds it.
        """
        return only_instance(self.path.with_name(f"{self.path.name}.lock"))

    def _must_be_the_same(self) -> None:
        """Write nothing into a file that nobody will find again: the open one lives on when its name is gone."""
        if _file_at(self.path) != self.file:
            raise LedgerReplaced(f"{self.path} is not the file that was opened", place=Place(file=self.path.name))


def _file_at(path: Path) -> tuple[int, int]:
    """Return which file has that name: its device and number there; zeros where none has."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return 0, 0
    except OSError as error:
        raise LedgerUnavailable(f"cannot look at {path}: {error}", place=Place(file=path.name)) from error
    return found.st_dev, found.st_ino


def make_file(path: Path) -> None:
    """Make the file, readable by its owner alone, and its folder likewise, where they are missing.

    Raises:
        LedgerUnavailable: they could not be made.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with suppress(FileExistsError):
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except OSError as error:
        raise LedgerUnavailable(f"cannot create {path}: {error}", place=Place(file=path.name)) from error
    _open_up_again(path)


def _open_up_again(path: Path) -> None:
    """Give the files beside the database its mode, as SQLite does when it makes them.

    Made while the database was closed to its owner they would keep it closed for ever.
    """
    with suppress(OSError):  # what cannot be helped is told by the first transaction
        mode = path.stat().st_mode & 0o777
        for beside in (path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")):
            if beside.exists() and mode & 0o600 == 0o600 and beside.stat().st_mode & 0o600 != 0o600:
                beside.chmod(mode)


def engine_for(path: Path, patience: float) -> Engine:
    """Return the engine over the file. `patience` is how many seconds a transaction waits for another's to end."""
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        connect_args={"timeout": patience},
        json_serializer=as_json,
        hide_parameters=True,  # a statement in a log must not carry what is in a mail
    )
    event.listen(engine, "connect", _set_up)
    event.listen(engine, "begin", _begin)
    return engine


def _set_up(connection: sqlite3.Connection, _entry: ConnectionPoolEntry) -> None:
    """Make a new connection durable, and refuse one that cannot be."""
    connection.isolation_level = None  # the driver's own BEGIN comes late and deferred
    (journal,) = connection.execute("PRAGMA journal_mode = WAL").fetchone()
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    (synchronous,) = connection.execute("PRAGMA synchronous").fetchone()
    if journal != "wal" or synchronous != _FULL:
        raise LedgerUnavailable(
            f"journal_mode is {journal}, synchronous is {synchronous}",
            chinese="台账所在的磁盘不支持安全写入（WAL）",
            remedy="请把台账放在本机磁盘上，不要放在网络共享目录中。",
        )


def _begin(connection: Connection) -> None:
    """Begin as the caller asked, for writing or only for reading."""
    connection.exec_driver_sql(connection.get_execution_options().get("begin", READING["begin"]))


def meaning_of(error: StatementError) -> LedgerError:
    """Return what a driver's error, or a value that no column takes, means for us."""
    code = getattr(error.orig, "sqlite_errorcode", sqlite3.SQLITE_INTERNAL) & 0xFF  # the low byte of an extended code
    if code in _NOT_NOW:
        return LedgerUnavailable(f"{_NOT_NOW[code]}: {error.orig}")
    if code in _DAMAGED:
        return LedgerMismatch(str(error.orig))
    return LedgerError(str(error.orig))
