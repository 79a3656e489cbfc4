"""When the office is told by mail that a part of the work fails, and at which of its addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime, timedelta

    from mailbot.domain.trouble import Trouble
    from mailbot.domain.unit import Directory

WAITED_FOR = frozenset({"mailbox", "recording", "reminding", "archive"})  # what mostly passes by itself
AT_ONCE = frozenset({"count"})  # what was waited for already


def to_be_told(troubles: Iterable[Trouble], after: timedelta, now: datetime) -> tuple[Trouble, ...]:
    """Return what the office has to hear of by mail: what lasts for so long, and a sum that is not right.

    What is wrong with sending itself is none of it: no mail could tell it.

    >>> from datetime import timedelta
    >>> from mailbot.domain.moments import shanghai
    >>> from mailbot.domain.trouble import Trouble
    >>> nine = shanghai("2021-04-15T09:00")
    >>> troubles = [Trouble(part, nine, "……") for part in ("mailbox", "count", "outbox")]
    >>> [each.part for each in to_be_told(troubles, timedelta(hours=4), shanghai("2021-04-15T12:59"))]
    ['count']
    >>> [each.part for each in to_be_told(troubles, timedelta(hours=4), shanghai("2021-04-15T13:00"))]
    ['mailbox', 'count']
    """
    return tuple(
        trouble
        for trouble in troubles
        if trouble.part in AT_ONCE or (trouble.part in WAITED_FOR and now - trouble.since >= after)
    )


def alarm_addresses(office: Iterable[str], own: Collection[str], directory: Directory) -> tuple[str, ...]:
    """Return where an alarm may go: to the office's addresses, but to no unit's, and not into the mailbox we read.

    >>> from mailbot.domain.unit import Directory, Unit
    >>> units = Directory((Unit("区教育局", addresses=("jyj@example.test",)),))
    >>> alarm_addresses(("Boss@example.test", "bot@example.test", "jyj@example.test"), {"bot@example.test"}, units)
    ('Boss@example.test',)
    """
    return tuple(each for each in office if each.lower() not in own and not directory.bound_to(each))
