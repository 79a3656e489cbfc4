"""The rows of the ledger (台账): each obligation with all that came for it. Composes the other rules."""

from __future__ import annotations

from collections import defaultdict
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


def _row(owed: Obligation, receipts: Sequence[Receipt], doubts: Sequence[datetime], now: datetime) -> LedgerRow:
    """Return the row of one obligation."""
    received = [
        ReceivedPart(part, receipt.arrived, receipt.number, receipt.folder)
        for receipt in receipts
        for part in receipt.parts
    ]
    parts, superseded = in_force(received)
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
