"""The mailbox stays the office's: not a file, a flag or a name in it changes, however long the bot reads it."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.office import QUIET_SMTP, Office
from tests.office_mails import a_report, a_table
from tests.promises.proofs import missing
from tests.servers.dovecot import DovecotAccount
from tests.servers.smtp_server import SmtpServer

from mailbot.reading.reader import SandboxedReader

pytestmark = QUIET_SMTP

PROOFS = (
    "contracts/test_round.py::test_nothing_in_the_mailbox_changes_over_a_whole_month",
    "contracts/test_round.py::test_nothing_but_reading_is_ever_asked_of_the_mailbox",
    "contracts/test_mailbox.py::test_reading_changes_nothing_in_the_mailbox",
)


def test_its_proofs_are_there() -> None:
    assert missing(PROOFS) == []


@pytest.mark.dovecot
def test_the_very_files_of_the_mailbox_are_the_same_after_a_month(
    tmp_path: Path, dovecot_account: DovecotAccount, recording_smtp: SmtpServer, reader: SandboxedReader
) -> None:
    office = Office(tmp_path, dovecot_account, recording_smtp, reader)
    office.receives(a_report(), at="2021-04-15T09:00")
    office.receives(a_table(), at="2021-04-15T09:00", folder="垃圾邮件")
    dovecot_account.mark("INBOX", 1, r"\Flagged")
    before = mails_of(dovecot_account)

    for day in range(15, 30):
        office.rounds(at=f"2021-04-{day}T09:30", relist=day % 2 == 0)
    office.restarts()

    assert len(before) == 2
    assert mails_of(dovecot_account) == before


def mails_of(account: DovecotAccount) -> dict[str, tuple[bytes, float]]:
    """Return every mail's file with its contents and its time (Dovecot's own lists left out)."""
    files = (path for path in account.mail.rglob("*") if path.is_file() and path.parent.name in {"cur", "new"})
    return {str(path.relative_to(account.mail)): (path.read_bytes(), path.stat().st_mtime) for path in files}
