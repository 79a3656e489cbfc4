"""Carrying mail into the archive, with a mailbox that does on order what mailboxes do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from email import message_from_bytes
from email.header import decode_header, make_header
from hashlib import sha256
from pathlib import Path

import pytest

from mailbot.clock import SetClock
from mailbot.domain.mailbox import FolderMemory, FolderView, Listing, Sighting, StandIn
from mailbot.domain.moments import shanghai
from mailbot.errors import ConnectionLost, MessageTooLarge, MessageVanished, ProtocolRefused
from mailbot.ledger.engine import SqlLedger, open_ledger
from mailbot.mailbox.archive import Archive
from mailbot.stages.intake import Porter

NOW = shanghai("2021-04-15T09:00")


@dataclass(slots=True)
class Shelf:
    """A mailbox made of dictionaries. `fails` says what happens instead of the next fetches, by UID.

    `refuses` says which folders cannot be opened and why, `unlisted` what cannot be listed in one.
    """

    folders_: dict[str, dict[int, bytes]]
    fails: dict[int, list[Exception | None]] = field(default_factory=dict)
    headers_: dict[int, bytes] = field(default_factory=dict)
    fetched: list[int] = field(default_factory=list)
    asked_for_headers: list[int] = field(default_factory=list)
    remembered: list[FolderMemory | None] = field(default_factory=list)
    refuses: dict[str, str] = field(default_factory=dict)
    unlisted: dict[str, str] = field(default_factory=dict)
    arrived: datetime | None = NOW

    def folders(self) -> tuple[str, ...]:
        """Return the folders."""
        return tuple(self.folders_)

    def look(self, folder: str, memory: FolderMemory | None) -> FolderView:
        """List a folder whole."""
        self.remembered.append(memory)
        if folder in self.refuses:
            raise ProtocolRefused(chinese=self.refuses[folder])
        held = self.folders_[folder]
        seen = tuple(Sighting(folder, 1, uid, self.arrived, len(raw)) for uid, raw in held.items())
        return FolderView(folder, 1, None, len(held), Listing.FULL, seen, self.unlisted.get(folder, ""))

    def fetch(self, sighting: Sighting, start: int = 0) -> Iterator[bytes]:
        """Give a mail, or fail as told; None stands for one that vanished."""
        self.fetched.append(sighting.uid)
        for failure in self.fails.get(sighting.uid, []):
            self.fails[sighting.uid].remove(failure)
            raise failure or MessageVanished
        if sighting.uid not in self.folders_[sighting.folder]:
            raise MessageVanished
        yield self.folders_[sighting.folder][sighting.uid][start:]

    def headers(self, sighting: Sighting) -> bytes | None:
        """Return what stands before the first empty line of a mail."""
        self.asked_for_headers.append(sighting.uid)
        return self.headers_.get(sighting.uid)

    def sent_message_ids(self, _limit: int) -> frozenset[str] | None:
        """Return that there is no Sent folder."""
        return None


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[SqlLedger]:
    ledger = open_ledger(f"sqlite:///{tmp_path}/ledger.db", receipt_number="{year}-{month:02d}-{serial:04d}")
    yield ledger
    ledger.close()


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "archive")


def held(ledger: SqlLedger) -> list[tuple[str, int | None]]:
    with ledger.reading() as books:
        return sorted((row.folder, row.uid) for row in books.messages())


def test_what_is_new_is_archived_and_noted_folder_by_folder(ledger: SqlLedger, archive: Archive) -> None:
    shelf = Shelf({"INBOX": {1: b"one", 2: b"two"}, "Junk": {1: b"three"}})

    intake = Porter(shelf, archive, ledger, SetClock(NOW)).carry_all(relist=False)

    assert (intake.fetched, intake.new, intake.complete) == (3, 3, ("INBOX", "Junk"))
    assert held(ledger) == [("INBOX", 1), ("INBOX", 2), ("Junk", 1)]
    assert archive.checked(sha256(b"three").hexdigest()).read_bytes() == b"three"


def test_what_is_known_is_not_fetched_again(ledger: SqlLedger, archive: Archive) -> None:
    shelf = Shelf({"INBOX": {1: b"one"}})
    porter = Porter(shelf, archive, ledger, SetClock(NOW))

    porter.carry_all(relist=False)
    porter.carry_all(relist=True)

    assert shelf.fetched == [1]


def test_what_was_remembered_is_trusted_unless_the_folder_is_to_be_listed_whole(
    ledger: SqlLedger, archive: Archive
) -> None:
    shelf = Shelf({"INBOX": {1: b"one"}})
    porter = Porter(shelf, archive, ledger, SetClock(NOW))

    porter.carry_all(relist=False)
    porter.carry_all(relist=False)
    porter.carry_all(relist=True)

    assert [memory is None for memory in shelf.remembered] == [True, False, True]


def test_a_mail_that_vanished_for_a_moment_is_found_at_the_second_look(ledger: SqlLedger, archive: Archive) -> None:
    shelf = Shelf({"INBOX": {1: b"one", 2: b"two"}}, fails={1: [None]})

    intake = Porter(shelf, archive, ledger, SetClock(NOW)).carry_all(relist=False)

    assert intake.complete == ("INBOX",)
    assert held(ledger) == [("INBOX", 1), ("INBOX", 2)]
    assert shelf.fetched == [1, 2, 1]


def test_a_folder_of_which_something_listed_never_comes_is_incomplete_and_the_next_is_polled(
    ledger: SqlLedger, archive: Archive
) -> None:
    shelf = Shelf({"INBOX": {1: b"one", 2: b"two"}, "Junk": {7: b"seven"}}, fails={1: [None] * 3})

    intake = Porter(shelf, archive, ledger, SetClock(NOW)).carry_all(relist=False)

    assert (intake.complete, intake.incomplete) == (("Junk",), ("INBOX",))
    assert held(ledger) == [("INBOX", 2), ("Junk", 7)]
    with ledger.reading() as books:
        assert [poll.folder for poll in books.polls()] == ["Junk"]


def gaps(ledger: SqlLedger) -> list[tuple[int, StandIn | None, bool]]:
    with ledger.reading() as books:
        return [(each.sighting.uid, each.message.stand_in, each.in_view) for each in books.gaps() if each.sighting]


def bytes_of(uid: int, ledger: SqlLedger, archive: Archive) -> bytes:
    with ledger.reading() as books:
        return archive.checked(
            next(row.sha256 for row in books.messages() if row.uid == uid and row.in_view)
        ).read_bytes()


def test_of_a_mail_that_is_too_large_the_headers_are_archived_at_once_and_its_folder_is_complete(
    ledger: SqlLedger, archive: Archive
) -> None:
    too_large: list[Exception | None] = [MessageTooLarge()]
    shelf = Shelf({"INBOX": {1: b"one", 2: b"two"}}, fails={1: too_large}, headers_={1: b"Subject: one\r\n\r\n"})

    intake = Porter(shelf, archive, ledger, SetClock(NOW)).carry_all(relist=False)

    assert intake.complete == ("INBOX",)
    assert held(ledger) == [("INBOX", 1), ("INBOX", 2)]
    assert gaps(ledger) == [(1, StandIn.TOO_LARGE, True)]
    assert bytes_of(1, ledger, archive) == b"Subject: one\r\n\r\n"


def test_a_mail_that_is_too_large_is_not_asked_for_again(ledger: SqlLedger, archive: Archive) -> None:
    shelf = Shelf({"INBOX": {1: b"one"}}, fails={1: [MessageTooLarge()]}, headers_={1: b"Subject: one\r\n\r\n"})
    porter = Porter(shelf, archive, ledger, SetClock(NOW))
    porter.carry_all(relist=False)

    porter.carry_all(relist=True)
    porter.try_again(relist=True)

    assert shelf.fetched == [1]


def rounds(count: int, porter: Porter) -> list[tuple[str, ...]]:
    complete = []
    for _ in range(count):
        complete.append(porter.carry_all(relist=False).complete)
        porter.try_again(relist=False)
    return complete


def test_a_mail_that_is_listed_and_never_given_keeps_its_folder_incomplete_for_two_rounds_only(
    ledger: SqlLedger, archive: Archive
) -> None:
    shelf = Shelf({"INBOX": {1: b"one"}}, fails={1: [None] * 99}, headers_={1: b"Subject: one\r\n\r\n"})

    assert rounds(2, Porter(shelf, archive, ledger, SetClock(NOW))) == [(), ()]
    assert rounds(1, Porter(shelf, archive, ledger, SetClock(NOW))) == [("INBOX",)]  # the count is the ledger's

    assert gaps(ledger) == [(1, StandIn.NOT_GIVEN, True)]
    with ledger.reading() as books:
        assert [(poll.exists, poll.in_view) for poll in books.polls()] == [(1, 1)]


def test_one_that_the_server_refuses_in_three_rounds_likewise(ledger: SqlLedger, archive: Archive) -> None:
    refusals: list[Exception | None] = [ProtocolRefused() for _ in range(99)]
    shelf = Shelf({"INBOX": {1: b"one"}}, fails={1: refusals}, headers_={1: b"Subject: one\r\n\r\n"})

    assert rounds(3, Porter(shelf, archive, ledger, SetClock(NOW)))[-1] == ("INBOX",)


def test_one_at_which_the_line_breaks_each_time_comes_last_and_is_stood_in_for_after_three_rounds(
    ledger: SqlLedger, archive: Archive
) -> None:
    broken: list[Exception | None] = [ConnectionLost() for _ in range(99)]
    shelf = Shelf({"INBOX": {1: b"one", 2: b"two"}}, fails={1: broken}, headers_={1: b"Subject: one\r\n\r\n"})
    porter = Porter(shelf, archive, ledger, SetClock(NOW))

    for _ in range(3):
        with pytest.raises(ConnectionLost):
            porter.carry_all(relist=False)
    assert held(ledger) == [("INBOX", 2)]

    assert porter.carry_all(relist=False).complete == ("INBOX",)
    assert gaps(ledger) == [(1, StandIn.NOT_GIVEN, True)]


def test_where_not_even_the_headers_come_our_own_words_name_the_place(ledger: SqlLedger, archive: Archive) -> None:
    shelf = Shelf({"垃圾邮件": {7: b"one"}}, fails={7: [MessageTooLarge()]})

    Porter(shelf, archive, ledger, SetClock(NOW)).carry_all(relist=False)

    (subject, *_) = str(make_header(decode_header(message_from_bytes(bytes_of(7, ledger, archive))["Subject"]))).split(
        "，"
    )
    assert subject == "未能收取的邮件：垃圾邮件"


def test_what_was_never_given_is_asked_for_in_each_round_and_takes_its_place_when_it_comes(
    ledger: SqlLedger, archive: Archive
) -> None:
    shelf = Shelf({"INBOX": {1: b"one"}}, fails={1: [None] * 11}, headers_={1: b"Subject: one\r\n\r\n"})

    rounds(5, Porter(shelf, archive, ledger, SetClock(NOW)))

    assert gaps(ledger) == []
    assert held(ledger) == [("INBOX", 1)]
    assert bytes_of(1, ledger, archive) == b"one"


def test_a_line_that_breaks_at_it_again_disturbs_nothing(ledger: SqlLedger, archive: Archive) -> None:
    failures: list[Exception | None] = [*[None] * 9, ConnectionLost()]
    shelf = Shelf({"INBOX": {1: b"one"}}, fails={1: failures}, headers_={1: b"Subject: one\r\n\r\n"})
    porter = Porter(shelf, archive, ledger, SetClock(NOW))
    for _ in range(3):
        porter.carry_all(relist=False)

    assert porter.try_again(relist=False) == 0
    assert porter.try_again(relist=False) == 1


def test_a_file_that_the_archive_lost_is_fetched_again_once_that_is_known(ledger: SqlLedger, archive: Archive) -> None:
    shelf = Shelf({"INBOX": {1: b"one", 2: b"two"}})
    porter = Porter(shelf, archive, ledger, SetClock(NOW))
    rounds(1, porter)
    one = archive.path_of(sha256(b"one").hexdigest())
    one.unlink()

    rounds(1, porter)
    assert not one.exists()  # nobody looked

    porter.try_again(relist=True)

    assert one.read_bytes() == b"one"
    assert shelf.fetched == [1, 2, 1]
    assert held(ledger) == [("INBOX", 1), ("INBOX", 2)]


def test_a_lost_file_of_a_mail_that_left_the_mailbox_is_not_asked_for(ledger: SqlLedger, archive: Archive) -> None:
    shelf = Shelf({"INBOX": {1: b"one"}})
    porter = Porter(shelf, archive, ledger, SetClock(NOW))
    rounds(1, porter)
    archive.path_of(sha256(b"one").hexdigest()).unlink()
    del shelf.folders_["INBOX"][1]

    porter.carry_all(relist=True)
    assert porter.try_again(relist=True) == 0

    assert shelf.fetched == [1]
    assert gaps(ledger) == [(1, None, False)]


def test_a_mail_that_the_server_refuses_to_give_keeps_no_other_waiting(ledger: SqlLedger, archive: Archive) -> None:
    refusals: list[Exception | None] = [ProtocolRefused(chinese="服务器答复：busy") for _ in range(3)]
    shelf = Shelf({"INBOX": {1: b"one", 2: b"two"}, "Junk": {7: b"seven"}}, fails={1: refusals})

    intake = Porter(shelf, archive, ledger, SetClock(NOW)).carry_all(relist=False)

    assert (intake.complete, intake.incomplete) == (("Junk",), ("INBOX",))
    assert "busy" in intake.why[0]
    assert held(ledger) == [("INBOX", 2), ("Junk", 7)]


def test_a_folder_that_the_server_refuses_to_open_leaves_the_others_polled(ledger: SqlLedger, archive: Archive) -> None:
    shelf = Shelf({"INBOX": {1: b"one"}, "Junk": {7: b"seven"}}, refuses={"INBOX": "服务器答复：not now"})

    intake = Porter(shelf, archive, ledger, SetClock(NOW)).carry_all(relist=False)

    assert (intake.complete, intake.incomplete) == (("Junk",), ("INBOX",))
    assert intake.why == ("文件夹“INBOX”：服务器答复：not now。系统会自动重试。",)
    assert held(ledger) == [("Junk", 7)]


def test_what_is_listed_is_carried_where_something_else_cannot_be(ledger: SqlLedger, archive: Archive) -> None:
    shelf = Shelf({"INBOX": {1: b"one"}}, unlisted={"INBOX": "有 1 封邮件没有编号。"})

    intake = Porter(shelf, archive, ledger, SetClock(NOW)).carry_all(relist=False)

    assert (intake.complete, intake.incomplete) == ((), ("INBOX",))
    assert intake.why == ("文件夹“INBOX”：有 1 封邮件没有编号。",)
    assert held(ledger) == [("INBOX", 1)]
    assert shelf.fetched == [1]


def test_a_mail_without_a_date_of_arrival_is_carried_once(ledger: SqlLedger, archive: Archive) -> None:
    shelf = Shelf({"INBOX": {1: b"one"}}, arrived=None)
    porter = Porter(shelf, archive, ledger, SetClock(NOW))

    assert porter.carry_all(relist=True).complete == ("INBOX",)
    assert porter.carry_all(relist=True).complete == ("INBOX",)

    assert shelf.fetched == [1]
    with ledger.reading() as books:
        (row,) = books.messages()
        assert (row.arrived, row.in_view) == (None, True)


def test_a_lost_line_keeps_what_came_before_it(ledger: SqlLedger, archive: Archive) -> None:
    shelf = Shelf({"INBOX": {1: b"one", 2: b"two"}}, fails={2: [ConnectionLost()]})
    porter = Porter(shelf, archive, ledger, SetClock(NOW))

    with pytest.raises(ConnectionLost):
        porter.carry_all(relist=False)
    assert held(ledger) == [("INBOX", 1)]

    porter.carry_all(relist=False)
    assert held(ledger) == [("INBOX", 1), ("INBOX", 2)]
    assert shelf.fetched == [1, 2, 2]


def test_it_stops_between_two_mails_and_the_poll_is_not_complete(ledger: SqlLedger, archive: Archive) -> None:
    shelf = Shelf({"INBOX": {1: b"one", 2: b"two", 3: b"three"}})
    porter = Porter(shelf, archive, ledger, SetClock(NOW), interrupted=lambda: len(shelf.fetched) == 2)

    intake = porter.carry_all(relist=False)

    assert (intake.fetched, intake.complete) == (2, ())


def test_it_tells_how_far_it_has_come(ledger: SqlLedger, archive: Archive) -> None:
    shelf, told = Shelf({"INBOX": {1: b"one", 2: b"two"}}), []

    Porter(
        shelf, archive, ledger, SetClock(NOW), progress=lambda what, done, of: told.append((what, done, of))
    ).carry_all(relist=False)

    assert told == [("INBOX", 1, 2), ("INBOX", 2, 2)]


def test_the_same_bytes_in_two_folders_are_stored_once_and_seen_twice(ledger: SqlLedger, archive: Archive) -> None:
    shelf = Shelf({"INBOX": {1: b"one"}, "Junk": {5: b"one"}})

    intake = Porter(shelf, archive, ledger, SetClock(NOW)).carry_all(relist=False)

    assert (intake.fetched, intake.new) == (2, 1)
    assert held(ledger) == [("INBOX", 1), ("Junk", 5)]
