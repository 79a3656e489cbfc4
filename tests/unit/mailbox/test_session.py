"""The conversation with the server, line by line, and all that can go wrong in it, with faults on order."""

from __future__ import annotations

import logging
import tracemalloc
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.fetching import fetched
from tests.servers.certificates import make_expired, make_for_another_host
from tests.servers.misbehaviour import after, bye, cut_after, says, stalls
from tests.servers.netease import CAPABILITIES, Manners, NetEase

from mailbot.domain.mailbox import LARGEST, FolderMemory, FolderView, Listing, Sighting
from mailbot.domain.moments import shanghai
from mailbot.errors import (
    CertificateRefused,
    ConnectionLost,
    LoginRefused,
    MailboxError,
    MessageTooLarge,
    ProtocolRefused,
)
from mailbot.mailbox import line, session
from mailbot.mailbox.session import open_mailbox
from mailbot.mailbox.wire import Pace, PlainWire
from mailbot.settings import Security

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.servers.certificates import Certificates
    from tests.servers.netease import Misbehaviour

NINE = shanghai("2021-04-22T09:00")
RAW = b"Subject: report\r\nMessage-ID: <one@example.test>\r\n\r\nsee the annex\r\n"
ELSEWHERE = Manners("IMAP4rev1 ID", wants_id=False, tells_uidnext=True)


