"""A large message comes in pieces, and is whole or does not count: whatever the server makes of being asked so."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from tests.fetching import fetched
from tests.servers.misbehaviour import says
from tests.servers.netease import NetEase

from mailbot.domain.mailbox import Sighting
from mailbot.domain.moments import shanghai
from mailbot.errors import MessageTooLarge, MessageVanished, ProtocolRefused
from mailbot.mailbox import session
from mailbot.mailbox.session import open_mailbox

if TYPE_CHECKING:
    from tests.servers.netease import Misbehaviour

NINE = shanghai("2021-04-22T09:00")
PIECE, OVERLAP = 100, 10
DATE = b'INTERNALDATE "22-Apr-2021 09:00:00 +0800"'


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "PIECE", PIECE)
    monkeypatch.setattr(session, "WHOLE_AT_MOST", PIECE)
    monkeypatch.setattr(session, "OVERLAP", OVERLAP)


def a_mail(size: int) -> bytes:
    head = b"Subject: report\r\n\r\n"
    return (head + b"".join(b"line %05d\r\n" % number for number in range(size // 10)))[:size]


def seen(host: NetEase, raw: bytes) -> Sighting:
    """Deliver a message and return it as seen."""
    host.deliver("INBOX", raw, NINE)
    with open_mailbox(host.server, host.password) as mailbox:
        sighting = mailbox.look("INBOX", None).sightings[-1]
    host.heard.clear()
    return sighting


def fetch(host: NetEase, sighting: Sighting) -> bytes | None:
    with open_mailbox(host.server, host.password) as mailbox:
        return fetched(mailbox, sighting)


def asked(host: NetEase) -> list[str]:
    """Return which bodies were asked for."""
    return [each.rest.rpartition("PEEK")[2].rstrip(")") for each in host.heard if each.command == "UID FETCH"]


def answers(uid: int, body: bytes) -> Misbehaviour:
    return says(b"* 1 FETCH (UID %d %b %b)" % (uid, DATE, body))


@pytest.mark.parametrize(
    "size", [PIECE + 1, 2 * PIECE - OVERLAP - 1, 2 * PIECE - OVERLAP, 2 * PIECE - OVERLAP + 1, 2 * PIECE, 1000]
)
def test_a_large_message_comes_byte_for_byte(netease: NetEase, size: int) -> None:
    raw = a_mail(size)

    assert fetch(netease, seen(netease, raw)) == raw


def test_each_piece_begins_with_the_last_bytes_that_are_had_and_the_listed_end_is_not_asked_for_again(
    netease: NetEase,
) -> None:
    sighting = seen(netease, a_mail(250))

    fetch(netease, sighting)

    assert asked(netease) == ["[]<0.100>", "[]<90.100>", "[]<180.100>"]


def test_a_message_no_larger_than_a_piece_is_asked_for_whole(netease: NetEase) -> None:
    fetch(netease, seen(netease, a_mail(PIECE)))

    assert asked(netease) == ["[]"]


@pytest.mark.parametrize("start", [0, 1, 99, 100, 101, 249, 250])
def test_it_goes_on_from_any_byte(netease: NetEase, start: int) -> None:
    raw = a_mail(250)
    sighting = seen(netease, raw)

    with open_mailbox(netease.server, netease.password) as mailbox:
        assert b"".join(mailbox.fetch(sighting, start)) == raw[start:]


@pytest.mark.parametrize("told", [130, 249, 251, 400])
def test_a_size_that_lies_shortens_nothing(netease: NetEase, told: int) -> None:
    raw = a_mail(250)
    sighting = replace(seen(netease, raw), size=told)

    assert fetch(netease, sighting) == raw


@pytest.mark.parametrize("start", [0, 120])
@pytest.mark.parametrize(("told", "times"), [(250, 1), (240, 2), (400, 2)])
def test_a_server_that_knows_no_pieces_is_asked_for_the_whole_where_its_answer_may_be_none(
    netease: NetEase, start: int, told: int, times: int
) -> None:
    raw = a_mail(250)
    sighting = replace(seen(netease, raw), size=told)
    netease.manners = replace(netease.manners, knows_pieces=False)

    with open_mailbox(netease.server, netease.password) as mailbox:
        assert b"".join(mailbox.fetch(sighting, start)) == raw[start:]

    assert len(asked(netease)) == times


def test_a_piece_that_calls_itself_the_whole_does_not_pass_for_it(netease: NetEase) -> None:
    raw = a_mail(250)
    sighting = seen(netease, raw)
    netease.when("UID FETCH", answers(sighting.uid, b"BODY[] {100}\r\n" + raw[:100]))

    assert fetch(netease, sighting) == raw


def test_a_server_that_sends_more_than_was_asked_for_is_asked_for_the_whole(netease: NetEase) -> None:
    raw = a_mail(250)
    sighting = seen(netease, raw)
    netease.when("UID FETCH", answers(sighting.uid, b"BODY[]<0> {250}\r\n" + raw))

    assert fetch(netease, sighting) == raw


def test_a_server_that_sends_the_beginning_again_is_asked_for_the_whole(netease: NetEase) -> None:
    raw = a_mail(250)
    sighting = seen(netease, raw)
    with open_mailbox(netease.server, netease.password) as mailbox:
        pieces = mailbox.fetch(sighting)
        first = next(pieces)
        netease.when("UID FETCH", answers(sighting.uid, b"BODY[]<90> {100}\r\n" + raw[:100]))

        assert first + b"".join(pieces) == raw


def test_a_server_that_sends_less_than_was_asked_for_is_asked_on(netease: NetEase) -> None:
    raw = a_mail(250)
    sighting = seen(netease, raw)
    netease.when("UID FETCH", answers(sighting.uid, b"BODY[]<0> {30}\r\n" + raw[:30]))

    assert fetch(netease, sighting) == raw


@pytest.mark.parametrize("body", [b"BODY[]<90> NIL", b'BODY[]<90> ""', b"BODY[]<0> {3}\r\nabc", b"FLAGS ()"])
def test_a_piece_that_does_not_come_is_a_message_that_vanished_and_not_the_end(netease: NetEase, body: bytes) -> None:
    """An expunged message may come as nothing, NIL or empty (RFC 2180 §4.1): no end must be made of that."""
    sighting = seen(netease, a_mail(250))
    with open_mailbox(netease.server, netease.password) as mailbox:
        pieces = mailbox.fetch(sighting)
        next(pieces)
        netease.when("UID FETCH", answers(sighting.uid, body))

        with pytest.raises(MessageVanished):
            next(pieces)


def test_the_piece_of_another_message_is_told_as_such(netease: NetEase) -> None:
    sighting = seen(netease, a_mail(250))
    netease.when("UID FETCH", answers(sighting.uid + 1, b"BODY[]<0> {3}\r\nabc"))

    with pytest.raises(ProtocolRefused):
        fetch(netease, sighting)


def test_a_message_that_has_less_than_was_had_of_it_is_another_one(netease: NetEase) -> None:
    sighting = replace(seen(netease, a_mail(250)), size=300)
    netease.manners = replace(netease.manners, knows_pieces=False)

    with open_mailbox(netease.server, netease.password) as mailbox, pytest.raises(MessageVanished):
        list(mailbox.fetch(sighting, 280))


def test_one_that_does_not_end_is_too_large_and_the_next_is_still_fetched(
    netease: NetEase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "LARGEST", 500)
    sighting = replace(seen(netease, a_mail(1000)), size=400)
    other = seen(netease, a_mail(250))

    with open_mailbox(netease.server, netease.password) as mailbox:
        with pytest.raises(MessageTooLarge):
            list(mailbox.fetch(sighting))
        assert fetched(mailbox, other) == a_mail(250)
