"""What a mail of ours says when it leaves: composed again as things stand then, until a server may have it.

no server has it ──▶ words, addresses and date of now, same key and Message-ID · one may have it ──▶ its bytes are fixed
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, assert_never

from mailbot.domain.books import MessageStanding, OutgoingKind, OutgoingState
from mailbot.rules.ledger_rows import row_of
from mailbot.rules.reminders import Go, may_still_go, still_planned
from mailbot.stages.delivering import IN_DOUBT, Objection
from mailbot.stages.viewing import view_of
from mailbot.stages.writing import Confirmed

if TYPE_CHECKING:
    from datetime import datetime

    from mailbot.domain.books import OutboxItem, Outgoing, Receipt
    from mailbot.domain.period import Period
    from mailbot.stages.protocols import Books
    from mailbot.stages.reminding import Reminding
    from mailbot.stages.viewing import Desk


@dataclass(frozen=True, slots=True)
class Renewing:
    """Composes our mails again, at the desk and by the writer of the reminders."""

    reminding: Reminding

    def latest(self, books: Books, item: OutboxItem, now: datetime) -> Outgoing | Objection:
        """Return a mail as it has to leave now, or why it must not."""
        desk = self.reminding.desk().with_bindings(books)
        match item.mail.kind:
            case OutgoingKind.ACKNOWLEDGEMENT:
                return self._acknowledgement(books, item, desk, now)
            case OutgoingKind.REMINDER:
                return self._reminder(books, item, desk, now)
            case OutgoingKind.DIGEST:
                return item.mail
            case _:
                assert_never(item.mail.kind)

    def _reminder(self, books: Books, item: OutboxItem, desk: Desk, now: datetime) -> Outgoing | Objection:
        """Return a reminder to the unit's addresses of now, where it still owes."""
        reminder, fixed = still_planned(item.mail, self.reminding.plan(books, desk, now)), _is_fixed(books, item)
        if reminder and fixed and not set(item.mail.recipients).intersection(reminder.to):
            return Objection("收件地址均已不在该单位名下", OutgoingState.CANCELLED)
        go, why = may_still_go(reminder)
        if reminder is None or go is not Go.SEND:
            return Objection(why, OutgoingState.CANCELLED if go is Go.CANCEL else None)
        fresh = self.reminding.writer.reminder(replace(reminder, reasons=()), desk, now)
        return item.mail if fixed or fresh.message_id != item.mail.message_id else fresh  # another account's stays

    def _acknowledgement(self, books: Books, item: OutboxItem, desk: Desk, now: datetime) -> Outgoing | Objection:
        """Return an acknowledgement as the ledger stands now, where the address may still have it."""
        receipts = books.receipts_of(item.mail.answers)
        about = tuple(each for each in receipts if _what(each) in item.mail.about)
        if len(about) < len(item.mail.about):
            return _revoked(books, item)
        if not {each.unit for each in receipts}.intersection(desk.directory.bound_to(item.mail.to)):
            return Objection("收件地址已不在所涉单位名下，不再发出", OutgoingState.CANCELLED)
        if _is_fixed(books, item):
            return item.mail
        confirmed = _confirmed(books, about, desk, now)
        if not all(row_of(receipt, confirmed.after) for receipt in about):
            return Objection("通知中已没有所涉的报送任务，请核对通知文件")
        return self.reminding.writer.in_words(item.mail, confirmed, desk, now)


def _revoked(books: Books, item: OutboxItem) -> Objection:
    """Return why a mail does not go whose receipts a person took back: for good, once he has settled the message."""
    waits = books.standing_of(item.mail.answers) is MessageStanding.TRIAGE
    return Objection("所确认的登记已撤销，不再发出", None if waits else OutgoingState.CANCELLED)


def _is_fixed(books: Books, item: OutboxItem) -> bool:
    """Tell whether a server may have the mail already: a try of it was in doubt once."""
    return item.tries > 0 and any(event.what == IN_DOUBT for event in books.events(item.mail.key))


def _confirmed(books: Books, receipts: tuple[Receipt, ...], desk: Desk, now: datetime) -> Confirmed:
    """Return what an acknowledgement of one message's receipts confirms, as the ledger stands now."""
    whose = {(each.unit, each.period) for each in receipts}
    came = tuple(each for unit, period in whose for each in books.arrivals(unit=unit, period=period))
    first = min(_place(each) for each in receipts)
    earlier = tuple(each for each in came if _place(each) < first)
    before, after = (view_of(books, desk, now, whose, those) for those in (earlier, came))
    return Confirmed(receipts[0].arrived, receipts, before, after)


def _what(receipt: Receipt) -> tuple[str, str, Period]:
    """Return what a receipt is about."""
    return receipt.notice, receipt.unit, receipt.period


def _place(receipt: Receipt) -> tuple[datetime, str]:
    """Return what tells in which order receipts count."""
    return receipt.arrived, receipt.number
