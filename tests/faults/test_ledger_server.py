"""A ledger on a PostgreSQL server that stops, cuts lines, is full, read-only, locked or not what it should be."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import closing, contextmanager, nullcontext
from typing import TYPE_CHECKING

import pytest
from tests.servers.certificates import make_certificates
from tests.servers.postgresql import PASSWORD, USER
from tests.unit.ledger.builders import NOON, NUMBERS, facts, received, recorded, sha

from mailbot.domain.ledger_url import server_of
from mailbot.errors import AlreadyRunning, LedgerMismatch, LedgerUnavailable
from mailbot.ledger.engine import SqlLedger, open_ledger

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.servers.postgresql import PostgreSqlServer

pytestmark = pytest.mark.postgresql

SOON = 0.1  # seconds to wait for a lock that will not come


def opened(url: str, *, password: str = "", patience: float = 10.0) -> SqlLedger:
    return open_ledger(url, receipt_number=NUMBERS, password=password, patience=patience)


@pytest.fixture
def url(postgresql: PostgreSqlServer) -> Iterator[str]:
    with postgresql.lent() as url:
        yield url


@pytest.fixture
def ledger(url: str) -> Iterator[SqlLedger]:
    with closing(opened(url)) as ledger:
        yield ledger


@contextmanager
def halted(server: PostgreSqlServer) -> Iterator[None]:
    """Stop the server at once, and start it again afterwards."""
    server.halt()
    try:
        yield
    finally:
        server.start()


def book(ledger: SqlLedger, name: str, uid: int = 1) -> None:
    with ledger.transaction() as books:
        books.decided(received(books, name, uid), facts(), recorded(), NOON)


def booked(ledger: SqlLedger) -> list[str]:
    with ledger.reading() as books:
        return [row.sha256 for row in books.messages()]


class TestStopped:
    def test_a_server_that_stopped_is_told_and_with_it_there_again_the_work_goes_on(
        self, postgresql: PostgreSqlServer, ledger: SqlLedger
    ) -> None:
        book(ledger, "a")
        with halted(postgresql):
            with pytest.raises(LedgerUnavailable) as told:
                book(ledger, "b", 2)
            with pytest.raises(LedgerUnavailable):
                booked(ledger)
        book(ledger, "c", 3)

        assert "连接不上台账数据库，或连接中断。系统会自动重试" in told.value.for_people()
        assert booked(ledger) == [sha("a"), sha("c")]

    def test_the_instance_goes_on_too_and_is_the_instance_still(
        self, postgresql: PostgreSqlServer, url: str, ledger: SqlLedger
    ) -> None:
        with ledger.lock():
            with halted(postgresql), pytest.raises(LedgerUnavailable):
                book(ledger, "a")
            book(ledger, "b")
            with closing(opened(url)) as second, pytest.raises(AlreadyRunning), second.lock():
                pass

        assert booked(ledger) == [sha("b")]

    def test_a_restart_between_two_transactions_is_not_noticed(
        self, postgresql: PostgreSqlServer, url: str, ledger: SqlLedger
    ) -> None:
        with ledger.lock():
            book(ledger, "a")
            assert postgresql.cut_off(url) > 0
            book(ledger, "b", 2)
            assert booked(ledger) == [sha("a"), sha("b")]

    @pytest.mark.parametrize("as_the_instance", [True, False])
    def test_a_line_cut_inside_a_transaction_leaves_nothing_half(
        self, postgresql: PostgreSqlServer, url: str, ledger: SqlLedger, *, as_the_instance: bool
    ) -> None:
        with ledger.lock() if as_the_instance else nullcontext():
            with pytest.raises(LedgerUnavailable), ledger.transaction() as books:  # noqa: PT012 - it is cut in the middle
                message = received(books)
                postgresql.cut_off(url)
                books.decided(message, facts(), recorded(), NOON)
            assert booked(ledger) == []
            book(ledger, "b")
            assert booked(ledger) == [sha("b")]

    def test_a_line_cut_before_the_commit_leaves_nothing_half(
        self, postgresql: PostgreSqlServer, url: str, ledger: SqlLedger
    ) -> None:
        with pytest.raises(LedgerUnavailable), ledger.transaction() as books:  # noqa: PT012 - it is cut at its end
            books.decided(received(books), facts(), recorded(), NOON)
            postgresql.cut_off(url)
        assert booked(ledger) == []


class TestSeat:
    def test_a_second_instance_is_refused_and_told_which_process_is_there(self, url: str, ledger: SqlLedger) -> None:
        with ledger.lock(), closing(opened(url)) as second, pytest.raises(AlreadyRunning) as refusal, second.lock():
            pass
        assert f"已有一个 mailbot（进程 {os.getpid()}@" in refusal.value.for_people()

    def test_the_seat_is_free_when_its_instance_has_ended(self, url: str, ledger: SqlLedger) -> None:
        with ledger.lock():
            pass
        with closing(opened(url)) as second, second.lock():
            book(second, "a")

    def test_whoever_is_not_the_instance_may_write_beside_it(self, url: str, ledger: SqlLedger) -> None:
        """As `bind` and `triage` do."""
        with ledger.lock(), closing(opened(url)) as beside:
            book(beside, "a")
            book(ledger, "b", 2)
            assert booked(ledger) == [sha("a"), sha("b")]

    def test_an_instance_that_lost_its_session_writes_nothing_beside_the_next_one(
        self, postgresql: PostgreSqlServer, url: str, ledger: SqlLedger
    ) -> None:
        with ledger.lock():
            postgresql.cut_off(url)
            with closing(opened(url)) as second, second.lock():
                with pytest.raises(AlreadyRunning):
                    book(ledger, "a")
                assert booked(ledger) == []

    def test_after_the_other_has_ended_it_begins_anew_and_not_in_the_middle(
        self, postgresql: PostgreSqlServer, url: str, ledger: SqlLedger
    ) -> None:
        """What the first decided before is no ground to act on: the other may have done it already."""
        with ledger.lock():
            postgresql.cut_off(url)
            with closing(opened(url)) as second, second.lock():
                book(second, "a")
            with pytest.raises(AlreadyRunning, match="meanwhile"):
                book(ledger, "b", 2)
            book(ledger, "c", 3)
            assert booked(ledger) == [sha("a"), sha("c")]

    def test_a_transaction_inside_another_is_refused_in_time(self, url: str) -> None:
        with (
            closing(opened(url, patience=SOON)) as ledger,
            ledger.lock(),
            ledger.transaction(),
            pytest.raises(LedgerUnavailable, match="locked"),
            ledger.transaction(),
        ):
            pass


class TestNotNow:
    def test_a_turn_that_another_keeps_is_waited_for_and_then_told(self, url: str, ledger: SqlLedger) -> None:
        with closing(opened(url, patience=SOON)) as impatient, ledger.transaction():
            with pytest.raises(LedgerUnavailable) as told, impatient.transaction():
                pass
            assert booked(impatient) == []
        assert "台账数据库正被占用" in told.value.for_people()
        book(ledger, "a")

    def test_a_full_disk_is_told_and_what_was_committed_stays(
        self, postgresql: PostgreSqlServer, url: str, ledger: SqlLedger
    ) -> None:
        """The server says so itself: by a trigger, as nobody but root could fill its disk."""
        book(ledger, "a")
        postgresql.run(
            "CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE disk_full USING MESSAGE = 'could not extend file'; END $$",
            "CREATE TRIGGER fail BEFORE INSERT ON receipts EXECUTE FUNCTION fail()",
            url=url,
        )
        with pytest.raises(LedgerUnavailable) as told:
            book(ledger, "b", 2)
        postgresql.run("DROP FUNCTION fail CASCADE", url=url)
        book(ledger, "c", 3)

        assert "台账数据库所在的磁盘已满" in told.value.for_people()
        assert booked(ledger) == [sha("a"), sha("c")]

    def test_a_database_that_may_only_be_read_is_told_and_can_be_read(self, postgresql: PostgreSqlServer) -> None:
        """As a standby is, or one that its administrator closed."""
        url = postgresql.new_database()
        opened(url).close()
        postgresql.run(f"ALTER DATABASE {server_of(url).database} SET default_transaction_read_only = on")
        with closing(opened(url)) as ledger:
            assert booked(ledger) == []
            with pytest.raises(LedgerUnavailable) as told:
                book(ledger, "a")
        assert "只许读取" in told.value.for_people()

    def test_too_many_connections_are_told(self, postgresql: PostgreSqlServer) -> None:
        url = postgresql.new_database("CONNECTION LIMIT 0")
        postgresql.run("CREATE ROLE guest LOGIN")
        with pytest.raises(LedgerUnavailable) as told:
            opened(url.replace(f"{USER}@", "guest@"))
        postgresql.run("DROP ROLE guest")
        assert "连接数" in told.value.for_people()


class TestNotThisOne:
    def test_a_database_that_is_not_there_is_told_with_how_it_is_made(self, postgresql: PostgreSqlServer) -> None:
        with pytest.raises(LedgerUnavailable) as told:
            opened(postgresql.url("nowhere"))
        assert "CREATE DATABASE" in told.value.for_people()

    def test_a_role_that_is_not_there_is_refused_as_a_login(self, url: str) -> None:
        with pytest.raises(LedgerUnavailable) as told:
            opened(url.replace(f"{USER}@", "stranger@"))
        assert "拒绝登录" in told.value.for_people()

    def test_an_account_that_may_make_no_tables_is_told_what_to_ask_for(self, postgresql: PostgreSqlServer) -> None:
        url = postgresql.new_database()
        postgresql.run("CREATE ROLE guest LOGIN")
        postgresql.run("REVOKE CREATE ON SCHEMA public FROM PUBLIC", url=url)  # as it is from PostgreSQL 15 on
        with pytest.raises(LedgerUnavailable) as told:
            opened(url.replace(f"{USER}@", "guest@"))
        postgresql.run("DROP ROLE guest")
        assert "ALTER DATABASE" in told.value.for_people()

    def test_a_database_that_cannot_hold_chinese_is_refused(self, postgresql: PostgreSqlServer) -> None:
        url = postgresql.new_database("ENCODING 'SQL_ASCII' TEMPLATE template0 LOCALE 'C'")
        with pytest.raises(LedgerUnavailable) as told:
            opened(url)
        assert "SQL_ASCII" in told.value.for_people()

    def test_a_server_that_does_not_sync_to_disk_is_refused(self, postgresql: PostgreSqlServer, url: str) -> None:
        postgresql.changes("fsync", "off")
        try:
            with pytest.raises(LedgerUnavailable) as told:
                opened(url)
        finally:
            postgresql.changes("fsync", "on")
        assert "fsync" in told.value.for_people()

    def test_a_database_of_another_program_is_a_mismatch_and_is_left_alone(self, postgresql: PostgreSqlServer) -> None:
        url = postgresql.new_database()
        postgresql.run("CREATE TABLE theirs (x int)", url=url)
        with pytest.raises(LedgerMismatch):
            opened(url)
        assert postgresql.run("SELECT tablename FROM pg_tables WHERE schemaname = 'public'", url=url) == [("theirs",)]

    def test_a_ledger_of_a_newer_mailbot_is_refused(self, postgresql: PostgreSqlServer) -> None:
        url = postgresql.new_database()
        opened(url).close()
        postgresql.run("UPDATE alembic_version SET version_num = '9999'", url=url)
        with pytest.raises(LedgerMismatch, match="9999"):
            opened(url)

    def test_a_table_that_is_gone_is_a_mismatch(self, postgresql: PostgreSqlServer) -> None:
        url = postgresql.new_database()
        opened(url).close()
        postgresql.run("DROP TABLE bindings", url=url)
        with closing(opened(url)) as ledger, pytest.raises(LedgerMismatch) as told, ledger.reading() as books:
            books.bindings()
        assert "从备份恢复" in told.value.for_people()

    def test_without_the_driver_it_is_told_what_to_install(self, url: str) -> None:
        program = (
            "import sys; sys.modules['psycopg'] = None\n"
            "from mailbot.ledger.engine import open_ledger\n"
            "from mailbot.errors import LedgerUnavailable\n"
            "try: open_ledger(sys.argv[1], receipt_number='x')\n"
            "except LedgerUnavailable as error: print(error.for_people())"
        )
        said = subprocess.run(  # noqa: S603 - our own program
            [sys.executable, "-c", program, url], capture_output=True, text=True, check=True, timeout=60
        )
        assert "psycopg" in said.stdout
        assert "make setup" in said.stdout


class TestDurable:
    @pytest.mark.parametrize(
        ("set_to", "is_then"), [("off", "on"), ("local", "local"), ("remote_apply", "remote_apply")]
    )
    def test_a_commit_has_reached_the_disk_when_it_returns(
        self, postgresql: PostgreSqlServer, set_to: str, is_then: str
    ) -> None:
        url = postgresql.new_database()
        postgresql.run(f"ALTER DATABASE {server_of(url).database} SET synchronous_commit = {set_to}")
        with closing(opened(url)) as ledger, ledger._database.writing() as connection:
            assert connection.exec_driver_sql("SHOW synchronous_commit").scalar() == is_then

    def test_a_process_that_sleeps_in_a_transaction_does_not_keep_the_others_from_writing(
        self, postgresql: PostgreSqlServer, url: str
    ) -> None:
        with closing(opened(url)) as ledger, ledger._database.writing() as connection:
            limits = {
                name: connection.exec_driver_sql(f"SHOW {name}").scalar()
                for name in ("idle_in_transaction_session_timeout", "lock_timeout", "statement_timeout")
            }
        assert limits == {
            "idle_in_transaction_session_timeout": "5min",
            "lock_timeout": "10s",
            "statement_timeout": "1min",
        }
        assert postgresql.run("SHOW lock_timeout") == [("0",)]


class TestByTcp:
    def test_the_password_comes_beside_the_url(self, postgresql: PostgreSqlServer, url: str) -> None:
        with closing(opened(postgresql.url_by_tcp(url), password=PASSWORD)) as ledger:
            book(ledger, "a")

    @pytest.mark.parametrize("password", ["", "wrong-S3cret"])
    def test_a_wrong_password_is_told_without_a_word_of_it(
        self, postgresql: PostgreSqlServer, url: str, password: str
    ) -> None:
        by_tcp = postgresql.url_by_tcp(url)
        with pytest.raises(LedgerUnavailable) as told:
            opened(by_tcp, password=password)
        assert "MAILBOT_LEDGER_PASSWORD" in told.value.for_people()
        for said in (told.value.for_people(), str(told.value), repr(told.value)):
            assert "S3cret" not in said
            assert by_tcp not in said

    @pytest.mark.parametrize("of_libpq", ["PGPASSWORD", "PGPASSFILE"])
    def test_libpqs_own_ways_to_a_password_serve_too(
        self, postgresql: PostgreSqlServer, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, of_libpq: str
    ) -> None:
        escaped = PASSWORD.replace(":", "\\:")
        (tmp_path / "pgpass").write_text(f"127.0.0.1:{postgresql.port}:*:{USER}:{escaped}\n")
        (tmp_path / "pgpass").chmod(0o600)
        monkeypatch.setenv(of_libpq, {"PGPASSWORD": PASSWORD, "PGPASSFILE": str(tmp_path / "pgpass")}[of_libpq])
        with closing(opened(postgresql.url_by_tcp(url))) as ledger:
            assert booked(ledger) == []

    def test_a_server_that_proves_who_it_is_is_believed(self, postgresql: PostgreSqlServer, url: str) -> None:
        verified = f"?sslmode=verify-full&sslrootcert={postgresql.certificates.ca_file}"
        by_tls = postgresql.url_by_tcp(url, "localhost", verified)
        with closing(opened(by_tls, password=PASSWORD)) as ledger, ledger._database.reading() as connection:
            asked = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
            assert connection.exec_driver_sql(asked).scalar() is True

    @pytest.mark.parametrize("root", ["another.pem", "missing.pem"])
    def test_a_server_that_cannot_prove_who_it_is_is_not_logged_in_to(
        self, postgresql: PostgreSqlServer, url: str, tmp_path: Path, root: str
    ) -> None:
        (tmp_path / "another.pem").write_bytes(make_certificates(tmp_path).ca_file.read_bytes())
        verified = f"?sslmode=verify-full&sslrootcert={tmp_path / root}"
        with pytest.raises(LedgerUnavailable) as told:
            opened(postgresql.url_by_tcp(url, "localhost", verified), password=PASSWORD)
        assert "sslrootcert" in told.value.for_people()

    def test_a_port_on_which_nobody_listens_is_told(self, url: str) -> None:
        with pytest.raises(LedgerUnavailable) as told:
            opened(f"postgresql://{USER}@127.0.0.1:9/{server_of(url).database}")
        assert "连接不上台账数据库" in told.value.for_people()
