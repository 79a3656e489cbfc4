"""A disk without room: the mail stays where it is, everybody is told, and with room again the work goes on."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import pytest
from tests.bot import Bot
from tests.disks import Disk, a_disk
from tests.office import EDUCATION, QUIET_SMTP
from tests.office_mails import a_report
from tests.servers.netease import NetEase
from tests.servers.smtp_server import SmtpServer

from mailbot.domain.moments import shanghai

pytestmark = QUIET_SMTP

NINE, SOON, LATER = shanghai("2021-04-15T09:00"), "2021-04-15T09:05", "2021-04-15T09:10"


@pytest.fixture
def archive(bot: Bot) -> Iterator[Disk]:
    """Return the archive's own disk, too small for a report."""
    with a_disk(bot.folder / "archive", "64k") as disk:
        yield disk


@pytest.fixture
def ledger_disk(bot: Bot) -> Iterator[Disk]:
    """Return a disk for the ledger, with room to begin with."""
    with a_disk(bot.folder / "ledger", "2m") as disk:
        bot.config.write_text(bot.config.read_text("utf-8").replace("sqlite:///", "sqlite:///ledger/"), "utf-8")
        yield disk


def test_an_archive_without_room_leaves_the_mail_in_the_mailbox_and_says_so(
    bot: Bot, archive: Disk, netease: NetEase, recording_smtp: SmtpServer
) -> None:
    netease.deliver("INBOX", a_report(), NINE)

    said = bot("poll", now=SOON, code=1)

    assert "磁盘空间" in said
    assert bot.json("messages") == []
    assert recording_smtp.recorder.mails == []
    assert any("磁盘空间" in text for text in bot.json("status", now=SOON, code=1)["wrong"])
    assert {each.name for each in archive.folder.rglob("*") if each.is_file()} <= {"ledger.json"}


def test_with_room_again_it_goes_on_by_itself(
    bot: Bot, archive: Disk, netease: NetEase, recording_smtp: SmtpServer
) -> None:
    netease.deliver("INBOX", a_report(), NINE)
    bot("poll", now=SOON, code=1)

    archive.grow("10m")
    bot("poll", now=LATER)

    assert len(recording_smtp.recorder.mails) == 1
    assert bot.json("status", now=LATER)["wrong"] == []


@pytest.mark.usefixtures("archive")
def test_check_tells_of_a_disk_that_is_nearly_full(bot: Bot) -> None:
    found = {step["step"]: step for step in bot.json("check", now=SOON, code=1)["steps"]}

    assert not found["磁盘"]["ok"]
    assert "清理磁盘" in found["磁盘"]["remedy"]


def test_a_ledger_without_room_fails_the_command_and_keeps_what_it_had(
    bot: Bot, ledger_disk: Disk, netease: NetEase, recording_smtp: SmtpServer
) -> None:
    netease.deliver("INBOX", a_report(), NINE)
    bot("poll", now=SOON)
    netease.deliver("INBOX", a_report("区人社局", sender="rsj@clerks.example"), NINE)
    ledger_disk.fill()

    said = bot("poll", now=LATER, code=1)

    assert "磁盘空间" in said
    assert len(recording_smtp.recorder.mails) == 1
    (ledger_disk.folder / "filler").unlink()
    rows = {row["unit"]: row["completeness"] for row in bot.json("ledger", "--period", "2021-04", now=LATER)}
    assert rows[EDUCATION] == "complete"


def test_status_tells_at_once_of_a_ledger_without_room(bot: Bot, ledger_disk: Disk) -> None:
    bot("poll", now=SOON)
    ledger_disk.fill()

    assert "磁盘空间" in bot("status", now=SOON, code=1)


def test_status_tells_at_once_of_a_running_services_ledger_without_room(bot: Bot, ledger_disk: Disk) -> None:
    bot("poll", now=SOON)
    with sqlite3.connect(ledger_disk.folder / "ledger.db") as service:
        assert service.execute("SELECT 1 FROM messages").fetchall() == []
        ledger_disk.fill()

        found = bot.json("status", now=SOON, code=1)
    service.close()

    assert any("不能写入" in text and "磁盘空间" in text for text in found["wrong"])


def test_a_ledger_with_room_again_holds_every_mail_once(
    bot: Bot, ledger_disk: Disk, netease: NetEase, recording_smtp: SmtpServer
) -> None:
    bot("poll", now="2021-04-15T08:00")
    netease.deliver("INBOX", a_report(), NINE)
    ledger_disk.fill()
    bot("poll", now=SOON, code=1)

    (ledger_disk.folder / "filler").unlink()
    bot("poll", now=LATER)

    (row,) = bot.json("messages")
    assert row["receipts"] == ["2021-04-0001"]
    assert len(recording_smtp.recorder.mails) == 1
