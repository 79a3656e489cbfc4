"""Who owes a return now: for the list that the office prints and telephones by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailbot.domain.books import Completeness

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from mailbot.domain.books import LedgerRow

OWES = frozenset(
    {Completeness.MISSING, Completeness.LACKS_SEALED_SCAN, Completeness.LACKS_ELECTRONIC, Completeness.RETURNED}
)


def owing(rows: Iterable[LedgerRow], now: datetime) -> tuple[LedgerRow, ...]:
    """Return the rows of periods that have begun and of which something lacks; what is in doubt (待核) owes nothing.

    >>> from mailbot.domain.books import Obligation
    >>> from mailbot.domain.moments import shanghai
    >>> from mailbot.domain.period import Period
    >>> from mailbot.domain.report import PartKind
    >>> from mailbot.rules.ledger_rows import ledger_rows
    >>> due, both = shanghai("2021-05-26"), (PartKind.ELECTRONIC, PartKind.SEALED_SCAN)
    >>> owed = [Obligation("n", "区教育局", Period(2021, month), due, both, (10,)) for month in (4, 5)]
    >>> now = shanghai("2021-04-30T09:00")
    >>> [str(row.obligation.period) for row in owing(ledger_rows(owed, [], [], now), now)]
    ['2021-04']
    """
    return tuple(
        row for row in rows if row.standing.completeness in OWES and row.obligation.period.first_day() <= now.date()
    )
