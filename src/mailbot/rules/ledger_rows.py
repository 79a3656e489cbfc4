"""The rows of the ledger (台账): each obligation with all that came for it. Composes the other rules."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from mailbot.domain.books import LedgerRow, ReceivedPart
from mailbot.rules.standing import standing
from mailbot.rules.superseding import in_force, latest_figures, latest_progress

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from mailbot.domain.books import Obligation, OpenDoubt, Receipt
    from mailbot.domain.period import Period


def ledger_rows(
    obligations: Iterable[Obligation], receipts: Iterable[Receipt], doubts: Iterable[OpenDoubt], now: datetime
) -> tuple[LedgerRow, ...]:
    """Return a row for each obligation, in their order. A receipt that nobody owed is no row.

    >>> from mailbot.domain.books import Obligation, Receipt
    >>> from mailbot.domain.moments import shanghai
    >>> from mailbot.domain.period import Period
    >>> from mailbot.domain.report import Part, PartKind
    >>> april, both = Period(2021, 4), (PartKind.ELECTRONIC, PartKind.SEALED_SCAN)
    >>> owed = Obligation("n", "区教育局", april, shanghai("2021-04-26"), both, (10,))
    >>> table = Part(PartKind.ELECTRONIC, "4月.xlsx", "", 1)
    >>> when = shanghai("2021-04-20")
    >>> came = Receipt("2021-04-0001", "", "n", "区教育局", april, when, "INBOX", (table,), (10,), (), ())
    >>> row, = ledger_rows([owed], [came], [], shanghai("2021-04-21"))
    >>> row.standing.completeness.value, row.receipts, row.tasks
    ('lacks_sealed_scan', ('2021-04-0001',), (10,))
    """
    came: defaultdict[tuple[str, str, Period], list[Receipt]] = defaultdict(list)
    for receipt in sorted(receipts, key=lambda each: (each.arrived, each.number)):
        came[receipt.notice, receipt.unit, receipt.period].append(receipt)
    open_since: defaultdict[tuple[str, Period], list[datetime]] = defaultdict(list)
    for doubt in doubts:
        open_since[doubt.unit, doubt.period].append(doubt.arrived)
    return tuple(
        _row(owed, came[owed.notice, owed.unit, owed.period], open_since[owed.unit, owed.period], now)
        for owed in obligations
    )


def row_of(receipt: Receipt, rows: Iterable[LedgerRow]) -> LedgerRow | None:
    """Return the row of the obligation that a receipt is for; None where it is not among them."""
    owed = (receipt.notice, receipt.unit, receipt.period)
    return next((r for r in rows if (r.obligation.notice, r.obligation.unit, r.obligation.period) == owed), None)


def held_to(owed: Obligation, receipts: Iterable[Receipt]) -> Obligation:
    """Return an obligation with the latest of the moments by which any of its receipts was judged, and of its own.

    A holiday or a worked day that is entered later never counts against a unit; a notice's rule that is changed does.

    Source: the office: 已按时的不因补录放假安排变为逾期 (docs/decisions/rules-deadline.md).

    >>> from mailbot.domain.books import Obligation, Receipt
    >>> from mailbot.domain.moments import shanghai
    >>> from mailbot.domain.period import Period
    >>> when, due, september = shanghai("2021-09-27T10:00"), shanghai("2021-09-27"), Period(2021, 9)
    >>> owed = Obligation("n", "区教育局", september, due, (), (10,), "25 inclusive")
    >>> def judged(rule: str) -> Receipt:
    ...     judged_by = shanghai("2021-09-28")
    ...     return Receipt("1", "", "n", "区教育局", september, when, "INBOX", (), (), (), (), judged_by, rule)
    >>> [str(held_to(owed, [judged(rule)]).due.date()) for rule in ("25 inclusive", "28 inclusive")]
    ['2021-09-28', '2021-09-27']
    """
    due = max([owed.due, *(each.due for each in receipts if each.due and each.rule == owed.rule)])
    return owed if due == owed.due else replace(owed, due=due)


def _row(owed: Obligation, receipts: Sequence[Receipt], doubts: Sequence[datetime], now: datetime) -> LedgerRow:
    """Return the row of one obligation."""
    received = [
        ReceivedPart(part, receipt.arrived, receipt.number, receipt.folder)
        for receipt in receipts
        for part in receipt.parts
    ]
    parts, superseded = in_force(received)
    owed = held_to(owed, receipts)
    return LedgerRow(
        obligation=owed,
        standing=standing(owed, received, doubts, now),
        parts=parts,
        superseded=superseded,
        tasks=tuple(sorted({task for receipt in receipts for task in receipt.tasks})),
        figures=latest_figures(receipts),
        progress=latest_progress(receipts),
        receipts=tuple(receipt.number for receipt in receipts),
    )
