"""What the stages may rely on, held against every IMAP server alike: Dovecot, pymap, and one that behaves as 163."""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from tests.fetching import fetched
from tests.servers.netease import NetEase

from mailbot.domain.mailbox import FolderMemory, FolderView, Listing
from mailbot.domain.moments import SHANGHAI, shanghai
from mailbot.errors import CertificateRefused, LoginRefused, MailboxError, MessageVanished, ProtocolRefused
from mailbot.mailbox import session
from mailbot.mailbox.session import open_mailbox
from mailbot.settings import Security

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.servers.certificates import Certificates
    from tests.servers.dovecot import Dovecot, DovecotAccount
    from tests.servers.host import MailHost
    from tests.servers.pymap_server import PymapServer

NINE = shanghai("2021-04-22T09:00")
PIECE = 16 * 1024


def a_mail(name: str = "report", *, body: bytes = b"see the annex") -> bytes:
    return b"Subject: %b\r\nMessage-ID: <%b@example.test>\r\n\r\n%b\r\n" % (name.encode(), name.encode(), body)


def a_large_mail(size: int) -> bytes:
    head = b"Subject: large\r\n\r\n"
    return (head + b"".join(b"line %011d\r\n" % number for number in range(size // 18)))[: size - 2] + b"\r\n"


def look(host: MailHost, memory: FolderMemory | None = None, folder: str = "INBOX") -> FolderView:
    with open_mailbox(host.server, host.password) as mailbox:
        return mailbox.look(folder, memory)


def remembered(view: FolderView) -> FolderMemory:
    return FolderMemory(view.uidvalidity, view.uidnext, view.exists)


def bodies(host: MailHost, view: FolderView) -> list[bytes | None]:
    with open_mailbox(host.server, host.password) as mailbox:
        return [fetched(mailbox, sighting) for sighting in view.sightings]


@pytest.fixture(params=["America/New_York", "Asia/Shanghai"])
def zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Set the machine's own time zone."""
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


class TestMailbox:
    def test_an_empty_folder_is_seen_as_empty(self, mail_host: MailHost) -> None:
        view = look(mail_host)

        assert (view.exists, view.sightings, view.listing) == (0, (), Listing.FULL)

    def test_a_message_comes_byte_for_byte(self, mail_host: MailHost) -> None:
        every_byte = bytes(byte for byte in range(1, 256) if byte not in b"\r\n")
        raw = a_mail(body=every_byte + b"\r\n)\r\n* 1 FETCH (UID 9 BODY[] {3}\r\n.\r\n")
        mail_host.deliver("INBOX", raw, NINE)

        view = look(mail_host)

        assert bodies(mail_host, view) == [raw]
        assert [sighting.size for sighting in view.sightings] == [len(raw)]

    @pytest.mark.usefixtures("zone")
    def test_the_arrival_is_the_servers_time_in_shanghai_whatever_the_machines_zone(self, mail_host: MailHost) -> None:
        mail_host.deliver("INBOX", a_mail(), shanghai("2021-03-14T18:30:07Z"))  # not a time of day in New York

        (sighting,) = look(mail_host).sightings

        assert sighting.arrived is not None
        assert sighting.arrived.tzinfo is SHANGHAI
        assert sighting.arrived.isoformat() == "2021-03-15T02:30:07+08:00"

    def test_reading_changes_nothing_in_the_mailbox(self, mail_host: MailHost) -> None:
        for name in ("one", "two", "three"):
            mail_host.deliver("INBOX", a_mail(name), NINE)
        mail_host.mark("INBOX", 2, r"\Flagged")
        before = mail_host.flags("INBOX")

        assert len(bodies(mail_host, look(mail_host))) == 3

        assert mail_host.flags("INBOX") == before == (frozenset(), frozenset({r"\Flagged"}), frozenset())

    def test_a_second_look_finds_nothing_new(self, mail_host: MailHost) -> None:
        mail_host.deliver("INBOX", a_mail(), NINE)
        first = look(mail_host)

        second = look(mail_host, remembered(first))

        assert second.listing is Listing.UNCHANGED or second.sightings == first.sightings
        assert second.exists == 1

    def test_new_mail_is_seen_beside_the_old(self, mail_host: MailHost) -> None:
        mail_host.deliver("INBOX", a_mail("old"), NINE)
        first = look(mail_host)
        mail_host.deliver("INBOX", a_mail("new"), NINE + timedelta(hours=1))

        second = look(mail_host, remembered(first))

        came = set(second.sightings) - set(first.sightings)
        assert [sighting.arrived for sighting in came] == [NINE + timedelta(hours=1)]
        assert second.listing is Listing.ADDED or set(first.sightings) < set(second.sightings)

    def test_new_mail_is_seen_by_a_connection_that_was_open_before_it_came(self, mail_host: MailHost) -> None:
        with open_mailbox(mail_host.server, mail_host.password) as mailbox:
            first = mailbox.look("INBOX", None)
            mail_host.deliver("INBOX", a_mail(), NINE)

            second = mailbox.look("INBOX", remembered(first))

            assert [fetched(mailbox, sighting) for sighting in second.sightings] == [a_mail()]

    def test_a_message_deleted_after_the_look_is_gone_and_the_next_is_still_read(self, mail_host: MailHost) -> None:
        for name in ("one", "two"):
            mail_host.deliver("INBOX", a_mail(name), NINE)
        with open_mailbox(mail_host.server, mail_host.password) as mailbox:
            one, two = mailbox.look("INBOX", None).sightings
            mail_host.remove("INBOX", 1)

            assert mailbox.look("INBOX", None).sightings == (two,)
            assert (fetched(mailbox, one), fetched(mailbox, two)) == (None, a_mail("two"))

    def test_a_message_moved_away_is_gone_there_and_found_here(self, mail_host: MailHost) -> None:
        mail_host.add_folder("已办")
        mail_host.deliver("INBOX", a_mail(), NINE)
        view = look(mail_host)
        mail_host.move("INBOX", 1, "已办")

        assert bodies(mail_host, view) == [None]
        assert bodies(mail_host, look(mail_host, folder="已办")) == [a_mail()]

    def test_one_gone_and_one_come_is_not_taken_for_unchanged(self, mail_host: MailHost) -> None:
        for name in ("one", "two"):
            mail_host.deliver("INBOX", a_mail(name), NINE)
        first = look(mail_host)
        mail_host.remove("INBOX", 1)
        mail_host.deliver("INBOX", a_mail("three"), NINE)

        second = look(mail_host, remembered(first))

        assert second.listing is Listing.FULL
        assert bodies(mail_host, second) == [a_mail("two"), a_mail("three")]

    def test_a_folder_emptied_meanwhile_is_seen_as_empty(self, mail_host: MailHost) -> None:
        mail_host.deliver("INBOX", a_mail(), NINE)
        first = look(mail_host)
        mail_host.remove("INBOX", 1)

        second = look(mail_host, remembered(first))

        assert (second.listing, second.exists, second.sightings) == (Listing.FULL, 0, ())

    def test_folders_with_chinese_names_are_read(self, mail_host: MailHost) -> None:
        name = "重点民生实事 & 督查室"
        mail_host.add_folder(name)
        mail_host.deliver(name, a_mail(), NINE)

        with open_mailbox(mail_host.server, mail_host.password, folders=(name,)) as mailbox:
            assert mailbox.folders() == (name,)
            (sighting,) = mailbox.look(name, None).sightings
            assert (sighting.folder, fetched(mailbox, sighting)) == (name, a_mail())

    def test_a_chosen_folder_that_is_not_there_is_refused_with_what_to_do_and_the_others_are_read(
        self, mail_host: MailHost
    ) -> None:
        mail_host.deliver("INBOX", a_mail(), NINE)

        with open_mailbox(mail_host.server, mail_host.password, folders=("没有的", "INBOX")) as mailbox:
            assert mailbox.folders() == ("没有的", "INBOX")
            with pytest.raises(ProtocolRefused) as caught:
                mailbox.look("没有的", None)
            (sighting,) = mailbox.look("INBOX", None).sightings
            assert fetched(mailbox, sighting) == a_mail()

        assert "邮箱中没有这个文件夹" in caught.value.for_people()
        assert "[imap] folders" in caught.value.for_people()

    def test_inbox_comes_first_and_then_the_spam_like_folders(self, mail_host: MailHost) -> None:
        mail_host.add_folder("订阅邮件")

        with open_mailbox(mail_host.server, mail_host.password) as mailbox:
            watched = mailbox.folders()

        assert watched[0] == "INBOX"
        assert "订阅邮件" in watched
        assert set(watched) <= {"INBOX", "垃圾邮件", "广告邮件", "订阅邮件"}

    def test_messages_of_several_folders_are_fetched_in_any_order(self, mail_host: MailHost) -> None:
        mail_host.add_folder("订阅邮件")
        mail_host.deliver("INBOX", a_mail("one"), NINE)
        mail_host.deliver("订阅邮件", a_mail("two"), NINE)

        with open_mailbox(mail_host.server, mail_host.password) as mailbox:
            (one,) = mailbox.look("INBOX", None).sightings
            (two,) = mailbox.look("订阅邮件", None).sightings
            assert [fetched(mailbox, each) for each in (one, two, one)] == [a_mail("one"), a_mail("two"), a_mail("one")]

    @pytest.mark.parametrize("size", [2 * PIECE - 1, 2 * PIECE, 3 * PIECE + 17])
    def test_a_large_message_comes_in_pieces_byte_for_byte(
        self, mail_host: MailHost, monkeypatch: pytest.MonkeyPatch, size: int
    ) -> None:
        monkeypatch.setattr(session, "PIECE", PIECE)
        monkeypatch.setattr(session, "WHOLE_AT_MOST", PIECE)
        raw = a_large_mail(size)
        mail_host.deliver("INBOX", raw, NINE)

        assert bodies(mail_host, look(mail_host)) == [raw]

    @pytest.mark.parametrize("start", [1, PIECE, 2 * PIECE + 5, 3 * PIECE])
    def test_a_large_message_is_gone_on_with_from_any_byte(
        self, mail_host: MailHost, monkeypatch: pytest.MonkeyPatch, start: int
    ) -> None:
        monkeypatch.setattr(session, "PIECE", PIECE)
        monkeypatch.setattr(session, "WHOLE_AT_MOST", PIECE)
        raw = a_large_mail(3 * PIECE)
        mail_host.deliver("INBOX", raw, NINE)

        with open_mailbox(mail_host.server, mail_host.password) as mailbox:
            (sighting,) = mailbox.look("INBOX", None).sightings
            assert b"".join(mailbox.fetch(sighting, start)) == raw[start:]

    @pytest.mark.parametrize("told", [2 * PIECE, 3 * PIECE - 1, 9 * PIECE])
    def test_a_size_that_is_not_true_shortens_no_message(
        self, mail_host: MailHost, monkeypatch: pytest.MonkeyPatch, told: int
    ) -> None:
        monkeypatch.setattr(session, "PIECE", PIECE)
        monkeypatch.setattr(session, "WHOLE_AT_MOST", PIECE)
        raw = a_large_mail(3 * PIECE)
        mail_host.deliver("INBOX", raw, NINE)

        with open_mailbox(mail_host.server, mail_host.password) as mailbox:
            (sighting,) = mailbox.look("INBOX", None).sightings
            assert fetched(mailbox, replace(sighting, size=told)) == raw

    def test_a_large_message_moved_away_between_two_rounds_is_gone_and_never_passes_for_whole(
        self, mail_host: MailHost, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(session, "PIECE", PIECE)
        monkeypatch.setattr(session, "WHOLE_AT_MOST", PIECE)
        mail_host.add_folder("已办")
        mail_host.deliver("INBOX", a_large_mail(3 * PIECE), NINE)
        (sighting,) = look(mail_host).sightings
        mail_host.move("INBOX", 1, "已办")

        with open_mailbox(mail_host.server, mail_host.password) as mailbox, pytest.raises(MessageVanished):
            list(mailbox.fetch(sighting, 2 * PIECE))

    def test_a_large_message_moved_away_between_two_pieces_comes_whole_or_not_at_all(
        self, mail_host: MailHost, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(session, "PIECE", PIECE)
        monkeypatch.setattr(session, "WHOLE_AT_MOST", PIECE)
        raw = a_large_mail(3 * PIECE)
        mail_host.add_folder("已办")
        mail_host.deliver("INBOX", raw, NINE)

        with open_mailbox(mail_host.server, mail_host.password) as mailbox:
            (sighting,) = mailbox.look("INBOX", None).sightings
            pieces = mailbox.fetch(sighting)
            first = next(pieces)
            mail_host.move("INBOX", 1, "已办")
            with suppress(MailboxError):
                assert first + b"".join(pieces) == raw

    def test_the_headers_alone_can_be_had(self, mail_host: MailHost) -> None:
        mail_host.deliver("INBOX", a_mail("one"), NINE)

        with open_mailbox(mail_host.server, mail_host.password) as mailbox:
            (one,) = mailbox.look("INBOX", None).sightings
            assert mailbox.headers(one) == a_mail("one").partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
            assert mailbox.headers(replace(one, uid=one.uid + 1)) is None

    def test_the_message_ids_of_the_newest_sent_mails_are_found(self, mail_host: MailHost) -> None:
        mail_host.add_folder("已发送")
        for name in ("one", "two", "three"):
            mail_host.deliver("已发送", a_mail(name), NINE)

        with open_mailbox(mail_host.server, mail_host.password) as mailbox:
            assert mailbox.sent_message_ids(2) == frozenset({"<two@example.test>", "<three@example.test>"})

    @pytest.mark.slow
    def test_twelve_hundred_messages_are_listed_each_once(self, mail_host: MailHost) -> None:
        arrivals = [NINE + timedelta(seconds=number) for number in range(1200)]
        for arrived in arrivals:
            mail_host.deliver("INBOX", a_mail(), arrived)

        view = look(mail_host)

        assert (view.listing, view.exists) == (Listing.FULL, 1200)
        assert [sighting.arrived for sighting in view.sightings] == arrivals

    def test_a_wrong_authorisation_code_is_told_as_such(self, mail_host: MailHost) -> None:
        with pytest.raises(LoginRefused), open_mailbox(mail_host.server, "not-the-code"):
            pass

    def test_a_server_that_the_machine_has_no_reason_to_trust_is_refused(self, mail_host: MailHost) -> None:
        unknown = replace(mail_host.server, ca_file=None)

        with pytest.raises(CertificateRefused), open_mailbox(unknown, mail_host.password):
            pass

    def test_nothing_stays_open_when_the_poll_is_over(self, mail_host: MailHost) -> None:
        with open_mailbox(mail_host.server, mail_host.password) as mailbox:
            socket = mailbox.line._client.wire.sock

        assert socket.fileno() == -1


@pytest.mark.parametrize("security", Security)
class TestSecurity:
    @pytest.mark.dovecot
    def test_dovecot_is_read(self, dovecot: Dovecot, security: Security) -> None:
        assert look(dovecot.new_account(security)).exists == 0

    def test_pymap_is_read(self, pymap_server: PymapServer, security: Security) -> None:
        assert look(pymap_server.new_account(security)).exists == 0

    def test_a_server_like_163_is_read(self, certificates: Certificates, security: Security) -> None:
        host = NetEase(certificates, security).start()
        assert look(host).exists == 0
        host.stop()


@pytest.mark.dovecot
class TestDovecot:
    def test_new_mail_is_listed_without_listing_the_old(self, dovecot_account: DovecotAccount) -> None:
        dovecot_account.deliver("INBOX", a_mail("old"), NINE)
        first = look(dovecot_account)
        dovecot_account.deliver("INBOX", a_mail("new"), NINE)

        second = look(dovecot_account, remembered(first))
        third = look(dovecot_account, remembered(second))

        assert (second.listing, len(second.sightings)) == (Listing.ADDED, 1)
        assert (third.listing, third.sightings) == (Listing.UNCHANGED, ())

    def test_a_folder_marked_as_junk_is_watched(self, dovecot_account: DovecotAccount) -> None:
        with open_mailbox(dovecot_account.server, dovecot_account.password) as mailbox:
            assert mailbox.folders() == ("INBOX", "垃圾邮件", "广告邮件")

    def test_a_renumbered_folder_is_listed_anew_and_holds_the_same_mails(self, dovecot_account: DovecotAccount) -> None:
        for name in ("one", "two", "three"):
            dovecot_account.deliver("INBOX", a_mail(name), NINE)
        dovecot_account.remove("INBOX", 1)
        first = look(dovecot_account)
        threading.Event().wait(1.1)  # within one second Dovecot would give the same UIDVALIDITY again
        dovecot_account.forget_uids()

        second = look(dovecot_account, remembered(first))

        assert second.uidvalidity != first.uidvalidity
        assert second.listing is Listing.FULL
        assert sorted(map(bytes, filter(None, bodies(dovecot_account, second)))) == [a_mail("three"), a_mail("two")]
        assert bodies(dovecot_account, first) == [None, None]
