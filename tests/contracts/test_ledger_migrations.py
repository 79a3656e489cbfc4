"""Migrations and tables say the same in every database, and an old ledger becomes a new one."""

from __future__ import annotations

from contextlib import closing

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from tests.unit.ledger.builders import NUMBERS, received

from mailbot.ledger.engine import open_ledger
from mailbot.ledger.migrate import is_current, migrations
from mailbot.ledger.schema import metadata


def test_the_migrations_make_exactly_the_tables_of_the_schema(ledger_url: str) -> None:
    with (
        closing(open_ledger(ledger_url, receipt_number=NUMBERS)) as ledger,
        ledger._database.reading() as connection,
    ):
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_an_older_ledger_is_migrated_once(ledger_url: str) -> None:
    """The only older one yet is the one before the first step."""
    with closing(open_ledger(ledger_url, receipt_number=NUMBERS)) as old, old._database.writing() as connection:
        command.downgrade(migrations(connection), "base")
        assert not is_current(connection)
        connection.commit()

    with closing(open_ledger(ledger_url, receipt_number=NUMBERS)) as again, again.transaction() as books:
        received(books)
        assert len(books.messages()) == 1
