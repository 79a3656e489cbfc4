"""What one answer may cost, in bytes and in time, with a server that does not stop."""

from __future__ import annotations

import tracemalloc
from time import monotonic
from typing import TYPE_CHECKING

import pytest
from tests.fetching import fetched
from tests.servers.misbehaviour import drips, floods, says
from tests.servers.netease import Manners, NetEase

from mailbot.domain.moments import shanghai
from mailbot.errors import ConnectionLost
from mailbot.mailbox.session import open_mailbox
from mailbot.mailbox.wire import ROOM, Pace, PlainWire
from mailbot.settings import Security

if TYPE_CHECKING:
    from tests.servers.certificates import Certificates
    from tests.servers.netease import Conversation

NINE = shanghai("2021-04-22T09:00")
RAW = b"Subject: report\r\n\r\nsee the annex\r\n"
COMMANDS = ["CAPABILITY", "LOGIN", "ID", "LIST", "EXAMINE", "FETCH", "UID FETCH"]


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give an answer half a second, and another for each million bytes."""
    monkeypatch.setattr(PlainWire, "pace", Pace(connect=5, idle=5, answer=0.5, slowest=1_000_000))


def poll(host: NetEase) -> list[bytes | None]:
    """Read everything once."""
    with open_mailbox(host.server, host.password) as mailbox:
        return [
            fetched(mailbox, sighting)
            for folder in mailbox.folders()
            for sighting in mailbox.look(folder, None).sightings
        ]


@pytest.mark.usefixtures("hurried")
class TestTime:
    @pytest.mark.parametrize("command", COMMANDS)
    @pytest.mark.parametrize("dripped", [b"* OK wait\r\n", b"x"])
    def test_a_server_that_drips_is_left_and_the_next_poll_is_right(
        self, netease: NetEase, command: str, dripped: bytes
    ) -> None:
        netease.deliver("INBOX", RAW, NINE)
        netease.when(command, drips(dripped, every=0.1))
        began = monotonic()

        with pytest.raises(ConnectionLost):
            poll(netease)

        assert monotonic() - began < 3
        assert poll(netease) == [RAW]

    @pytest.mark.parametrize("security", Security)
    def test_a_greeting_that_drips_is_not_waited_for(self, certificates: Certificates, security: Security) -> None:
        host = NetEase(certificates, security, Manners(greeting="")).start()
        host.when("greeting", drips(b"x", every=0.1))
        began = monotonic()

        with pytest.raises(ConnectionLost):
            poll(host)

        host.stop()
        assert monotonic() - began < 3

    def test_a_large_body_over_a_slow_line_is_waited_for(self, netease: NetEase) -> None:
        """Three million bytes in 1.2 seconds, where half a second and one more for each million are given."""
        body = b"x" * 3_000_000
        netease.deliver("INBOX", body, NINE)
        pieces = [body[start : start + 250_000] for start in range(0, len(body), 250_000)]
        uid = netease.folders["INBOX"][0].uid
        head = b'* 1 FETCH (UID %d INTERNALDATE "22-Apr-2021 09:00:00 +0800" BODY[] {3000000}\r\n' % uid

        def slowly(talk: Conversation, tag: str, _rest: str) -> None:
            talk.send(head)
            for piece in pieces:
                talk.send(piece)
                talk.host.released.wait(0.1)
            talk.say(")")
            talk.say(f"{tag} OK done")

        netease.when("UID FETCH", slowly)

        assert poll(netease) == [body]


FLOODS = {
    "untagged lines": b"* OK noise noise noise\r\n",
    "empty lines": b"* \r\n",
    "rows": b'* 1 FETCH (UID 7 RFC822.SIZE 5 INTERNALDATE "22-Apr-2021 09:00:00 +0800")\r\n',
    "literals": b"* 1 FETCH (UID 7 BODY[] {100000}\r\n%b)\r\n" % (b"x" * 100_000),
    "one endless line": b"x" * 10_000,
}


class TestBytes:
    @pytest.mark.parametrize("command", ["LOGIN", "LIST", "EXAMINE", "FETCH", "UID FETCH"])
    @pytest.mark.parametrize("flood", FLOODS)
    def test_a_server_that_floods_is_left_and_the_next_poll_is_right(
        self, netease: NetEase, command: str, flood: str
    ) -> None:
        netease.deliver("INBOX", RAW, NINE)
        netease.when(command, floods(FLOODS[flood]))

        with pytest.raises(ConnectionLost) as caught:
            poll(netease)

        assert "过长" in caught.value.for_people() or "无法识别" in caught.value.for_people()
        assert poll(netease) == [RAW]

    def test_a_flood_costs_little_memory(self, netease: NetEase) -> None:
        netease.when("EXAMINE", floods(b"* 1\r\n"))
        tracemalloc.start()

        with pytest.raises(ConnectionLost):
            poll(netease)

        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < 10 * ROOM

    def test_a_body_much_larger_than_it_was_listed_is_not_read(self, netease: NetEase) -> None:
        netease.deliver("INBOX", RAW, NINE)
        netease.when("UID FETCH", says(b"* 1 FETCH (UID 7 BODY[] {50000000}", status=""))

        with pytest.raises(ConnectionLost, match="literal of 50000000 bytes"):
            poll(netease)

    def test_a_listing_in_which_a_large_literal_is_announced_is_not_read(self, netease: NetEase) -> None:
        netease.deliver("INBOX", RAW, NINE)
        netease.when("FETCH", says(b"* 1 FETCH (UID 7 X {5000000}", status=""))

        with pytest.raises(ConnectionLost, match="literal of 5000000 bytes"):
            poll(netease)


def test_what_is_sent_in_clear_before_tls_is_not_heard_as_if_sent_under_it(certificates: Certificates) -> None:
    """A man in the middle adds an answer to the one to STARTTLS."""
    host = NetEase(certificates, Security.STARTTLS).start()

    def injected(talk: Conversation, tag: str, _rest: str) -> None:
        talk.send(f"{tag} OK begin\r\n* CAPABILITY IMAP4rev1 INJECTED\r\n".encode())
        talk.protect()

    host.when("STARTTLS", injected)
    with open_mailbox(host.server, host.password) as mailbox:
        capabilities = mailbox.line._client.wire.capabilities

    host.stop()
    assert "INJECTED" not in capabilities
