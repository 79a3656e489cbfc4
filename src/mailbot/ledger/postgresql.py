"""Everything that is PostgreSQL's own: its settings, how writers take turns, the instance lock, what its errors mean.

Its twin is sqlite.py; no other file knows which database it is. The tables lie in a database of their own. No pooler
that shares sessions may stand before it: locks belong to sessions.

Source: PostgreSQL's pages on explicit locking ('Advisory Locks'), transaction isolation, client connection defaults,
libpq's connection parameters, and appendix A, 'PostgreSQL Error Codes'.
"""

from __future__ import annotations

import os
import socket
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import create_engine, event
from sqlalchemy.exc import StatementError

from mailbot.errors import LedgerUnavailable
from mailbot.ledger.columns import as_json
from mailbot.ledger.database import begun
from mailbot.ledger.postgresql_errors import meaning_of
from mailbot.ledger.seat import TURN, Seat

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

    from psycopg import Connection as Session
    from sqlalchemy.engine import Connection, Engine
    from sqlalchemy.pool import ConnectionPoolEntry

    from mailbot.domain.ledger_url import DatabaseServer

USUAL_SOCKETS = "/var/run/postgresql"  # never /tmp, where anybody may put a socket and ask for the password
# A line that was cut without a word is noticed within a minute here, within two there, where it may hold a lock.
LIVELINESS = {"keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3, "tcp_user_timeout": 30_000}
CONNECTS_WITHIN = 10  # seconds
LONGEST_STATEMENT = 60.0  # seconds; a listing of 10,000 messages takes a quarter of one
LONGEST_IDLENESS = 300.0  # seconds inside a transaction: a stopped process must not keep the others from writing

_SET_UP = """
SELECT current_setting('server_encoding'), current_setting('fsync'),
    set_config('synchronous_commit', CASE current_setting('synchronous_commit')
        WHEN 'off' THEN 'on' ELSE current_setting('synchronous_commit') END, false),
    set_config('lock_timeout', %(patience)s, false),
    set_config('statement_timeout', %(longest_statement)s, false),
    set_config('idle_in_transaction_session_timeout', %(longest_idleness)s, false),
    set_config('tcp_keepalives_idle', %(idle)s, false), set_config('tcp_keepalives_interval', %(interval)s, false),
    (SELECT set_config(name, '0', false) FROM pg_settings WHERE name = 'idle_session_timeout')
"""


@dataclass(frozen=True, slots=True)
class PostgreSql:
    """A ledger on a server."""

    engine: Engine
    seat: Seat

    @classmethod
    def on(cls, server: DatabaseServer, password: str, patience: float) -> PostgreSql:
        """Prepare to connect; `patience` is how many seconds a transaction waits for another's to end.

        Raises:
            LedgerUnavailable: the driver is not installed.
        """
        engine = engine_for(server, password, patience)
        return cls(engine, Seat(engine, patience))

    @contextmanager
    def making(self) -> Iterator[None]:
        """Keep nobody waiting: whoever migrates writes, and so has his turn."""
        yield

    def reading(self) -> AbstractContextManager[Connection]:
        """Begin a transaction that sees one consistent state."""
        return begun(self.engine, {"isolation_level": "REPEATABLE READ"}, meaning_of)

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Begin a transaction while no other writes; the instance does so only in the session that holds its lock."""
        if self.seat.is_taken():
            with _told(), self.seat.writing() as connection:
                yield connection
        else:
            with begun(self.engine, {}, meaning_of) as connection:
                connection.execute(TURN)
                yield connection

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the instance lock, which the server releases when the session ends.

        Raises:
            AlreadyRunning: another instance holds it.
        """
        with _told():
            self.seat.take()
        try:
            yield
        finally:
            self.seat.leave()


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except StatementError as error:
        raise meaning_of(error) from error


def engine_for(server: DatabaseServer, password: str, patience: float) -> Engine:
    """Return the engine over the server's database.

    Raises:
        LedgerUnavailable: the driver is not installed.
    """
    try:
        engine = create_engine(
            "postgresql+psycopg://",
            connect_args=_connection(server, password),  # not in a URL, which would be shown
            json_serializer=as_json,
            hide_parameters=True,  # a statement in a log must not carry what is in a mail
            isolation_level="READ COMMITTED",
            pool_pre_ping=True,  # what the server closed meanwhile is opened again without a word
        )
    except ImportError as error:
        raise LedgerUnavailable(
            f"psycopg cannot be imported: {error}",
            chinese="没有安装连接 PostgreSQL 所需的程序包 psycopg",
            remedy="请重新执行 make setup，或执行 pip install 'psycopg[binary]'。",
        ) from error

    def set_up(session: Session[Any], _entry: ConnectionPoolEntry) -> None:
        _set_up(session, patience)

    event.listen(engine, "connect", set_up)
    return engine


def _connection(server: DatabaseServer, password: str) -> dict[str, Any]:
    """Return what libpq is to know; what is '' is left to it."""
    said = {
        "host": server.host or USUAL_SOCKETS,
        "user": server.user,
        "password": password,
        "dbname": server.database,
        "sslmode": server.sslmode,
        "sslrootcert": server.sslrootcert,
    }
    return {
        "port": server.port,
        "connect_timeout": CONNECTS_WITHIN,
        "client_encoding": "utf8",
        "application_name": f"mailbot {os.getpid()}@{socket.gethostname()}",  # whoever is refused is told who is there
        **LIVELINESS,
        **{key: value for key, value in said.items() if value},
    }


def _set_up(session: Session[Any], patience: float) -> None:
    """Make a new session durable and impatient; refuse a server that cannot keep what it was told."""
    values = {
        "patience": _milliseconds(patience),
        "longest_statement": _milliseconds(LONGEST_STATEMENT),
        "longest_idleness": _milliseconds(LONGEST_IDLENESS),
        "idle": str(LIVELINESS["keepalives_idle"]),
        "interval": str(LIVELINESS["keepalives_interval"]),
    }
    encoding, fsync, *_ = session.execute(_SET_UP, values).fetchone() or ("", "")
    session.commit()
    if unfit := _unfit(encoding, fsync):
        session.close()
        raise unfit


def _unfit(encoding: str, fsync: str) -> LedgerUnavailable | None:
    if encoding != "UTF8":
        return LedgerUnavailable(
            f"server_encoding is {encoding}",
            chinese=f"台账数据库的字符编码是 {encoding}，存不下所有汉字",
            remedy="请由数据库管理员另建一个：CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0;",
        )
    if fsync != "on":
        return LedgerUnavailable(
            f"fsync is {fsync}",
            chinese="数据库服务器关闭了 fsync，断电会丢失台账",
            remedy="请由数据库管理员在 postgresql.conf 中改回 fsync = on。",
        )
    return None


def _milliseconds(seconds: float) -> str:
    return str(max(1, round(seconds * 1000)))  # 0 would be for ever
