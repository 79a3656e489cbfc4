"""One flush of the outbox, with a courier that answers as it is told and a real ledger."""

from __future__ import annotations

from collections.abc import Callable, Iterator
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
from mailbot.stages.delivering import (
    Delivery,
    Latest,
    Objection,
    Postman,
    interrupted_sending,
    resolve_unknown,
    to_be_sent,
)
from mailbot.stages.patience import REFUSED_SENDING, Patience
from mailbot.stages.protocols import Books, Mailbox
from mailbot.stages.releasing import resume

NOW = shanghai("2021-04-15T09:00")
MANY = Caps(per_address_day=100, per_hour=100, per_day=100)
GREYLISTED = Refused(Scope.RECIPIENT, Retry.SOON, "稍后再试", "451 greylisted")
UNKNOWN_USER = Refused(Scope.RECIPIENT, Retry.NEVER, "收件人地址不存在", "550 5.1.1")
QUOTA = Refused(Scope.SERVER, Retry.LATER, "当日发信数量已用完", "554 RP:QRC", wait=timedelta(days=1))
NOT_OURS = Refused(Scope.SERVER, Retry.NEEDS_PERSON, "服务器拒绝本发件地址", "553")
WRONG_CODE = Refused(Scope.LOGIN, Retry.NEEDS_PERSON, "服务器拒绝登录", "535")
SPAM = Refused(Scope.CONTENT, Retry.NEVER, "服务器判为垃圾邮件", "554 DT:SPM")
PERHAPS_SPAM = Refused(Scope.CONTENT, Retry.LATER, "服务器暂疑为垃圾邮件", "451 DT:SPM")
NOT_TAKEN = Refused(Scope.MAIL, Retry.NEVER, "服务器拒收本邮件", "554 5.6.0")
UNREACHABLE = Refused(Scope.SERVER, Retry.SOON, "与邮件服务器的连接中断")
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


def as_it_is(_books: Books, item: OutboxItem, _now: object) -> Outgoing:
    """Object to nothing."""
    return item.mail


@dataclass(slots=True)
class Desk:
    """An outbox with some mails in it, and whoever sends them."""

    ledger: SqlLedger
    courier: ToldCourier = field(default_factory=ToldCourier)
    clock: SetClock = field(default_factory=lambda: SetClock(NOW))
    caps: Caps = MANY
    code: str = "an authorisation code"

    def postman(self, latest: Latest = as_it_is, interrupted: Callable[[], bool] = lambda: False) -> Postman:
        """Return who sends; every flush may be a process of its own."""
        patience = Patience(self.ledger, lambda: ("smtp.example.test", "bot@example.test", self.code), REFUSED_SENDING)
        return Postman(self.ledger, self.courier, self.clock, self.caps, latest, patience, interrupted)

    def queues(self, *mails: Outgoing, state: OutgoingState = OutgoingState.QUEUED) -> None:
        with self.ledger.transaction() as books:
            for mail in mails:
                assert books.queue(mail, state, self.clock.now())

    def flushes(self, *, after: timedelta = timedelta()) -> Delivery:
        self.clock.moment += after
        with self.ledger.reading() as books:
            chosen = to_be_sent(books, holding=False)
        return self.postman().flush(chosen)

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


@pytest.mark.parametrize(("refusal", "pause"), [(QUOTA, timedelta(days=1)), (NOT_OURS, timedelta(hours=1))])
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
    desk.courier.answers = [NOT_OURS] * 9

    for _ in range(9):
        desk.flushes(after=timedelta(hours=2))

    assert desk.flushes(after=timedelta(hours=2)).sent == 1


