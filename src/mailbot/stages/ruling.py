"""What a person decides of messages in triage: whose they are, or that they are nothing; and whose an address is.

triage ──▶ a person's word (an event) ──▶ read and decided again with it ──▶ receipts, and the answer that waited
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mailbot.domain.books import Event, MessageStanding, OutgoingState
from mailbot.domain.decision import Ruling
from mailbot.domain.mailbox import Origin
from mailbot.domain.period import Period
from mailbot.errors import UsageError
from mailbot.outgoing.envelope import is_sendable
from mailbot.stages.recording import Clerk
from mailbot.stages.said import ASSIGNED, IGNORED, REOPENED, Word

if TYPE_CHECKING:
    from datetime import datetime

    from mailbot.domain.books import StoredMessage
    from mailbot.domain.decision import Decision
    from mailbot.stages.protocols import Books

SETTLED_BY_A_WORD = frozenset({MessageStanding.TRIAGE, MessageStanding.RECEIPTS})


@dataclass(frozen=True, slots=True)
class Bench:
    """Where a person's word is heard. `actor` is who said it, for the events."""

    clerk: Clerk
    actor: str

    def assign(self, item: int | str, ruling: Ruling, arrived: datetime | None = None) -> Decision | None:
        """Book a message for a unit and period, or more of one that is recorded.

        Args:
            item: its number in triage; else a receipt's number or the beginning of its SHA-256.
            ruling: what the person said. Where it books nothing the decision says why, in its doubts.
            arrived: when the message came, only where nobody knows.

        Raises:
            UsageError: no such message waits or is recorded, nobody owes a report for that unit and period, or nobody
                knows when the message arrived.
        """
        self._must_owe(ruling)
        with self.clerk.ledger.transaction() as books:
            message = _waiting(books, int(item)) if str(item).isdecimal() else _called(books, str(item))
            if message.arrived is None:
                message = _arrived(books, message, arrived)
            standing = books.standing_of(message.sha256)
        _must_have_begun(ruling, message)
        if standing not in SETTLED_BY_A_WORD:
            raise UsageError(
                f"{message.sha256} is {standing}",
                chinese="这封来件没有在待处理或已登记之列",
                remedy="不登记的来件请先用 mailbot triage reopen 重新列入待处理。",
            )
        word = Word(ruling, self._event(ASSIGNED, message.sha256, str(ruling)))
        return self.clerk.record(message, standing, word)

    def ignore(self, item: int, reason: str) -> None:
        """Put a message in triage among the ignored.

        Raises:
            UsageError: nothing waits under that number.
        """
        with self.clerk.ledger.transaction() as books:
            message = _waiting(books, item)
            books.ignore(message.sha256, self._event(IGNORED, message.sha256, reason))
            recorded = books.standing_of(message.sha256) is MessageStanding.RECEIPTS
        if recorded:  # the answer may have waited for the rest
            self.clerk.record(message, MessageStanding.RECEIPTS)

    def reopen(self, word: str) -> None:
        """Let an ignored or recorded message wait in triage again; what receipts it has count for nothing any more.

        Raises:
            UsageError: no message or more than one is called so, or nobody has settled it yet.
        """
        with self.clerk.ledger.reading() as books:
            message = _called(books, word)
        if not self.clerk.reopen(message, self._event(REOPENED, message.sha256, word)):
            raise UsageError(
                f"{message.sha256} is not settled", chinese="这封来件尚未处理", remedy="请看 mailbot triage。"
            )

    def unbind(self, address: str, unit: str) -> tuple[int, ...]:
        """Take back the binding of an address that a person made; what was recorded by it stays.

        Returns the numbers of our mails that wait to leave for the address: they are looked at again before they do.

        Raises:
            UsageError: nobody made that binding, or it stands in units.yaml.
        """
        spec = address.lower()
        with self.clerk.ledger.transaction() as books:
            if books.unbind(spec, unit, self._event("unbound", spec, unit)):
                waiting = books.outbox(OutgoingState.HELD, OutgoingState.QUEUED)
                return tuple(item.id for item in waiting if spec in item.mail.recipients)
        found = self.clerk.desk().directory.unit(unit)
        in_file = found is not None and spec in found.addresses
        raise UsageError(
            f"{spec} is not bound to {unit} by a person",
            chinese=f"{spec} 是在 units.yaml 中写给{unit}的" if in_file else f"没有人把 {spec} 绑定给{unit}",
            remedy="请在 units.yaml 中删去，保存后即生效。" if in_file else "请核对地址和单位的规范名称。",
        )

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


def _must_have_begun(ruling: Ruling, message: StoredMessage) -> None:
    """Refuse a month that lies well after the message: a slip of the pen."""
    if message.arrived is not None and ruling.period > Period.of(message.arrived).next():
        raise UsageError(
            f"{ruling.period} is after the message came",
            chinese=f"来件收到于{message.arrived:%Y年%m月%d日}，不会是{ruling.period.chinese()}的材料",
            remedy="请核对 --period。",
        )


def _waiting(books: Books, item: int) -> StoredMessage:
    """Return the message that waits under a number."""
    found = next((books.message(each.sha256) for each in books.triage() if each.id == item), None)
    if found is None:
        raise UsageError(
            f"nothing waits under {item}", chinese=f"待处理中没有编号 {item}", remedy="请看 mailbot triage 列出的编号。"
        )
    return found


def _called(books: Books, word: str) -> StoredMessage:
    """Return the one message that a person means."""
    found = books.called(word)
    if len(found) == 1:
        return found[0]
    raise UsageError(
        f"{len(found)} messages are called {word}",
        chinese=f"“{word}”指的不止一封来件" if found else f"没有叫“{word}”的来件",
        remedy="请写 SHA-256（前12位以上，见 mailbot messages）、登记号，或在待处理中的编号。",
    )


def _arrived(books: Books, message: StoredMessage, arrived: datetime | None) -> StoredMessage:
    """Give a message the arrival that a person knows."""
    if arrived is None:
        raise UsageError(
            "arrival unknown", chinese="这封来件没有到件时间", remedy="请加上 --arrived，写成 2021-04-24T16:05 的形式。"
        )
    books.take_in(message.sha256, message.size, arrived, Origin.INGEST)
    return books.message(message.sha256) or message
