"""What waits for a person (待处理)."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, insert, select, update

from mailbot.domain.books import OpenDoubt, TriageItem
from mailbot.ledger.messages import OLDEST_FIRST
from mailbot.ledger.schema import concerns, messages, triage

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Select
    from sqlalchemy.engine import Connection

    from mailbot.domain.decision import Decision
    from mailbot.domain.period import Period

_WAITS = triage.c.closed.is_(None)
_OPEN = (
    select(triage, messages.c.arrived, messages.c.sender, messages.c.sender_as_written, messages.c.subject)
    .join(messages)
    .where(_WAITS)
    .order_by(*OLDEST_FIRST)
)
_WHAT_THEY_CONCERN = select(concerns).join(triage).where(_WAITS).order_by(concerns.c.id)
_OF = triage.c.sha256 == bindparam("of")
_AGAIN = update(triage).where(_OF).returning(triage.c.id)
_FIRST = insert(triage).returning(triage.c.id)
_CLOSE = update(triage).where(_OF, _WAITS)
_CONCERN = insert(concerns)
_NO_LONGER = delete(concerns).where(concerns.c.triage == bindparam("item"))


def items(connection: Connection) -> tuple[TriageItem, ...]:
    """Return what waits, oldest arrival first."""
    about: defaultdict[int, list[tuple[str, Period]]] = defaultdict(list)
    for row in connection.execute(_WHAT_THEY_CONCERN):
        about[row.triage].append((row.unit, row.period))
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
            concerns=tuple(about[row.id]),
        )
        for row in connection.execute(_OPEN)
    )


def open_doubts(connection: Connection, unit: str | None, period: Period | None) -> tuple[OpenDoubt, ...]:
    """Return what counts for units and periods while it waits: it may be a report for them, its arrival is known."""
    wanted = {name: value for name, value in (("unit", unit), ("period", period)) if value is not None}
    rows = connection.execute(_doubts(*wanted), wanted)
    return tuple(OpenDoubt(row.unit, row.period, row.arrived) for row in rows)


def concerned(connection: Connection) -> frozenset[tuple[str, Period]]:
    """Return the units and periods that what waits may be for or about."""
    return frozenset((row.unit, row.period) for row in connection.execute(_WHAT_THEY_CONCERN))


def put(connection: Connection, sha256: str, decision: Decision, at: datetime) -> None:
    """Let a message wait, or wait again under the same number, with the guess and the doubts of now."""
    unit, period = decision.guess
    values = {
        "unit": unit,
        "period": period,
        "may_deliver": decision.may_deliver,
        "doubts": [{"code": doubt.code, "text": doubt.text} for doubt in decision.doubts],
        "closed": None,
    }
    item = connection.execute(_AGAIN, {"of": sha256, **values}).scalar()
    if item is None:
        item = connection.execute(_FIRST, {"sha256": sha256, "opened": at, **values}).scalar_one()
    else:
        connection.execute(_NO_LONGER, {"item": item})
    if decision.concerns:
        about = [{"triage": item, "unit": unit, "period": period} for unit, period in decision.concerns]
        connection.execute(_CONCERN, about)


def close(connection: Connection, sha256: str, at: datetime) -> bool:
    """Let a message wait no longer; return whether it did."""
    return connection.execute(_CLOSE, {"of": sha256, "closed": at}).rowcount > 0


@cache
def _doubts(*names: str) -> Select[Any]:
    """Return how open doubts are chosen by the columns of these names."""
    counts = (_WAITS, triage.c.may_deliver, messages.c.arrived.is_not(None))
    return (
        select(concerns.c.unit, concerns.c.period, messages.c.arrived)
        .join(triage, concerns.c.triage == triage.c.id)
        .join(messages, triage.c.sha256 == messages.c.sha256)
        .where(*counts, *(concerns.c[name] == bindparam(name) for name in names))
        .order_by(*OLDEST_FIRST, concerns.c.id)
    )
