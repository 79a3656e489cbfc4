"""Receipts (收件登记): numbered once and for ever, with the parts, figures and progress they rest on."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, func, insert, select, update

from mailbot.domain.books import Receipt, StoredMessage
from mailbot.domain.report import Figure, Part, Progress, Source
from mailbot.ledger.schema import figures, parts, progress, receipts

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable
    from datetime import datetime

    from sqlalchemy import Table
    from sqlalchemy.engine import Connection
    from sqlalchemy.sql import Select

    from mailbot.domain.books import Obligation
    from mailbot.domain.decision import Submission
    from mailbot.domain.period import Period
    from mailbot.domain.report import PartKind


HELD = (parts, figures, progress)  # what a receipt rests on

# Made once: to make a statement and look up what it compiles to costs SQLAlchemy more than SQLite takes to answer it.
_KEEP = {table: insert(table) for table in HELD}
_IN_FORCE = receipts.c.revoked.is_(None)
_KINDS = (
    select(receipts.c.notice, receipts.c.unit, receipts.c.period, parts.c.kind).join(parts).where(_IN_FORCE).distinct()
)
_IS_THE_SAME = tuple(receipts.c[name] == bindparam(f"of_{name}") for name in ("sha256", "notice", "unit", "period"))
_SAME = select(receipts.c.id, receipts.c.number, receipts.c.folder).where(*_IS_THE_SAME)
_RENEW = update(receipts).where(*_IS_THE_SAME)
_HOLD = update(receipts).where(*_IS_THE_SAME, receipts.c.due.is_(None))
_ISSUE = insert(receipts).returning(receipts.c.id)
_LAST_SERIAL = select(func.max(receipts.c.serial)).where(receipts.c.period == bindparam("period"))


def find(connection: Connection, held: Collection[Table] = HELD, **wanted: Any) -> tuple[Receipt, ...]:
    """Return the receipts in force whose columns hold what is wanted, oldest arrival first.

    Args:
        connection: in a transaction.
        held: which tables of `HELD`, of what they rest on, are read.
        wanted: what the columns of these names hold.
    """
    chosen, statements = _statements(*wanted)
    rows = connection.execute(chosen, wanted).all()
    if not rows:
        return ()
    their_parts, their_figures, their_progress = (
        _of_each(connection.execute(statements[table], wanted).all() if table in held else (), read)
        for table, read in ((parts, _part), (figures, _figure), (progress, _progress))
    )
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
            due=row.due,
            rule=row.rule,
        )
        for row in rows
    )


def hold_to(connection: Connection, sha256: str, owed: Obligation) -> None:
    """Keep by which moment a message's receipt is judged; once kept it stays, whatever is learnt of holidays later."""
    same = {"of_sha256": sha256, "of_notice": owed.notice, "of_unit": owed.unit, "of_period": owed.period}
    connection.execute(_HOLD, {**same, "due": owed.due, "rule": owed.rule})


def filtered(
    connection: Connection, unit: str | None, period: Period | None, held: Collection[Table] = HELD
) -> tuple[Receipt, ...]:
    """Return the receipts of a unit, a period, both or at all, oldest arrival first; `held` as in `find`."""
    wanted: dict[str, Any] = {"unit": unit, "period": period}
    return find(connection, held, **{name: value for name, value in wanted.items() if value is not None})


def arrivals(connection: Connection, unit: str | None, period: Period | None) -> tuple[Receipt, ...]:
    """Return the same receipts with their parts alone."""
    return filtered(connection, unit, period, (parts,))


def kinds(connection: Connection) -> frozenset[tuple[str, str, Period, PartKind]]:
    """Return which kinds of part have come: notice, unit, period and kind."""
    return frozenset(map(tuple, connection.execute(_KINDS)))


def of_message(connection: Connection, sha256: str) -> tuple[Receipt, ...]:
    """Return the receipts of one message."""
    return find(connection, sha256=sha256)


def book(connection: Connection, message: StoredMessage, submission: Submission, pattern: str) -> tuple[Receipt, bool]:
    """Issue a receipt, or renew the message's for that unit and period; return it, and whether it is new."""
    same = {
        "of_sha256": message.sha256,
        "of_notice": submission.notice,
        "of_unit": submission.unit,
        "of_period": submission.period,
    }
    row = connection.execute(_SAME, same).one_or_none()
    if row is None:
        receipt, number, folder = *_issue(connection, message, submission, pattern), message.folder
    else:
        receipt, number, folder = row.id, row.number, row.folder
        connection.execute(
            _RENEW, {**same, "arrived": message.arrived, "tasks": list(submission.tasks), "revoked": None}
        )
        for table in HELD:
            connection.execute(delete(table).where(table.c.receipt == receipt))
    _hold(connection, receipt, submission)
    return _receipt(number, message, submission, folder), row is None


def revoke(connection: Connection, sha256: str, at: datetime) -> None:
    """Let the receipts of a message count for nothing any more; their numbers are never given again."""
    connection.execute(update(receipts).where(receipts.c.sha256 == sha256, _IN_FORCE).values(revoked=at))


def _receipt(number: str, message: StoredMessage, submission: Submission, folder: str) -> Receipt:
    """Return what was booked, as it would be read back."""
    if message.arrived is None:
        raise ValueError(f"no arrival: {message.sha256}")
    return Receipt(
        number=number,
        sha256=message.sha256,
        notice=submission.notice,
        unit=submission.unit,
        period=submission.period,
        arrived=message.arrived,
        folder=folder,
        parts=submission.parts,
        tasks=submission.tasks,
        figures=submission.figures,
        progress=submission.progress,
    )


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
    return connection.execute(_ISSUE, values).scalar_one(), number


def _next_serial(connection: Connection, period: Period) -> int:
    """Return the period's next serial: no gaps and no repeats, as receipts are never removed and writers take turns."""
    return (connection.execute(_LAST_SERIAL, {"period": period}).scalar() or 0) + 1


def _number(pattern: str, period: Period, serial: int) -> str:
    """Return the receipt number as the office wants it written."""
    return pattern.format(year=period.year, month=period.month, serial=serial)


def _hold(connection: Connection, receipt: int, submission: Submission) -> None:
    """Write down what the submission holds."""
    for keep, all_values in (
        (_KEEP[parts], [_part_values(one) for one in submission.parts]),
        (_KEEP[figures], [_figure_values(one) for one in submission.figures]),
        (_KEEP[progress], [_progress_values(one) for one in submission.progress]),
    ):
        if all_values:
            connection.execute(keep, [{"receipt": receipt, **values} for values in all_values])


@cache
def _statements(*names: str) -> tuple[Select[Any], dict[Table, Select[Any]]]:
    """Return how receipts are chosen by the columns of these names, and what the other tables hold of them."""
    conditions = [_IN_FORCE, *(receipts.c[name] == bindparam(name) for name in names)]
    chosen = select(receipts).where(*conditions).order_by(receipts.c.arrived, receipts.c.id)
    ids = select(receipts.c.id).where(*conditions)
    return chosen, {table: select(table).where(table.c.receipt.in_(ids)).order_by(table.c.id) for table in HELD}


def _of_each(rows: Iterable[Any], read: Callable[[Any], Any]) -> defaultdict[int, list[Any]]:
    """Return what a table holds of each receipt, in the order it was written."""
    found: defaultdict[int, list[Any]] = defaultdict(list)
    for row in rows:
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
