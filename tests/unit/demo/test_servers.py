"""The embedded servers: what is delivered can be read, what is sent is kept and filed."""

from __future__ import annotations

import imaplib
import smtplib
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from mailbot.demo.servers import MailServers
from mailbot.domain.moments import shanghai

ACCOUNT = ("ducha@mailbot.test", "rehearsal")
MORNING = shanghai("2021-04-20T09:30")
MAIL = b"Subject: x\r\nFrom: a@box.example\r\n\r\nhello\r\n"
JUNK = "&V4NXPpCuTvY-"  # 垃圾邮件
SENT = "&XfJT0ZAB-"  # 已发送


@pytest.fixture
def servers(tmp_path: Path) -> Iterator[MailServers]:
    with MailServers(ACCOUNT, sent=tmp_path / "sent", now=lambda: MORNING) as started:
        yield started


@pytest.fixture
def reader(servers: MailServers) -> Iterator[imaplib.IMAP4]:
    client = imaplib.IMAP4("127.0.0.1", servers.imap_port)
    client.login(*ACCOUNT)
    yield client
    client.logout()


def send(servers: MailServers, raw: bytes = MAIL, *, sender: str = ACCOUNT[0]) -> None:
    with smtplib.SMTP("127.0.0.1", servers.smtp_port) as client:
        client.login(*ACCOUNT)
        client.sendmail(sender, ["jyj@zygov.example"], raw)


def lines_of(reader: imaplib.IMAP4, folder: str) -> list[bytes]:
    """Return what FETCH says before each message of a folder."""
    reader.select(folder, readonly=True)
    _, (found,) = reader.search(None, "ALL")
    answers = (reader.fetch(number.decode(), "(INTERNALDATE BODY.PEEK[])")[1][0] for number in found.split())
    return [answer[0] for answer in answers if isinstance(answer, tuple)]


@pytest.mark.parametrize("folder", ["INBOX", "垃圾邮件"])
def test_a_delivered_mail_lies_in_its_folder_with_its_arrival(
    servers: MailServers, reader: imaplib.IMAP4, folder: str
) -> None:
    servers.deliver(folder, MAIL, MORNING)

    (line,) = lines_of(reader, "INBOX" if folder == "INBOX" else JUNK)

    assert b"20-Apr-2021 09:30:00 +0800" in line


def test_a_mail_arrives_while_a_client_looks_on(servers: MailServers, reader: imaplib.IMAP4) -> None:
    assert lines_of(reader, "INBOX") == []

    servers.deliver("INBOX", MAIL, MORNING)
    reader.noop()

    assert len(lines_of(reader, "INBOX")) == 1


def test_a_sent_mail_is_kept_and_filed_byte_for_byte(servers: MailServers, reader: imaplib.IMAP4) -> None:
    send(servers)

    (kept,) = servers.sent()

    assert (kept.path.name, kept.raw, kept.taken) == ("0001.eml", MAIL, MORNING)
    assert len(lines_of(reader, SENT)) == 1


def test_servers_started_again_file_the_kept_mails_again(tmp_path: Path) -> None:
    with MailServers(ACCOUNT, sent=tmp_path, now=lambda: MORNING) as first:
        send(first)
    with MailServers(ACCOUNT, sent=tmp_path, now=lambda: MORNING) as second:
        client = imaplib.IMAP4("127.0.0.1", second.imap_port)
        client.login(*ACCOUNT)

        assert len(lines_of(client, SENT)) == 1
        client.logout()


def test_a_wrong_password_is_refused_by_both(servers: MailServers) -> None:
    reader = imaplib.IMAP4("127.0.0.1", servers.imap_port)
    with pytest.raises(imaplib.IMAP4.error):
        reader.login(ACCOUNT[0], "wrong")
    reader.logout()
    with smtplib.SMTP("127.0.0.1", servers.smtp_port) as client, pytest.raises(smtplib.SMTPAuthenticationError):
        client.login(ACCOUNT[0], "wrong")


def test_another_sender_is_refused_as_163_does(servers: MailServers) -> None:
    with pytest.raises(smtplib.SMTPSenderRefused, match="Mail from must equal authorized user"):
        send(servers, sender="other@mailbot.test")


def test_nothing_is_taken_without_a_login(servers: MailServers) -> None:
    with (
        smtplib.SMTP("127.0.0.1", servers.smtp_port) as client,
        pytest.raises(smtplib.SMTPSenderRefused, match="Authentication required"),
    ):
        client.sendmail(ACCOUNT[0], ["jyj@zygov.example"], MAIL)


def test_they_stop_while_a_client_is_still_connected(tmp_path: Path) -> None:
    with MailServers(ACCOUNT, sent=tmp_path, now=lambda: MORNING) as servers:
        client = imaplib.IMAP4("127.0.0.1", servers.imap_port)
        client.login(*ACCOUNT)
    client.shutdown()


def test_they_listen_on_the_loopback_only(servers: MailServers) -> None:
    for port in (servers.imap_port, servers.smtp_port):
        with socket.socket() as other, pytest.raises(OSError, match=r"refused|unreachable"):
            other.connect(("127.0.0.2", port))
