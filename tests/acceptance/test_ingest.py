"""Messages brought in by hand: .eml files, folders, a Maildir, an mbox; with and without a time of arrival."""

from __future__ import annotations

import mailbox
from email import message_from_bytes
from hashlib import sha256
from pathlib import Path

import pytest
from tests.bot import Bot, a_bot
from tests.office import CLERK, EDUCATION, OTHER_CLERK, QUIET_SMTP, Rules
from tests.office_mails import a_report, a_sealed_paper, a_table
from tests.servers.netease import NetEase
from tests.servers.smtp_server import SmtpServer

from mailbot.domain.moments import shanghai

pytestmark = QUIET_SMTP

NOW = "2021-04-15T09:30"


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    """Return an empty folder for mails as files."""
    folder = tmp_path / "mails"
    folder.mkdir()
    return folder


def without_received(raw: bytes) -> bytes:
    """Return a mail that no server has stamped."""
    return raw[raw.index(b"\r\nDate:") + 2 :]


def test_a_file_is_recorded_as_if_it_had_been_fetched(bot: Bot, inbox: Path) -> None:
    (inbox / "report.eml").write_bytes(a_report())

    bot("ingest", str(inbox / "report.eml"), now=NOW)

    (row,) = bot.json("messages")
    assert (row["source"], row["folder"], row["uid"], row["standing"]) == ("ingest", "", None, "receipts")
    assert row["arrived"] == "2021-04-15T09:00:00+08:00"  # the topmost Received header
    assert row["sha256"] == sha256(a_report()).hexdigest()


def test_a_folder_is_walked_and_only_its_eml_files_count(bot: Bot, inbox: Path) -> None:
    (inbox / "a.eml").write_bytes(a_report())
    (inbox / "deeper").mkdir()
    (inbox / "deeper" / "b.eml").write_bytes(a_table("区人社局", sender=OTHER_CLERK))
    (inbox / "notes.txt").write_text("no mail", "utf-8")

    bot("ingest", str(inbox), now=NOW)

    assert len(bot.json("messages")) == 2


def test_a_maildir_is_read(bot: Bot, tmp_path: Path) -> None:
    box = mailbox.Maildir(tmp_path / "Maildir")
    for raw in (a_report(), a_table("区人社局", sender=OTHER_CLERK)):
        box.add(message_from_bytes(raw))

    bot("ingest", str(tmp_path / "Maildir"), now=NOW)

    assert {row["standing"] for row in bot.json("messages")} == {"receipts"}
    assert len(bot.json("messages")) == 2


def test_an_mbox_is_read(bot: Bot, tmp_path: Path) -> None:
    box = mailbox.mbox(tmp_path / "archive.mbox")
    for raw in (a_report(), a_table("区人社局", sender=OTHER_CLERK)):
        box.add(message_from_bytes(raw))
    box.close()

    bot("ingest", str(tmp_path / "archive.mbox"), now=NOW)

    assert len(bot.json("messages")) == 2


def test_bare_line_feeds_become_crlf_before_hashing(bot: Bot, inbox: Path, netease: NetEase) -> None:
    netease.deliver("INBOX", a_report(), shanghai("2021-04-15T09:00"))
    (inbox / "same.eml").write_bytes(a_report().replace(b"\r\n", b"\n"))
    bot("poll", now=NOW)

    bot("ingest", str(inbox), now=NOW)

    rows = bot.json("messages")
    assert len({row["sha256"] for row in rows}) == 1
    assert {row["source"] for row in rows} == {"imap", "ingest"}
    assert len(bot.json("ledger", "--period", "2021-04", now=NOW)) == 12
    assert {tuple(row["receipts"]) for row in rows} == {("2021-04-0001",)}


def test_the_option_says_when_it_arrived(bot: Bot, inbox: Path) -> None:
    (inbox / "report.eml").write_bytes(a_report())

    bot("ingest", str(inbox), "--arrived", "2021-04-27T08:00", now="2021-04-27T09:00")

    row = next(r for r in bot.json("ledger", "--period", "2021-04", now=NOW) if r["unit"] == EDUCATION)
    assert (row["first_arrival"], row["timeliness"], row["days_late"]) == ("2021-04-27T08:00:00+08:00", "late", 2)


def test_what_nobody_knows_the_arrival_of_goes_to_triage(bot: Bot, inbox: Path) -> None:
    (inbox / "report.eml").write_bytes(without_received(a_report()))

    bot("ingest", str(inbox), now=NOW)

    (item,) = bot.json("triage")
    assert item["arrived"] is None
    bot("triage", "assign", str(item["id"]), "--unit", EDUCATION, "--period", "2021-04", now=NOW, code=2)
    words = ("--unit", EDUCATION, "--period", "2021-04", "--arrived", "2021-04-24T16:00")
    bot("triage", "assign", str(item["id"]), *words, now=NOW)
    assert bot.json("messages")[0]["standing"] == "receipts"


