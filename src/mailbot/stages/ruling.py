"""What a person decides of messages in triage: whose they are, or that they are nothing; and whose an address is.

triage ──▶ a person's word (an event) ──▶ read and decided again with it ──▶ receipts, and the answer that waited
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mailbot.domain.books import Event, MessageStanding
from mailbot.domain.decision import Ruling
from mailbot.domain.mailbox import Origin
from mailbot.errors import UsageError
from mailbot.outgoing.envelope import is_sendable
from mailbot.stages.recording import ASSIGNED, Clerk, Word

if TYPE_CHECKING:
    from datetime import datetime

    from mailbot.domain.books import StoredMessage
    from mailbot.domain.decision import Decision
    from mailbot.stages.protocols import Books


@dataclass(frozen=True, slots=True)
class Bench:
    """Where a person's word is heard. `actor` is who said it, for the events."""

    clerk: Clerk
    actor: str

    def assign(self, item: int, ruling: Ruling, arrived: datetime | None = None) -> Decision | None:
        """Book a message in triage for a unit and period; `arrived` only where nobody knows when it came.

        Raises:
            UsageError: nothing waits under that number, nobody owes a report for that unit and period, or nobody knows
                when the message arrived.
        """
        self._must_owe(ruling)
        with self.clerk.ledger.transaction() as books:
            message = _waiting(books, item)
            if message.arrived is None:
                message = _arrived(books, message, arrived)
        word = Word(ruling, self._event(ASSIGNED, message.sha256, f"{ruling.unit} {ruling.period}"))
        return self.clerk.record(message, MessageStanding.TRIAGE, word)

    def ignore(self, item: int, reason: str) -> None:
        """Put a message in triage among the ignored.

        Raises:
            UsageError: nothing waits under that number.
        """
        with self.clerk.ledger.transaction() as books:
            message = _waiting(books, item)
            books.ignore(message.sha256, self._event("ignored", message.sha256, reason))

    def bind(self, address: str, unit: str) -> tuple[Decision, ...]:
        """Bind an address to a unit, and decide again on all that came from it; return what became of it.

        What was recorded already only gets the answer that waited for the binding.

        Raises:
            UsageError: there is no such unit, or the address is none that could be a unit's.
            ArchiveError: a message could not be read back; it is bound, and the others were decided all the same.
        """
        if not is_sendable(address) or address.lower() in self.clerk.own_addresses:
            raise UsageError(
                "not a unit's address",
                chinese=f"“{address}”不能绑定给单位",
                remedy="请写对方的完整邮箱地址；接收报送的邮箱本身不能绑定。",
            )
        if self.clerk.desk().directory.unit(unit) is None:
            raise UsageError(
                f"no unit {unit}", chinese=f"没有名为“{unit}”的单位", remedy="请写规范名称（见 units.yaml 的 name）。"
            )
        spec = address.lower()
        with self.clerk.ledger.transaction() as books:
            books.bind(spec, unit, self._event("bound", spec, unit))
            earlier = [
                (message, standing)
                for standing in (MessageStanding.TRIAGE, MessageStanding.RECEIPTS)
                for message in books.messages_from(spec, standing)
            ]
        return tuple(decision for decision in self.clerk.record_each(earlier) if decision)

    def _must_owe(self, ruling: Ruling) -> None:
        owed = self.clerk.desk().owed({ruling.period})
        if not any(each.unit == ruling.unit for each in owed):
            raise UsageError(
                f"{ruling.unit} owes nothing for {ruling.period}",
                chinese=f"{ruling.unit}在{ruling.period.chinese()}没有报送任务",
                remedy="单位请写规范名称（见 units.yaml 的 name），报送期请写成 2021-04 的形式。",
            )

    def _event(self, what: str, subject: str, detail: str) -> Event:
        return Event(self.clerk.clock.now(), self.actor, what, subject, detail)


def _waiting(books: Books, item: int) -> StoredMessage:
    """Return the message that waits under a number."""
    found = next((books.message(each.sha256) for each in books.triage() if each.id == item), None)
    if found is None:
        raise UsageError(
            f"nothing waits under {item}", chinese=f"待处理中没有编号 {item}", remedy="请看 mailbot triage 列出的编号。"
        )
    return found


def _arrived(books: Books, message: StoredMessage, arrived: datetime | None) -> StoredMessage:
    """Give a message the arrival that a person knows."""
    if arrived is None:
        raise UsageError(
            "arrival unknown", chinese="这封来件没有到件时间", remedy="请加上 --arrived，写成 2021-04-24T16:05 的形式。"
        )
    books.take_in(message.sha256, message.size, arrived, Origin.INGEST)
    return books.message(message.sha256) or message
