"""From the outbox to the mail server: each mail once, and when nobody knows, looked for before it is sent again.

queued ──▶ as it has to leave now ──▶ sending (committed) ──▶ one attempt ──▶ sent · failed · queued again · unknown
unknown ──▶ found in the Sent folder? ──▶ sent · else once more with the same Message-ID, then only shown
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypeAlias, assert_never

import structlog

from mailbot.domain.books import Event, OutgoingState
from mailbot.errors import LoginRefused, Retry
from mailbot.outgoing.courier import Refused, Scope, Taken, Unknown
from mailbot.rules.leaving import may_leave
from mailbot.stages.continuity import entering
from mailbot.stages.pausing import CLOCK_SLACK, again_after, failed, pause_in_force, succeeded
from mailbot.stages.undelivered import note_unreached

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from mailbot.domain.books import OutboxItem, Outgoing
    from mailbot.outgoing.courier import Outcome
    from mailbot.settings import Caps
    from mailbot.stages.patience import Patience
    from mailbot.stages.protocols import Books, Clock, Courier, Ledger, Mailbox

SENT_IN_VIEW = 200  # so many of the newest mails in the Sent folder are looked at
FILING = timedelta(minutes=1)  # a provider may take so long to file what it sent
MOST_TRIES = 5
TRIES_IN_DOUBT = 2  # the first, and one more with the same Message-ID
IN_DOUBT = f"mail_{OutgoingState.UNKNOWN.value}"  # the event of a try of which nobody knows how it ended
RENEWED = "mail_renewed"  # the event of a mail that was composed again, in other words or to another address

_DATE = re.compile(rb"^Date: .*\r\n", re.MULTILINE)

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Delivery:
    """What one flush did; `trouble` is what keeps the server from taking mail, in Chinese."""

    sent: int = 0
    failed: int = 0
    unknown: int = 0
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Postman:
    """Sends what is queued. `latest` gives a mail as it has to leave now, or why it must not.

    `patience` keeps a login that was refused from being tried too often.
    """

    ledger: Ledger
    courier: Courier
    clock: Clock
    caps: Caps
    latest: Latest
    patience: Patience
    interrupted: Callable[[], bool] = lambda: False

    def flush(self, chosen: Collection[int]) -> Delivery:
        """Send the mails chosen, acknowledgements first, until the server or a cap says stop."""
        done = Delivery(trouble=self._kept_back())
        for item in chosen:
            if done.trouble or self.interrupted():
                break
            claimed = self._claim(item)
            if claimed is None:
                continue
            outcome = self.courier.deliver(claimed.mail)
            log.info("attempted", item=item, outcome=type(outcome).__name__)
            done = self._settle(claimed, outcome, done)
        return done

    def _kept_back(self) -> str:
        """Return why no mail at all is tried for now, '' where nothing stands against it."""
        now = self.clock.now()
        with self.ledger.reading() as books:
            pause = pause_in_force(books, now)
        if pause:
            return pause.told()
        try:
            self.patience.ask(now)
        except LoginRefused as refusal:
            return refusal.for_people()
        return ""

    def _claim(self, item: int) -> OutboxItem | None:
        """Mark a mail as being sent, if it still may be: looked at and marked in one transaction."""
        now = self.clock.now()
        with self.ledger.transaction() as books:
            found = next((one for one in books.outbox(OutgoingState.QUEUED) if one.id == item), None)
            if found is None or is_put_off(found, now):
                return None
            mail = self._as_it_leaves(books, found, now)
            if isinstance(mail, Objection):
                _object(books, found, mail, now)
                return None
            _renew(books, found, mail, now)
            books.move(item, OutgoingState.SENDING, now)
        log.info("sending", item=item, message_id=mail.message_id)
        return replace(found, mail=mail)

    def _as_it_leaves(self, books: Books, item: OutboxItem, now: datetime) -> Outgoing | Objection:
        mail = too_late(item, now) or self.latest(books, item, now)
        return mail if isinstance(mail, Objection) else over_the_cap(books, self.caps, mail, now) or mail

    def _settle(self, item: OutboxItem, outcome: Outcome, done: Delivery) -> Delivery:
        """Write down what became of the attempt."""
        now = self.clock.now()
        with self.ledger.transaction() as books:
            match outcome:
                case Taken(answer, refused):
                    books.move(item.id, OutgoingState.SENT, now, answer)
                    note_unreached(books, item.mail, refused, now)
                    succeeded(books)
                    settled = Delivery(done.sent + 1, done.failed, done.unknown)
                case Unknown(reason):
                    books.move(item.id, OutgoingState.UNKNOWN, now, reason)
                    failed(books, Refused(Scope.MAIL, Retry.SOON, reason), reason, now)
                    settled = Delivery(done.sent, done.failed, done.unknown + 1, trouble=reason)
                case Refused():
                    settled = _refused(books, item, outcome, now, done)
                case _:
                    assert_never(outcome)
        log.info("settled", item=item.id)
        return self._logged_in(outcome, settled)

    def _logged_in(self, outcome: Outcome, settled: Delivery) -> Delivery:
        """Learn whether the login was let in; a refusal of it stops the flush, and is not tried again too soon."""
        match outcome:
            case Refused(scope=Scope.LOGIN):
                refusal = LoginRefused(outcome.answer, chinese=_words(outcome))
                return replace(settled, trouble=self.patience.refused(refusal, self.clock.now()).for_people())
            case Taken():
                self.patience.accepted()
        return settled


@dataclass(frozen=True, slots=True)
class Objection:
    """Why a mail does not go now; `final` is the state it gets if it never will."""

    reason: str
    final: OutgoingState | None = None


Latest: TypeAlias = "Callable[[Books, OutboxItem, datetime], Outgoing | Objection]"


def is_put_off(item: OutboxItem, now: datetime) -> bool:
    """Tell whether a mail waits for the moment of its next try; not where the last try lies in the future."""
    if item.not_before is None or (item.tried and item.tried - now > CLOCK_SLACK):
        return False
    return now < item.not_before


def _object(books: Books, item: OutboxItem, against: Objection, now: datetime) -> None:
    """Write down why a mail does not go: for good, or for now, which is told once and not in each round."""
    if against.final:
        books.move(item.id, against.final, now, against.reason)
    elif item.reason != against.reason:
        books.move(item.id, OutgoingState.QUEUED, now, against.reason)


def too_late(item: OutboxItem, now: datetime) -> Objection | None:
    """Tell whether a mail's time is over."""
    over = item.mail.expires is not None and now >= item.mail.expires
    return Objection("已超过答复期限，不再发送", OutgoingState.EXPIRED) if over else None


