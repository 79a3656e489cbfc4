"""The door: what it makes, what it refuses, and what it does not load."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, cast

import pytest
from tests.unit.ledger.builders import NUMBERS, received

from mailbot.errors import ConfigurationError, LedgerMismatch, LedgerUnavailable
from mailbot.ledger import sqlite
from mailbot.ledger.engine import SqlLedger, open_ledger

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy.pool import ConnectionPoolEntry

SOON = 0.05  # seconds to wait for a lock that will not come


def opened(path: Path, *, patience: float = SOON) -> SqlLedger:
    return open_ledger(f"sqlite:///{path}", receipt_number=NUMBERS, patience=patience)


def run_sql(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def test_what_is_missing_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    with closing(opened(tmp_path / "new" / "ledger.db")) as ledger, ledger.transaction() as books:
        received(books)
        assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700
        modes = {file.name: file.stat().st_mode & 0o777 for file in (tmp_path / "new").iterdir()}
    assert modes == {"ledger.db": 0o600, "ledger.db-wal": 0o600, "ledger.db-shm": 0o600}


def test_what_was_made_beside_a_closed_file_is_opened_with_it_again(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    with closing(opened(path)), closing(sqlite3.connect(path)) as another:
        another.execute("SELECT * FROM events")  # keeps -wal and -shm where they are
        besides = [tmp_path / "ledger.db-wal", tmp_path / "ledger.db-shm"]
        for beside in besides:
            beside.chmod(0o400)

        with closing(opened(path)) as ledger, ledger.transaction() as books:
            received(books)

        assert [beside.stat().st_mode & 0o777 for beside in besides] == [0o600, 0o600]


def test_a_name_with_every_strange_mark_is_a_file_too(tmp_path: Path) -> None:
    with closing(opened(tmp_path / "台账 100%25 #1" / "ledger.db")):
        assert (tmp_path / "台账 100%25 #1" / "ledger.db").exists()


def test_every_connection_is_durable(tmp_path: Path) -> None:
    with closing(opened(tmp_path / "ledger.db")) as ledger, ledger._database.engine.connect() as connection:
        settings = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        ]
    assert settings == ["wal", 2, 1]


def test_a_place_that_cannot_be_durable_is_refused() -> None:
    """A file system without shared memory answers `delete` to `journal_mode = WAL`; a memory database refuses alike."""
    with closing(sqlite3.connect(":memory:")) as connection, pytest.raises(LedgerUnavailable, match="is memory"):
        sqlite._set_up(connection, cast("ConnectionPoolEntry", None))


@pytest.mark.parametrize("url", ["mysql://localhost/x", "sqlite://", "sqlite:///:memory:", "ledger.db", ""])
def test_a_url_that_names_no_database_is_a_configuration_error(url: str) -> None:
    with pytest.raises(ConfigurationError) as refusal:
        open_ledger(url, receipt_number=NUMBERS)
    assert "ledger.url" in refusal.value.for_people()


def test_a_password_in_a_url_is_not_told() -> None:
    with pytest.raises(ConfigurationError) as refusal:
        open_ledger("postgresql://me:s3cret@localhost/x", receipt_number=NUMBERS)
    assert "s3cret" not in refusal.value.for_people()


def test_a_folder_that_cannot_be_made_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(LedgerUnavailable):
        opened(tmp_path / "file" / "ledger.db")


def test_what_is_no_database_is_a_mismatch_and_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "ledger.db").write_bytes(b"PK\x03\x04" * 1000)
    with pytest.raises(LedgerMismatch):
        opened(tmp_path / "ledger.db")
    assert (tmp_path / "ledger.db").read_bytes() == b"PK\x03\x04" * 1000


def test_a_damaged_page_is_a_mismatch(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    with closing(opened(path)) as ledger, ledger.transaction() as books:
        received(books)
    whole = path.read_bytes()
    path.write_bytes(whole[:4096] + b"\xff" * (len(whole) - 4096))
    with pytest.raises(LedgerMismatch):
        opened(path)


def test_a_database_of_another_program_is_a_mismatch(tmp_path: Path) -> None:
    run_sql(tmp_path / "ledger.db", "CREATE TABLE theirs (x)")
    with pytest.raises(LedgerMismatch) as refusal:
        opened(tmp_path / "ledger.db")
    assert "不是 mailbot 的台账" in refusal.value.for_people()


def test_a_ledger_of_a_newer_mailbot_is_refused_and_left_alone(tmp_path: Path) -> None:
    opened(tmp_path / "ledger.db").close()
    run_sql(tmp_path / "ledger.db", "UPDATE alembic_version SET version_num = '9999'")
    before = (tmp_path / "ledger.db").read_bytes()
    with pytest.raises(LedgerMismatch, match="9999"):
        opened(tmp_path / "ledger.db")
    assert (tmp_path / "ledger.db").read_bytes() == before


def test_a_table_that_is_gone_is_a_mismatch(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    opened(path).close()
    run_sql(path, "DROP TABLE bindings")
    with closing(opened(path)) as ledger, pytest.raises(LedgerMismatch), ledger.reading() as books:
        books.bindings()


def test_a_lock_that_another_keeps_is_waited_for_and_then_told(tmp_path: Path) -> None:
    with (
        closing(opened(tmp_path / "ledger.db")) as ledger,
        ledger.transaction(),
        pytest.raises(LedgerUnavailable, match="locked"),
        ledger.transaction(),
    ):
        pass


def test_a_ledger_can_be_opened_and_read_while_another_writes(tmp_path: Path) -> None:
    with closing(opened(tmp_path / "ledger.db")) as ledger, ledger.transaction() as books:
        received(books)
        with closing(opened(tmp_path / "ledger.db")) as beside, beside.reading() as looking:
            assert looking.messages() == ()