@pytest.fixture
def elsewhere(certificates: Certificates) -> Iterator[NetEase]:
    """Return a server that is not NetEase's: it tells UIDNEXT."""
    server = NetEase(certificates, manners=ELSEWHERE).start()
    yield server
    server.stop()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for less than a second once connected."""
    monkeypatch.setattr(PlainWire, "pace", Pace(connect=5, idle=0.8))


def look(host: NetEase, memory: FolderMemory | None = None) -> FolderView:
    with open_mailbox(host.server, host.password) as mailbox:
        return mailbox.look("INBOX", memory)


def fetch(host: NetEase, sighting: Sighting) -> bytes | None:
    with open_mailbox(host.server, host.password) as mailbox:
        return fetched(mailbox, sighting)


def seen(host: NetEase) -> Sighting:
    """Deliver a message and return it as seen."""
    host.deliver("INBOX", RAW, NINE)
    return look(host).sightings[-1]


class TestWhatIsSaid:
    def test_a_poll_of_163_is_these_commands_and_no_others(self, netease: NetEase) -> None:
        netease.deliver("INBOX", RAW, NINE)

        with open_mailbox(netease.server, netease.password) as mailbox:
            for folder in mailbox.folders():
                for sighting in mailbox.look(folder, None).sightings:
                    fetched(mailbox, sighting)

        assert netease.commands() == [
            *("LOGIN", "CAPABILITY", "ID", "LIST"),
            *("EXAMINE", "FETCH", "UID FETCH"),
            *("EXAMINE", "EXAMINE", "EXAMINE", "LOGOUT"),
        ]

    def test_a_poll_of_chosen_folders_lists_no_others(self, netease: NetEase) -> None:
        with open_mailbox(netease.server, netease.password, ("INBOX",)) as mailbox:
            for folder in mailbox.folders():
                mailbox.look(folder, None)

        assert netease.commands() == ["LOGIN", "CAPABILITY", "ID", "EXAMINE", "LOGOUT"]

    def test_what_the_login_tells_of_the_server_is_not_asked_for(self, elsewhere: NetEase) -> None:
        elsewhere.when("LOGIN", says(status="OK [CAPABILITY IMAP4rev1 ID] welcome"))

        look(elsewhere)

        assert elsewhere.commands() == ["LOGIN", "ID", "EXAMINE", "LOGOUT"]

    def test_what_the_greeting_told_before_the_login_is_not_believed_after_it(self, certificates: Certificates) -> None:
        greeting = "* OK [CAPABILITY IMAP4rev1 ID] ready"
        manners = replace(ELSEWHERE, capabilities="IMAP4rev1", greeting=greeting)
        for security in (Security.TLS, Security.PLAIN):
            host = NetEase(certificates, security, manners).start()
            look(host)
            host.stop()

            assert host.commands() == ["LOGIN", "CAPABILITY", "EXAMINE", "LOGOUT"]

    def test_only_these_items_are_asked_for(self, netease: NetEase) -> None:
        seen(netease)
        fetch(netease, look(netease).sightings[0])
        with open_mailbox(netease.server, netease.password) as mailbox:
            mailbox.sent_message_ids(10)

        asked = {each.rest.partition(" ")[2] for each in netease.heard if each.command.endswith("FETCH")}
        assert asked == {"(UID INTERNALDATE RFC822.SIZE)", "(UID INTERNALDATE BODY.PEEK[])"}

    def test_id_goes_out_with_ascii_values_on_each_connection_after_login_and_before_examine(
        self, netease: NetEase
    ) -> None:
        look(netease)
        look(netease)

        for connection in (1, 2):
            heard = [each for each in netease.heard if each.connection == connection]
            order = [each.command for each in heard]
            assert order.index("LOGIN") < order.index("ID") < order.index("EXAMINE")
            (said,) = (each.rest for each in heard if each.command == "ID")
            assert said == ('("name" "mailbot" "version" "0.1.0" "vendor" "mailbot" "support-email" "clerk@163.com")')

    def test_a_server_that_does_not_announce_id_is_not_sent_it(self, certificates: Certificates) -> None:
        host = NetEase(certificates, manners=replace(ELSEWHERE, capabilities="IMAP4rev1")).start()
        look(host)
        host.stop()

        assert "ID" not in host.commands()

    def test_a_netease_server_is_sent_id_even_where_it_does_not_announce_it(self, certificates: Certificates) -> None:
        manners = Manners(CAPABILITIES.replace(" ID ", " "))
        host = NetEase(certificates, manners=manners).start()
        look(host)
        host.stop()

        assert "ID" in host.commands()

    def test_a_listing_goes_in_windows_of_500(self, netease: NetEase) -> None:
        for number in range(1101):
            netease.deliver("INBOX", RAW, NINE + timedelta(seconds=number))

        assert len(look(netease).sightings) == 1101

        windows = [each.rest.split()[0] for each in netease.heard if each.command == "FETCH"]
        assert windows == ["1:500", "501:1000", "1001:1101"]

    def test_the_senseless_uidnext_of_163_is_not_believed(self, netease: NetEase) -> None:
        netease.manners = replace(netease.manners, tells_uidnext=True)
        netease.deliver("INBOX", RAW, NINE)
        view = look(netease)

        again = look(netease, FolderMemory(1, 100, 1))

        assert (view.uidnext, again.uidnext) == (None, None)
        assert again.listing is Listing.FULL

    def test_large_uids_come_whole(self, netease: NetEase) -> None:
        netease._next_uid = 2**32 - 1

        assert seen(netease).uid == 2**32 - 1


class TestWhatCame:
    def test_where_uidnext_can_be_trusted_only_what_came_is_listed(self, elsewhere: NetEase) -> None:
        old = seen(elsewhere)
        first = look(elsewhere)
        elsewhere.deliver("INBOX", RAW, NINE)
        elsewhere.heard.clear()

        view = look(elsewhere, FolderMemory(1, first.uidnext, 1))

        assert view.listing is Listing.ADDED
        assert [sighting.uid > old.uid for sighting in view.sightings] == [True]
        assert [each.rest for each in elsewhere.heard if "FETCH" in each.command] == [
            f"{first.uidnext}:* (UID INTERNALDATE RFC822.SIZE)"
        ]

    def test_an_unchanged_folder_is_not_listed_at_all(self, elsewhere: NetEase) -> None:
        seen(elsewhere)
        first = look(elsewhere)
        elsewhere.heard.clear()

        assert look(elsewhere, FolderMemory(1, first.uidnext, 1)).listing is Listing.UNCHANGED
        assert not [each for each in elsewhere.heard if "FETCH" in each.command]

    def test_the_last_message_that_a_range_returns_although_it_is_old_does_not_count(self, elsewhere: NetEase) -> None:
        seen(elsewhere)
        first = look(elsewhere)
        elsewhere._next_uid += 1000  # as after a mail that came and went unseen

        view = look(elsewhere, FolderMemory(1, first.uidnext, 1))

        assert (view.listing, view.sightings) == (Listing.ADDED, ())

    @pytest.mark.parametrize("memory", [FolderMemory(2, 1, 1), FolderMemory(1, None, 1), FolderMemory(1, 1, 5)])
    def test_a_memory_that_does_not_hold_leads_to_a_full_listing(
        self, elsewhere: NetEase, memory: FolderMemory
    ) -> None:
        sighting = seen(elsewhere)

        view = look(elsewhere, memory)

        assert (view.listing, view.sightings) == (Listing.FULL, (sighting,))

    def test_a_folder_renumbered_under_the_same_uidvalidity_is_listed_in_full(self, elsewhere: NetEase) -> None:
        seen(elsewhere)
        seen(elsewhere)
        first = look(elsewhere)
        for number, kept in enumerate(elsewhere.folders["INBOX"], 1):
            kept.uid = number
        elsewhere._next_uid = 3

        view = look(elsewhere, FolderMemory(1, first.uidnext, 2))

        assert (view.listing, [sighting.uid for sighting in view.sightings]) == (Listing.FULL, [1, 2])


class TestOtherFolders:
    """Beside the folder that is open, others are asked for their STATUS: the open one stays open, for IDLE."""

    @pytest.fixture
    def known(self, elsewhere: NetEase) -> dict[str, FolderMemory]:
        """Return what is remembered of INBOX, with two messages, and of the spam folder, with one."""
        elsewhere.deliver("INBOX", RAW, NINE)
        elsewhere.deliver("垃圾邮件", RAW, NINE)
        elsewhere.deliver("INBOX", RAW, NINE)
        with open_mailbox(elsewhere.server, elsewhere.password) as mailbox:
            views = [mailbox.look(folder, None) for folder in ("INBOX", "垃圾邮件", "广告邮件")]
        elsewhere.heard.clear()
        return {view.folder: FolderMemory(view.uidvalidity, view.uidnext, view.exists) for view in views}

    @staticmethod
    def looks(host: NetEase, known: dict[str, FolderMemory]) -> list[tuple[Listing, int]]:
        with open_mailbox(host.server, host.password) as mailbox:
            views = [mailbox.look(folder, memory) for folder, memory in known.items()]
        return [(view.listing, len(view.sightings)) for view in views]

    def test_an_unchanged_one_is_asked_one_thing(self, elsewhere: NetEase, known: dict[str, FolderMemory]) -> None:
        assert self.looks(elsewhere, known) == [(Listing.UNCHANGED, 0), (Listing.UNCHANGED, 0), (Listing.FULL, 0)]
        assert elsewhere.commands()[3:-1] == ["EXAMINE", "STATUS", "STATUS"]

    def test_what_came_into_one_is_listed(self, elsewhere: NetEase, known: dict[str, FolderMemory]) -> None:
        elsewhere.deliver("垃圾邮件", RAW, NINE)

        assert self.looks(elsewhere, known)[1] == (Listing.ADDED, 1)
        assert elsewhere.commands()[3:-1] == [
            "EXAMINE",
            "UID FETCH",
            "STATUS",
            "EXAMINE",
            "UID FETCH",
            "STATUS",
            "EXAMINE",
        ]

    def test_what_went_from_one_is_seen(self, elsewhere: NetEase, known: dict[str, FolderMemory]) -> None:
        elsewhere.remove("垃圾邮件", 1)

        assert self.looks(elsewhere, known)[1] == (Listing.FULL, 0)

    @pytest.mark.parametrize(
        "answer",
        [
            b'* STATUS "INBOX" (MESSAGES 1 UIDNEXT %d UIDVALIDITY 1)',
            b'* STATUS "&V4NXPpCuTvY-" (MESSAGES 1 UIDVALIDITY 1)',
            b'* STATUS "&V4NXPpCuTvY-" (MESSAGES 1 UIDNEXT %d UIDVALIDITY 2)',
            b'* STATUS "&V4NXPpCuTvY-" (MESSAGES 1 UIDNEXT "%d" UIDVALIDITY 1)',
            b"* STATUS (((",
            b"* STATUS",
        ],
    )
    def test_a_status_that_is_not_what_was_asked_for_leads_to_a_look_inside(
        self, elsewhere: NetEase, known: dict[str, FolderMemory], answer: bytes
    ) -> None:
        elsewhere.when("STATUS", says(answer % elsewhere._next_uid if b"%d" in answer else answer))

        assert self.looks(elsewhere, known)[1] == (Listing.UNCHANGED, 0)
        assert elsewhere.commands()[3:-1] == ["EXAMINE", "STATUS", "EXAMINE", "STATUS"]

    def test_a_status_that_is_refused_leads_to_a_look_inside(
        self, elsewhere: NetEase, known: dict[str, FolderMemory]
    ) -> None:
        elsewhere.when("STATUS", says(status="NO not now"))

        assert self.looks(elsewhere, known)[1] == (Listing.UNCHANGED, 0)

    def test_the_senseless_status_of_163_is_not_asked_for(self, netease: NetEase) -> None:
        with open_mailbox(netease.server, netease.password) as mailbox:
            mailbox.look("INBOX", None)
            mailbox.look("垃圾邮件", FolderMemory(1, 100, 3))

        assert "STATUS" not in netease.commands()

    def test_after_a_folder_that_was_refused_messages_of_the_one_before_are_still_fetched(
        self, elsewhere: NetEase
    ) -> None:
        """A refused EXAMINE closes the folder that was open (RFC 3501 §6.3.2)."""
        sighting = seen(elsewhere)
        with open_mailbox(elsewhere.server, elsewhere.password) as mailbox:
            mailbox.look("INBOX", None)
            with pytest.raises(ProtocolRefused):
                mailbox.look("没有的", None)

            assert fetched(mailbox, sighting) == RAW


class TestLyingListings:
    def test_messages_that_went_while_they_were_listed_are_listed_once_more(self, netease: NetEase) -> None:
        sighting = seen(netease)
        netease.when("FETCH", says())

        assert look(netease).sightings == (sighting,)

    def test_a_server_that_moves_the_numbers_meanwhile_is_listed_once_more(self, netease: NetEase) -> None:
        sighting = seen(netease)
        netease.heard.clear()
        netease.when("FETCH", after("FETCH", b"* 3 EXPUNGE"))

        assert look(netease).sightings == (sighting,)
        assert netease.commands().count("EXAMINE") == 2

    def test_what_the_server_counts_and_does_not_list_is_told_beside_what_it_lists(self, netease: NetEase) -> None:
        sighting = seen(netease)
        for _ in range(2):
            netease.when("EXAMINE", after("EXAMINE", b"* 9 EXISTS"))

        view = look(netease)

        assert (view.exists, view.sightings) == (9, (sighting,))
        assert view.unlisted.startswith("服务器称有 9 封邮件，只列出了 1 封。")

    def test_a_count_beyond_all_reason_is_not_listed_to_its_end(self, netease: NetEase) -> None:
        sighting = seen(netease)
        netease.heard.clear()
        for _ in range(2):
            netease.when("EXAMINE", after("EXAMINE", b"* 4294967295 EXISTS"))

        view = look(netease)

        assert view.sightings == (sighting,)
        assert view.unlisted
        assert [each.rest.split()[0] for each in netease.heard if each.command == "FETCH"] == ["1:500", "1:500"]

    def test_a_server_that_invents_messages_without_end_is_listed_up_to_a_limit(
        self, netease: NetEase, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(session, "MOST", 600)
        for number in range(700):
            netease.deliver("INBOX", RAW, NINE + timedelta(seconds=number))

        view = look(netease)

        assert (view.exists, len(view.sightings)) == (700, 600)
        assert view.unlisted

    def test_what_is_told_of_messages_that_were_not_asked_for_is_no_listing_of_them(self, netease: NetEase) -> None:
        sighting = seen(netease)
        answers = (b"* %d FETCH (UID %d RFC822.SIZE 5)" % (number, number + 70) for number in (2, 3, 4294967295))
        netease.when("FETCH", after("FETCH", *answers))

        assert look(netease) == FolderView("INBOX", 1, None, 1, Listing.FULL, (sighting,))

    @pytest.mark.parametrize(
        "answer",
        [
            b'* 1 FETCH (UID 7 RFC822.SIZE 5 INTERNALDATE "nonsense")',
            b"* 1 FETCH (UID 7 RFC822.SIZE 5 INTERNALDATE NIL)",
            b"* 1 FETCH (UID 7 RFC822.SIZE 5 INTERNALDATE ((1) 2))",
            b"* 1 FETCH (UID 7 RFC822.SIZE 5)",
        ],
    )
    def test_a_message_without_a_date_that_can_be_one_is_listed_without_and_fetched(
        self, netease: NetEase, answer: bytes
    ) -> None:
        netease.deliver("INBOX", RAW, NINE)
        netease.deliver("INBOX", RAW, NINE)
        netease.folders["INBOX"][0].uid = 7
        netease.when(
            "FETCH", says(answer, b'* 2 FETCH (UID 8 RFC822.SIZE 5 INTERNALDATE "22-Apr-2021 09:00:00 +0800")')
        )

        view = look(netease)
        netease.when("UID FETCH", says(answer[:-1] + b" BODY[] {3}\r\nabc)"))

        assert (view.exists, view.unlisted) == (2, "")
        assert view.sightings == (Sighting("INBOX", 1, 7, None, 5), Sighting("INBOX", 1, 8, NINE, 5))
        assert fetch(netease, view.sightings[0]) == b"abc"

    @pytest.mark.parametrize("size", [b"", b" RFC822.SIZE NIL", b" RFC822.SIZE -1", b' RFC822.SIZE "x"'])
    def test_a_message_of_which_no_size_is_told_is_listed_and_fetched(self, netease: NetEase, size: bytes) -> None:
        uid = seen(netease).uid
        answer = b'* 1 FETCH (UID %d INTERNALDATE "22-Apr-2021 09:00:00 +0800"%b)' % (uid, size)
        netease.when("FETCH", says(answer))

        (sighting,) = look(netease).sightings

        assert sighting.size == 0
        assert fetch(netease, sighting) == RAW

    @pytest.mark.parametrize("uid", [b"", b" UID NIL", b" UID 0", b" UID -4", b" UID 9223372036854775808", b' UID "x"'])
    def test_a_message_without_a_uid_that_can_be_one_is_told_and_the_others_are_listed(
        self, netease: NetEase, uid: bytes
    ) -> None:
        netease.deliver("INBOX", RAW, NINE)
        sighting = replace(seen(netease), size=5)
        told = b'RFC822.SIZE 5 INTERNALDATE "22-Apr-2021 09:00:00 +0800"'
        for _ in range(2):
            netease.when(
                "FETCH", says(b"* 1 FETCH (%b%b)" % (told, uid), b"* 2 FETCH (UID %d %b)" % (sighting.uid, told))
            )

        view = look(netease)

        assert (view.exists, view.sightings) == (2, (sighting,))
        assert view.unlisted.startswith("有 1 封邮件服务器没有给出可用的编号（UID）")

    @pytest.mark.parametrize("odd", [b"* 1 FETCH (UID 7 FLAGS (((", b"* 1 FETCH UID 7", b"* 1 FETCH"])
    def test_an_answer_that_cannot_be_read_leaves_the_others_listed(self, netease: NetEase, odd: bytes) -> None:
        sighting = seen(netease)
        netease.when("FETCH", after("FETCH", odd))

        assert look(netease).sightings == (sighting,)

    def test_two_messages_under_one_uid_are_both_fetched_where_their_sizes_tell_them_apart(
        self, netease: NetEase
    ) -> None:
        netease.deliver("INBOX", RAW, NINE)
        netease.deliver("INBOX", RAW + b"more\r\n", NINE)
        netease.folders["INBOX"][0].uid = netease.folders["INBOX"][1].uid

        assert poll(netease) == [RAW, RAW + b"more\r\n"]

    def test_two_messages_that_nothing_tells_apart_are_told_and_neither_passes_for_the_other(
        self, netease: NetEase
    ) -> None:
        other = RAW.swapcase()
        netease.deliver("INBOX", RAW, NINE)
        netease.deliver("INBOX", other, NINE)
        netease.folders["INBOX"][0].uid = netease.folders["INBOX"][1].uid

        view = look(netease)

        assert (len(view.sightings), view.exists) == (1, 2)
        assert view.unlisted
        with pytest.raises(ProtocolRefused, match="several messages"):
            fetch(netease, view.sightings[0])

    def test_flags_told_unasked_do_not_disturb_a_listing(self, netease: NetEase) -> None:
        sighting = seen(netease)
        netease.when("FETCH", after("FETCH", b"* 1 FETCH (FLAGS (\\Seen))", b"* 9 FETCH (FLAGS ())", b"* 2 EXISTS"))

        assert look(netease).sightings == (sighting,)


class TestFetching:
    def test_a_message_that_vanished_comes_as_nothing(self, netease: NetEase) -> None:
        sighting = seen(netease)
        netease.remove("INBOX", 1)

        assert fetch(netease, sighting) is None

    @pytest.mark.parametrize("body", [b"NIL", b'""', b"{0}\r\n"])
    def test_a_body_that_vanished_comes_as_nothing(self, netease: NetEase, body: bytes) -> None:
        sighting = seen(netease)
        answer = b'* 1 FETCH (UID %d INTERNALDATE "22-Apr-2021 09:00:00 +0800" BODY[] %b)' % (sighting.uid, body)
        netease.when("UID FETCH", says(answer))

        assert fetch(netease, sighting) is None

    @pytest.mark.parametrize(
        "about",
        [
            b'UID 7 INTERNALDATE "22-Apr-2021 09:00:00 +0800"',
            b'INTERNALDATE "22-Apr-2021 09:00:00 +0800"',
            b'UID %d INTERNALDATE "22-Apr-2021 09:00:01 +0800"',
        ],
    )
    def test_another_messages_body_is_refused(self, netease: NetEase, about: bytes) -> None:
        sighting = seen(netease)
        named = about % sighting.uid if b"%d" in about else about
        netease.when("UID FETCH", says(b"* 1 FETCH (%b BODY[] {3}\r\nabc)" % named))

        with pytest.raises(ProtocolRefused):
            fetch(netease, sighting)

    def test_an_empty_message_is_a_message(self, netease: NetEase) -> None:
        netease.deliver("INBOX", b"", NINE)

        assert fetch(netease, look(netease).sightings[0]) == b""

    def test_flags_told_unasked_do_not_disturb_a_fetch(self, netease: NetEase) -> None:
        sighting = seen(netease)
        netease.when("UID FETCH", after("UID FETCH", b"* 1 FETCH (FLAGS (\\Seen))", b"* 2 FETCH (UID 9 FLAGS ())"))

        assert fetch(netease, sighting) == RAW

    def test_a_folder_that_was_made_anew_meanwhile_gives_nothing(self, netease: NetEase) -> None:
        sighting = seen(netease)
        netease.uidvalidity = 2

        assert fetch(netease, sighting) is None

    def test_a_size_that_was_not_quite_true_does_not_matter(self, netease: NetEase) -> None:
        assert fetch(netease, replace(seen(netease), size=5)) == RAW

    def test_a_message_too_large_to_hold_is_told_and_the_others_are_still_fetched(self, netease: NetEase) -> None:
        sighting = seen(netease)

        with open_mailbox(netease.server, netease.password) as mailbox:
            with pytest.raises(MessageTooLarge):
                fetched(mailbox, replace(sighting, size=LARGEST + 1))
            assert fetched(mailbox, sighting) == RAW

    def test_a_literal_announced_larger_than_any_mail_is_not_read(self, netease: NetEase) -> None:
        sighting = seen(netease)
        netease.when("UID FETCH", says(b"* 1 FETCH (UID 7 BODY[] {99999999999999999999}", status=""))

        with pytest.raises(ConnectionLost, match="literal of 99999999999999999999 bytes"):
            fetch(netease, sighting)

    def test_a_body_is_neither_formatted_nor_logged(self, netease: NetEase, caplog: pytest.LogCaptureFixture) -> None:
        """Imapclient 4.1 sets imaplib's debug to 5, which formats each literal twice: over nine times its size."""
        body = b"Subject: x\r\n\r\n" + b"\xe4secret" * 500_000
        netease.deliver("INBOX", body, NINE)
        caplog.set_level(logging.DEBUG)

        with open_mailbox(netease.server, netease.password) as mailbox:
            (sighting,) = mailbox.look("INBOX", None).sightings
            tracemalloc.start()
            fetched(mailbox, sighting)
            peak = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
            assert mailbox.line._client._imap.debug == 0

        assert peak < 6 * len(body)
        assert "secret" not in caplog.text
        assert netease.password not in caplog.text

    @pytest.mark.parametrize("size", [0, 1, 20, 90, 120, 150])
    def test_a_line_cut_anywhere_in_an_answer_loses_nothing(self, netease: NetEase, size: int) -> None:
        sighting = seen(netease)
        netease.when("UID FETCH", cut_after(size, "UID FETCH"))

        with pytest.raises(ConnectionLost):
            fetch(netease, sighting)

        assert fetch(netease, sighting) == RAW