def test_the_earliest_arrival_of_the_same_bytes_counts(bot: Bot, inbox: Path, netease: NetEase) -> None:
    netease.deliver("INBOX", a_report(), shanghai("2021-04-26T10:00"))
    bot("poll", now="2021-04-26T10:05")
    (inbox / "report.eml").write_bytes(a_report())

    bot("ingest", str(inbox), "--arrived", "2021-04-25T23:00", now="2021-04-26T10:10")

    row = next(r for r in bot.json("ledger", "--period", "2021-04", now=NOW) if r["unit"] == EDUCATION)
    assert (row["timeliness"], row["days_late"]) == ("on_time", 0)


def test_a_second_time_brings_nothing_new(bot: Bot, inbox: Path) -> None:
    (inbox / "report.eml").write_bytes(a_report())
    bot("ingest", str(inbox), now=NOW)

    rows = bot.json("ingest", str(inbox), now=NOW)

    assert [row["new"] for row in rows] == [False]
    assert len(bot.json("messages")) == 1


def test_nothing_is_sent_unless_asked_for(bot: Bot, inbox: Path, recording_smtp: SmtpServer) -> None:
    (inbox / "report.eml").write_bytes(a_report())

    bot("ingest", str(inbox), now=NOW)

    assert bot.json("outbox") == []
    bot("poll", now=NOW)
    assert recording_smtp.recorder.mails == []


def test_what_was_recorded_silently_stays_so_whatever_a_person_binds_or_assigns_later(bot: Bot, inbox: Path) -> None:
    (inbox / "recorded.eml").write_bytes(a_report(sender="new@private.example"))
    (inbox / "doubtful.eml").write_bytes(without_received(a_sealed_paper()))
    bot("ingest", str(inbox), now=NOW)
    (item,) = bot.json("triage")
    words = ("--unit", EDUCATION, "--period", "2021-04", "--arrived", "2021-04-15T09:00")

    bot("bind", "new@private.example", EDUCATION, now="2021-04-15T09:31")
    bot("triage", "assign", str(item["id"]), *words, now="2021-04-15T09:32")
    bot("poll", now="2021-04-15T09:33")

    assert len(bot.json("messages")) == 2
    assert bot.json("outbox") == []


def test_what_came_to_the_mailbox_as_well_is_answered_all_the_same(
    bot: Bot, inbox: Path, netease: NetEase, recording_smtp: SmtpServer
) -> None:
    (inbox / "report.eml").write_bytes(a_report(sender="new@private.example"))
    netease.deliver("INBOX", a_report(sender="new@private.example"), shanghai("2021-04-15T09:00"))
    bot("ingest", str(inbox), now=NOW)
    bot("poll", now="2021-04-15T09:31")

    bot("bind", "new@private.example", EDUCATION, now="2021-04-15T09:32")
    bot("poll", now="2021-04-15T09:33")

    assert [mail.recipient for mail in recording_smtp.recorder.mails] == ["new@private.example"]


def test_with_reply_what_was_recorded_silently_before_is_answered_now(bot: Bot, inbox: Path) -> None:
    (inbox / "report.eml").write_bytes(a_report())
    bot("ingest", str(inbox), now=NOW)
    assert bot.json("outbox") == []

    bot("ingest", "--reply", str(inbox), now=NOW)
    bot("ingest", "--reply", str(inbox), now=NOW)

    assert [row["to"] for row in bot.json("outbox")] == [CLERK]


def test_with_reply_it_is_answered(bot: Bot, inbox: Path, recording_smtp: SmtpServer) -> None:
    (inbox / "report.eml").write_bytes(a_report())

    bot("ingest", "--reply", str(inbox), now=NOW)

    assert [mail.recipient for mail in recording_smtp.recorder.mails] == [CLERK]


def test_with_reply_in_hold_mode_the_answer_waits(
    tmp_path: Path, inbox: Path, netease: NetEase, recording_smtp: SmtpServer
) -> None:
    bot = a_bot(tmp_path / "office", netease, recording_smtp.server, recording_smtp.password, Rules(mode="hold"))
    (inbox / "report.eml").write_bytes(a_report())

    bot("ingest", "--reply", str(inbox), now=NOW)

    assert [row["state"] for row in bot.json("outbox")] == ["held"]
    assert recording_smtp.recorder.mails == []


def test_it_needs_no_password(bot: Bot, inbox: Path) -> None:
    (inbox / "report.eml").write_bytes(a_report())

    Bot(bot.config)("ingest", str(inbox), now=NOW)
