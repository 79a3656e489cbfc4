"""From the archive into the ledger: each message is read, decided, and booked once.

archive ──▶ read (in a worker) ──▶ decide ──▶ receipt + event + answer, one commit
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING

import structlog

from mailbot.domain.books import Event, MessageStanding, OutgoingKind, OutgoingState
from mailbot.domain.decision import Decision, Doubt, MailKind, Situation, Verdict
from mailbot.domain.message import Facts
from mailbot.errors import LedgerError
from mailbot.rules.acknowledging import Answer, Service, acknowledgement_due, is_echo
from mailbot.rules.may_reply import codes_not_to_answer
from mailbot.stages.attending import Interrupted, Progress, never, silent
from mailbot.stages.continuity import entering
from mailbot.stages.gaps import TRIES, TRIES_IN_TRIAGE, counted, opened, to_be_read_again
from mailbot.stages.judging import Reading, is_unread, judge
from mailbot.stages.said import Word, note, rest_is_nothing, said_so_far, was_reopened
from mailbot.stages.undelivered import note_return
from mailbot.stages.viewing import Desk, view_of
from mailbot.stages.writing import Booked, Confirmed, Writer

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

    from mailbot.domain.books import Outgoing, Receipt, StoredMessage
    from mailbot.domain.period import Period
    from mailbot.stages.protocols import Archive, Books, Clock, Ledger, Reader

BOUND = "bindings"  # what the ledger remembers of the bindings under which triage was decided
TO_BE_ANSWERED = "to_be_answered"  # likewise, on one that came by hand
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Replies:
    """How acknowledgements leave: since when and how long, and in which state they enter the outbox."""

    service: Service
    state: OutgoingState


@dataclass(frozen=True, slots=True)
class Grounds:
    """What a message is decided on beside what it holds: the desk with every binding, the situation.

    They hold until somebody adds an event behind the last one that they know.
    """

    desk: Desk
    situation: Situation
    last_event: int


@dataclass(frozen=True, slots=True)
class Clerk:
    """Books messages. `desk` gives the office's files as they are at each decision.

    What came to the mailbox is answered; what came by hand is where a person asked for it.
    """

    archive: Archive
    reader: Reader
    ledger: Ledger
    clock: Clock
    desk: Callable[[], Desk]
    writer: Writer
    own_addresses: frozenset[str]
    replies: Replies

    def record_backlog(self, interrupted: Interrupted = never, progress: Progress = silent) -> int:
        """Book every message that waits; return how many were.

        Raises:
            ArchiveError: a message could not be read back; the others were booked all the same.
        """
        with self.ledger.reading() as books:
            waiting = [(message, MessageStanding.UNDECIDED) for message in books.undecided()]
        return _count(self.record_each(waiting, interrupted, progress))

    def read_again(self, interrupted: Interrupted = never) -> int:
        """Try again what waits for a person only because it was never read to its end; return how many messages.

        Whatever killed us then may have had nothing to do with it. Asked last: if it kills us, nothing else waits.

        Raises:
            ArchiveError: as in `record_backlog`.
        """
        with self.ledger.reading() as books:
            unread = to_be_read_again(books)
        return _count(self.record_each([(message, MessageStanding.TRIAGE) for message in unread], interrupted))

    def recover(self) -> int:
        """Take up again what could not be read back from the archive and now can; return how many messages.

        Fetched again, or restored by a person: what waited for it is decided, and the answer that waited may go.
        """
        with self.ledger.reading() as books:
            lost = {gap.message.sha256: gap for gap in books.gaps() if gap.message.lost}
        back = [gap for gap in lost.values() if self.archive.is_whole(gap.message.sha256)]
        if not back:
            return 0
        with self.ledger.transaction() as books:
            books.find_again(*(gap.message.sha256 for gap in back))
        again = {MessageStanding.TRIAGE, MessageStanding.RECEIPTS}
        return _count(
            self.record_each([(replace(g.message, lost=False), g.standing) for g in back if g.standing in again])
        )

    def reconsider(self) -> int:
        """Decide again wherever an address was bound or unbound since; return on how many messages.

        What waits in triage may be settled by it; what was recorded may now be answered, if it is not too late.
        """
        with self.ledger.transaction() as books:
            bound = _bindings_mark(self.desk().with_bindings(books))
            if books.recall(BOUND) == bound:
                return 0
            waiting = [(m, MessageStanding.TRIAGE) for item in books.triage() if (m := books.message(item.sha256))]
            since = self.replies.service.answers_since(self.clock.now())
            unanswered = [(m, MessageStanding.RECEIPTS) for m in (books.unanswered(since) if since else ())]
        try:
            return _count(self.record_each((*waiting, *unanswered)))
        finally:  # one that cannot be read back must not be tried in each round; a killed round is made again
            with self.ledger.transaction() as books:
                books.remember(BOUND, bound)

    def answer_too(self, messages: Collection[str], actor: str) -> None:
        """Answer messages that came by hand like those of the mailbox, also where they are recorded already.

        Raises:
            ArchiveError: a message could not be read back; the others were answered all the same.
        """
        with self.ledger.transaction() as books:
            for sha256 in messages:
                books.note(Event(self.clock.now(), actor, TO_BE_ANSWERED, sha256))
            known = [message for sha256 in messages if (message := books.message(sha256))]
            booked = [(each, MessageStanding.RECEIPTS) for each in known if books.receipts_of(each.sha256)]
        _count(self.record_each(booked))

    def record_each(
        self,
        messages: Sequence[tuple[StoredMessage, MessageStanding]],
        interrupted: Interrupted = never,
        progress: Progress = silent,
    ) -> Iterator[Decision | None]:
        """Book messages one by one, each with where it was found; give what was decided, None where nothing was.

        Raises:
            ArchiveError: a message could not be read back; it keeps no other waiting, and is told at the end.
        """
        failure: Exception | None = None
        done = 0
        for message, found in messages:
            if interrupted():
                break
            try:
                decision = self.record(message, found)
            except LedgerError:
                raise
            except Exception as error:  # told below, once the others are booked
                log.exception("not booked", sha256=message.sha256)
                failure = error
            else:
                done += 1
                yield decision
            progress("recording", done, len(messages))
        if failure is not None:
            raise failure

    def record(self, message: StoredMessage, found: MessageStanding, word: Word | None = None) -> Decision | None:
        """Book one archived message, as decided or as a person said; None where it moved on from `found` meanwhile.

        What has receipts is never booked otherwise, or for another unit or month too: it stays as it is.

        Raises:
            ArchiveError, LedgerError: nothing was booked; the message waits.
        """
        with counted(self.ledger, message.sha256) as tries:
            return self._decided(message, found, self._opened(message, found, tries, word), word)

    def _opened(self, message: StoredMessage, found: MessageStanding, tries: int, word: Word | None) -> Reading:
        whole_until = tries if word else TRIES if found is MessageStanding.UNDECIDED else TRIES_IN_TRIAGE
        reading = opened(message, self.archive, self.reader, tries, whole_until)
        log.info("read", sha256=message.sha256)
        return reading

    def _decided(
        self, message: StoredMessage, found: MessageStanding, reading: Reading, word: Word | None
    ) -> Decision | None:
        """Decide on what was read, and book it."""
        facts, office = reading.facts, self.desk()
        with self.ledger.reading() as books:
            grounds = self._grounds(office, facts, books, message, word)
        decision = judge(reading, grounds.situation, message.arrived)
        unheard = word is not None and decision.verdict is not Verdict.RECORD
        if unheard or (is_unread(decision) and found is not MessageStanding.UNDECIDED):
            return decision  # it stays as it was when it could be read, with the unit and month that it may be for
        with self.ledger.transaction() as books:
            if not is_unread(decision):
                books.forget_tries(message.sha256)
            if books.standing_of(message.sha256) is not found:
                return None
            if books.last_event() != grounds.last_event:  # a long table takes its time, and others write meanwhile
                grounds = self._grounds(office, facts, books, message, word)
                decision = judge(reading, grounds.situation, message.arrived)
            if found is MessageStanding.TRIAGE and not word and was_reopened(books, message.sha256):
                return None  # a person wants to settle it himself
            if word:
                note(books, message, word)
            elif found is MessageStanding.RECEIPTS and not _says_the_same(decision, books.receipts_of(message.sha256)):
                return None
            self._book(books, message, facts, decision, grounds)
        log.info("booked", sha256=message.sha256, verdict=decision.verdict.value)
        return decision

    def reopen(self, message: StoredMessage, event: Event) -> bool:
        """Let a settled message wait for a person again, as he asked, with what is to be said of it now.

        Its receipts, if it has any, count for nothing from then on. Returns whether it was settled.

        Raises:
            ArchiveError, LedgerError: it stays as it is.
        """
        reading = opened(message, self.archive, self.reader, 1, 1)
        with self.ledger.transaction() as books:
            numbers = [receipt.number for receipt in books.receipts_of(message.sha256)]
            if numbers:
                books.revoke(message.sha256, event)
            elif books.standing_of(message.sha256) is MessageStanding.IGNORED:
                books.note(event)
            else:
                return False
            grounds = self._grounds(self.desk(), reading.facts, books, message, None)
            decision = judge(reading, grounds.situation, message.arrived)
            if not is_unread(decision):
                books.forget_tries(message.sha256)
            books.decided(message, reading.facts, _in_doubt(decision, numbers), self.clock.now())
        return True

    def _grounds(self, office: Desk, facts: Facts, books: Books, message: StoredMessage, word: Word | None) -> Grounds:
        desk = office.with_bindings(books)
        owed, came = desk.owed(), books.kinds_received()
        ours = books.answered(facts.mail.references)
        situation = Situation(
            notices=desk.notices,
            directory=desk.directory,
            calendar=desk.calendar,
            own_addresses=self.own_addresses,
            incomplete=frozenset(
                (each.unit, each.period)
                for each in owed
                if any((each.notice, each.unit, each.period, kind) not in came for kind in each.required)
            ),
            answers=_only_one_about(ours.mail) if ours else None,
            rulings=(*said_so_far(books, message, word), *([word.ruling] if word else ())),
            rest_is_nothing=rest_is_nothing(books, message.sha256),
            due=tuple({(each.notice, each.period, each.due) for each in owed}),
            reply_policy=codes_not_to_answer,
        )
        return Grounds(desk, situation, books.last_event())

    def _book(self, books: Books, message: StoredMessage, facts: Facts, decision: Decision, grounds: Grounds) -> None:
        """Write down what was decided, and with it the answer: after a person's word, of what is new."""
        now, desk = self.clock.now(), grounds.desk
        whose = {(submission.unit, submission.period) for submission in decision.submissions}
        held = tuple(each for unit, period in whose for each in books.arrivals(unit=unit, period=period))
        before = view_of(books, desk, now, whose, held)
        issued = receipts = books.decided(message, facts, decision, now)
        for row in before:
            books.hold_to(message.sha256, row.obligation)
        nth = 0
        if grounds.situation.rulings:
            nth = books.answers_to(message.sha256) + 1
            receipts = _news(issued, held, books.confirmed(message.sha256))
        if decision.kind is MailKind.BOUNCE:
            note_return(books, self.archive.checked(message.sha256), facts.mail.text, now)
        if message.arrived is None or not receipts or not _is_to_be_answered(books, message.sha256):
            return
        due = acknowledgement_due(decision, message.arrived, self.replies.service, now)
        after = view_of(books, desk, now, whose, {each.number: each for each in (*held, *issued)}.values())
        if due.answer is Answer.NONE or is_echo(receipts, _confirmed(books, facts), after):
            return
        confirmed = Confirmed(message.arrived, receipts, before, after)
        booked = Booked(facts, decision, message.sha256, confirmed, nth)
        mail = self.writer.acknowledgement(booked, desk, now, due.expires)
        state, why = OutgoingState.EXPIRED, due.why
        if due.answer is Answer.QUEUE:
            state, why = entering(books, self.replies.state, message.arrived)
        books.queue(mail, state, now, why)


