"""A person lets held mail go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailbot.domain.books import Event, OutgoingState
from mailbot.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from mailbot.stages.protocols import Ledger


def release(ledger: Ledger, wanted: Collection[int], now: datetime, actor: str) -> tuple[int, ...]:
    """Let the mails wanted go, or every one that is held; return which may leave now, acknowledgements first.

    Only by its number goes a mail once more that failed, or of which nobody knows: a person has looked into it.

    Raises:
        UsageError: one of the numbers is no mail that could be sent.
    """
    with ledger.transaction() as books:
        again = (OutgoingState.FAILED, OutgoingState.UNKNOWN) if wanted else ()
        waiting = books.outbox(OutgoingState.HELD, OutgoingState.QUEUED, *again)
        unknown = set(wanted) - {item.id for item in waiting}
        if unknown:
            numbers = "、".join(str(number) for number in sorted(unknown))
            raise UsageError(
                f"not held: {numbers}",
                chinese=f"发件箱中没有可发送的编号 {numbers}",
                remedy="请看 mailbot outbox 中状态为待批准的编号。",
            )
        chosen = tuple(item.id for item in waiting if not wanted or item.id in wanted)
        for item in waiting:
            if item.id in chosen and item.state is not OutgoingState.QUEUED:
                books.release(item.id, Event(now, actor, "released", f"outbox:{item.id}"))
    return chosen
