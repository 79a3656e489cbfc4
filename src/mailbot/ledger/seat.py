"""The instance lock on a PostgreSQL server, and the one session that both holds it and writes.

Whoever lost the session lost the lock: a transaction in it is gone with it, and none can begin in another. So an
instance that was cut off can write nothing beside the one that came after it.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import uuid4

from sqlalchemy import text
from sqlalchemy.exc import StatementError

from mailbot.errors import AlreadyRunning
from mailbot.ledger.memory import recall, remember
from mailbot.ledger.postgresql_errors import LOCKED, unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.engine import Connection, Engine

# The first statement of every writer: one at a time, whatever process he is in. The snapshot must come after the wait,
# hence READ COMMITTED: one taken before it, as in REPEATABLE READ, would miss the last receipt and take its serial.
TURN = text("SELECT pg_advisory_xact_lock(1835100524, 1)")  # 'mail' as a number

_SIT = text("SELECT pg_advisory_lock(1835100524, 2)")
# So long a seat is waited for: the server needs a moment to notice that a killed instance is gone.
_WAIT = text("SELECT set_config('lock_timeout', '2s', true)")
_OCCUPIED = "55P03"  # lock_not_available
_WHO = text(
    "SELECT application_name FROM pg_stat_activity JOIN pg_locks USING (pid) WHERE locktype = 'advisory' AND granted"
    " AND classid = 1835100524 AND objid = 2 AND pg_locks.database ="
    " (SELECT oid FROM pg_database WHERE datname = current_database())"
)
LAST = "instance"  # which instance sat here last, as the ledger remembers it


@dataclass(slots=True)  # not frozen: the session comes and goes
class Seat:
    """The place of the one instance."""

    _engine: Engine
    _patience: float  # seconds that a thread waits for another to end its transaction
    _name: str = ""  # of the instance that sits here; '' where this process is none
    _session: Connection | None = None
    _one_by_one: threading.Lock = field(default_factory=threading.Lock)

    def is_taken(self) -> bool:
        """Tell whether this process is the instance, or was until its session was lost."""
        return bool(self._name)

    def take(self) -> None:
        """Become the instance.

        Raises:
            AlreadyRunning: another is.
        """
        name = uuid4().hex
        self._session, _ = self._seated(name)
        self._name = name

    def leave(self) -> None:
        """End the session, and with it the lock."""
        self._name = ""
        self._drop()

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Begin a transaction in the session, which is renewed where it was lost and nobody sat here meanwhile.

        Raises:
            AlreadyRunning: another instance does, or did: what was decided before that must not be carried out.
            LedgerUnavailable: another thread is writing.
        """
        if not self._one_by_one.acquire(timeout=self._patience):
            raise unavailable(LOCKED, "the ledger is locked by another thread")
        try:
            yield self._begun()
        finally:
            if self._session is not None:
                self._session.rollback()  # what was committed stays
            self._one_by_one.release()

    def _begun(self) -> Connection:
        if self._session is not None and self._is_there(self._session):
            return self._session
        self._session, last = self._seated(self._name)
        if last != self._name:
            raise AlreadyRunning("another was the instance meanwhile", chinese="其间有另一个 mailbot 使用过这份台账")
        self._session.execute(TURN)
        return self._session

    def _is_there(self, session: Connection) -> bool:
        """Begin, unless the session turns out to be lost."""
        try:
            session.execute(TURN)
        except StatementError:
            if not session.invalidated:
                raise
            self._drop()
            return False
        return True

    def _seated(self, name: str) -> tuple[Connection, str]:
        """Return a session that holds the lock, and the name of whoever held it last."""
        session = self._engine.connect()
        try:
            with session.begin():
                session.execute(_WAIT)
                session.execute(_SIT)
                last = recall(session, LAST)
                remember(session, LAST, name)
        except StatementError as error:
            session.invalidate()
            session.close()
            if getattr(error.orig, "sqlstate", None) == _OCCUPIED:
                raise self._occupied() from error
            raise
        return session, last

    def _occupied(self) -> AlreadyRunning:
        with self._engine.connect() as session:
            found = session.execute(_WHO).scalars().first() or "unknown"
        who = found.removeprefix("mailbot ")
        return AlreadyRunning(f"the lock is held by {found}", chinese=f"已有一个 mailbot（进程 {who}）正在使用这份台账")

    def _drop(self) -> None:
        if self._session is not None:
            self._session.invalidate()
            self._session.close()
            self._session = None