def _count(recorded: Iterator[Decision | None]) -> int:
    """Let messages be recorded, and return how many were: of thousands nothing else is kept."""
    return sum(1 for _ in recorded)


def _is_to_be_answered(books: Books, sha256: str) -> bool:
    """Tell whether a message came to the mailbox, or by hand and a person wants it answered."""
    return books.came_to_mailbox(sha256) or any(event.what == TO_BE_ANSWERED for event in books.events(sha256))


def _confirmed(books: Books, facts: Facts) -> tuple[Receipt, ...]:
    """Return the receipts that our acknowledgement confirmed which this mail answers; none where it answers none."""
    ours = books.answered(facts.mail.references)
    if ours is None or ours.mail.kind is not OutgoingKind.ACKNOWLEDGEMENT:
        return ()
    return books.receipts_of(ours.mail.answers)


def _only_one_about(mail: Outgoing) -> tuple[str, Period] | None:
    """Return the unit and month that a mail of ours is about; None where it is about several, or none."""
    about = {(unit, period) for _, unit, period in mail.about}
    return about.pop() if len(about) == 1 else None


def _news(
    issued: Iterable[Receipt], earlier: Iterable[Receipt], confirmed: frozenset[tuple[str, Period]]
) -> tuple[Receipt, ...]:
    """Return the receipts that no acknowledgement confirmed as they are now."""
    parts = {receipt.number: receipt.parts for receipt in earlier}
    return tuple(
        receipt
        for receipt in issued
        if (receipt.unit, receipt.period) not in confirmed or parts.get(receipt.number, receipt.parts) != receipt.parts
    )


def _in_doubt(decision: Decision, revoked: Sequence[str]) -> Decision:
    """Return a decision as what a person has to look at, the unit and month that it would have booked as the guess."""
    booked = [(each.unit, each.period) for each in decision.submissions]
    what = f"登记（{'、'.join(revoked)}）" if revoked else "“不登记”"
    return replace(
        decision,
        verdict=Verdict.TRIAGE,
        submissions=(),
        doubts=(*decision.doubts, Doubt("reopened", f"经办人已撤销{what}，请重新判断")),
        guess=booked[0] if booked else decision.guess,
        concerns=decision.concerns or tuple(booked),
        may_deliver=bool(booked or decision.concerns),
    )


def _says_the_same(decision: Decision, receipts: tuple[Receipt, ...]) -> bool:
    """Tell whether a decision would book just what was booked."""
    booked = {(receipt.notice, receipt.unit, receipt.period) for receipt in receipts}
    return {(each.notice, each.unit, each.period) for each in decision.submissions} == booked


def _bindings_mark(desk: Desk) -> str:
    """Return a mark that changes with which address belongs to which unit."""
    pairs = sorted((address, unit.name) for unit in desk.directory.units for address in unit.addresses)
    return sha256(repr(pairs).encode()).hexdigest()