WRONG = {
    "says NO": (says(status="NO system busy"), ProtocolRefused),
    "says BAD": (says(status="BAD command not support"), ProtocolRefused),
    "says BYE": (bye(), ConnectionLost),
    "hangs up": (cut_after(0, ""), ConnectionLost),
    "hangs up in a line": (cut_after(3, "CAPABILITY"), ConnectionLost),
    "sends garbage": (says(b"\x00\xff garbage"), ConnectionLost),
    "stalls": (stalls(), ConnectionLost),
    "stalls in a literal": (stalls(b"* 1 FETCH (UID 7 BODY[] {100}\r\nsome of it"), ConnectionLost),
}


@pytest.mark.usefixtures("impatient")
class TestEveryAnswerCanBeWrong:
    @pytest.mark.parametrize("command", ["CAPABILITY", "LOGIN", "ID", "LIST", "EXAMINE", "FETCH", "UID FETCH"])
    @pytest.mark.parametrize("wrong", WRONG)
    def test_a_wrong_answer_ends_in_our_error_and_the_next_poll_is_right(
        self, netease: NetEase, command: str, wrong: str
    ) -> None:
        netease.deliver("INBOX", RAW, NINE)
        misbehaviour, _ = WRONG[wrong]
        netease.when(command, misbehaviour)

        with pytest.raises(MailboxError):
            poll(netease)

        assert poll(netease) == [RAW]

    @pytest.mark.parametrize("command", ["LIST", "EXAMINE", "FETCH", "UID FETCH"])
    def test_answers_that_cannot_be_read_bring_nothing_wrong_and_the_next_poll_is_right(
        self, netease: NetEase, command: str
    ) -> None:
        netease.deliver("INBOX", RAW, NINE)
        netease.when(command, says(b"* 1 FETCH (UID 7 BODY[] (((", b"* LIST ((", b"* LIST", b"* x EXISTS"))

        with suppress(MailboxError):
            assert set(poll(netease)) <= {RAW, None}

        assert poll(netease) == [RAW]

    @pytest.mark.parametrize(("misbehaviour", "expected"), WRONG.values(), ids=WRONG)
    def test_what_is_wrong_is_told_apart(
        self, netease: NetEase, misbehaviour: Misbehaviour, expected: type[MailboxError]
    ) -> None:
        sighting = seen(netease)
        netease.when("UID FETCH", misbehaviour)

        with pytest.raises(expected):
            fetch(netease, sighting)

    def test_a_connection_is_not_used_again_once_nobody_knows_what_comes_next(self, netease: NetEase) -> None:
        sighting = seen(netease)
        with open_mailbox(netease.server, netease.password) as mailbox:
            netease.when("UID FETCH", says(b"\x00\xff garbage"))
            with pytest.raises(ConnectionLost):
                fetched(mailbox, sighting)
            netease.heard.clear()

            with pytest.raises(ConnectionLost):
                fetched(mailbox, sighting)

        assert netease.commands() == []

    @pytest.mark.parametrize("status", ["NO system busy", "BAD what"])
    def test_a_refused_command_leaves_the_connection_open(self, netease: NetEase, status: str) -> None:
        sighting = seen(netease)
        with open_mailbox(netease.server, netease.password) as mailbox:
            netease.when("UID FETCH", says(b"* 1 FETCH (UID 9 BODY[] {3}\r\nabc)", status=status))
            with pytest.raises(ProtocolRefused, match=status.split()[1]):
                fetched(mailbox, sighting)

            assert fetched(mailbox, sighting) == RAW
            assert mailbox.look("垃圾邮件", None).exists == 0

    @pytest.mark.parametrize("status", ["NO system busy", "BAD what"])
    def test_a_folder_that_is_refused_is_told_with_the_servers_words_and_leaves_the_others(
        self, netease: NetEase, status: str
    ) -> None:
        sighting = seen(netease)
        with open_mailbox(netease.server, netease.password) as mailbox:
            folders = mailbox.folders()
            netease.when("EXAMINE", says(status=status))
            with pytest.raises(ProtocolRefused) as caught:
                mailbox.look(folders[1], None)

            assert status.split()[1] in caught.value.for_people()
            assert "如不需要收取这个文件夹，请在 mailbot.toml 的 [imap] folders 中" in caught.value.for_people()
            assert mailbox.look("INBOX", None).sightings == (sighting,)

    @pytest.mark.parametrize("misbehaviour", [bye(), says(status="NO stay"), says(b"\xff"), stalls(), cut_after(0, "")])
    def test_nothing_that_happens_at_logout_matters(
        self, netease: NetEase, misbehaviour: Misbehaviour, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(line, "GOODBYE_SECONDS", 0.2)
        netease.when("LOGOUT", misbehaviour)

        assert look(netease).exists == 0

    def test_an_error_of_the_caller_is_not_hidden_and_leaves_without_logout(self, netease: NetEase) -> None:
        with pytest.raises(KeyboardInterrupt), open_mailbox(netease.server, netease.password):
            raise KeyboardInterrupt

        assert "LOGOUT" not in netease.commands()

    @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(lines=st.lists(st.binary(max_size=60).map(lambda line: line.replace(b"\n", b"")), max_size=3))
    def test_whatever_a_server_sends_ends_in_a_listing_or_in_our_error(
        self, netease: NetEase, lines: list[bytes]
    ) -> None:
        netease.when("FETCH", after("FETCH", *(b"* 1 FETCH (" + each for each in lines)))
        netease.folders["INBOX"].clear()
        netease.deliver("INBOX", RAW, NINE)

        with suppress(MailboxError):
            assert look(netease).exists == 1


def poll(host: NetEase) -> list[bytes | None]:
    """Read everything once."""
    with open_mailbox(host.server, host.password) as mailbox:
        return [
            fetched(mailbox, sighting)
            for folder in mailbox.folders()
            for sighting in mailbox.look(folder, None).sightings
        ]


class TestLogin:
    def test_a_wrong_code_is_tried_exactly_once_and_the_servers_words_are_told(self, netease: NetEase) -> None:
        with pytest.raises(LoginRefused) as caught, open_mailbox(netease.server, "wrong"):
            pass

        assert netease.commands().count("LOGIN") == 1
        assert "LOGIN Login error or password error" in caught.value.for_people()

    @pytest.mark.parametrize("password", ["", "授权码", "ＡＢＣＤ", "code\r\na2 DELETE INBOX", "code\x00", "code\n"])
    def test_a_code_that_login_cannot_carry_is_told_before_anything_is_sent(
        self, netease: NetEase, password: str
    ) -> None:
        with pytest.raises(LoginRefused) as caught, open_mailbox(netease.server, password):
            pass

        assert netease.connections() == 0
        assert "授权码" in caught.value.for_people()

    @pytest.mark.parametrize("user", ["", "中原@163.com", "a b@163.com", 'a"@163.com', "a@163.com\r\nx"])
    def test_a_user_that_login_cannot_carry_is_told_before_anything_is_sent(self, netease: NetEase, user: str) -> None:
        server = replace(netease.server, user=user)

        with pytest.raises(LoginRefused), open_mailbox(server, netease.password):
            pass

        assert netease.connections() == 0

    def test_a_code_with_quotes_arrives_as_it_is(self, certificates: Certificates) -> None:
        code, as_carried = 'q"u\\o t}e', 'q\\"u\\\\o t}e'
        host = NetEase(certificates, password=as_carried).start()

        with open_mailbox(host.server, code) as mailbox:
            assert mailbox.folders()
        host.stop()

    def test_the_code_is_in_no_error_even_if_the_server_echoes_it(self, netease: NetEase) -> None:
        netease.when("LOGIN", says(status=f"BAD LOGIN clerk {netease.password}"))

        with pytest.raises(LoginRefused) as caught, open_mailbox(netease.server, netease.password):
            pass

        assert netease.password not in str(caught.value) + caught.value.for_people()
        assert caught.value.__suppress_context__

    def test_the_words_unsafe_login_come_with_what_to_do(self, netease: NetEase) -> None:
        netease.when("EXAMINE", says(status="NO EXAMINE Unsafe Login. Please contact kefu@188.com for help"))

        with pytest.raises(ProtocolRefused) as caught:
            look(netease)

        assert "Unsafe Login" in caught.value.for_people()
        assert "授权码" in caught.value.for_people()


class TestTrust:
    def test_an_expired_certificate_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(CertificateRefused, match="expired"):
            self.open(NetEase(make_expired(tmp_path)))

    def test_a_certificate_for_another_host_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(CertificateRefused, match="not valid for"):
            self.open(NetEase(make_for_another_host(tmp_path)))

    def test_a_certificate_is_verified_with_starttls_too_and_no_login_is_sent(self, tmp_path: Path) -> None:
        host = NetEase(make_for_another_host(tmp_path), Security.STARTTLS)

        with pytest.raises(CertificateRefused):
            self.open(host)

        assert "LOGIN" not in host.commands()

    def test_starttls_is_never_left_out(self, certificates: Certificates) -> None:
        host = NetEase(certificates, Security.STARTTLS, Manners("IMAP4rev1 ID X-CM-EXT-1"))

        with pytest.raises(ProtocolRefused, match="STARTTLS"):
            self.open(host)

        assert "LOGIN" not in host.commands()

    def test_a_server_that_says_nobody_need_log_in_does_not_get_round_starttls(
        self, certificates: Certificates
    ) -> None:
        manners = Manners(greeting="* PREAUTH welcome")
        host = NetEase(certificates, Security.STARTTLS, manners)

        with pytest.raises(ProtocolRefused):
            self.open(host)

        assert set(host.commands()) == {"CAPABILITY"}

    def test_a_port_that_speaks_no_tls_is_told(self, certificates: Certificates) -> None:
        host = NetEase(certificates, Security.PLAIN).start()
        server = replace(host.server, security=Security.TLS)

        with pytest.raises(ConnectionLost) as caught, open_mailbox(server, host.password):
            pass
        host.stop()

        assert "security" in caught.value.for_people()

    def test_a_certificate_file_that_is_not_there_is_told(self, netease: NetEase, tmp_path: Path) -> None:
        server = replace(netease.server, ca_file=tmp_path / "none.pem")

        with pytest.raises(CertificateRefused, match=r"none\.pem"), open_mailbox(server, netease.password):
            pass

    def test_a_server_that_is_not_there_is_a_lost_connection(self, netease: NetEase) -> None:
        server = netease.server
        netease.stop()

        with pytest.raises(ConnectionLost), open_mailbox(server, netease.password):
            pass

    @pytest.mark.usefixtures("impatient")
    def test_a_server_that_does_not_greet_is_a_lost_connection(self, certificates: Certificates) -> None:
        host = NetEase(certificates, Security.PLAIN).start()
        server = replace(host.server, security=Security.TLS)
        host.manners = Manners(greeting="")

        with pytest.raises(ConnectionLost), open_mailbox(server, host.password):
            pass
        host.stop()

    @staticmethod
    def open(host: NetEase) -> None:
        """Start a server, try it, stop it."""
        host.start()
        try:
            look(host)
        finally:
            host.stop()


def test_a_folder_with_a_malformed_name_does_not_hide_the_others(netease: NetEase) -> None:
    netease.when("LIST", after("LIST", b'* LIST () "/" "&AAAA"', b'* LIST () NIL "2021"', b'* LIST () "/" &&&-'))

    with open_mailbox(netease.server, netease.password) as mailbox:
        assert mailbox.folders() == ("INBOX", "垃圾邮件", "广告邮件", "订阅邮件")


def test_message_ids_of_sent_mails_are_found_even_when_folded(netease: NetEase) -> None:
    netease.deliver("已发送", b"Message-ID:\r\n <folded@example.test>\r\n\r\n", NINE)
    netease.deliver("已发送", b"Subject: none\r\n\r\n", NINE)

    with open_mailbox(netease.server, netease.password) as mailbox:
        assert mailbox.sent_message_ids(500) == frozenset({"<folded@example.test>"})


def test_without_a_sent_folder_there_is_no_answer(netease: NetEase) -> None:
    del netease.folders["已发送"]

    with open_mailbox(netease.server, netease.password) as mailbox:
        assert mailbox.sent_message_ids(500) is None


def test_times_in_any_zone_are_told_in_shanghai(netease: NetEase) -> None:
    netease.deliver("INBOX", RAW, shanghai("2021-04-25T16:30:00+00:00"))
    netease.deliver("INBOX", RAW, shanghai("2021-04-25T23:59:59-05:00"))

    arrivals = [sighting.arrived for sighting in look(netease).sightings]

    assert [arrived and arrived.isoformat() for arrived in arrivals] == [
        "2021-04-26T00:30:00+08:00",
        "2021-04-26T12:59:59+08:00",
    ]
