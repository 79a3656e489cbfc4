"""What the stages may rely on, held against every IMAP server alike: Dovecot, pymap, and one that behaves as 163."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailbot.domain.mailbox import FolderMemory, FolderView, Listing
from mailbot.domain.moments import shanghai
from mailbot.mailbox.session import open_mailbox

if TYPE_CHECKING:
    from tests.servers.host import MailHost

NINE = shanghai("2021-04-22T09:00")


def a_mail(subject: str = "report", size: int = 0) -> bytes:
    return f"Subject: {subject}\r\nMessage-ID: <{subject}@example.test>\r\n\r\n{'x' * size}\r\n".encode()


def look(host: MailHost, folder: str = "INBOX", memory: FolderMemory | None = None) -> FolderView:
    with open_mailbox(host.server, host.password) as mailbox:
        return mailbox.look(folder, memory)


def remembered(view: FolderView) -> FolderMemory:
    return FolderMemory(view.uidvalidity, view.uidnext, view.exists)


class TestMailbox:
    def test_an_empty_folder_is_seen_as_empty(self, mail_host: MailHost) -> None:
        view = look(mail_host)

        assert (view.exists, view.sightings, view.listing) == (0, (), Listing.FULL)

    def test_a_message_is_seen_with_its_arrival_and_size_and_comes_byte_for_byte(self, mail_host: MailHost) -> None:
        raw = a_mail("中原区".encode().hex()) + bytes(range(1, 256)).replace(b"\r", b"").replace(b"\n", b"") + b"\r\n"
        mail_host.deliver("INBOX", raw, NINE)

        with open_mailbox(mail_host.server, mail_host.password) as mailbox:
            (sighting,) = mailbox.look("INBOX", None).sightings
            fetched = mailbox.fetch(sighting)

        assert fetched == raw
        assert (sighting.arrived, sighting.size) == (NINE, len(raw))