def look_again(ledger: Ledger, latest: Latest, now: datetime) -> None:
    """Take back what will never leave, held or queued, and let the rest be listed as it will: to whom, and about what.

    Nobody should be asked to approve what is not to be sent, or not in that way.
    """
    with ledger.transaction() as books:
        for item in books.outbox(OutgoingState.HELD, OutgoingState.QUEUED):
            mail = too_late(item, now) or latest(books, item, now)
            if not isinstance(mail, Objection):
                if (mail.to, mail.subject) != (item.mail.to, item.mail.subject):
                    _renew(books, item, mail, now)
            elif mail.final:
                books.move(item.id, mail.final, now, mail.reason)


def _renew(books: Books, item: OutboxItem, mail: Outgoing, now: datetime) -> None:
    """Put a mail into the outbox as it was composed now; that it says something else than it did is an event."""
    if mail != item.mail:
        books.renew(item.id, mail)
    if _DATE.sub(b"", mail.raw, 1) != _DATE.sub(b"", item.mail.raw, 1):
        books.note(Event(now, "mailbot", RENEWED, mail.key, f"{mail.to} {mail.subject}"))


def not_too_late_after_all(ledger: Ledger, usual: OutgoingState, now: datetime) -> None:
    """Give back what expired and whose time is not over: the clock ran ahead when that was found.

    `usual` is the state in which a mail enters the outbox; what was held for a reason is held for it again.
    """
    with ledger.transaction() as books:
        for item in books.outbox(OutgoingState.EXPIRED):
            if item.mail.expires is not None and now < item.mail.expires:
                state, why = _as_before(books, item, usual)
                books.move(item.id, state, now, why)


