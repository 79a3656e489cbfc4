"""A ledger that another process keeps locked for too long, and disks that suddenly may only be read.

Told in plain words, nothing lost, nothing twice, and the running service goes on by itself.
"""

from __future__ import annotations

import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing

import pytest
from tests.bot import Bot, a_bot
from tests.disks import Disk, a_disk
from tests.office import CLERK, QUIET_SMTP, Rules
from tests.office_mails import a_report
from tests.servers.netease import NetEase
from tests.servers.smtp_server import SmtpServer

from mailbot.domain.moments import shanghai

pytestmark = QUIET_SMTP

NINE, SOON, LATER = shanghai("2021-04-15T09:00"), "2021-04-15T09:05", "2021-04-15T09:10"
PATIENCE = 120


@pytest.fixture
def bot(tmp_path_factory: pytest.TempPathFactory, netease: NetEase, recording_smtp: SmtpServer) -> Bot:
    """Return a bot whose ledger lies in a folder of its own."""
    rules = Rules(every=1, ledger="sqlite:///ledger/ledger.db")
    folder = tmp_path_factory.mktemp("office")
    return a_bot(folder, netease, recording_smtp.server, recording_smtp.password, rules)


@pytest.fixture
def ledger_disk(bot: Bot) -> Iterator[Disk]:
    with a_disk(bot.folder / "ledger", "8m") as disk:
        yield disk
        disk.open_up()


@pytest.fixture
def archive(bot: Bot) -> Iterator[Disk]:
    with a_disk(bot.folder / "archive", "8m") as disk:
        yield disk
        disk.open_up()


@pytest.fixture
def service(bot: Bot) -> Iterator[subprocess.Popen[str]]:
    """Return `mailbot run`, which has made one round."""
    with bot.serving(now=SOON, patience=PATIENCE) as process:
        listen(process, "reminders queued")
        yield process


def listen(process: subprocess.Popen[str], until: str) -> str:
    """Read what a process says until it says that; return the line."""
    assert process.stdout is not None
    return next(line for line in process.stdout if until in line)


def assert_answered_once(bot: Bot, smtp: SmtpServer) -> None:
    (row,) = bot.json("messages", now=LATER)
    assert row["receipts"] == ["2021-04-0001"]
    assert [mail.recipient for mail in smtp.recorder.mails] == [CLERK]


class TestLocked:
    """SQLite is waited for ten seconds; a copy or a check of it may take longer."""

    def test_the_service_says_so_and_goes_on_when_it_is_free(
        self, bot: Bot, service: subprocess.Popen[str], netease: NetEase, recording_smtp: SmtpServer
    ) -> None:
        with closing(sqlite3.connect(bot.folder / "ledger" / "ledger.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            netease.deliver("INBOX", a_report(), NINE)
            told = listen(service, "✗")
            status = bot.json("status", now=SOON, code=1)["wrong"]
            other.execute("ROLLBACK")
        listen(service, '"settled"')

        assert "台账暂时无法读写" in told
        assert any("台账目前不能写入" in text and "来件仍在邮箱中" in text for text in status)
        assert_answered_once(bot, recording_smtp)
        assert bot.json("status", now=SOON)["wrong"] == []

    def test_a_short_wait_is_not_noticed(self, bot: Bot, netease: NetEase, recording_smtp: SmtpServer) -> None:
        bot("poll", now=SOON)
        netease.deliver("INBOX", a_report(), NINE)
        with closing(sqlite3.connect(bot.folder / "ledger" / "ledger.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            poll = bot.starts("poll", now=LATER)
            with pytest.raises(subprocess.TimeoutExpired):
                poll.wait(3)
            other.execute("ROLLBACK")
        poll.communicate(timeout=60)

        assert poll.returncode == 0
        assert_answered_once(bot, recording_smtp)


class TestReadOnly:
    def test_a_ledger_that_may_only_be_read_is_told_and_written_again_when_it_can_be(
        self, bot: Bot, ledger_disk: Disk, netease: NetEase, recording_smtp: SmtpServer
    ) -> None:
        bot("poll", now=SOON)
        netease.deliver("INBOX", a_report(), NINE)
        ledger_disk.protect()
        told = [bot(command, now=SOON, code=1) for command in ("poll", "status", "ledger")]
        before = len(recording_smtp.recorder.mails)
        ledger_disk.open_up()
        bot("poll", now=LATER)

        assert all("台账暂时无法读写" in text and "Traceback" not in text for text in told)
        assert before == 0
        assert_answered_once(bot, recording_smtp)
        assert bot.json("status", now=LATER)["wrong"] == []

    def test_an_archive_that_may_only_be_read_leaves_the_mail_in_the_mailbox_until_it_can_be_written(
        self, bot: Bot, archive: Disk, service: subprocess.Popen[str], netease: NetEase, recording_smtp: SmtpServer
    ) -> None:
        archive.protect()
        netease.deliver("INBOX", a_report(), NINE)
        told = listen(service, "part failed")
        listen(service, "reminders queued")
        listen(service, "part failed")
        status = bot.json("status", now=SOON, code=1)["wrong"]
        rows = bot.json("messages")
        archive.open_up()
        listen(service, '"settled"')

        assert "archive" in told
        assert any("存档" in text for text in status)
        assert rows == []
        assert_answered_once(bot, recording_smtp)
