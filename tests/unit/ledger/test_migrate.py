"""The migrations say what the tables are, and leave alone what is current."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from alembic.script import ScriptDirectory
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable
from tests.unit.ledger.builders import NUMBERS

from mailbot.ledger.engine import open_ledger
from mailbot.ledger.migrate import MIGRATIONS, bring_up_to_date, is_current
from mailbot.ledger.schema import HEAD, metadata

if TYPE_CHECKING:
    from pathlib import Path


def test_the_head_is_the_newest_migration() -> None:
    assert ScriptDirectory(str(MIGRATIONS)).get_heads() == [HEAD]


def test_a_ledger_that_is_current_is_left_as_it_is(tmp_path: Path) -> None:
    """Another process may have migrated between the look and the lock."""
    with (
        closing(open_ledger(f"sqlite:///{tmp_path}/ledger.db", receipt_number=NUMBERS)) as ledger,
        ledger._database.writing() as connection,
    ):
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