def _as_before(books: Books, item: OutboxItem, usual: OutgoingState) -> tuple[OutgoingState, str]:
    """Return in which state an expired mail was and why; one that never was in another enters as any does."""
    if item.released:
        return OutgoingState.QUEUED, ""
    waiting = {f"mail_{state.value}": state for state in (OutgoingState.HELD, OutgoingState.QUEUED)}
    for event in reversed(books.events(item.mail.key)):
        if event.what in waiting:
            return waiting[event.what], event.detail
    arrived = min((receipt.arrived for receipt in books.receipts_of(item.mail.answers)), default=item.created)
    return entering(books, usual, arrived)


def over_the_cap(books: Books, caps: Caps, mail: Outgoing, now: datetime) -> Objection | None:
    """Tell which cap the next mail would break: to one address a day, in all an hour, in all a day."""
    day, hour = now - timedelta(days=1), now - timedelta(hours=1)
    for address in mail.recipients:
        if books.sent_between(day, now, address) >= caps.per_address_day:
            return Objection(f"24 小时内已向 {address} 发出 {caps.per_address_day} 封，达到上限")
    if books.sent_between(hour, now) >= caps.per_hour:
        return Objection(f"1 小时内已发出 {caps.per_hour} 封，达到上限")
    if books.sent_between(day, now) >= caps.per_day:
        return Objection(f"24 小时内已发出 {caps.per_day} 封，达到上限")
    return None


def _refused(books: Books, item: OutboxItem, refusal: Refused, now: datetime, done: Delivery) -> Delivery:
    """Queue a refused mail again where that makes sense; a refusal of everything stops the flush."""
    words, all_mail = _words(refusal), refusal.scope in {Scope.SERVER, Scope.LOGIN}
    hopeless = refusal.retry is Retry.NEVER or (not all_mail and item.tries + 1 >= MOST_TRIES)
    if hopeless:
        books.move(item.id, OutgoingState.FAILED, now, words)
    else:
        its_own = refusal.scope in {Scope.RECIPIENT, Scope.MAIL}  # what is every mail's, a pause keeps back
        again = now + again_after(refusal) if its_own else None
        books.move(item.id, OutgoingState.QUEUED, now, words, not_before=again)
    blamed = refusal.scope not in {Scope.RECIPIENT, Scope.LOGIN}
    pause = failed(books, refusal, words, now) if blamed else None
    return Delivery(done.sent, done.failed + hopeless, done.unknown, trouble=words if pause else "")


def _words(refusal: Refused) -> str:
    return f"{refusal.reason}（{refusal.answer}）" if refusal.answer else refusal.reason


def interrupted_sending(ledger: Ledger, now: datetime) -> int:
    """Mark as unknown what an earlier run was sending when it was killed. Call it with the instance lock held."""
    with ledger.transaction() as books:
        cut = books.outbox(OutgoingState.SENDING)
        for item in cut:
            books.move(item.id, OutgoingState.UNKNOWN, now, "发送过程中程序中断，尚不清楚是否已发出")
    return len(cut)


def resolve_unknown(mailbox: Mailbox, ledger: Ledger, now: datetime) -> None:
    """Look in the Sent folder for mails in doubt; what is not there goes once more, and after that is only shown."""
    with ledger.reading() as books:
        unknown = books.outbox(OutgoingState.UNKNOWN)
    if not unknown:
        return
    filed = mailbox.sent_message_ids(SENT_IN_VIEW) or frozenset()
    with ledger.transaction() as books:
        still = books.outbox(OutgoingState.UNKNOWN)  # a person may have settled one meanwhile
        for item in (each for each in unknown if each in still):
            if item.mail.message_id in filed:
                books.move(item.id, OutgoingState.SENT, now, "在已发送文件夹中找到")
            elif _may_go_once_more(item, now):
                books.move(item.id, OutgoingState.QUEUED, now, "已发送文件夹中没有，以同一邮件标识再发一次")
            log.info("looked for in the Sent folder", item=item.id, found=item.mail.message_id in filed)


def _may_go_once_more(item: OutboxItem, now: datetime) -> bool:
    """Tell whether a mail that is in no Sent folder is tried again: once, not too soon, and not too late."""
    filed_by_now = item.tried is not None and abs(now - item.tried) >= FILING
    return item.tries < TRIES_IN_DOUBT and filed_by_now and too_late(item, now) is None


def to_be_sent(books: Books, *, holding: bool) -> tuple[int, ...]:
    """Return the mails that may leave, acknowledgements before all else."""
    return tuple(item.id for item in books.outbox(OutgoingState.QUEUED) if may_leave(item, holding=holding))
