"""One flush of the outbox, with a courier that answers as it is told and a real ledger."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import cast

import pytest
from tests.outgoing_builders import a_mail

from mailbot.clock import SetClock
from mailbot.domain.books import Event, OutboxItem, Outgoing, OutgoingKind, OutgoingState
from mailbot.domain.moments import shanghai
from mailbot.errors import Retry
from mailbot.ledger.engine import SqlLedger, open_ledger
from mailbot.outgoing.courier import Outcome, Refused, Scope, Taken, Unknown
from mailbot.settings.values import Caps
from mailbot.stages.delivering import Delivery, Objection, Postman, interrupted_sending, resolve_unknown, to_be_sent
from mailbot.stages.protocols import Books, Mailbox

NOW = shanghai("2021-04-15T09:00")
MANY = Caps(per_address_day=100, per_hour=100, per_day=100)
GREYLISTED = Refused(Scope.RECIPIENT, Retry.SOON, "稍后再试", "451 greylisted")
UNKNOWN_USER = Refused(Scope.RECIPIENT, Retry.NEVER, "收件人地址不存在", "550 5.1.1")
QUOTA = Refused(Scope.SERVER, Retry.LATER, "当日发信数量已用完", "554 RP:QRC", wait=timedelta(days=1))
WRONG_CODE = Refused(Scope.SERVER, Retry.NEEDS_PERSON, "服务器拒绝登录", "535")
CUT = Unknown("连接中断，尚不清楚是否已发出")


@dataclass(slots=True)
class ToldCourier:
    """A courier whose answers a test gives; what is not told is taken."""

    answers: list[Outcome] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def deliver(self, mail: Outgoing) -> Outcome:
        """Answer as told."""
        self.asked.append(mail.key)
        return self.answers.pop(0) if self.answers else Taken("250 OK")


@dataclass(slots=True)
class SentFolder:
    """A mailbox of which only the Sent folder is looked at."""

    filed: frozenset[str] | None

    def sent_message_ids(self, _limit: int) -> frozenset[str] | None:
        """Return what is filed."""
        return self.filed


def nothing_against(_books: Books, _item: OutboxItem, _now: object) -> None:
    """Object to nothing."""


@dataclass(slots=True)
class Desk:
    """An outbox with some mails in it, and whoever sends them."""

    ledger: SqlLedger
    courier: ToldCourier = field(default_factory=ToldCourier)
    clock: SetClock = field(default_factory=lambda: SetClock(NOW))
    caps: Caps = MANY

    def queues(self, *mails: Outgoing, state: OutgoingState = OutgoingState.QUEUED) -> None:
        with self.ledger.transaction() as books:
            for mail in mails:
                assert books.queue(mail, state, self.clock.now())

    def flushes(self, *, after: timedelta = timedelta()) -> Delivery:
        self.clock.moment += after
        with self.ledger.reading() as books:
            chosen = to_be_sent(books, holding=False)
        return Postman(self.ledger, self.courier, self.clock, self.caps, nothing_against).flush(chosen)

    def looks_for_the_doubtful(self, filed: frozenset[str] | None) -> None:
        mailbox = cast("Mailbox", SentFolder(filed))
        resolve_unknown(mailbox, self.ledger, self.clock.now())

    def states(self) -> list[OutgoingState]:
        return [item.state for item in self.items()]

    def items(self) -> tuple[OutboxItem, ...]:
        with self.ledger.reading() as books:
            return books.outbox()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    ledger = open_ledger(f"sqlite:///{tmp_path}/ledger.db", receipt_number="{year}-{month:02d}-{serial:04d}")
    yield Desk(ledger)
    ledger.close()


ONE, TWO, THREE = (a_mail(key=f"ack:{number}", to=f"clerk{number}@clerks.example") for number in (1, 2, 3))


def test_each_mail_is_sent_once_and_its_answer_kept(desk: Desk) -> None:
    desk.queues(ONE, TWO)

    assert (desk.flushes(), desk.flushes()) == (Delivery(sent=2), Delivery())

    assert desk.courier.asked == ["ack:1", "ack:2"]
    assert [item.reason for item in desk.items()] == ["250 OK", "250 OK"]


def test_an_address_that_does_not_exist_fails_for_good_and_the_next_still_goes(desk: Desk) -> None:
    desk.queues(ONE, TWO)
    desk.courier.answers = [UNKNOWN_USER]

    assert desk.flushes() == Delivery(sent=1, failed=1)

    assert desk.states() == [OutgoingState.FAILED, OutgoingState.SENT]
    assert "550 5.1.1" in desk.items()[0].reason


def test_one_that_is_put_off_is_tried_again_but_not_at_once(desk: Desk) -> None:
    desk.queues(ONE)
    desk.courier.answers = [GREYLISTED]

    assert [desk.flushes().sent, desk.flushes(after=timedelta(minutes=1)).sent] == [0, 0]
    assert desk.flushes(after=timedelta(minutes=1)).sent == 1

    assert desk.courier.asked == ["ack:1", "ack:1"]


def test_one_that_is_put_off_again_and_again_fails_in_the_end(desk: Desk) -> None:
    desk.queues(ONE)
    desk.courier.answers = [GREYLISTED] * 9

    for _ in range(9):
        desk.flushes(after=timedelta(hours=1))

    assert len(desk.courier.asked) == 5
    assert desk.states() == [OutgoingState.FAILED]


@pytest.mark.parametrize(("refusal", "pause"), [(QUOTA, timedelta(days=1)), (WRONG_CODE, timedelta(hours=1))])
def test_a_server_that_takes_nothing_is_left_alone_as_long_as_it_asks(
    desk: Desk, refusal: Refused, pause: timedelta
) -> None:
    desk.queues(ONE, TWO)
    desk.courier.answers = [refusal]

    first = desk.flushes()
    soon = desk.flushes(after=pause - timedelta(minutes=1))

    assert refusal.reason in first.trouble
    assert soon.trouble
    assert desk.courier.asked == ["ack:1"]
    assert desk.flushes(after=timedelta(minutes=1)) == Delivery(sent=2)


def test_however_often_the_server_takes_nothing_no_mail_is_given_up_for_it(desk: Desk) -> None:
    desk.queues(ONE)
    desk.courier.answers = [WRONG_CODE] * 9

    for _ in range(9):
        desk.flushes(after=timedelta(hours=2))

    assert desk.flushes(after=timedelta(hours=2)).sent == 1


def test_a_line_cut_after_the_last_dot_stops_the_flush_and_sends_nothing_again(desk: Desk) -> None:
    desk.queues(ONE, TWO)
    desk.courier.answers = [CUT]

    assert desk.flushes().unknown == 1
    assert desk.flushes().sent == 1

    assert desk.states() == [OutgoingState.UNKNOWN, OutgoingState.SENT]
    assert desk.courier.asked == ["ack:1", "ack:2"]


class TestInDoubt:
    def test_what_lies_in_the_sent_folder_was_sent(self, desk: Desk) -> None:
        desk.queues(ONE)
        desk.courier.answers = [CUT]
        desk.flushes()

        desk.looks_for_the_doubtful(frozenset({ONE.message_id}))

        assert desk.states() == [OutgoingState.SENT]

    @pytest.mark.parametrize("filed", [frozenset({"<another@x.example>"}), frozenset(), None])
    def test_what_does_not_goes_once_more_and_then_is_only_shown(
        self, desk: Desk, filed: frozenset[str] | None
    ) -> None:
        desk.queues(ONE)
        desk.courier.answers = [CUT, CUT, CUT]
        for _ in range(5):
            desk.flushes(after=timedelta(minutes=2))
            desk.clock.moment += timedelta(minutes=1)
            desk.looks_for_the_doubtful(filed)

        assert desk.courier.asked == ["ack:1", "ack:1"]
        assert desk.states() == [OutgoingState.UNKNOWN]

    def test_what_is_too_late_by_then_stays_in_doubt(self, desk: Desk) -> None:
        desk.queues(replace(ONE, expires=NOW + timedelta(minutes=5)))
        desk.courier.answers = [CUT]
        desk.flushes()

        desk.clock.moment += timedelta(minutes=6)
        desk.looks_for_the_doubtful(frozenset())

        assert desk.states() == [OutgoingState.UNKNOWN]

    def test_what_a_killed_run_was_sending_is_in_doubt(self, desk: Desk) -> None:
        desk.queues(ONE, TWO)
        with desk.ledger.transaction() as books:
            books.move(1, OutgoingState.SENDING, NOW)

        assert interrupted_sending(desk.ledger, NOW) == 1

        assert desk.states() == [OutgoingState.UNKNOWN, OutgoingState.QUEUED]


def test_a_flush_that_is_asked_to_stop_stops_between_two_mails(desk: Desk) -> None:
    desk.queues(ONE, TWO, THREE)
    postman = Postman(
        desk.ledger, desk.courier, desk.clock, MANY, nothing_against, lambda: len(desk.courier.asked) == 2
    )

    assert postman.flush((1, 2, 3)).sent == 2

    assert desk.states()[-1] is OutgoingState.QUEUED


def test_a_mail_that_somebody_objects_to_for_good_is_taken_back(desk: Desk) -> None:
    desk.queues(ONE)
    against = Objection("已报齐", OutgoingState.CANCELLED)

    Postman(desk.ledger, desk.courier, desk.clock, MANY, lambda _books, _item, _now: against).flush((1,))

    assert (desk.states(), desk.courier.asked) == ([OutgoingState.CANCELLED], [])


def test_one_that_is_objected_to_for_now_waits(desk: Desk) -> None:
    desk.queues(ONE)

    Postman(desk.ledger, desk.courier, desk.clock, MANY, lambda _b, _i, _n: Objection("下班时间")).flush((1,))

    assert (desk.states(), desk.courier.asked) == ([OutgoingState.QUEUED], [])


def test_a_mail_to_several_waits_while_one_of_them_has_had_enough(desk: Desk) -> None:
    desk.caps = replace(MANY, per_address_day=1)
    desk.queues(ONE, a_mail(key="reminder", to="clerk2@clerks.example, clerk1@clerks.example"))

    assert desk.flushes().sent == 1
    assert desk.flushes(after=timedelta(days=1, minutes=1)).sent == 1


def test_a_mail_held_back_by_a_cap_says_so_once(desk: Desk) -> None:
    desk.caps = replace(MANY, per_hour=1)
    desk.queues(ONE, TWO)

    desk.flushes()
    desk.flushes(after=timedelta(minutes=5))

    assert desk.items()[1].reason == "1 小时内已发出 1 封，达到上限"
    with desk.ledger.reading() as books:
        assert len(books.events("ack:2")) == 2  # queued, and queued for that reason


class TestAClockThatWasWrong:
    """It ran two years ahead while something was sent or refused, and was put right since."""

    AHEAD = timedelta(days=730)

    def test_a_pause_from_the_future_holds_nothing(self, desk: Desk) -> None:
        desk.queues(ONE, TWO)
        desk.courier.answers = [QUOTA]
        desk.flushes(after=self.AHEAD)

        assert desk.flushes(after=-self.AHEAD) == Delivery(sent=2)

    def test_one_mail_put_off_in_the_future_is_tried(self, desk: Desk) -> None:
        desk.queues(ONE)
        desk.courier.answers = [GREYLISTED]
        desk.flushes(after=self.AHEAD)

        assert desk.flushes(after=-self.AHEAD).sent == 1

    @pytest.mark.parametrize("caps", [Caps(1, 9, 9), Caps(9, 1, 9), Caps(9, 9, 1)])
    def test_mails_sent_in_the_future_count_under_no_cap(self, desk: Desk, caps: Caps) -> None:
        desk.caps = caps
        desk.queues(ONE)
        desk.flushes(after=self.AHEAD)
        desk.queues(replace(TWO, to=ONE.to))

        assert desk.flushes(after=-self.AHEAD).sent == 1

    def test_one_in_doubt_since_the_future_goes_once_more(self, desk: Desk) -> None:
        desk.queues(ONE)
        desk.courier.answers = [CUT]
        desk.flushes(after=self.AHEAD)

        desk.clock.moment -= self.AHEAD
        desk.looks_for_the_doubtful(frozenset())

        assert desk.flushes().sent == 1


def test_acknowledgements_go_before_everything_else(desk: Desk) -> None:
    desk.queues(replace(ONE, kind=OutgoingKind.REMINDER), TWO)

    desk.flushes()

    assert desk.courier.asked == ["ack:2", "ack:1"]


def test_in_hold_mode_only_what_a_person_released_may_leave(desk: Desk) -> None:
    desk.queues(ONE, TWO, state=OutgoingState.HELD)
    with desk.ledger.transaction() as books:
        books.release(2, Event(NOW, "office", "released", "2"))

    with desk.ledger.reading() as books:
        assert to_be_sent(books, holding=True) == (2,)
