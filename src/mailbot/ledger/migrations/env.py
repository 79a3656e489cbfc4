"""What Alembic runs to migrate: over the connection it is given, in that connection's transaction."""

from __future__ import annotations

from alembic import context

from mailbot.ledger.schema import metadata


def migrate() -> None:
    """Run the steps that are missing."""
    context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
    context.run_migrations()


if __name__ == "env_py":  # the name under which Alembic runs this file; imported otherwise, it does nothing
    migrate()
