"""What waits for a person (待处理)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, insert, select, update

from mailbot.domain.books import OpenDoubt, TriageItem
from mailbot.domain.period import Period
from mailbot.ledger.messages import OLDEST_FIRST
from mailbot.ledger.schema import messages, triage

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.engine import Connection

    from mailbot.domain.decision import Decision


def items(connection: Connection) -> tuple[TriageItem, ...]:
    """Return what waits, oldest arrival first."""
    return tuple(
        TriageItem(
            id=row.id,
            sha256=row.sha256,
            arrived=row.arrived,
            sender=row.sender or row.sender_as_written,
            subject=row.subject,
            unit=row.unit,
            period=row.period,
            reasons=tuple(doubt["text"] for doubt in row.doubts),
            concerns=_concerns(row.concerns),
        )
        for row in connection.execute(_open())
    )


def open_doubts(connection: Connection) -> tuple[OpenDoubt, ...]:
    """Return what counts for units and periods while it waits: it may be a report for them, its arrival is known."""
    return tuple(
        OpenDoubt(unit, period, row.arrived)
        for row in connection.execute(_open())
        if row.may_deliver and row.arrived is not None
        for unit, period in _concerns(row.concerns)
    )


def put(connection: Connection, sha256: str, decision: Decision, at: datetime) -> None:
    """Let a message wait, or wait again under the same number, with the guess and the doubts of now."""
    unit, period = decision.guess
    values = {
        "unit": unit,
        "period": period,
        "concerns": [[unit, str(period)] for unit, period in decision.concerns],
        "may_deliver": decision.may_deliver,
        "doubts": [{"code": doubt.code, "text": doubt.text} for doubt in decision.doubts],
        "closed": None,
    }
    if connection.execute(update(triage).where(triage.c.sha256 == sha256).values(values)).rowcount == 0:
        connection.execute(insert(triage).values(sha256=sha256, opened=at, **values))


def close(connection: Connection, sha256: str, at: datetime) -> bool:
    """Let a message wait no longer; return whether it did."""
    waiting = (triage.c.sha256 == sha256) & triage.c.closed.is_(None)
    return connection.execute(update(triage).where(waiting).values(closed=at)).rowcount > 0


def _concerns(stored: list[list[str]]) -> tuple[tuple[str, Period], ...]:
    return tuple((unit, Period.parse(period)) for unit, period in stored)


def _open() -> Select[Any]:
    return (
        select(triage, messages.c.arrived, messages.c.sender, messages.c.sender_as_written, messages.c.subject)
        .join(messages)
        .where(triage.c.closed.is_(None))
        .order_by(*OLDEST_FIRST)
    )
