"""The first ledger: plain column types, so that this step stays what it was when ours change."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.types import TypeEngine

revision = "0001"
down_revision = None

TABLES = (
    "service",
    "events",
    "outbox",
    "bindings",
    "concerns",
    "triage",
    "progress",
    "figures",
    "parts",
    "receipts",
    "folders",
    "sightings",
    "messages",
)


def upgrade() -> None:
    """Make the tables."""
    _make_messages()
    _make_sightings()
    _make_receipts()
    _make_what_receipts_hold()
    _make_triage()
    _make_outbox()
    _make_the_rest()


def downgrade() -> None:
    """Drop the tables."""
    for table in TABLES:
        op.drop_table(table)


def _must(name: str, kind: type[TypeEngine[Any]] | TypeEngine[Any]) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False)


def _may(name: str, kind: type[TypeEngine[Any]] | TypeEngine[Any]) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=True)


def _make_messages() -> None:
    op.create_table(
        "messages",
        sa.Column("sha256", sa.String(64), primary_key=True),
        _must("size", sa.BigInteger),
        _may("arrived", sa.DateTime),
        _must("folder", sa.Text),
        _must("standing", sa.String(32)),
        _may("kind", sa.String(32)),
        _must("message_id", sa.Text),
        _must("sender", sa.Text),
        _must("sender_as_written", sa.Text),
        _must("subject", sa.Text),
        _must("why", sa.Text),
        _may("evidence", sa.JSON),
        _may("decided", sa.DateTime),
        _must("tries", sa.Integer),
        _must("lost", sa.Boolean),
    )
    op.create_index("ix_messages_standing", "messages", ["standing"])
    op.create_index("ix_messages_sender", "messages", ["sender"])


def _make_sightings() -> None:
    op.create_table(
        "sightings",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("sha256", sa.String(64), sa.ForeignKey("messages.sha256"), nullable=False),
        _must("source", sa.String(32)),
        _must("folder", sa.Text),
        _may("uidvalidity", sa.BigInteger),
        _may("uid", sa.BigInteger),
        _may("arrived", sa.DateTime),
        _must("size", sa.BigInteger),
        _must("in_view", sa.Boolean),
        _may("stand_in", sa.String(32)),
        sa.UniqueConstraint("folder", "uidvalidity", "uid", "arrived", "size"),
    )
    op.create_index("ix_sightings_sha256", "sightings", ["sha256"])
    op.create_table(
        "folders",
        sa.Column("folder", sa.Text, primary_key=True),
        _must("uidvalidity", sa.BigInteger),
        _may("uidnext", sa.BigInteger),
        _must("exists", sa.BigInteger),
        _must("completed", sa.DateTime),
    )


def _make_receipts() -> None:
    op.create_table(
        "receipts",
        sa.Column("id", sa.Integer, primary_key=True),
        _must("number", sa.Text),
        sa.Column("sha256", sa.String(64), sa.ForeignKey("messages.sha256"), nullable=False),
        _must("notice", sa.Text),
        _must("unit", sa.Text),
        _must("period", sa.String(7)),
        _must("serial", sa.Integer),
        _must("arrived", sa.DateTime),
        _must("folder", sa.Text),
        _must("tasks", sa.JSON),
        sa.Column("revoked", sa.DateTime),
        _may("due", sa.DateTime),
        _must("rule", sa.Text),
        sa.UniqueConstraint("number"),
        sa.UniqueConstraint("sha256", "notice", "unit", "period"),
        sa.UniqueConstraint("period", "serial"),
    )
    op.create_index("ix_receipts_unit_period", "receipts", ["unit", "period"])


def _make_what_receipts_hold() -> None:
    op.create_table(
        "parts",
        *_held_by_a_receipt(),
        _must("kind", sa.String(32)),
        _may("file", sa.Text),
        _must("sha256", sa.String(64)),
        _must("size", sa.BigInteger),
        _may("pages", sa.Integer),
        _may("seal", sa.String(32)),
    )
    op.create_table(
        "figures",
        *_held_by_a_receipt(),
        _must("task", sa.Integer),
        _must("what", sa.Text),
        _must("value", sa.Float),
        _must("unit_of_measure", sa.Text),
        _must("meaning", sa.String(32)),
        *_place(),
    )
    op.create_table(
        "progress",
        *_held_by_a_receipt(),
        _must("task", sa.Integer),
        _must("text", sa.Text),
        _must("difficulties", sa.Text),
        _must("next_steps", sa.Text),
        *_place(),
    )
    for table in ("parts", "figures", "progress"):
        op.create_index(f"ix_{table}_receipt", table, ["receipt"])


def _held_by_a_receipt() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("receipt", sa.Integer, sa.ForeignKey("receipts.id"), nullable=False),
        _may("unit", sa.Text),
        _may("period", sa.String(7)),
    )


def _place() -> tuple[sa.Column[Any], ...]:
    return _may("file", sa.Text), _may("sheet", sa.Text), _may("cell", sa.Text), _may("page", sa.Integer)


def _make_triage() -> None:
    op.create_table(
        "triage",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("sha256", sa.String(64), sa.ForeignKey("messages.sha256"), nullable=False),
        _may("unit", sa.Text),
        _may("period", sa.String(7)),
        _must("may_deliver", sa.Boolean),
        _must("doubts", sa.JSON),
        _must("opened", sa.DateTime),
        _may("closed", sa.DateTime),
        sa.UniqueConstraint("sha256"),
    )
    op.create_table(
        "concerns",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("triage", sa.Integer, sa.ForeignKey("triage.id"), nullable=False),
        _must("unit", sa.Text),
        _must("period", sa.String(7)),
    )
    op.create_index("ix_concerns_triage", "concerns", ["triage"])
    op.create_index("ix_concerns_unit_period", "concerns", ["unit", "period"])


def _make_outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer, primary_key=True),
        _must("key", sa.Text),
        _must("kind", sa.String(32)),
        _must("recipient", sa.Text),
        _must("subject", sa.Text),
        _must("message_id", sa.Text),
        _must("in_reply_to", sa.Text),
        _must("raw", sa.LargeBinary),
        _must("about", sa.JSON),
        _must("answers", sa.Text),
        _must("rung", sa.Text),
        _must("aside", sa.JSON),
        _may("expires", sa.DateTime),
        _must("state", sa.String(32)),
        _must("tries", sa.Integer),
        _must("created", sa.DateTime),
        _may("tried", sa.DateTime),
        _may("not_before", sa.DateTime),
        _must("reason", sa.Text),
        _must("released", sa.Boolean),
        sa.UniqueConstraint("key"),
        sa.UniqueConstraint("message_id"),
    )
    for column in ("recipient", "state", "tried"):
        op.create_index(f"ix_outbox_{column}", "outbox", [column])


def _make_the_rest() -> None:
    op.create_table(
        "bindings",
        sa.Column("address", sa.Text, primary_key=True),
        sa.Column("unit", sa.Text, primary_key=True),
        _must("bound", sa.DateTime),
        _must("actor", sa.Text),
    )
    op.create_table(
        "events",
        sa.Column("id", sa.Integer, primary_key=True),
        _must("at", sa.DateTime),
        _must("actor", sa.Text),
        _must("what", sa.Text),
        _must("subject", sa.Text),
        _must("detail", sa.Text),
    )
    op.create_index("ix_events_subject", "events", ["subject"])
    op.create_table("service", sa.Column("key", sa.Text, primary_key=True), _must("value", sa.Text))