class TestBreaker:
    """One failure after another is the server's matter: then no mail is tried, whichever it is."""

    def test_a_mail_that_is_judged_spam_fails_and_no_other_goes_until_a_person_says_so(self, desk: Desk) -> None:
        desk.queues(ONE, TWO)
        desk.courier.answers = [SPAM]

        stopped = desk.flushes()
        a_week_later = desk.flushes(after=timedelta(days=7))

        assert stopped == Delivery(failed=1, trouble="服务器判为垃圾邮件（554 DT:SPM）")
        assert "mailbot outbox resume" in a_week_later.trouble
        assert desk.states() == [OutgoingState.FAILED, OutgoingState.QUEUED]
        assert resume(desk.ledger, desk.clock.now(), "office")
        assert desk.flushes() == Delivery(sent=1)
        with desk.ledger.reading() as books:
            assert [event.actor for event in books.events(what="sending_resumed")] == ["office"]

    @pytest.mark.parametrize("refusal", [QUOTA, NOT_OURS, PERHAPS_SPAM, UNREACHABLE])
    def test_a_person_ends_a_pause_before_its_time(self, desk: Desk, refusal: Refused) -> None:
        desk.queues(ONE, TWO)
        desk.courier.answers = [refusal]
        desk.flushes()

        assert resume(desk.ledger, desk.clock.now(), "office")
        assert not resume(desk.ledger, desk.clock.now(), "office")

        assert desk.flushes() == Delivery(sent=2)

    def test_a_stop_holds_although_the_clock_was_put_back(self, desk: Desk) -> None:
        desk.queues(ONE, TWO)
        desk.courier.answers = [SPAM]
        desk.flushes()

        assert desk.flushes(after=-timedelta(days=3)).trouble

    def test_a_mere_suspicion_of_spam_lets_all_mail_wait_for_half_an_hour(self, desk: Desk) -> None:
        desk.queues(ONE, TWO)
        desk.courier.answers = [PERHAPS_SPAM]

        assert desk.flushes().trouble
        assert desk.flushes(after=timedelta(minutes=29)).trouble
        assert desk.flushes(after=timedelta(minutes=1)) == Delivery(sent=2)

    def test_one_that_stays_suspected_fails_in_the_end_and_the_others_go(self, desk: Desk) -> None:
        desk.queues(ONE, TWO)
        desk.courier.answers = [PERHAPS_SPAM] * 5

        done = [desk.flushes(after=timedelta(hours=2)) for _ in range(6)]

        assert desk.states() == [OutgoingState.FAILED, OutgoingState.SENT]
        assert done[-1] == Delivery(sent=1)

    def test_five_mails_in_a_row_that_are_refused_for_good_stop_all_others(self, desk: Desk) -> None:
        desk.queues(*(a_mail(key=f"ack:{number}") for number in range(28)))
        desk.courier.answers = [NOT_TAKEN] * 28

        assert desk.flushes().failed == 5

        assert "mailbot outbox resume" in desk.flushes(after=timedelta(days=1)).trouble
        assert desk.states().count(OutgoingState.QUEUED) == 23

    @pytest.mark.parametrize("answer", [Taken("250 OK"), UNKNOWN_USER])
    def test_a_mail_that_is_taken_ends_the_row_and_a_recipients_refusal_is_none_of_it(
        self, desk: Desk, answer: Outcome
    ) -> None:
        desk.queues(*(a_mail(key=f"ack:{number}") for number in range(6)))
        desk.courier.answers = [NOT_TAKEN, NOT_TAKEN, answer, NOT_TAKEN, NOT_TAKEN]

        assert desk.flushes().trouble == ""

    def test_failures_that_lie_hours_apart_are_no_row(self, desk: Desk) -> None:
        desk.courier.answers = [NOT_TAKEN] * 9
        for number in range(9):
            desk.queues(a_mail(key=f"ack:{number}"))

            assert desk.flushes(after=timedelta(minutes=61)).trouble == ""

    def test_a_server_that_cannot_be_reached_again_and_again_is_tried_five_times_an_hour(self, desk: Desk) -> None:
        desk.queues(ONE)
        desk.courier.answers = [UNREACHABLE] * 99

        for _ in range(2 * 60):
            desk.flushes(after=timedelta(minutes=1))

        assert len(desk.courier.asked) <= 2 * 5

    def test_a_line_that_breaks_after_each_mail_does_not_put_them_all_in_doubt(self, desk: Desk) -> None:
        desk.queues(*(a_mail(key=f"ack:{number}") for number in range(20)))
        desk.courier.answers = [CUT] * 20

        for _ in range(11):
            desk.flushes(after=timedelta(minutes=5))

        assert desk.states().count(OutgoingState.UNKNOWN) == 5


class TestLogin:
    def test_a_refused_login_is_tried_less_and_less_often(self, desk: Desk) -> None:
        desk.queues(ONE)
        desk.courier.answers = [WRONG_CODE] * 99

        for _ in range(24 * 2):
            desk.flushes(after=timedelta(minutes=30))

        assert len(desk.courier.asked) <= 7
        assert desk.states() == [OutgoingState.QUEUED]

    def test_another_code_is_tried_at_once(self, desk: Desk) -> None:
        desk.queues(ONE)
        desk.courier.answers = [WRONG_CODE]
        assert "授权码" in desk.flushes().trouble
        assert "不再用同一授权码登录" in desk.flushes().trouble

        desk.code = "a new code"

        assert desk.flushes().sent == 1

    def test_a_login_that_was_let_in_is_forgotten(self, desk: Desk) -> None:
        desk.queues(ONE, TWO)
        desk.courier.answers = [WRONG_CODE]
        desk.flushes()
        desk.flushes(after=timedelta(minutes=6))

        with desk.ledger.reading() as books:
            assert books.recall(REFUSED_SENDING) == ""


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
    postman = desk.postman(interrupted=lambda: len(desk.courier.asked) == 2)

    assert postman.flush((1, 2, 3)).sent == 2

    assert desk.states()[-1] is OutgoingState.QUEUED


def test_a_mail_that_somebody_objects_to_for_good_is_taken_back(desk: Desk) -> None:
    desk.queues(ONE)
    against = Objection("已报齐", OutgoingState.CANCELLED)

    desk.postman(lambda _books, _item, _now: against).flush((1,))

    assert (desk.states(), desk.courier.asked) == ([OutgoingState.CANCELLED], [])


def test_one_that_is_objected_to_for_now_waits(desk: Desk) -> None:
    desk.queues(ONE)

    desk.postman(lambda _books, _item, _now: Objection("下班时间")).flush((1,))

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
