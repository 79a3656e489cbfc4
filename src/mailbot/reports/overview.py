"""总览: unit by period, one sign each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailbot.domain.books import Completeness, Timeliness
from mailbot.domain.moments import in_shanghai
from mailbot.domain.period import Period
from mailbot.reports.sheet import Column, Look, Marked, Sheet, Side, in_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from mailbot.domain.books import LedgerRow, Standing
    from mailbot.domain.notice import Notice
    from mailbot.reports.sheet import Entry

ON_TIME = Marked("●", Look.GOOD)
INCOMPLETE = Marked("◐", Look.PARTLY)
COMPLETE_LATE = Marked("▲", Look.LATE)
MISSING = Marked("✕", Look.BAD)
EXEMPT = Marked("○", Look.SPARED)
IN_DOUBT = Marked("？", Look.DOUBT)
RETURNED = Marked("退", Look.BAD)
NOT_DUE = Marked("—", Look.PLAIN)

LEGEND: tuple[tuple[Marked, str], ...] = (
    (ON_TIME, "按时报齐"),
    (INCOMPLETE, "缺件"),
    (COMPLETE_LATE, "逾期报齐"),
    (MISSING, "逾期未报"),
    (IN_DOUBT, "待核"),
    (RETURNED, "退回"),
    (EXEMPT, "免报"),
    (NOT_DUE, "未到期"),
)


def sign(standing: Standing) -> Marked:
    """Return the sign of a standing.

    >>> from mailbot.domain.books import Completeness, Standing, Timeliness
    >>> sign(Standing(Completeness.COMPLETE, Timeliness.LATE, 2, None, None)).value
    '▲'
    """
    late = standing.timeliness is Timeliness.LATE
    signs = {
        Completeness.COMPLETE: COMPLETE_LATE if late else ON_TIME,
        Completeness.LACKS_SEALED_SCAN: INCOMPLETE,
        Completeness.LACKS_ELECTRONIC: INCOMPLETE,
        Completeness.MISSING: MISSING if late else NOT_DUE,
        Completeness.IN_DOUBT: IN_DOUBT,
        Completeness.RETURNED: RETURNED,
        Completeness.EXEMPT: EXEMPT,
    }
    return signs[standing.completeness]


def up_to(rows: Iterable[LedgerRow], made_at: datetime) -> tuple[LedgerRow, ...]:
    """Return the rows of the months that have begun, and of later ones for which something came already."""
    month = Period.of(in_shanghai(made_at))
    return tuple(row for row in rows if row.obligation.period <= month or row.receipts)


def overview(rows: Sequence[LedgerRow], notices: Iterable[Notice], made_at: datetime) -> Sheet:
    """Return the matrix of units and periods; how many of each sign stand below it."""
    periods = sorted({row.obligation.period for row in rows})
    known = {notice.key: notice for notice in notices}
    signs = {(*_who(row), row.obligation.period): sign(row.standing) for row in rows}
    units = {_who(row): row.obligation.tasks for row in rows}
    return Sheet(
        tab="总览",
        heading="报送情况总览",
        note=f"{'　'.join(f'{mark.value} {text}' for mark, text in LEGEND)}　（截至{in_words(made_at)}）",
        columns=_columns(periods),
        rows=tuple(
            (
                number,
                unit,
                "、".join(str(task) for task in tasks),
                known[notice].document_number if notice in known else notice,
                *(signs.get((notice, unit, period)) for period in periods),
            )
            for number, ((notice, unit), tasks) in enumerate(units.items(), 1)
        ),
        frozen_columns=2,
        totals=tuple(
            (None, Marked(f"{mark.value} {text}（家）", Look.TOTAL), None, None, *_counts(mark, rows, periods))
            for mark, text in LEGEND
        ),
    )


def _who(row: LedgerRow) -> tuple[str, str]:
    """Return whose row it is, under which notice."""
    return row.obligation.notice, row.obligation.unit


def _columns(periods: Iterable[Period]) -> tuple[Column, ...]:
    """Return the columns: who, and a narrow one for each month."""
    return (
        Column("序号", 6, Side.CENTRE),
        Column("牵头单位", 26),
        Column("涉及任务", 18, Side.CENTRE),
        Column("文号", 24, Side.CENTRE),
        *(Column(f"{period.year}年\n{period.month}月", 8, Side.CENTRE) for period in periods),
    )


def _counts(mark: Marked, rows: Iterable[LedgerRow], periods: Iterable[Period]) -> tuple[Entry, ...]:
    """Return how many units have that sign in each period."""
    found = [row.obligation.period for row in rows if sign(row.standing) == mark]
    return tuple(Marked(found.count(period), Look.TOTAL) for period in periods)
