"""Receipts (收件登记): numbered once and for ever, with the parts, figures and progress they rest on."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from sqlalchemy import Table, and_, delete, func, insert, select, update

from mailbot.domain.books import Receipt, StoredMessage
from mailbot.domain.report import Figure, Part, Progress, Source
from mailbot.ledger.schema import figures, parts, progress, receipts

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy.engine import Connection
    from sqlalchemy.sql import Select
    from sqlalchemy.sql.elements import ColumnElement

    from mailbot.domain.decision import Submission
    from mailbot.domain.period import Period
    from mailbot.domain.report import PartKind


def find(connection: Connection, *conditions: ColumnElement[bool]) -> tuple[Receipt, ...]:
    """Return the receipts that meet every condition, oldest arrival first."""
    chosen = select(receipts.c.id).where(*conditions)
    their_parts = _held(connection, chosen, parts, _part)
    their_figures = _held(connection, chosen, figures, _figure)
    their_progress = _held(connection, chosen, progress, _progress)
    found = select(receipts).where(*conditions).order_by(receipts.c.arrived, receipts.c.id)
    return tuple(
        Receipt(
            number=row.number,
            sha256=row.sha256,
            notice=row.notice,
            unit=row.unit,
            period=row.period,
            arrived=row.arrived,
            folder=row.folder,
            parts=tuple(their_parts[row.id]),
            tasks=tuple(row.tasks),
            figures=tuple(their_figures[row.id]),
            progress=tuple(their_progress[row.id]),
        )
        for row in connection.execute(found)
    )


def filtered(connection: Connection, unit: str | None, period: Period | None) -> tuple[Receipt, ...]:
    """Return the receipts of a unit, a period, both or at all, oldest arrival first."""
    conditions = []
    if unit is not None:
        conditions.append(receipts.c.unit == unit)
    if period is not None:
        conditions.append(receipts.c.period == period)
    return find(connection, *conditions)


def kinds(connection: Connection) -> frozenset[tuple[str, str, Period, PartKind]]:
    """Return which kinds of part have come: notice, unit, period and kind."""
    came = select(receipts.c.notice, receipts.c.unit, receipts.c.period, parts.c.kind).join(parts).distinct()
    return frozenset((row.notice, row.unit, row.period, row.kind) for row in connection.execute(came))


def of_message(connection: Connection, sha256: str) -> tuple[Receipt, ...]:
    """Return the receipts of one message."""
    return find(connection, receipts.c.sha256 == sha256)


def book(connection: Connection, message: StoredMessage, submission: Submission, pattern: str) -> tuple[str, bool]:
    """Issue a receipt, or renew the message's for that unit and period; return its number, and whether it is new."""
    same = and_(
        receipts.c.sha256 == message.sha256,
        receipts.c.notice == submission.notice,
        receipts.c.unit == submission.unit,
        receipts.c.period == submission.period,
    )
    row = connection.execute(select(receipts.c.id, receipts.c.number).where(same)).one_or_none()
    if row is None:
        receipt, number = _issue(connection, message, submission, pattern)
    else:
        receipt, number = row.id, row.number
        connection.execute(update(receipts).where(same).values(arrived=message.arrived, tasks=list(submission.tasks)))
    _replace(connection, receipt, submission)
    return number, row is None


def _issue(connection: Connection, message: StoredMessage, submission: Submission, pattern: str) -> tuple[int, str]:
    serial = _next_serial(connection, submission.period)
    number = _number(pattern, submission.period, serial)
    values = {
        "number": number,
        "sha256": message.sha256,
        "notice": submission.notice,
        "unit": submission.unit,
        "period": submission.period,
        "serial": serial,
        "arrived": message.arrived,
        "folder": message.folder,
        "tasks": list(submission.tasks),
    }
    return connection.execute(insert(receipts).values(values).returning(receipts.c.id)).scalar_one(), number


def _next_serial(connection: Connection, period: Period) -> int:
    """Return the period's next serial: no gaps and no repeats, as receipts are never removed and writers take turns."""
    last = connection.execute(select(func.max(receipts.c.serial)).where(receipts.c.period == period)).scalar()
    return (last or 0) + 1


def _number(pattern: str, period: Period, serial: int) -> str:
    """Return the receipt number as the office wants it written."""
    return pattern.format(year=period.year, month=period.month, serial=serial)


def _replace(connection: Connection, receipt: int, submission: Submission) -> None:
    """Put what the submission holds in the place of what the receipt held."""
    held = (
        (parts, [_part_values(one) for one in submission.parts]),
        (figures, [_figure_values(one) for one in submission.figures]),
        (progress, [_progress_values(one) for one in submission.progress]),
    )
    for table, all_values in held:
        connection.execute(delete(table).where(table.c.receipt == receipt))
        if all_values:
            connection.execute(insert(table), [{"receipt": receipt, **values} for values in all_values])


def _held(
    connection: Connection, chosen: Select[Any], table: Table, read: Callable[[Any], Any]
) -> defaultdict[int, list[Any]]:
    """Return what a table holds of each receipt chosen, in the order it was written."""
    found: defaultdict[int, list[Any]] = defaultdict(list)
    for row in connection.execute(select(table).where(table.c.receipt.in_(chosen)).order_by(table.c.id)):
        found[row.receipt].append(read(row))
    return found


def _part(row: Any) -> Part:
    return Part(row.kind, row.file, row.sha256, row.size, row.unit, row.period, row.pages, row.seal)


def _part_values(part: Part) -> dict[str, Any]:
    return {
        "kind": part.kind,
        "file": part.file,
        "sha256": part.sha256,
        "size": part.size,
        "unit": part.unit,
        "period": part.period,
        "pages": part.pages,
        "seal": part.seal,
    }


def _figure(row: Any) -> Figure:
    return Figure(row.task, row.what, row.value, row.unit_of_measure, row.meaning, _source(row), row.unit, row.period)


def _figure_values(figure: Figure) -> dict[str, Any]:
    return {
        "task": figure.task,
        "what": figure.what,
        "value": figure.value,
        "unit_of_measure": figure.unit_of_measure,
        "meaning": figure.meaning,
        **_source_values(figure.source),
        "unit": figure.unit,
        "period": figure.period,
    }


def _progress(row: Any) -> Progress:
    return Progress(row.task, row.text, _source(row), row.difficulties, row.next_steps, row.unit, row.period)


def _progress_values(one: Progress) -> dict[str, Any]:
    return {
        "task": one.task,
        "text": one.text,
        "difficulties": one.difficulties,
        "next_steps": one.next_steps,
        **_source_values(one.source),
        "unit": one.unit,
        "period": one.period,
    }


def _source(row: Any) -> Source:
    return Source(row.file, row.sheet, row.cell, row.page)


def _source_values(source: Source) -> dict[str, Any]:
    return {"file": source.file, "sheet": source.sheet, "cell": source.cell, "page": source.page}
