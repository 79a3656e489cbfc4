"""The service as a process: killed where it hurts, stopped, started twice, and worked beside."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic

import pytest
from tests.bot import Bot, a_bot
from tests.office import CLERK, EDUCATION, QUIET_SMTP, Rules, parsed
from tests.office_mails import a_doubtful_report, a_report, a_table
from tests.servers.certificates import Certificates
from tests.servers.misbehaviour import bye, stalls
from tests.servers.netease import Manners, NetEase
from tests.servers.smtp_server import SmtpServer

from mailbot.domain.moments import shanghai

pytestmark = QUIET_SMTP

NINE = shanghai("2021-04-15T09:00")


@pytest.fixture
def bot(tmp_path: Path, netease: NetEase, recording_smtp: SmtpServer) -> Bot:
    return a_bot(tmp_path, netease, recording_smtp.server, recording_smtp.password, Rules(every=1))


@pytest.fixture
def service(bot: Bot) -> Iterator[subprocess.Popen[str]]:
    """Return `mailbot run`, once it has polled the mailbox; ended afterwards."""
    process = bot.starts("run", now="2021-04-15T09:05")
    heard = listen(process, until="reminders queued")
    assert heard, "it never came so far"
    yield process
    if process.poll() is None:
        process.kill()
    process.communicate()


def listen(process: subprocess.Popen[str], until: str) -> bool:
    """Read what a process says until it says that."""
    assert process.stdout is not None
    return any(until in line for line in process.stdout)


def killed_while_sending(bot: Bot, smtp: SmtpServer, now: str, meanwhile: Callable[[bytes], None]) -> None:
    """Poll, and be killed when the mail server has taken a mail and not yet said so."""

    def kill(raw: bytes) -> None:
        meanwhile(raw)
        process.kill()

    smtp.recorder.on_taken = kill
    process = bot.starts("poll", now=now)
    process.communicate(timeout=60)
    assert process.returncode == -signal.SIGKILL
    smtp.recorder.on_taken = lambda _raw: None


def states(bot: Bot) -> list[tuple[str, int]]:
    return [(row["state"], row["tries"]) for row in bot.json("outbox")]


class TestKilledBetweenTheServersYesAndOurs:
    def test_a_mail_that_lies_in_the_sent_folder_was_sent_once(
        self, bot: Bot, netease: NetEase, recording_smtp: SmtpServer
    ) -> None:
        netease.deliver("INBOX", a_report(), NINE)
        killed_while_sending(bot, recording_smtp, "2021-04-15T09:05", lambda raw: netease.deliver("已发送", raw, NINE))

        bot("poll", now="2021-04-15T09:10")

        assert len(recording_smtp.recorder.mails) == 1
        assert states(bot) == [("sent", 1)]

    def test_one_that_does_not_goes_once_more_with_the_same_message_id_and_then_is_only_shown(
        self, bot: Bot, netease: NetEase, recording_smtp: SmtpServer
    ) -> None:
        netease.deliver("INBOX", a_report(), NINE)
        killed_while_sending(bot, recording_smtp, "2021-04-15T09:05", lambda _raw: None)
        assert states(bot) == [("sending", 1)]
        killed_while_sending(bot, recording_smtp, "2021-04-15T09:10", lambda _raw: None)

        for minute in (15, 20, 25):
            bot("poll", now=f"2021-04-15T09:{minute}")

        mails = [parsed(mail.raw) for mail in recording_smtp.recorder.mails]
        assert len(mails) == 2
        assert len({mail["Message-ID"] for mail in mails}) == 1
        assert states(bot) == [("unknown", 2)]
        status = bot.json("status", now="2021-04-15T09:26", code=1)
        assert any("结果不明" in text for text in status["wrong"])

    def test_a_mail_is_not_sent_again_at_once_as_the_server_may_still_be_filing_it(
        self, bot: Bot, netease: NetEase, recording_smtp: SmtpServer
    ) -> None:
        netease.deliver("INBOX", a_report(), NINE)
        killed_while_sending(bot, recording_smtp, "2021-04-15T09:05", lambda _raw: None)

        bot("poll", now="2021-04-15T09:05:30")

        assert len(recording_smtp.recorder.mails) == 1
        assert states(bot) == [("unknown", 1)]

    def test_the_ledger_has_the_report_once(self, bot: Bot, netease: NetEase, recording_smtp: SmtpServer) -> None:
        netease.deliver("INBOX", a_report(), NINE)
        killed_while_sending(bot, recording_smtp, "2021-04-15T09:05", lambda _raw: None)
        bot("poll", now="2021-04-15T09:10")

        (row,) = bot.json("messages")
        assert row["receipts"] == ["2021-04-0001"]

    def test_a_person_who_sends_what_is_held_is_as_safe(
        self, tmp_path: Path, netease: NetEase, recording_smtp: SmtpServer
    ) -> None:
        bot = a_bot(tmp_path, netease, recording_smtp.server, recording_smtp.password, Rules(mode="hold"))
        netease.deliver("INBOX", a_report(), NINE)
        bot("poll", now="2021-04-15T09:05")

        def file_and_kill(raw: bytes) -> None:
            netease.deliver("已发送", raw, NINE)
            process.kill()

        recording_smtp.recorder.on_taken = file_and_kill
        process = bot.starts("outbox", "send", now="2021-04-15T09:06")
        process.communicate(timeout=60)

        bot("poll", now="2021-04-15T09:10")

        assert len(recording_smtp.recorder.mails) == 1
        assert states(bot) == [("sent", 1)]


class TestRun:
    def test_sigterm_ends_it_cleanly(self, service: subprocess.Popen[str]) -> None:
        service.send_signal(signal.SIGTERM)

        assert service.wait(10) == 0

    def test_ctrl_c_does_too(self, service: subprocess.Popen[str]) -> None:
        service.send_signal(signal.SIGINT)

        assert service.wait(10) == 0

    def test_a_stalled_mail_server_does_not_keep_it(self, bot: Bot, netease: NetEase) -> None:
        netease.when("EXAMINE", stalls())
        process = bot.starts("run", now="2021-04-15T09:05")
        while "EXAMINE" not in netease.commands():
            threading.Event().wait(0.05)

        process.send_signal(signal.SIGTERM)

        process.communicate(timeout=30)
        netease.released.set()
        assert process.returncode == 0

    def test_it_sees_what_arrives_meanwhile(
        self, service: subprocess.Popen[str], netease: NetEase, recording_smtp: SmtpServer
    ) -> None:
        netease.deliver("INBOX", a_table(), NINE)

        assert listen(service, until="settled")
        assert [mail.recipient for mail in recording_smtp.recorder.mails] == [CLERK]

    def test_its_log_is_in_english_without_a_word_of_the_mails(self, bot: Bot, netease: NetEase) -> None:
        netease.deliver("INBOX", a_table(body="不应出现在日志中的话"), NINE)
        process = bot.starts("run", now="2021-04-15T09:05")
        assert process.stdout is not None
        said = []
        for line in process.stdout:
            said.append(line)
            if '"settled"' in line:
                process.terminate()
        process.communicate(timeout=60)

        whole = "".join(said)
        assert "不应出现" not in whole
        assert netease.password not in whole
        assert all(line.startswith("{") for line in said if "mailbot 已启动" not in line)

    @pytest.mark.usefixtures("service")
    @pytest.mark.parametrize("words", [("run",), ("poll",), ("outbox", "send"), ("ingest", "units.yaml")])
    def test_a_second_instance_refuses_to_start(self, bot: Bot, words: tuple[str, ...]) -> None:
        said = bot(*words, now="2021-04-15T09:05", code=1)

        assert "已有一个 mailbot" in said
        assert "正在使用这份台账" in said

    @pytest.mark.usefixtures("service")
    def test_whatever_reads_or_settles_works_beside_it(
        self, bot: Bot, netease: NetEase, service: subprocess.Popen[str]
    ) -> None:
        netease.deliver("INBOX", a_doubtful_report(), NINE)
        assert listen(service, until="booked")
        (item,) = bot.json("triage")

        bot("triage", "assign", str(item["id"]), "--unit", EDUCATION, "--period", "2021-04", now="2021-04-15T09:05")
        bot("bind", "someone@private.example", EDUCATION, now="2021-04-15T09:05")

        assert listen(service, until="settled")  # the answer that waited, sent by the service
        for words in (("ledger",), ("messages",), ("outbox",), ("triage",), ("status",), ("remind", "--dry-run")):
            assert bot.json(*words, now="2021-04-15T09:05") is not None
        bot("check", now="2021-04-15T09:05")


def test_a_killed_service_leaves_nothing_that_keeps_the_next_from_starting(
    bot: Bot, service: subprocess.Popen[str]
) -> None:
    os.kill(service.pid, signal.SIGKILL)
    service.wait(10)

    bot("poll", now="2021-04-15T09:10")


class TestItsConnection:
    """Where the server is not like 163's: the service keeps its connection, and waits in IDLE if that is offered."""

    @staticmethod
    def running(folder: Path, host: NetEase, smtp: SmtpServer, every: int) -> subprocess.Popen[str]:
        process = a_bot(folder, host, smtp.server, smtp.password, Rules(every=every)).starts(
            "run", now="2021-04-15T09:05"
        )
        assert listen(process, until="reminders queued")
        return process

    @pytest.fixture(params=["IMAP4rev1 ID", "IMAP4rev1 ID IDLE"], ids=["without IDLE", "with IDLE"])
    def elsewhere(self, certificates: Certificates, request: pytest.FixtureRequest) -> Iterator[NetEase]:
        host = NetEase(certificates, manners=Manners(request.param, wants_id=False, tells_uidnext=True)).start()
        yield host
        host.stop()

    def test_many_rounds_are_made_on_one(self, tmp_path: Path, elsewhere: NetEase, recording_smtp: SmtpServer) -> None:
        process = self.running(tmp_path, elsewhere, recording_smtp, every=1)
        elsewhere.deliver("INBOX", a_table(), NINE)

        assert listen(process, until="settled")
        assert listen(process, until="reminders queued")
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=30)

        assert elsewhere.connections() == 1
        assert elsewhere.commands()[-1] == "LOGOUT"
        assert [mail.recipient for mail in recording_smtp.recorder.mails] == [CLERK]

    def test_one_that_ends_between_two_rounds_is_replaced_and_no_failure_is_told(
        self, tmp_path: Path, elsewhere: NetEase, recording_smtp: SmtpServer
    ) -> None:
        process = self.running(tmp_path, elsewhere, recording_smtp, every=1)
        elsewhere.when("EXAMINE", bye())
        elsewhere.deliver("INBOX", a_table(), NINE)

        assert process.stdout is not None
        said = []
        for line in process.stdout:
            said.append(line)
            if '"settled"' in line:
                break
        process.terminate()
        process.communicate(timeout=30)

        assert elsewhere.connections() == 2
        assert "part failed" not in "".join(said)

    @pytest.mark.parametrize("elsewhere", ["IMAP4rev1 ID IDLE"], indirect=True)
    def test_mail_is_acted_on_at_once_where_the_server_tells_of_it(
        self, tmp_path: Path, elsewhere: NetEase, recording_smtp: SmtpServer
    ) -> None:
        process = self.running(tmp_path, elsewhere, recording_smtp, every=3600)
        while "IDLE" not in elsewhere.commands():
            threading.Event().wait(0.05)
        began = monotonic()
        elsewhere.deliver("INBOX", a_table(), NINE)

        assert listen(process, until="settled")

        assert monotonic() - began < 30
        assert [mail.recipient for mail in recording_smtp.recorder.mails] == [CLERK]
        began = monotonic()
        process.terminate()
        process.communicate(timeout=30)
        assert monotonic() - began < 8
        assert process.returncode == 0
