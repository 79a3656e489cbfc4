"""Bringing a ledger file to the tables of this program. Alembic is loaded only where there is something to do."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import inspect, text

from mailbot.errors import LedgerMismatch
from mailbot.ledger.schema import HEAD

if TYPE_CHECKING:
    from alembic.config import Config
    from sqlalchemy.engine import Connection

MIGRATIONS = Path(__file__).parent / "migrations"
VERSION_TABLE = "alembic_version"


def is_current(connection: Connection) -> bool:
    """Tell whether the file has exactly our tables."""
    return _revision(connection) == HEAD


def bring_up_to_date(connection: Connection) -> None:
    """Migrate, all or nothing, inside the transaction of the connection.

    Raises:
        LedgerMismatch: a newer mailbot made it, or it is no ledger at all.
    """
    revision = _revision(connection)
    if revision == HEAD:
        return
    from alembic import command
    from alembic.script import ScriptDirectory

    config = migrations(connection)
    if revision is None and set(inspect(connection).get_table_names()) - {VERSION_TABLE}:
        raise LedgerMismatch("the file holds tables of another program", chinese="该文件不是 mailbot 的台账")
    if revision not in {None, *(one.revision for one in ScriptDirectory.from_config(config).walk_revisions())}:
        raise LedgerMismatch(f"revision {revision} is unknown to this program, whose own is {HEAD}")
    command.upgrade(config, "head")


def migrations(connection: Connection) -> Config:
    """Return Alembic's configuration over the connection."""
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _revision(connection: Connection) -> str | None:
    """Return the revision noted in the file, None where there is none."""
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    return connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar()  # noqa: S608 - our constant
