"""The machine's clock is put back or forward, between rounds and in the middle of one: what counts is the server's."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from glob import glob
from pathlib import Path

import pytest
from tests.bot import Bot, a_bot
from tests.office import CLERK, EDUCATION, LABOUR, OTHER_CLERK, QUIET_SMTP, Office, Rules
from tests.office_mails import a_report, a_table
from tests.servers.netease import Conversation, NetEase
from tests.servers.smtp_server import SmtpServer

from mailbot.clock import SystemClock
from mailbot.domain.books import Completeness, OutgoingKind, OutgoingState, Timeliness
from mailbot.domain.moments import shanghai
from mailbot.stages.reporting import CLOCK_IS_WRONG

pytestmark = QUIET_SMTP

NINE, SOON, LATER, LATEST = "2021-04-15T09:00", "2021-04-15T09:05", "2021-04-15T09:10", "2021-04-15T09:15"
A_DAY_BACK, A_YEAR_AHEAD = "2021-04-14T09:05", "2022-04-15T09:05"
WRONG = [pytest.param(A_DAY_BACK, id="a day back"), pytest.param(A_YEAR_AHEAD, id="a year ahead")]


def assert_recorded_and_answered_once(office: Office) -> None:
    row = office.ledger("2021-04")[EDUCATION]
    assert (row.standing.completeness, row.standing.timeliness) == (Completeness.COMPLETE, Timeliness.ON_TIME)
    assert len(row.receipts) == 1
    assert len(office.sent_to(CLERK)) == 1
    assert [item.state for item in office.outbox()] == [OutgoingState.SENT] * len(office.sent())


class TestBetweenRounds:
    @pytest.mark.parametrize("wrong", WRONG)
    def test_what_comes_while_it_is_wrong_is_recorded_and_answered_once_and_nothing_else_is_sent(
        self, office: Office, wrong: str
    ) -> None:
        office.receives(a_table(LABOUR, sender=OTHER_CLERK), at=NINE)
        office.rounds(at=SOON)
        office.receives(a_report(), at=NINE)

        office.rounds(at=wrong)
        office.rounds(at=LATER)
        office.rounds(at=LATEST, relist=True)

        assert_recorded_and_answered_once(office)
        assert len(office.sent()) == 2
        assert office.status().wrong == ()

    def test_after_it_was_put_back_status_says_so_until_it_is_right(self, office: Office) -> None:
        office.rounds(at=SOON)
        office.clock.moment = shanghai(A_DAY_BACK)

        assert any(CLOCK_IS_WRONG in text for text in office.status().wrong)

    @pytest.mark.parametrize("ahead", ["2021-05-21T09:30", A_YEAR_AHEAD])
    def test_reminders_of_a_wrong_day_do_not_take_the_place_of_those_of_the_right_one(
        self, office: Office, ahead: str
    ) -> None:
        office.rounds(at=SOON)
        office.rounds(at=ahead)
        astray = len(office.sent_to(CLERK))

        office.rounds(at="2021-04-21T09:30")

        assert len(office.sent_to(CLERK)) == astray + 1
        assert "2021年4月" in str(office.sent_to(CLERK)[-1]["Subject"])

    def test_what_waited_for_a_person_waits_again_when_a_clock_put_ahead_is_right(self, office: Office) -> None:
        office.rules = Rules(mode="hold")
        office.receives(a_report(), at="2021-04-21T09:00")
        office.rounds(at="2021-04-21T09:30")
        before = [(item.id, item.state, item.reason) for item in office.outbox()]

        office.rounds(at="2022-04-21T09:30")
        astray = {item.state for item in office.outbox()}
        office.rounds(at="2021-04-21T09:35")

        assert astray == {OutgoingState.EXPIRED}
        assert [(item.id, item.state, item.reason) for item in office.outbox()] == before
        assert {item.mail.kind for item in office.outbox()} == {OutgoingKind.ACKNOWLEDGEMENT, OutgoingKind.REMINDER}

    def test_an_answer_that_expired_by_a_clock_put_ahead_goes_as_its_approver_wished(self, office: Office) -> None:
        office.rules = Rules(mode="hold")
        office.receives(a_report(), at=NINE)
        office.rounds(at=SOON)
        office.releases()

        office.rounds(at=A_YEAR_AHEAD)
        office.rounds(at=LATER)

        assert_recorded_and_answered_once(office)


class TestInTheMiddleOfARound:
    @pytest.mark.parametrize("wrong", WRONG)
    def test_one_that_changes_while_a_mail_is_fetched(self, office: Office, netease: NetEase, wrong: str) -> None:
        def moved(talk: Conversation, tag: str, rest: str) -> None:
            office.clock.moment = shanghai(wrong)
            talk.behave(tag, "UID FETCH", rest)

        office.receives(a_report(), at=NINE)
        netease.when("UID FETCH", moved)
        office.rounds(at=SOON)
        office.rounds(at=LATER)

        assert_recorded_and_answered_once(office)

    @pytest.mark.parametrize("wrong", WRONG)
    def test_one_that_changes_while_a_mail_of_ours_is_on_the_wire(self, office: Office, wrong: str) -> None:
        def moved(_raw: bytes) -> None:
            office.clock.moment = shanghai(wrong)

        office.receives(a_report(), at=NINE)
        office.receives(a_report(LABOUR, sender=OTHER_CLERK), at=NINE)
        office.smtp.recorder.on_taken = moved
        office.rounds(at=SOON)
        office.rounds(at=LATER)
        office.rounds(at=LATEST)

        assert_recorded_and_answered_once(office)
        assert len(office.sent_to(OTHER_CLERK)) == 1


@dataclass(frozen=True, slots=True)
class FalseClock:
    """A clock for a process of its own (libfaketime), moved while it runs; timers of the kernel are not touched."""

    file: Path
    library: str

    def set(self, moment: datetime) -> None:
        """Let it be that moment, and go on from there."""
        ahead = moment - SystemClock().now()
        unfinished = self.file.with_suffix(".part")
        unfinished.write_text(f"{ahead.total_seconds():+.0f}")
        unfinished.replace(self.file)

    def environment(self) -> dict[str, str]:
        """Return what makes a program go by it."""
        return {
            "LD_PRELOAD": self.library,
            "FAKETIME_TIMESTAMP_FILE": str(self.file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }


@pytest.fixture
def false_clock(tmp_path: Path) -> FalseClock:
    found = glob("/usr/lib/*/faketime/libfaketimeMT.so.1")  # noqa: PTH207 - a place of the system
    if not found and os.environ.get("CI") == "true":
        pytest.fail("libfaketime is not installed (make servers), and with CI=true nothing may be skipped")
    if not found:
        pytest.skip("libfaketime is not installed (make servers)")
    clock = FalseClock(tmp_path / "clock", found[0])
    clock.set(shanghai(SOON))
    return clock


class TestTheRunningService:
    @pytest.fixture
    def bot(self, tmp_path: Path, netease: NetEase, recording_smtp: SmtpServer, false_clock: FalseClock) -> Bot:
        office = a_bot(tmp_path / "office", netease, recording_smtp.server, recording_smtp.password, Rules(every=1))
        return Bot(office.config, {**office.environment, **false_clock.environment()})

    @pytest.fixture
    def service(self, bot: Bot) -> Iterator[subprocess.Popen[str]]:
        process = bot.starts("run")
        patience = threading.Timer(60, process.kill)  # a service that sleeps is not waited for
        patience.start()
        yield process
        patience.cancel()
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)

    @pytest.mark.parametrize(
        "leap", [timedelta(days=-1), timedelta(days=365), timedelta(days=-400)], ids=["-1 d", "+1 y", "-400 d"]
    )
    def test_it_goes_on_polling_at_its_pace_wherever_the_clock_leaps(
        self,
        service: subprocess.Popen[str],
        false_clock: FalseClock,
        netease: NetEase,
        recording_smtp: SmtpServer,
        leap: timedelta,
    ) -> None:
        lines = iter(service.stdout or ())
        assert any("reminders queued" in line for line in lines)

        false_clock.set(shanghai(SOON) + leap)
        netease.deliver("INBOX", a_report(), shanghai(NINE))
        assert any('"booked"' in line for line in lines)
        false_clock.set(shanghai(LATER))
        while not recording_smtp.recorder.mails:
            assert any("folder polled" in line for line in lines)

        assert [mail.recipient for mail in recording_smtp.recorder.mails] == [CLERK]
