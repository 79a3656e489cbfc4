"""Migrations and tables say the same, and an old ledger becomes a new one."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable
from tests.unit.ledger.builders import NUMBERS, received

from mailbot.ledger import sqlite
from mailbot.ledger.engine import SqlLedger, open_ledger
from mailbot.ledger.migrate import MIGRATIONS, bring_up_to_date, is_current, migrations
from mailbot.ledger.schema import HEAD, metadata

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[SqlLedger]:
    opened = open_ledger(f"sqlite:///{tmp_path}/ledger.db", receipt_number=NUMBERS)
    yield opened
    opened.close()


def test_the_migrations_make_exactly_the_tables_of_the_schema(ledger: SqlLedger) -> None:
    with ledger._engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_the_head_is_the_newest_migration() -> None:
    assert ScriptDirectory(str(MIGRATIONS)).get_heads() == [HEAD]


def test_an_older_ledger_is_migrated_once(ledger: SqlLedger) -> None:
    """The only older one yet is the one before the first step."""
    with ledger._engine.connect().execution_options(**sqlite.WRITING) as connection, connection.begin():
        command.downgrade(migrations(connection), "base")
        assert not is_current(connection)

    with (
        closing(open_ledger(f"sqlite:///{ledger.path}", receipt_number=NUMBERS)) as again,
        again.transaction() as books,
    ):
        received(books)
        assert len(books.messages()) == 1


def test_a_ledger_that_is_current_is_left_as_it_is(ledger: SqlLedger) -> None:
    """Another process may have migrated between the look and the lock."""
    with ledger._engine.connect() as connection:
        bring_up_to_date(connection)
        assert is_current(connection)


def test_every_table_can_be_made_in_postgresql_too() -> None:
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy's, without annotations
    made = {table.name: str(CreateTable(table).compile(dialect=dialect)) for table in metadata.sorted_tables}
    for table in metadata.sorted_tables:
        for index in table.indexes:
            assert str(CreateIndex(index).compile(dialect=dialect))
    assert "uid BIGINT" in made["sightings"]
    assert "uidvalidity BIGINT" in made["folders"]
    assert "WITH TIME ZONE" not in "".join(made.values())
