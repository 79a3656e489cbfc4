"""From what was decided to a mail of ours, rendered to bytes once: letter, words, envelope, Message-ID."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import structlog

from mailbot.domain.books import Aside, Outgoing, OutgoingKind
from mailbot.domain.message import Address
from mailbot.errors import ConfigurationError
from mailbot.outgoing.envelope import Envelope, build, new_message_id
from mailbot.outgoing.letters import (
    Acknowledged,
    AcknowledgementLetter,
    AlarmLetter,
    AllClearLetter,
    Deadline,
    Letter,
    ReminderLetter,
)
from mailbot.outgoing.rendering import Rendered, Renderer
from mailbot.rules.acknowledging import acknowledgement_key
from mailbot.rules.deadline import printed_day
from mailbot.rules.ledger_rows import row_of
from mailbot.rules.standing import lacking
from mailbot.rules.superseding import repeated_parts
from mailbot.rules.workdays import asked_by, workdays_past

if TYPE_CHECKING:
    from datetime import time as time_of_day

    from mailbot.domain.books import LedgerRow, Receipt, ReceivedPart
    from mailbot.domain.decision import Decision
    from mailbot.domain.message import Attachment, Facts
    from mailbot.domain.trouble import Trouble
    from mailbot.rules.reminders import Reminder
    from mailbot.stages.viewing import Desk

NEWS_FOR = timedelta(days=1)  # an all-clear that could not go for so long tells nobody anything

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Booked:
    """One message as it was booked; `nth` tells which of its answers it gets, where a person ruled on it."""

    facts: Facts
    decision: Decision
    sha256: str
    confirmed: Confirmed
    nth: int = 0


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What an acknowledgement confirms: receipts of one message, their obligations before it came and as they are."""

    arrived: datetime
    receipts: tuple[Receipt, ...]
    before: tuple[LedgerRow, ...]
    after: tuple[LedgerRow, ...]


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes our mails. `office` renders with the office's templates, `shipped` with ours where those are broken.

    `closes` is the hour until which, on the next working day, a late unit is asked for what lacks; None asks it to send
    it soon, as where nobody knows when a person will let the mail go.
    """

    office: Renderer
    shipped: Renderer
    sender: Address
    closes: time_of_day | None = None

    def acknowledgement(self, booked: Booked, desk: Desk, now: datetime, expires: datetime | None) -> Outgoing:
        """Return the answer to one message, listing every submission in it."""
        mail, key = booked.facts.mail, acknowledgement_key(booked.sha256, booked.nth)
        references = (*mail.references[1:], *mail.references[:1])
        unwritten = Outgoing(
            key=key,
            kind=OutgoingKind.ACKNOWLEDGEMENT,
            to=booked.decision.answer_to,
            subject="",
            message_id=new_message_id(key, self.sender.spec),
            in_reply_to=mail.message_id,
            raw=b"",
            about=tuple((receipt.notice, receipt.unit, receipt.period) for receipt in booked.confirmed.receipts),
            answers=booked.sha256,
            expires=expires,
            aside=Aside(references, _other_files(booked), booked.decision.problems),
        )
        return self.in_words(unwritten, booked.confirmed, desk, now)

    def in_words(self, mail: Outgoing, confirmed: Confirmed, desk: Desk, now: datetime) -> Outgoing:
        """Return an acknowledgement in the words that are true now; whom and what it answers stays."""
        letter = AcknowledgementLetter(
            arrived=confirmed.arrived,
            submissions=tuple(self._acknowledged(receipt, confirmed, desk, now) for receipt in confirmed.receipts),
            other_files=mail.aside.other_files,
            problems=mail.aside.problems,
        )
        thread = (mail.message_id, mail.in_reply_to, mail.aside.references)
        rendered = self._render(letter)
        envelope = Envelope(mail.kind, self.sender, mail.recipients, now, *thread)
        return replace(mail, subject=rendered.subject, raw=build(rendered, envelope))

    def reminder(self, reminder: Reminder, desk: Desk, now: datetime) -> Outgoing:
        """Return one step of the ladder for one unit: one mail to all of its addresses."""
        row, rung, key = reminder.row, reminder.rung, reminder.key
        if rung is None:
            raise ValueError("a reminder without a rung is none")
        owed = row.obligation
        notice = desk.notice(owed.notice)
        letter = ReminderLetter(
            notice=notice,
            unit=owed.unit,
            period=owed.period,
            rung=rung,
            as_of=now,
            deadline=self._deadline(row, desk, now),
            missing=lacking(owed, row.parts),
            present=row.parts,
            days_late=row.standing.days_late,
            workdays_late=workdays_past(owed.due, now, desk.calendar),
        )
        envelope = self._envelope(OutgoingKind.REMINDER, key, reminder.to, now)
        about = ((owed.notice, owed.unit, owed.period),)
        return replace(self._sealed(letter, envelope, key), about=about, rung=str(rung), expires=reminder.lapses)

    def alarm(self, trouble: Trouble, to: tuple[str, ...], now: datetime) -> Outgoing:
        """Return what tells the office of a trouble. It does not lapse: it is taken back once the trouble is over."""
        key = self.alarm_key(trouble.part, trouble.since)
        return self._sealed(AlarmLetter(trouble, now), self._envelope(OutgoingKind.DIGEST, key, to, now), key)

    def all_clear(self, part: str, since: datetime, to: tuple[str, ...], now: datetime) -> Outgoing:
        """Return what tells the office that a trouble is over."""
        key = f"all-clear:{part}:{since.isoformat(timespec='seconds')}"
        envelope = self._envelope(OutgoingKind.DIGEST, key, to, now)
        return replace(self._sealed(AllClearLetter(part, since, now), envelope, key), expires=now + NEWS_FOR)

    @staticmethod
    def alarm_key(part: str, since: datetime) -> str:
        """Return the outbox key of a trouble's alarm: one for each time that the part failed."""
        return f"alarm:{part}:{since.isoformat(timespec='seconds')}"

    def _acknowledged(self, receipt: Receipt, confirmed: Confirmed, desk: Desk, now: datetime) -> Acknowledged:
        """Return what one receipt's part of the answer says."""
        before, after = (row_of(receipt, rows) for rows in (confirmed.before, confirmed.after))
        if after is None:
            raise ValueError("a receipt for what nobody owes")
        fresh = {part.sha256 for part in receipt.parts}
        return Acknowledged(
            notice=desk.notice(receipt.notice),
            unit=receipt.unit,
            period=receipt.period,
            receipt_number=receipt.number,
            deadline=self._deadline(after, desk, now),
            standing=after.standing,
            parts=receipt.parts,
            tasks=receipt.tasks,
            figures=receipt.figures,
            missing=lacking(after.obligation, after.parts),
            earlier=tuple(each for each in after.parts if each.part.sha256 not in fresh),
            superseded=_replaced(receipt, before, after),
            repeated=repeated_parts(receipt, after),
        )

    def _deadline(self, row: LedgerRow, desk: Desk, now: datetime) -> Deadline:
        owed = row.obligation
        asked = asked_by(owed.due, now, desk.calendar, self.closes) if self.closes else None
        return Deadline(printed_day(owed.period, desk.notice(owed.notice).deadline), owed.due, asked)

    def _envelope(self, kind: OutgoingKind, key: str, to: tuple[str, ...], now: datetime) -> Envelope:
        return Envelope(kind, self.sender, to, now, new_message_id(key, self.sender.spec))

    def _sealed(self, letter: Letter, envelope: Envelope, key: str) -> Outgoing:
        rendered = self._render(letter)
        return Outgoing(
            key=key,
            kind=envelope.kind,
            to=", ".join(envelope.to),
            subject=rendered.subject,
            message_id=envelope.message_id,
            in_reply_to=envelope.in_reply_to,
            raw=build(rendered, envelope),
            about=(),
        )

    def _render(self, letter: Letter) -> Rendered:
        """Render with the office's templates; an edit that broke one must not keep a unit waiting for its answer."""
        try:
            return self.office.render(letter)
        except ConfigurationError as error:
            log.warning("template broken, the shipped one is used", error=str(error))
            return self.shipped.render(letter)


def _replaced(receipt: Receipt, before: LedgerRow | None, after: LedgerRow) -> tuple[ReceivedPart, ...]:
    """Return the files that held before and that these replaced: not those that only a later mail did."""
    fresh, kinds = {part.sha256 for part in receipt.parts}, {part.kind for part in receipt.parts}
    gone = (each for each in (before.parts if before else ()) if each in after.superseded)
    return tuple(each for each in gone if each.part.kind in kinds and each.part.sha256 not in fresh)


def _other_files(booked: Booked) -> tuple[Attachment, ...]:
    """Return the attachments that count for nothing: archived, and named to the sender all the same."""
    counted = {part.file for part in booked.decision.parts}
    return tuple(each for each in booked.facts.attachments if each.file not in counted and not each.inline)
