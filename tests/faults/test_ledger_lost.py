"""The ledger's file lost, emptied, or put back from a backup, while the mailbox and the archive are as they were."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from tests.bot import a_bot
from tests.office import CLERK, EDUCATION, OTHER_CLERK, QUIET_SMTP, Office, Rules
from tests.office_mails import a_report, a_table

from mailbot.domain.books import Completeness, OutgoingState
from mailbot.domain.moments import shanghai
from mailbot.stages.continuity import PERHAPS_ANSWERED

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.servers.netease import NetEase
    from tests.servers.smtp_server import SmtpServer

pytestmark = QUIET_SMTP

NINE, SOON, LATER = "2021-04-15T09:00", "2021-04-15T09:05", "2021-04-15T10:00"
BESIDE = ("", "-wal", "-shm")


def lose_ledger(office: Office) -> None:
    """Delete the ledger's files, as a mistaken hand does."""
    office.restarts()
    for end in BESIDE:
        (office.folder / f"ledger.db{end}").unlink(missing_ok=True)


def empty_ledger(office: Office) -> None:
    """Leave a file of no bytes, as a disk that filled up may."""
    lose_ledger(office)
    (office.folder / "ledger.db").touch()


def lose_ledger_and_mark(office: Office) -> None:
    """Delete the ledger, and the archive's word on it with it."""
    lose_ledger(office)
    (office.folder / "archive" / "ledger.json").unlink()


@pytest.mark.parametrize("befalls", [lose_ledger, empty_ledger, lose_ledger_and_mark])
def test_a_lost_ledger_is_filled_again_and_nobody_is_answered_twice(
    office: Office, befalls: Callable[[Office], None]
) -> None:
    office.receives(a_report(), at=NINE)
    office.rounds(at=SOON)
    assert len(office.sent_to(CLERK)) == 1

    befalls(office)
    office.rounds(at=LATER)

    assert office.ledger("2021-04")[EDUCATION].standing.completeness is Completeness.COMPLETE
    (item,) = office.outbox()
    assert (item.state, item.reason) == (OutgoingState.HELD, PERHAPS_ANSWERED)
    assert len(office.sent_to(CLERK)) == 1


def test_an_older_ledger_put_back_does_not_answer_anew_what_came_since(office: Office) -> None:
    office.receives(a_report(), at=NINE)
    office.rounds(at=SOON)
    office.restarts()
    shutil.copy(office.folder / "ledger.db", office.folder / "backup.db")
    office.receives(a_table("区人社局", sender=OTHER_CLERK), at="2021-04-15T09:20")
    office.rounds(at="2021-04-15T09:25")

    lose_ledger(office)
    shutil.copy(office.folder / "backup.db", office.folder / "ledger.db")
    office.rounds(at=LATER)

    assert [item.state for item in office.outbox()] == [OutgoingState.SENT, OutgoingState.HELD]
    assert len(office.sent()) == 2


def test_a_reminder_that_may_have_gone_out_waits_for_a_person_too(office: Office) -> None:
    office.rounds(at="2021-04-21T09:00")
    assert len(office.sent_to(CLERK)) == 1

    lose_ledger(office)
    office.rounds(at="2021-04-21T10:00")

    assert len(office.sent_to(CLERK)) == 1
    assert {item.state for item in office.reminders()} == {OutgoingState.HELD}


def test_what_comes_afterwards_is_answered_as_ever_and_the_next_rung_goes_by_itself(office: Office) -> None:
    office.receives(a_table(), at=NINE)
    office.rounds(at=SOON)
    lose_ledger(office)
    office.rounds(at=LATER)

    office.receives(a_table("区人社局", sender=OTHER_CLERK), at="2021-04-15T11:00")
    office.rounds(at="2021-04-15T11:05")
    office.rounds(at="2021-04-21T09:00")

    assert len(office.sent_to(OTHER_CLERK)) == 2
    assert len(office.sent_to(CLERK)) == 2


def test_status_says_what_happened_and_what_to_do_until_it_is_done(office: Office) -> None:
    office.receives(a_report(), at=NINE)
    office.rounds(at=SOON)
    lose_ledger(office)
    office.rounds(at=LATER)

    assert any("备份恢复" in text and "mailbot outbox" in text for text in office.status().wrong)

    office.releases()
    office.rounds(at="2021-04-15T10:05")
    assert office.status().wrong == ()


def test_a_ledger_taken_away_under_a_running_service_ends_it_and_the_next_start_finds_all_again(
    tmp_path: Path, netease: NetEase, recording_smtp: SmtpServer
) -> None:
    bot = a_bot(tmp_path, netease, recording_smtp.server, recording_smtp.password, Rules(every=1))
    netease.deliver("INBOX", a_report(), shanghai(NINE))
    service = bot.starts("run", now=SOON)
    assert service.stdout is not None
    assert any("reminders queued" in line for line in service.stdout)

    for end in BESIDE:
        (tmp_path / f"ledger.db{end}").unlink(missing_ok=True)
    said, _ = service.communicate(timeout=30)

    assert service.returncode == 1
    assert "台账文件在程序运行时被移走或替换" in said
    bot("poll", now=LATER)
    (row,) = bot.json("messages")
    assert row["standing"] == "receipts"
    assert [item["state"] for item in bot.json("outbox")] == ["held"]  # the service may have sent it before
    assert len(recording_smtp.recorder.mails) <= 1


@pytest.mark.parametrize("restarts", [1, 3])
def test_an_ordinary_restart_holds_nothing_back(office: Office, restarts: int) -> None:
    for number in range(restarts):
        office.restarts()
        office.receives(a_table(body=f"第{number}次"), at=f"2021-04-15T09:{number:02d}")
        office.rounds(at=f"2021-04-15T09:{number + 5:02d}")

    assert len(office.sent_to(CLERK)) == restarts
