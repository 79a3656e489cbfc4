"""Which of our mails may leave without a person letting each one go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailbot.domain.books import OutgoingKind

if TYPE_CHECKING:
    from mailbot.domain.books import OutboxItem


def may_leave(item: OutboxItem, *, holding: bool) -> bool:
    """Tell whether a queued mail may leave: in hold mode only what a person let go, and what is for the office alone.

    >>> from mailbot.domain.books import OutboxItem, Outgoing, OutgoingState
    >>> from mailbot.domain.moments import shanghai
    >>> def a_mail(kind: OutgoingKind) -> OutboxItem:
    ...     mail = Outgoing("key", kind, "a@example.test", "", "<1@example.test>", "", b"", ())
    ...     return OutboxItem(1, mail, OutgoingState.QUEUED, 0, shanghai("2021-04-15"), None, None, "")
    >>> [may_leave(a_mail(kind), holding=True) for kind in (OutgoingKind.REMINDER, OutgoingKind.DIGEST)]
    [False, True]
    >>> may_leave(a_mail(OutgoingKind.REMINDER), holding=False)
    True
    """
    return item.released or not holding or item.mail.kind is OutgoingKind.DIGEST
