"""The ledger as it stands at a moment: what is owed, with all that came for it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from mailbot.domain.unit import Directory
from mailbot.rules.ledger_rows import ledger_rows
from mailbot.rules.obligations import obligations

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

    from mailbot.domain.books import LedgerRow, Obligation, Receipt
    from mailbot.domain.calendar import WorkingCalendar
    from mailbot.domain.notice import Notice
    from mailbot.domain.period import Period
    from mailbot.stages.protocols import Books


@dataclass(frozen=True, slots=True)
class Desk:
    """The office's own files as they are right now: notices in force, units with every binding, the calendar."""

    notices: tuple[Notice, ...]
    directory: Directory
    calendar: WorkingCalendar

    def with_bindings(self, books: Books) -> Desk:
        """Return the desk with the bindings that a person made in the ledger."""
        return replace(self, directory=Directory(books.directory(self.directory.units)))

    def notice(self, key: str) -> Notice:
        """Return the notice of that key."""
        return next(notice for notice in self.notices if notice.key == key)

    def owed(self, periods: Collection[Period] | None = None) -> tuple[Obligation, ...]:
        """Return what is owed, in all or for some periods."""
        everything = obligations(self.notices, self.calendar)
        return tuple(each for each in everything if periods is None or each.period in periods)


def view_of(
    books: Books, desk: Desk, now: datetime, whose: Collection[tuple[str, Period]], receipts: Iterable[Receipt]
) -> tuple[LedgerRow, ...]:
    """Return the ledger's rows for some units and periods, with these receipts for them."""
    if not whose:
        return ()
    owed = (each for each in desk.owed({period for _, period in whose}) if (each.unit, each.period) in whose)
    doubts = (each for unit, period in whose for each in books.open_doubts(unit=unit, period=period))
    return ledger_rows(owed, receipts, doubts, now)


def outline(books: Books, desk: Desk, now: datetime) -> tuple[LedgerRow, ...]:
    """Return the ledger's rows without figures and words: how each obligation stands, and which files came for it."""
    return ledger_rows(desk.owed(), books.arrivals(), books.open_doubts(), now)


def view(books: Books, desk: Desk, now: datetime, periods: Collection[Period] | None = None) -> tuple[LedgerRow, ...]:
    """Return the ledger's rows, in all or for some periods."""
    those = (None,) if periods is None else tuple(periods)
    receipts = (each for period in those for each in books.receipts(period=period))
    doubts = (each for period in those for each in books.open_doubts(period=period))
    return ledger_rows(desk.owed(periods), receipts, doubts, now)
