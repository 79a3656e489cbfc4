"""How an obligation stands: how much is there, and whether it came in time. RETURNED and EXEMPT only a person says."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from mailbot.domain.books import Completeness, Standing, Timeliness
from mailbot.domain.report import PartKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mailbot.domain.books import Obligation, ReceivedPart

ONE_DAY = timedelta(days=1)


def standing(
    obligation: Obligation, received: Sequence[ReceivedPart], doubts: Sequence[datetime], now: datetime
) -> Standing:
    """Return the standing of an obligation at a moment.

    It is complete from the moment at which the last of its required kinds was there for the first time: a correction
    that comes later changes nothing. What is in doubt counts as received when it arrived, so that no unit suffers from
    our doubt.

    Source: notice 中原政办〔2021〕8号, 三: 电子版 and 纸质版加盖公章的扫描件 (docs/decisions/rules-standing.md).

    Args:
        obligation: what is owed.
        received: every part that came for it, those replaced later among them.
        doubts: the arrivals of the mails that wait for a person and that may be for this obligation.
        now: the moment that is asked about.

    >>> from mailbot.domain.books import Obligation, ReceivedPart
    >>> from mailbot.domain.moments import shanghai
    >>> from mailbot.domain.period import Period
    >>> from mailbot.domain.report import Part, PartKind
    >>> both = (PartKind.ELECTRONIC, PartKind.SEALED_SCAN)
    >>> owed = Obligation("n", "区教育局", Period(2021, 4), shanghai("2021-04-26T00:00"), both, (10,))
    >>> def came(kind: PartKind, when: str) -> ReceivedPart:
    ...     return ReceivedPart(Part(kind, "a", "", 1), shanghai(when), "1", "INBOX")
    >>> def tell(received: list[ReceivedPart], doubts: list[str], now: str) -> tuple[str, str, int]:
    ...     found = standing(owed, received, [shanghai(doubt) for doubt in doubts], shanghai(now))
    ...     return found.completeness.value, found.timeliness.value, found.days_late

    Nothing came, and it is not the 26th yet; then it is:

    >>> tell([], [], "2021-04-25T23:59")
    ('missing', 'not_due', 0)
    >>> tell([], [], "2021-04-26T00:00")
    ('missing', 'late', 1)

    The scan came in time, the workbook on the 27th, a better workbook on the 30th:

    >>> scan, table = came(PartKind.SEALED_SCAN, "2021-04-22T09:00"), came(PartKind.ELECTRONIC, "2021-04-27T08:00")
    >>> tell([scan], [], "2021-04-26T12:00")
    ('lacks_electronic', 'late', 1)
    >>> tell([scan, table], [], "2021-06-01T00:00")
    ('complete', 'late', 2)
    >>> tell([scan, table, came(PartKind.ELECTRONIC, "2021-04-30T08:00")], [], "2021-06-01T00:00")
    ('complete', 'late', 2)

    The missing part may be in a mail of the 24th that nobody has looked at yet:

    >>> tell([scan], ["2021-04-24T10:00"], "2021-05-08T00:00")
    ('in_doubt', 'on_time', 0)
    """
    missing = lacking(obligation, received)
    arrivals = _first_arrivals(obligation, received)
    completed = max(arrivals, default=None) if not missing else None
    supposed = max([min(doubts), *arrivals]) if missing and doubts else completed
    return Standing(
        completeness=_completeness(missing, received, doubts),
        timeliness=_timeliness(supposed, obligation.due, now),
        days_late=days_late(supposed or now, obligation.due),
        first_arrival=min((part.arrived for part in received), default=None),
        completed_at=completed,
    )


def lacking(obligation: Obligation, received: Sequence[ReceivedPart]) -> tuple[PartKind, ...]:
    """Return the required kinds that have not come, in the notice's order: what a mail says is still missing.

    A scan without a seal is neither of the two things asked for.

    >>> from mailbot.domain.books import Obligation, ReceivedPart
    >>> from mailbot.domain.moments import shanghai
    >>> from mailbot.domain.period import Period
    >>> from mailbot.domain.report import Part, PartKind
    >>> both, due = (PartKind.ELECTRONIC, PartKind.SEALED_SCAN), shanghai("2021-04-26")
    >>> photo = ReceivedPart(Part(PartKind.SCAN_WITHOUT_SEAL, "IMG_1.jpg", "", 1), due, "1", "INBOX")
    >>> [kind.value for kind in lacking(Obligation("n", "区教育局", Period(2021, 4), due, both, (10,)), [photo])]
    ['electronic', 'sealed_scan']
    """
    there = {part.part.kind for part in received}
    return tuple(kind for kind in obligation.required if kind not in there)


def days_late(moment: datetime, due: datetime) -> int:
    """Return by how many calendar days, rounded up, a moment passes `due`; 0 while it does not.

    `due` itself is too late, so it is one day late already.

    >>> from mailbot.domain.moments import shanghai
    >>> due = shanghai("2021-04-26T00:00")
    >>> [days_late(shanghai(text), due) for text in ("2021-04-25T23:59:59", "2021-04-26T00:00", "2021-04-27T09:00")]
    [0, 1, 2]
    """
    return 0 if moment < due else max(1, -((due - moment) // ONE_DAY))


def _first_arrivals(obligation: Obligation, received: Sequence[ReceivedPart]) -> list[datetime]:
    """Return when each required kind that is there came for the first time."""
    first: dict[PartKind, datetime] = {}
    for part in received:
        first[part.part.kind] = min(part.arrived, first.get(part.part.kind, part.arrived))
    return [first[kind] for kind in obligation.required if kind in first]


def _completeness(
    missing: Sequence[PartKind], received: Sequence[ReceivedPart], doubts: Sequence[datetime]
) -> Completeness:
    """Tell how much is there. Only a scan without a seal came: what came lacks its seal, so LACKS_SEALED_SCAN."""
    if not missing:
        return Completeness.COMPLETE
    if doubts:
        return Completeness.IN_DOUBT
    if not received:
        return Completeness.MISSING
    return Completeness.LACKS_SEALED_SCAN if PartKind.SEALED_SCAN in missing else Completeness.LACKS_ELECTRONIC


def _timeliness(supposed: datetime | None, due: datetime, now: datetime) -> Timeliness:
    """Tell whether it came in time, by the moment at which it was complete or is supposed to have been."""
    if supposed is None:
        return Timeliness.NOT_DUE if now < due else Timeliness.LATE
    return Timeliness.ON_TIME if supposed < due else Timeliness.LATE
