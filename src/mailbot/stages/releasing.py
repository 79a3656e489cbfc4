"""A person lets mail of ours go, or says that it need not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailbot.domain.books import Event, OutgoingState
from mailbot.errors import UsageError
from mailbot.stages import pausing

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from mailbot.stages.protocols import Ledger

SETTLED = "工作人员确认不再发送"
UNSETTLED = (
    OutgoingState.HELD,
    OutgoingState.QUEUED,
    OutgoingState.UNKNOWN,
    OutgoingState.FAILED,
    OutgoingState.EXPIRED,
)


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


def cancel(ledger: Ledger, wanted: Collection[int], now: datetime, actor: str) -> None:
    """Settle mails that a person does not want sent any more, or has told their recipients of in another way.

    Raises:
        UsageError: one of the numbers is no mail that waits, failed, or was not sent in time.
    """
    with ledger.transaction() as books:
        open_ones = {item.id: item for item in books.outbox(*UNSETTLED)}
        if unknown := set(wanted) - set(open_ones):
            numbers = "、".join(str(number) for number in sorted(unknown))
            raise UsageError(
                f"nothing to cancel: {numbers}",
                chinese=f"发件箱中没有可销去的编号 {numbers}",
                remedy="已发出、正在发送和已取消的邮件不能销去；请看 mailbot outbox。",
            )
        for number in sorted(set(wanted)):
            books.move(number, OutgoingState.CANCELLED, now, SETTLED)
            books.note(Event(now, actor, "cancelled", f"outbox:{number}"))


def resume(ledger: Ledger, now: datetime, actor: str) -> bool:
    """Let mail go again after sending had stopped or paused; return whether it had."""
    with ledger.transaction() as books:
        stopped = pausing.resume(books)
        if stopped:
            books.note(Event(now, actor, "sending_resumed", "outbox"))
    return stopped
