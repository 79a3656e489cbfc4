"""The whole way on real mail servers: Dovecot has the mailbox, Postfix takes what is sent, the script between."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
from tests.bot import Bot, a_bot
from tests.office import CLERK, EDUCATION, QUIET_SMTP, Rules, parsed, text_of, write_units
from tests.office_mails import a_report
from tests.servers.certificates import Certificates
from tests.servers.dovecot import DovecotAccount
from tests.servers.postfix import Postfix, start_postfix

from mailbot.domain.moments import shanghai
from mailbot.settings import Security

pytestmark = [*QUIET_SMTP, pytest.mark.dovecot, pytest.mark.postfix]

KNOWN = "clerk@example.test"  # an address that this Postfix delivers to


@pytest.fixture(scope="module")
def postfix(certificates: Certificates) -> Iterator[Postfix]:
    server = start_postfix(certificates)
    yield server
    server.stop()


@pytest.fixture
def office(tmp_path: Path, dovecot_account: DovecotAccount, postfix: Postfix) -> Iterator[Bot]:
    bot = a_bot(tmp_path, dovecot_account, postfix.server(Security.TLS), postfix.password, Rules(mode="hold"))
    write_units(tmp_path, {EDUCATION: (KNOWN,)})
    yield bot
    dovecot_account.leave()


def delivered(postfix: Postfix, message_id: str) -> EmailMessage:
    """Return a mail that Postfix delivered, waiting a moment: it does so after its answer."""
    pause = threading.Event()
    for _ in range(100):
        for each in postfix.recorder.mails:
            if (mail := parsed(each.raw))["Message-ID"] == message_id:
                return mail
        pause.wait(0.05)
    raise AssertionError(message_id)


def test_a_report_is_fetched_recorded_approved_and_acknowledged(
    office: Bot, dovecot_account: DovecotAccount, postfix: Postfix
) -> None:
    assert office.json("check", now="2021-04-15T08:55")["ok"]
    dovecot_account.deliver("INBOX", a_report(sender=KNOWN), shanghai("2021-04-15T09:00"))

    office("poll", now="2021-04-15T09:05")
    (item,) = office.json("outbox")
    assert "登记号 2021-04-0001" in office("outbox", "show", str(item["id"]))
    office("outbox", "send", now="2021-04-15T09:10")

    (row,) = office.json("outbox")
    assert (row["state"], row["tries"]) == ("sent", 1)
    mail = delivered(postfix, row["message_id"])
    assert "2021-04-0001" in text_of(mail)
    assert dovecot_account.flags("INBOX") == (frozenset(),)


def test_a_released_mail_leaves_with_the_next_poll(office: Bot, dovecot_account: DovecotAccount) -> None:
    dovecot_account.deliver("INBOX", a_report(sender=KNOWN), shanghai("2021-04-15T09:00"))
    office("poll", now="2021-04-15T09:05")

    office("outbox", "release", now="2021-04-15T09:06")
    office("poll", now="2021-04-15T09:10")

    assert [row["state"] for row in office.json("outbox")] == ["sent"]


def test_an_address_that_the_server_does_not_know_is_told(office: Bot, dovecot_account: DovecotAccount) -> None:
    write_units(office.folder, {EDUCATION: (CLERK,)})
    dovecot_account.deliver("INBOX", a_report(), shanghai("2021-04-15T09:00"))
    office("poll", now="2021-04-15T09:05")

    office("outbox", "send", now="2021-04-15T09:10", code=1)

    (row,) = office.json("outbox")
    assert row["state"] == "failed"
    assert any(CLERK in text for text in office.json("status", now="2021-04-15T09:11", code=1)["wrong"])
