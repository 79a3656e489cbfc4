"""What `ledger.url` may say, and that no password is part of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from mailbot.domain.ledger_url import DatabaseServer, absolute, check_ledger_url, file_of, server_of

VERIFIED = "?sslmode=verify-full&sslrootcert=ca.pem"
SOCKETS = "/var/run/postgresql"


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("postgresql://me@localhost/x", DatabaseServer("localhost", 5432, "me", "x")),
        ("postgresql://me@127.0.0.1:6432/x", DatabaseServer("127.0.0.1", 6432, "me", "x")),
        ("postgresql://me@[::1]:6432/x", DatabaseServer("::1", 6432, "me", "x")),
        ("postgresql://localhost/x?sslmode=disable", DatabaseServer("localhost", 5432, "", "x", "disable")),
        ("postgresql:///x", DatabaseServer("", 5432, "", "x")),
        ("postgresql://me@/x", DatabaseServer("", 5432, "me", "x")),
        (f"postgresql://me@/x?host={SOCKETS}", DatabaseServer(SOCKETS, 5432, "me", "x")),
        ("postgresql://me@%2Fvar%2Frun%2Fpostgresql/x", DatabaseServer(SOCKETS, 5432, "me", "x")),
        ("postgresql://%E5%BC%A0@localhost/%E5%8F%B0%E8%B4%A6", DatabaseServer("localhost", 5432, "张", "台账")),
        (
            f"postgresql://me@db.example:6432/x{VERIFIED}",
            DatabaseServer("db.example", 6432, "me", "x", "verify-full", "ca.pem"),
        ),
    ],
)
def test_a_server_is_named_as_libpq_names_it(url: str, server: DatabaseServer) -> None:
    assert server_of(check_ledger_url(url)) == server
    assert file_of(url) is None


@pytest.mark.parametrize(
    "options",
    [
        "",
        "?sslmode=require",
        "?sslmode=verify-ca&sslrootcert=ca.pem",
        "?sslmode=verify-full",
        "?sslrootcert=ca.pem",
        "?sslmode=disable",
    ],
)
def test_another_machine_must_prove_who_it_is(options: str) -> None:
    with pytest.raises(ValueError, match="sslmode=verify-full&sslrootcert="):
        check_ledger_url(f"postgresql://me@db.example/x{options}")


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://me:S3cret@localhost/x",
        "postgresql://me:S3cret@db.example/x",
        "postgresql://:S3cret@localhost/x",
        "postgresql://me:S3/c@ret?@localhost/x",
        "postgresql://me@localhost/x?password=S3cret",
        f"postgresql://me@db.example/x{VERIFIED}&password=S3cret",
    ],
)
def test_a_password_in_it_is_refused_with_where_it_belongs_and_not_repeated(url: str) -> None:
    with pytest.raises(ValueError, match="MAILBOT_LEDGER_PASSWORD") as refusal:
        check_ledger_url(url)
    assert "S3" not in str(refusal.value)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("", "SQLite 文件或 PostgreSQL"),
        ("ledger.db", "SQLite 文件或 PostgreSQL"),
        ("mysql://me@localhost/x", "SQLite 文件或 PostgreSQL"),
        ("postgres://me@localhost/x", "SQLite 文件或 PostgreSQL"),
        ("postgresql+psycopg://me@localhost/x", "SQLite 文件或 PostgreSQL"),
        ("postgresql://localhost", "SQLite 文件或 PostgreSQL"),
        ("postgresql://localhost/", "SQLite 文件或 PostgreSQL"),
        ("postgresql://me:S3cret/x", "SQLite 文件或 PostgreSQL"),
        ("postgresql://localhost:0/x", "SQLite 文件或 PostgreSQL"),
        ("postgresql://localhost:65536/x", "SQLite 文件或 PostgreSQL"),
        ("postgresql://localhost,db.example/x", "SQLite 文件或 PostgreSQL"),
        ("postgresql://localhost/x y", "SQLite 文件或 PostgreSQL"),
        ("postgresql://localhost/x#y", "SQLite 文件或 PostgreSQL"),
        ("postgresql://localhost/x?options=-c%20fsync=off", "只能写 host、sslmode、sslrootcert"),
        ("postgresql://localhost/x?sslmode=disable&sslmode=verify-full", "各一次"),
        ("postgresql://localhost/x?host=db.example", "套接字"),
        (f"postgresql://localhost/x?host={SOCKETS}", "套接字"),
        ("sqlite://", "SQLite"),
        ("sqlite:///", "SQLite 文件的地址"),
        ("sqlite:///:memory:", "SQLite 文件的地址"),
        ("sqlite:///a.db?mode=ro", "问号"),
    ],
)
def test_anything_else_is_refused_with_what_to_write(url: str, said: str) -> None:
    with pytest.raises(ValueError, match=said) as refusal:
        check_ledger_url(url)
    assert "S3cret" not in str(refusal.value)


def test_paths_in_it_are_beside_the_file_of_settings() -> None:
    base = Path("/etc/mailbot")
    assert absolute("sqlite:///ledger.db", base) == "sqlite:////etc/mailbot/ledger.db"
    assert absolute("sqlite:////srv/ledger.db", base) == "sqlite:////srv/ledger.db"
    assert absolute("postgresql://me@localhost/x", base) == "postgresql://me@localhost/x"
    for url, root in ((f"postgresql://me@db.example/x{VERIFIED}", "/etc/mailbot/ca.pem"),):
        assert server_of(absolute(url, base)).sslrootcert == root


def test_a_folder_with_a_question_mark_in_its_name_holds_a_ledger_too() -> None:
    assert file_of(absolute("sqlite:///ledger.db", Path("/srv/what?"))) == Path("/srv/what?/ledger.db")
