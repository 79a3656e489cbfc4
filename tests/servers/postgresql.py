"""A real PostgreSQL on this machine: one for the whole test run, a fresh database for each test. As root or not."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg.sql import SQL, Identifier, Literal
from tests.servers.host import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.servers.certificates import Certificates

DEBIANS = Path("/usr/lib/postgresql")
USER, PASSWORD = "mailbot", "a-password@:/?"  # of an account on the loopback
WITHIN = 60.0
PLACES = (Path("/dev/shm"), Path("/tmp"))  # noqa: S108 - folders of our own are made in them
ROOM = 2 * 1024**3  # bytes

# The server ends, and what it wrote is removed, with whoever holds the other end of this shell's input, killed or not.
WATCH = '"$@" & read -r word; kill -QUIT $!; wait; [ "$word" = keep ] || rm -rf "$0"'

# Whoever comes by the socket is believed, whoever comes by TCP needs the password.
ACCESS = """
local all all trust
host all all 127.0.0.1/32 scram-sha-256
"""


def program(name: str) -> str:
    """Return the newest of Debian's programs of that name, which are not on the PATH, else whatever is."""
    newest = sorted(DEBIANS.glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3]))
    return str(newest[-1]) if newest else name


@dataclass(slots=True)
class PostgreSqlServer:
    """The running server."""

    folder: Path
    certificates: Certificates
    port: int
    account: dict[str, Any]  # whom its processes run as
    _watch: subprocess.Popen[bytes] | None = None
    _names: count[int] = field(default_factory=count)
    _emptied: list[str] = field(default_factory=list)

    def new_database(self, suffix: str = "") -> str:
        """Return the URL of an empty database, by the socket; the suffix of SQL says what is special about it."""
        name = f"ledger{next(self._names)}"
        self.run(f"CREATE DATABASE {name} {suffix}")
        return self.url(name)

    @contextmanager
    def lent(self) -> Iterator[str]:
        """Lend the URL of a database that holds nothing or an empty ledger. To make one takes ten times as long."""
        url = self._emptied.pop() if self._emptied else self.new_database()
        yield url
        self.cut_off(url)
        tables = self.run(
            "SELECT quote_ident(tablename) FROM pg_tables"
            " WHERE schemaname = 'public' AND tablename <> 'alembic_version'",
            url=url,
        )
        if tables:
            self.run(f"TRUNCATE {', '.join(name for (name,) in tables)} RESTART IDENTITY CASCADE", url=url)
        self._emptied.append(url)

    def url(self, database: str) -> str:
        """Return the URL of a database, by the socket."""
        return f"postgresql://{USER}@:{self.port}/{database}?host={self.folder}"

    def url_by_tcp(self, url: str, host: str = "127.0.0.1", options: str = "") -> str:
        """Return the URL of the same database by TCP, which asks for the password."""
        return f"postgresql://{USER}@{host}:{self.port}/{database_of(url)}{options}"

    def run(self, *statements: str, url: str = "/postgres?") -> list[tuple[Any, ...]]:
        """Do something as the server's owner, in the database of the URL; return the rows of the last statement."""
        with psycopg.connect(
            host=str(self.folder), port=self.port, user=USER, dbname=database_of(url), autocommit=True
        ) as session:
            for statement in statements:
                found = session.execute(statement.encode())
            return found.fetchall() if found.description else []

    def cut_off(self, *urls: str) -> int:
        """End every session in these databases, as an administrator or a restart does; return how many there were."""
        names = SQL(", ").join(Literal(database_of(url)) for url in urls)
        ended = SQL(
            "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
            " WHERE datname IN ({}) AND pid <> pg_backend_pid()"
        ).format(names)
        return len(self.run(ended.as_string()))

    def changes(self, setting: str, value: str) -> None:
        """Change a setting of the whole server, and wait until it is in force."""
        self.run(f"ALTER SYSTEM SET {setting} = {value}", "SELECT pg_reload_conf()")
        while self.run(f"SHOW {setting}") != [(value,)]:
            pass

    def start(self) -> None:
        """Start it and wait until it answers."""
        server = [program("postgres"), "-D", str(self.folder / "data"), "-p", str(self.port)]
        options = ["-c", f"unix_socket_directories={self.folder}", "-c", "listen_addresses=127.0.0.1"]
        with (self.folder / "log").open("ab") as log:
            self._watch = subprocess.Popen(  # noqa: S603  # ours
                ["/bin/sh", "-c", WATCH, str(self.folder), *server, *options],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                cwd=self.folder,
                start_new_session=True,  # Ctrl-C is for the tests: their end is its end
                **self.account,
            )
        pause = threading.Event()
        for _ in range(int(WITHIN / 0.02)):
            with suppress(psycopg.OperationalError):
                self.run("SELECT 1")
                return
            pause.wait(0.02)
        raise TimeoutError((self.folder / "log").read_text(errors="replace"))

    def halt(self) -> None:
        """Stop it at once; what was committed is there when it starts again."""
        assert self._watch is not None
        self._watch.communicate(b"keep\n", timeout=WITHIN)

    def stop(self) -> None:
        """End it and remove what it wrote."""
        assert self._watch is not None
        self._watch.communicate(timeout=WITHIN)


def database_of(url: str) -> str:
    """Return the name of the database."""
    return url.rpartition("/")[2].partition("?")[0] if "?host=" not in url else url.partition("?")[0].rpartition("/")[2]


def start_postgresql(certificates: Certificates) -> PostgreSqlServer:
    """Make a cluster in a folder of its own, and start it."""
    # Short, as the path of a socket is; not under pytest's folders, which are 0700: the server refuses to be root.
    folder = Path(tempfile.mkdtemp(prefix="mailbot-pg-", dir=_place()))
    account = _account()
    server = PostgreSqlServer(folder, certificates, free_port(), account)
    if account:
        os.chown(folder, account["user"], account["group"])
    folder.chmod(0o755)
    data = folder / "data"
    make = [
        program("initdb"),
        "-D",
        str(data),
        "-U",
        USER,
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--locale=C.UTF-8",
        "--no-sync",
    ]
    subprocess.run(make, check=True, cwd=folder, timeout=WITHIN, stdout=subprocess.DEVNULL, **account)  # noqa: S603  # ours
    (data / "pg_hba.conf").write_text(ACCESS)
    for name, source in (("server.crt", certificates.chain_file), ("server.key", certificates.key_file)):
        (data / name).write_bytes(source.read_bytes())
        (data / name).chmod(0o600)
        if account:
            os.chown(data / name, account["user"], account["group"])
    with (data / "postgresql.conf").open("a") as settings:
        settings.write("ssl = on\nshared_buffers = 16MB\ndynamic_shared_memory_type = mmap\n")
    server.start()
    server.run(SQL("ALTER ROLE {} PASSWORD {}").format(Identifier(USER), Literal(PASSWORD)).as_string())
    return server


def _place() -> Path:
    """Return a memory disk where there is one with room: the server must sync to disk, and there that costs nothing."""
    for place in PLACES[:-1]:
        if place.is_dir() and os.access(place, os.W_OK) and shutil.disk_usage(place).free > ROOM:
            return place
    return PLACES[-1]


def _account() -> dict[str, Any]:
    """Return whom the server runs as: it refuses to be root."""
    if os.getuid() != 0:
        return {}
    try:
        found = pwd.getpwnam("postgres")
    except KeyError:
        found = pwd.getpwnam("nobody")
    return {"user": found.pw_uid, "group": found.pw_gid, "extra_groups": []}
