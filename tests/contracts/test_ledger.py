"""What every ledger promises, whatever database it lies in: SQLite and PostgreSQL."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from tests.unit.ledger.builders import (
    APRIL,
    BIGGEST,
    FIGURE,
    LATER,
    MAY,
    NOON,
    NUMBERS,
    PART,
    PROGRESS,
    a_mail,
    a_sighting,
    a_submission,
    a_view,
    by_a_person,
    doubted,
    facts,
    ignored,
    received,
    recorded,
    sha,
)

from mailbot.domain.books import (
    Aside,
    FolderPoll,
    MessageStanding,
    Obligation,
    OpenDoubt,
    OutgoingKind,
    OutgoingState,
    StoredMessage,
)
from mailbot.domain.decision import Doubt, MailKind
from mailbot.domain.mailbox import FolderMemory, Listing, Origin, StandIn
from mailbot.domain.message import Attachment, Document, FileKind
from mailbot.domain.moments import SHANGHAI, shanghai
from mailbot.domain.unit import Unit
from mailbot.errors import LedgerError, Place, Problem, UsageError
from mailbot.ledger.engine import open_ledger

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mailbot.domain.books import Outgoing
    from mailbot.domain.decision import Decision
    from mailbot.domain.mailbox import Sighting
    from mailbot.stages.protocols import Ledger


@pytest.fixture
def ledger(ledger_url: str) -> Iterator[Ledger]:
    opened = open_ledger(ledger_url, receipt_number=NUMBERS)
    yield opened
    opened.close()


class TestSightings:
    def test_a_message_seen_first_is_new_and_undecided(self, ledger: Ledger) -> None:
        with ledger.transaction() as books:
            assert books.sight(a_sighting(arrived="2021-04-20T09:00"), sha("a"), NOON)
        with ledger.reading() as books:
            assert books.undecided() == (StoredMessage(sha("a"), 1000, shanghai("2021-04-20T09:00"), "INBOX"),)
            assert books.standing_of(sha("a")) is MessageStanding.UNDECIDED

    def test_moments_come_back_in_shanghai(self, ledger: Ledger) -> None:
        with ledger.transaction() as books:
            received(books, arrived="2021-04-20T01:00:00+00:00")
            message = books.message(sha("a"))
        assert message is not None
        assert message.arrived is not None
        assert message.arrived.tzinfo is SHANGHAI
        assert message.arrived.isoformat() == "2021-04-20T09:00:00+08:00"

    def test_a_moment_without_a_zone_is_refused(self, ledger: Ledger) -> None:
        with pytest.raises(LedgerError, match="zone"), ledger.transaction() as books:
            books.take_in(sha("a"), 1, NOON.replace(tzinfo=None), Origin.INGEST)

    def test_the_same_bytes_in_two_folders_are_one_message_where_it_was_first_seen(self, ledger: Ledger) -> None:
        with ledger.transaction() as books:
            assert books.sight(a_sighting(folder="垃圾邮件"), sha("a"), NOON)
            assert not books.sight(a_sighting(folder="INBOX", arrived="2021-04-20T10:00"), sha("a"), NOON)
            message = books.message(sha("a"))
            assert [row.folder for row in books.messages()] == ["垃圾邮件", "INBOX"]
        assert message == StoredMessage(sha("a"), 1000, shanghai("2021-04-20T09:00"), "垃圾邮件")

    def test_an_earlier_arrival_corrects_the_message_and_its_receipts(self, ledger: Ledger) -> None:
        with ledger.transaction() as books:
            message = received(books, arrived="2021-04-26T09:00")
            books.decided(message, facts(), recorded(), NOON)
            books.sight(a_sighting(7, folder="广告邮件", arrived="2021-04-25T09:00"), sha("a"), LATER)

            (receipt,) = books.receipts()
            corrected = books.message(sha("a"))
            assert receipt.arrived == shanghai("2021-04-25T09:00")
            assert corrected is not None
            assert corrected.arrived == shanghai("2021-04-25T09:00")
            assert [event.at for event in books.events(sha("a")) if event.what == "arrival_corrected"] == [LATER]

    def test_a_sighting_noted_again_is_one_row(self, ledger: Ledger) -> None:
        with ledger.transaction() as books:
            received(books)
            received(books)
            assert len(books.messages()) == 1

    def test_a_sighting_without_an_arrival_noted_again_is_one_row(self, ledger: Ledger) -> None:
        with ledger.transaction() as books:
            undated = replace(a_sighting(), arrived=None)
            books.sight(undated, sha("a"), NOON)
            books.sight(undated, sha("a"), NOON)
            assert len(books.messages()) == 1

    def test_uids_and_counts_of_unsigned_32_bits_are_kept(self, ledger: Ledger) -> None:
        sighting = a_sighting(BIGGEST, uidvalidity=BIGGEST, size=BIGGEST)
        with ledger.transaction() as books:
            books.sight(sighting, sha("a"), NOON)
            books.viewed(a_view(sighting, uidvalidity=BIGGEST, exists=BIGGEST), NOON)
        with ledger.reading() as books:
            assert books.messages()[0].uid == BIGGEST
            assert books.polls()[0].exists == BIGGEST
            assert books.folder_memory("INBOX") == FolderMemory(BIGGEST, None, 1)

    @pytest.mark.parametrize(
        "other",
        [
            a_sighting(2),
            a_sighting(1, arrived="2021-04-20T09:01"),
            a_sighting(1, size=1001),
            a_sighting(1, uidvalidity=2),
            a_sighting(1, folder="垃圾邮件"),
        ],
    )
    def test_any_difference_makes_a_sighting_unseen(self, ledger: Ledger, other: Sighting) -> None:
        """163 renumbers a folder under a constant UIDVALIDITY: a UID alone proves nothing."""
        with ledger.transaction() as books:
            received(books)
            assert books.unseen(a_view(a_sighting(1), other, other, folder=other.folder)) == (
                (other,) if other.folder == "INBOX" else (a_sighting(1), other)
            )

    def test_nothing_in_view_is_nothing_unseen(self, ledger: Ledger) -> None:
        with ledger.reading() as books:
            assert books.unseen(a_view()) == ()

    def test_a_renumbered_folder_brings_the_same_messages_again(self, ledger: Ledger) -> None:
        with ledger.transaction() as books:
            received(books, "a", 1, arrived="2021-04-20T09:00")
            received(books, "b", 2, arrived="2021-04-20T10:00")
            swapped = a_view(a_sighting(2, arrived="2021-04-20T09:00"), a_sighting(1, arrived="2021-04-20T10:00"))
            assert books.unseen(swapped) == swapped.sightings
            assert not books.sight(swapped.sightings[0], sha("a"), LATER)
            assert not books.sight(swapped.sightings[1], sha("b"), LATER)
            books.viewed(swapped, LATER)
            assert [row.uid for row in books.messages() if row.in_view] == [2, 1]


class TestGaps:
    """Messages of which the archive lacks the bytes."""

    def test_a_stand_in_is_a_sighting_that_says_so(self, ledger: Ledger) -> None:
        with ledger.transaction() as books:
            assert books.stand_in(a_sighting(), sha("headers"), StandIn.NOT_GIVEN, NOON)
            books.viewed(a_view(a_sighting()), NOON)
            (gap,) = books.gaps()
            assert (gap.sighting, gap.in_view, gap.standing) == (a_sighting(), True, MessageStanding.UNDECIDED)
            assert books.undecided() == (gap.message,)
            assert gap.message.stand_in is StandIn.NOT_GIVEN
            assert books.unseen(a_view(a_sighting())) == ()
            assert [poll.in_view for poll in books.polls()] == [1]

    def test_the_message_itself_takes_the_place_of_its_stand_in_which_leaves_triage_by_an_event(
        self, ledger: Ledger
    ) -> None:
        with ledger.transaction() as books:
            books.stand_in(a_sighting(), sha("headers"), StandIn.NOT_GIVEN, NOON)
            stand_in = books.message(sha("headers"))
            assert stand_in is not None
            books.decided(stand_in, facts(), doubted(), NOON)
            assert books.open_doubts()

            assert books.sight(a_sighting(), sha("a"), LATER)

            assert (books.gaps(), books.triage(), books.open_doubts()) == ((), (), ())
            assert [row.sha256 for row in books.messages() if row.in_view] == [sha("a")]
            assert books.standing_of(sha("headers")) is MessageStanding.IGNORED
            assert books.standing_of(sha("a")) is MessageStanding.UNDECIDED
            assert [(e.at, e.what, e.detail) for e in books.events(sha("headers"))][-1] == (LATER, "replaced", sha("a"))

    def test_what_a_person_recorded_of_a_stand_in_stays_when_the_message_comes(self, ledger: Ledger) -> None:
        with ledger.transaction() as books:
            books.stand_in(a_sighting(), sha("headers"), StandIn.NOT_GIVEN, NOON)
            stand_in = books.message(sha("headers"))
            assert stand_in is not None
            books.decided(stand_in, facts(), recorded(), NOON)
            books.sight(a_sighting(), sha("a"), LATER)
            assert books.standing_of(sha("headers")) is MessageStanding.RECEIPTS
            assert len(books.receipts()) == 1

    def test_a_stand_in_that_turns_out_to_be_the_whole_message_is_decided_again(self, ledger: Ledger) -> None:
        """A mail of headers alone."""
        with ledger.transaction() as books:
            books.stand_in(a_sighting(), sha("headers"), StandIn.NOT_GIVEN, NOON)
            stand_in = books.message(sha("headers"))
            assert stand_in is not None
            books.decided(stand_in, facts(), doubted(), NOON)
            assert not books.sight(a_sighting(), sha("headers"), LATER)
            assert [message.stand_in for message in books.undecided()] == [None]

    def test_one_stand_in_of_two_sightings_waits_until_both_have_come(self, ledger: Ledger) -> None:
        elsewhere = a_sighting(9, folder="垃圾邮件")
        with ledger.transaction() as books:
            for each in (a_sighting(), elsewhere):
                books.stand_in(each, sha("headers"), StandIn.NOT_GIVEN, NOON)
            books.sight(a_sighting(), sha("a"), LATER)
            assert books.standing_of(sha("headers")) is MessageStanding.UNDECIDED
            books.sight(elsewhere, sha("a"), LATER)
            assert books.standing_of(sha("headers")) is MessageStanding.IGNORED

    def test_a_lost_message_is_known_where_it_was_seen_until_it_is_found_again(self, ledger: Ledger) -> None:
        with ledger.transaction() as books:
            received(books)
            received(books, "b", 2)
            books.lose(sha("a"))
            (gap,) = books.gaps()
            assert (gap.message.sha256, gap.message.lost, gap.sighting) == (sha("a"), True, a_sighting())
            assert books.whole() == (sha("b"),)
            books.find_again(sha("a"))
            assert (books.gaps(), set(books.whole())) == ((), {sha("a"), sha("b")})

    def test_other_bytes_take_the_place_of_lost_ones_and_of_no_others(self, ledger: Ledger) -> None:
        with ledger.transaction() as books:
            received(books)
            books.lose(sha("a"))
            books.sight(a_sighting(), sha("b"), LATER)
            assert [row.sha256 for row in books.messages() if row.in_view] == [sha("b")]
        with pytest.raises(LedgerError), ledger.transaction() as books:
            books.sight(a_sighting(), sha("c"), LATER)

    def test_readings_are_counted_until_one_ends_as_foreseen(self, ledger: Ledger) -> None:
        with ledger.transaction() as books:
            received(books)
        for tries in (1, 2):
            with ledger.transaction() as books:
                assert books.count_try(sha("a")) == tries
        with ledger.transaction() as books:
            books.forget_tries(sha("a"))
            assert books.count_try(sha("a")) == 1

    def test_other_bytes_under_the_same_identity_are_refused_loudly_and_nothing_stays_of_them(
        self, ledger: Ledger
    ) -> None:
        with ledger.transaction() as books:
            books.sight(a_sighting(folder="订阅邮件"), sha("a"))
        with pytest.raises(LedgerError, match=r"(?i)unique") as refusal, ledger.transaction() as books:
            books.sight(a_sighting(folder="订阅邮件"), sha("b"))
        assert "订阅邮件" not in str(refusal.value)
        with ledger.reading() as books:
            assert [row.sha256 for row in books.messages()] == [sha("a")]
            assert books.message(sha("b")) is None


class TestByHand:
    def test_a_message_taken_in_twice_is_one_row_without_a_place_in_the_mailbox(self, ledger: Ledger) -> None:
        with ledger.transaction() as books:
            assert books.take_in(sha("a"), 10, None, Origin.INGEST)
            assert not books.take_in(sha("a"), 10, NOON, Origin.INGEST)
            (row,) = books.messages()
        assert (row.folder, row.uid, row.source, row.in_view, row.arrived) == ("", None, "ingest", False, NOON)

    def test_a_later_sighting_gives_the_arrival_that_was_unknown(self, ledger: Ledger) -> None:
        with ledger.transaction() as books:
            books.take_in(sha("a"), 1000, None, Origin.INGEST)
            message = received(books, "a", arrived="2021-04-20T09:00")
            assert message == StoredMessage(sha("a"), 1000, shanghai("2021-04-20T09:00"), "")

    def test_an_arrival_given_later_is_an_event_of_the_moment_it_was_given(self, ledger: Ledger) -> None:
        with ledger.transaction() as books:
            books.take_in(sha("a"), 1000, None, Origin.INGEST, NOON)
            books.take_in(sha("a"), 1000, shanghai("2021-04-01T09:00"), Origin.INGEST, LATER)
            assert [(event.at, event.what) for event in books.events(sha("a"))] == [(LATER, "arrival_corrected")]

    def test_unknown_arrivals_come_last(self, ledger: Ledger) -> None:
        with ledger.transaction() as books:
            books.take_in(sha("a"), 1, None, Origin.INGEST)
            received(books, "b", 1, arrived="2021-04-20T10:00")
            received(books, "c", 2, arrived="2021-04-20T09:00")
            assert [message.sha256 for message in books.undecided()] == [sha("c"), sha("b"), sha("a")]


class TestViews:
    def test_a_full_listing_takes_out_of_view_what_it_does_not_name(self, ledger: Ledger) -> None:
        with ledger.transaction() as books:
            received(books, "a", 1)
            received(books, "b", 2)
            books.sight(a_sighting(3, folder="垃圾邮件"), sha("c"), NOON)
            books.viewed(a_view(a_sighting(2)), NOON)
            assert [(row.uid, row.in_view) for row in books.messages()] == [(1, False), (2, True), (3, True)]

    def test_what_came_back_is_in_view_again(self, ledger: Ledger) -> None:
        with ledger.transaction() as books:
            received(books)
            books.viewed(a_view(), NOON)
            books.viewed(a_view(a_sighting(1)), LATER)
            assert [row.in_view for row in books.messages()] == [True]

    @pytest.mark.parametrize("listing", [Listing.ADDED, Listing.UNCHANGED])
    def test_a_listing_of_what_was_added_keeps_the_rest_in_view(self, ledger: Ledger, listing: Listing) -> None:
        with ledger.transaction() as books:
            received(books, "a", 1)
            received(books, "b", 2)
            books.viewed(a_view(listing=listing, exists=2), NOON)
            assert books.polls() == (FolderPoll("INBOX", NOON, exists=2, in_view=2),)

    def test_a_message_that_vanished_before_it_was_fetched_is_missing_from_the_count(self, ledger: Ledger) -> None:
        with ledger.transaction() as books:
            received(books, "a", 1)
            books.viewed(a_view(a_sighting(1), a_sighting(2)), NOON)
            assert books.polls() == (FolderPoll("INBOX", NOON, exists=2, in_view=1),)

    def test_the_last_poll_is_what_is_remembered(self, ledger: Ledger) -> None:
        with ledger.transaction() as books:
            assert books.folder_memory("INBOX") is None
            books.viewed(a_view(uidvalidity=1), NOON)
            books.viewed(a_view(uidvalidity=2), LATER)
            assert books.folder_memory("INBOX") == FolderMemory(2, None, 0)
            assert [poll.completed for poll in books.polls()] == [LATER]


class TestReceipts:
    def test_a_receipt_gives_back_all_that_was_booked(self, ledger: Ledger) -> None:
        with ledger.transaction() as books:
            issued = books.decided(received(books), facts(), recorded(), NOON)
        with ledger.reading() as books:
            assert books.receipts_of(sha("a")) == issued
        (receipt,) = issued
        assert (receipt.number, receipt.unit, receipt.period) == ("登记号 2021-04-0001", "区教育局", APRIL)
        assert (receipt.parts, receipt.tasks, receipt.figures, receipt.progress) == (
            (PART,),
            (10, 11),
            (FIGURE,),
            (PROGRESS,),
        )
        assert (receipt.arrived, receipt.folder) == (shanghai("2021-04-20T09:00"), "INBOX")

    def test_receipts_come_numbered_in_the_order_of_the_submissions(self, ledger: Ledger) -> None:
        decision = recorded(a_submission("区民政局"), a_submission("区教育局", MAY), a_submission("区教育局"))
        with ledger.transaction() as books:
            issued = books.decided(received(books), facts(), decision, NOON)
        assert [(one.unit, one.number) for one in issued] == [
            ("区民政局", "登记号 2021-04-0001"),
            ("区教育局", "登记号 2021-05-0001"),
            ("区教育局", "登记号 2021-04-0002"),
        ]

    def test_a_number_taken_in_a_transaction_that_failed_leaves_no_gap(self, ledger: Ledger) -> None:
        with pytest.raises(RuntimeError), ledger.transaction() as books:  # noqa: PT012 - it fails at its end
            books.decided(received(books), facts(), recorded(), NOON)
            raise RuntimeError
        with ledger.transaction() as books:
            (receipt,) = books.decided(received(books, "b"), facts(), recorded(), NOON)
        assert receipt.number == "登记号 2021-04-0001"

    def test_receipts_can_be_asked_for_by_unit_and_period(self, ledger: Ledger) -> None:
        with ledger.transaction() as books:
            decision = recorded(a_submission(), a_submission(period=MAY), a_submission("区民政局"))
            books.decided(received(books), facts(), decision, NOON)
            assert [one.unit for one in books.receipts(period=APRIL)] == ["区教育局", "区民政局"]
            assert [str(one.period) for one in books.receipts(unit="区教育局")] == ["2021-04", "2021-05"]
            assert len(books.receipts(unit="区教育局", period=MAY)) == 1
            assert len(books.receipts()) == 3

    def test_receipts_are_in_the_order_of_arrival(self, ledger: Ledger) -> None:
        with ledger.transaction() as books:
            books.decided(received(books, "b", 2, arrived="2021-04-21T09:00"), facts(), recorded(), NOON)
            books.decided(received(books, "a", 1, arrived="2021-04-20T09:00"), facts(), recorded(), NOON)
            assert [one.sha256 for one in books.receipts()] == [sha("a"), sha("b")]

    def test_deciding_again_renews_a_receipt_under_its_number_and_adds_others(self, ledger: Ledger) -> None:
        with ledger.transaction() as books:
            message = received(books)
            books.decided(message, facts(), recorded(a_submission("区民政局"), a_submission()), NOON)
            books.decided(message, facts(), recorded(a_submission(parts=(PART, PART)), a_submission(period=MAY)), LATER)
            held = {one.number: (one.unit, len(one.parts)) for one in books.receipts()}
        assert held == {
            "登记号 2021-04-0001": ("区民政局", 1),
            "登记号 2021-04-0002": ("区教育局", 2),
            "登记号 2021-05-0001": ("区教育局", 1),
        }

    def test_a_receipt_keeps_the_first_moment_by_which_it_was_judged(self, ledger: Ledger) -> None:
        owed = Obligation("zhongyuan-2021-8", "区教育局", APRIL, shanghai("2021-04-27"), (), (), "25 inclusive")
        with ledger.transaction() as books:
            message = received(books)
            books.decided(message, facts(), recorded(a_submission("区民政局"), a_submission()), NOON)
            books.hold_to(message.sha256, owed)
            books.hold_to(message.sha256, replace(owed, due=shanghai("2021-04-26")))
            books.decided(message, facts(), recorded(a_submission()), LATER)
            held = {one.unit: (one.due, one.rule) for one in books.receipts()}
        assert held == {"区教育局": (owed.due, owed.rule), "区民政局": (None, "")}

    @pytest.mark.parametrize("decision", [doubted(), ignored()])
    def test_a_receipt_is_never_taken_back(self, ledger: Ledger, decision: Decision) -> None:
        with ledger.transaction() as books:
            message = received(books)
            books.decided(message, facts(), recorded(), NOON)
            with pytest.raises(ValueError, match="never taken back"):
                books.decided(message, facts(), decision, LATER)

    def test_nothing_is_recorded_without_an_arrival(self, ledger: Ledger) -> None:
        with ledger.transaction() as books:
            books.take_in(sha("a"), 1, None, Origin.INGEST)
            (message,) = books.undecided()
            with pytest.raises(ValueError, match="no arrival"):
                books.decided(message, facts(), recorded(), NOON)

    def test_a_person_may_give_the_arrival_that_nobody_knew(self, ledger: Ledger) -> None:
        with ledger.transaction() as books:
            books.take_in(sha("a"), 1, None, Origin.INGEST)
            (receipt,) = books.decided(StoredMessage(sha("a"), 1, NOON, ""), facts(), recorded(), LATER)
            kept = books.message(sha("a"))
        assert receipt.arrived == NOON
        assert kept is not None
        assert kept.arrived == NOON

    def test_a_message_that_was_never_sighted_cannot_be_decided(self, ledger: Ledger) -> None:
        with ledger.transaction() as books, pytest.raises(ValueError, match="not in the ledger"):
            books.decided(StoredMessage(sha("a"), 1, NOON, ""), facts(), recorded(), LATER)

    def test_arrivals_are_receipts_with_nothing_but_their_parts(self, ledger: Ledger) -> None:
        with ledger.transaction() as books:
            books.decided(received(books), facts(), recorded(a_submission(), a_submission(period=MAY)), NOON)
            (whole,) = books.receipts(unit="区教育局", period=MAY)
            assert books.arrivals(unit="区教育局", period=MAY) == (replace(whole, figures=(), progress=()),)
            assert books.arrivals(unit="区民政局", period=MAY) == ()
            assert [one.number for one in books.arrivals()] == [one.number for one in books.receipts()]

    def test_what_is_booked_is_returned_as_it_is_read_back(self, ledger: Ledger) -> None:
        with ledger.transaction() as books:
            message = received(books)
            for decision in (recorded(), recorded(a_submission(), a_submission(period=MAY))):
                booked = books.decided(message, facts(), decision, NOON)
                assert set(booked) == set(books.receipts_of(sha("a")))

    def test_each_receipt_is_an_event_of_its_message(self, ledger: Ledger) -> None:
        with ledger.transaction() as books:
            books.decided(received(books), facts(), recorded(a_submission(), a_submission(period=MAY)), NOON)
            said = [(event.at, event.actor, event.what, event.detail) for event in books.events(sha("a"))]
        assert said == [
            (NOON, "mailbot", "receipt_issued", "登记号 2021-04-0001 区教育局 2021-04"),
            (NOON, "mailbot", "receipt_issued", "登记号 2021-05-0001 区教育局 2021-05"),
        ]

    def test_what_a_person_took_back_counts_for_nothing_and_its_number_is_not_given_again(self, ledger: Ledger) -> None:
        with ledger.transaction() as books:
            message = received(books)
            books.decided(message, facts(), recorded(a_submission()), NOON)

            books.revoke(message.sha256, by_a_person("reopened", message.sha256))

            assert (books.receipts(), books.receipts_of(message.sha256), books.kinds_received()) == (
                (),
                (),
                frozenset(),
            )
            assert books.standing_of(message.sha256) is MessageStanding.TRIAGE
            assert [row.receipts for row in books.messages()] == [()]
            other = received(books, "b", 2)
            (next_one,) = books.decided(other, facts(), recorded(a_submission("区人社局")), NOON)
            assert next_one.number == "登记号 2021-04-0002"

    def test_what_was_taken_back_and_is_booked_again_has_its_number_again(self, ledger: Ledger) -> None:
        with ledger.transaction() as books:
            message = received(books)
            (before,) = books.decided(message, facts(), recorded(a_submission()), NOON)
            books.revoke(message.sha256, by_a_person("reopened", message.sha256))

            (again,) = books.decided(message, facts(), recorded(a_submission()), NOON)

            assert again == before
            assert books.receipts() == (before,)

    def test_what_is_recorded_in_part_waits_all_the_same(self, ledger: Ledger) -> None:
        with ledger.transaction() as books:
            message = received(books)
            left = replace(recorded(a_submission()), doubts=(Doubt("left_over", "附件尚未登记"),))

            books.decided(message, facts(), left, NOON)

            assert books.standing_of(message.sha256) is MessageStanding.TRIAGE
            assert (len(books.receipts()), len(books.triage())) == (1, 1)
            books.ignore(message.sha256, by_a_person("ignored", message.sha256))
            assert books.standing_of(message.sha256) is MessageStanding.RECEIPTS

    def test_it_knows_what_an_answer_that_was_not_taken_back_confirmed(self, ledger: Ledger) -> None:
        with ledger.transaction() as books:
            about = (("zhongyuan-2021-8", "区教育局", APRIL),)
            books.queue(replace(a_mail("ack:1"), answers="ab", about=about), OutgoingState.EXPIRED, NOON)

            assert books.confirmed("ab") == {("区教育局", APRIL)}
            assert books.confirmed("cd") == frozenset()
            (item,) = books.outbox()
            books.move(item.id, OutgoingState.CANCELLED, NOON)
            assert books.confirmed("ab") == frozenset()


class TestTriageAndIgnored:
    def test_what_is_in_doubt_waits_with_guess_and_reasons(self, ledger: Ledger) -> None:
        with ledger.transaction() as books:
            books.decided(received(books), facts(), doubted(doubts=("报送期不明", "单位不明")), NOON)
            (item,) = books.triage()
            (row,) = books.messages()
        assert (item.sha256, item.unit, item.period, item.reasons) == (
            sha("a"),
            "区教育局",
            APRIL,
            ("报送期不明", "单位不明"),
        )
        assert (item.sender, item.subject) == ("zhang@example.cn", "4月份进展情况")
        assert (row.standing, row.why, row.message_id) == (
            MessageStanding.TRIAGE,
            "报送期不明；单位不明",
            "<1@example.cn>",
        )

    def test_a_sender_who_cannot_be_trusted_is_shown_as_written(self, ledger: Ledger) -> None:
        with ledger.transaction() as books:
            books.decided(received(books), facts("", from_header="a@x]<b@y>"), doubted(), NOON)
            assert books.triage()[0].sender == "a@x]<b@y>"
            assert books.messages_from("a@x", MessageStanding.TRIAGE) == ()

    def test_only_a_guess_of_unit_and_period_with_an_arrival_counts_for_a_unit(self, ledger: Ledger) -> None:
        with ledger.transaction() as books:
            books.take_in(sha("x"), 1, None, Origin.INGEST)
            books.decided(StoredMessage(sha("x"), 1, None, ""), facts(), doubted(), NOON)
            books.decided(received(books, "a", 1), facts(), doubted(None), NOON)
            books.decided(received(books, "b", 2), facts(), doubted(period=None), NOON)
            books.decided(received(books, "c", 3), facts(), doubted(), NOON)
            assert books.open_doubts() == (OpenDoubt("区教育局", APRIL, shanghai("2021-04-20T09:00")),)

    def test_what_may_be_for_two_units_counts_for_both(self, ledger: Ledger) -> None:
        both = (("区教育局", APRIL), ("区房管局", MAY))
        with ledger.transaction() as books:
            books.decided(received(books), facts(), doubted(*both[0], both[1]), NOON)
            assert books.triage()[0].concerns == both
            assert books.concerned() == set(both)
            assert tuple((doubt.unit, doubt.period) for doubt in books.open_doubts()) == both

    def test_doubts_are_given_of_one_unit_or_month_where_they_are_asked_for(self, ledger: Ledger) -> None:
        with ledger.transaction() as books:
            books.decided(received(books), facts(), doubted("区教育局", APRIL, ("区房管局", MAY)), NOON)
            asked = (books.open_doubts(unit="区房管局"), books.open_doubts(period=MAY), books.open_doubts(period=APRIL))
            assert [[(doubt.unit, doubt.period) for doubt in found] for found in asked] == [
                [("区房管局", MAY)],
                [("区房管局", MAY)],
                [("区教育局", APRIL)],
            ]
            assert books.open_doubts(unit="区房管局", period=APRIL) == ()

    def test_what_is_doubted_anew_concerns_only_what_it_does_now(self, ledger: Ledger) -> None:
        with ledger.transaction() as books:
            message = received(books)
            books.decided(message, facts(), doubted("区教育局", APRIL, ("区房管局", MAY)), NOON)
            books.decided(message, facts(), doubted("区教育局", MAY), LATER)
            assert books.triage()[0].concerns == (("区教育局", MAY),)

    def test_what_hands_in_nothing_concerns_its_unit_and_counts_for_none(self, ledger: Ledger) -> None:
        with ledger.transaction() as books:
            books.decided(received(books), facts(), doubted(may_deliver=False), NOON)
            assert books.triage()[0].concerns == (("区教育局", APRIL),)
            assert books.open_doubts() == ()

    def test_a_ruling_closes_the_doubt_and_gives_a_receipt(self, ledger: Ledger) -> None:
        with ledger.transaction() as books:
            message = received(books)
            books.decided(message, facts(), doubted(), NOON)
            books.decided(message, facts(), recorded(), LATER)
            assert books.triage() == ()
            assert (books.open_doubts(), books.concerned()) == ((), frozenset())
            assert books.standing_of(sha("a")) is MessageStanding.RECEIPTS
            assert books.messages()[0].receipts == ("登记号 2021-04-0001",)

    def test_what_stays_in_doubt_keeps_its_number(self, ledger: Ledger) -> None:
        with ledger.transaction() as books:
            message = received(books)
            books.decided(message, facts(), doubted(), NOON)
            before = books.triage()[0].id
            books.decided(message, facts(), doubted(period=MAY), LATER)
            (item,) = books.triage()
        assert (item.id, item.period) == (before, MAY)

    def test_a_person_may_ignore_what_waits(self, ledger: Ledger) -> None:
        with ledger.transaction() as books:
            books.decided(received(books), facts(), doubted(), NOON)
            books.ignore(sha("a"), by_a_person("ignored", sha("a"), "与本通知无关"))
            (row,) = books.messages()
            assert (row.standing, row.why) == (MessageStanding.IGNORED, "与本通知无关")
            assert books.triage() == ()
            assert books.events(sha("a"))[-1].actor == "张三"

    def test_only_what_waits_can_be_ignored_by_a_person(self, ledger: Ledger) -> None:
        with ledger.transaction() as books:
            books.decided(received(books), facts(), recorded(), NOON)
            with pytest.raises(UsageError, match="not in triage"):
                books.ignore(sha("a"), by_a_person())

    def test_what_is_ignored_says_what_it_was(self, ledger: Ledger) -> None:
        with ledger.transaction() as books:
            books.decided(received(books), facts(), ignored(MailKind.AUTO_REPLY), NOON)
            (row,) = books.messages()
        assert (row.standing, row.why) == (MessageStanding.IGNORED, "自动回复")

    def test_a_message_is_called_by_its_receipt_its_number_in_triage_or_how_its_hash_begins(
        self, ledger: Ledger
    ) -> None:
        with ledger.transaction() as books:
            books.decided(received(books, "a", 1), facts(), doubted(), NOON)
            books.decided(received(books, "b", 2), facts(), recorded(), NOON)
            (receipt,), (item,) = books.receipts(), books.triage()

            words = (receipt.number, str(item.id), sha("a")[:12], sha("b").upper())
            assert [[each.sha256 for each in books.called(word)] for word in words] == [
                [sha("b")], [sha("a")], [sha("a")], [sha("b")]
            ]  # fmt: skip
            strange = ("", "%", "_" * 12, sha("a")[:11] + "g", "0", "9" * 30, "①", sha("c"))
            assert [books.called(word) for word in strange] == [()] * len(strange)

    def test_what_an_address_has_waiting_is_found_whatever_its_case(self, ledger: Ledger) -> None:
        with ledger.transaction() as books:
            books.decided(received(books, "a", 1), facts("li@example.cn"), doubted(), NOON)
            books.decided(received(books, "b", 2), facts("li@example.cn"), ignored(), NOON)
            books.decided(received(books, "c", 3), facts("zhang@example.cn"), doubted(), NOON)
            assert [one.sha256 for one in books.messages_from("Li@Example.cn", MessageStanding.TRIAGE)] == [sha("a")]

    def test_what_was_recorded_in_time_and_never_answered_is_found(self, ledger: Ledger) -> None:
        with ledger.transaction() as books:
            for name, uid in (("a", 1), ("b", 2)):
                books.decided(received(books, name, uid), facts(), recorded(), NOON)
            books.decided(received(books, "c", 3), facts(), doubted(), NOON)
            books.queue(a_mail(), OutgoingState.EXPIRED, NOON)
            arrived = shanghai("2021-04-20T09:00")
            assert [one.sha256 for one in books.unanswered(arrived)] == [sha("b")]
            assert books.unanswered(arrived + timedelta(seconds=1)) == ()

    def test_what_came_to_the_mailbox_is_told_from_what_came_by_hand_only(self, ledger: Ledger) -> None:
        with ledger.transaction() as books:
            received(books, "a")
            books.take_in(sha("a"), 1, NOON, Origin.INGEST)
            books.take_in(sha("b"), 1, NOON, Origin.INGEST)
            assert (books.came_to_mailbox(sha("a")), books.came_to_mailbox(sha("b"))) == (True, False)

    def test_the_longest_address_that_is_believed_is_found_again(self, ledger: Ledger) -> None:
        """An index of PostgreSQL's refuses what does not fit a third of a page, 2,704 bytes."""
        longest = sha("a") + "@" + (sha("b") + sha("c") + sha("d") + sha("e"))[:253]
        with ledger.transaction() as books:
            books.decided(received(books), facts(longest), doubted(), NOON)
            assert len(books.messages_from(longest, MessageStanding.TRIAGE)) == 1

    def test_headers_that_no_database_can_hold_do_not_stop_the_message(self, ledger: Ledger) -> None:
        with ledger.transaction() as books:
            books.decided(received(books), facts(subject="坏\ud800\x00字"), doubted(doubts=("坏\ud800字",)), NOON)
            (item,) = books.triage()
        assert (item.subject, item.reasons) == ("坏\ufffd\ufffd字", ("坏\ufffd字",))


class TestBindings:
    def test_a_binding_is_added_to_the_unit_it_names(self, ledger: Ledger) -> None:
        units = (Unit("区教育局", addresses=("old@example.cn",)), Unit("区民政局"))
        with ledger.transaction() as books:
            books.bind("New@Example.cn", "区教育局", by_a_person())
            books.bind("old@example.cn", "区教育局", by_a_person())
            education, civil = books.directory(units)
        assert education.addresses == ("old@example.cn", "new@example.cn")
        assert civil.addresses == ()

    def test_one_clerk_may_serve_two_units_and_binding_twice_is_once(self, ledger: Ledger) -> None:
        with ledger.transaction() as books:
            books.bind("li@example.cn", "区民政局", by_a_person())
            books.bind("li@example.cn", "区教育局", by_a_person())
            books.bind("li@example.cn", "区教育局", by_a_person())
            assert books.bindings() == (("li@example.cn", "区教育局"), ("li@example.cn", "区民政局"))

    def test_a_binding_is_taken_back_once_and_no_other_with_it(self, ledger: Ledger) -> None:
        with ledger.transaction() as books:
            books.bind("li@example.cn", "区民政局", by_a_person())
            books.bind("li@example.cn", "区教育局", by_a_person())
            event = by_a_person("unbound", "li@example.cn", "区教育局")
            assert books.unbind("Li@Example.cn", "区教育局", event)
            assert not books.unbind("li@example.cn", "区教育局", event)
            assert books.bindings() == (("li@example.cn", "区民政局"),)
            assert [one.what for one in books.events("li@example.cn")] == ["unbound"]


class TestOutbox:
    def test_a_mail_comes_back_byte_for_byte(self, ledger: Ledger) -> None:
        with ledger.transaction() as books:
            assert books.queue(a_mail(), OutgoingState.HELD, NOON, "等待批准")
        with ledger.reading() as books:
            (item,) = books.outbox()
        assert item.mail == a_mail()
        assert (item.state, item.tries, item.created, item.tried, item.reason) == (
            OutgoingState.HELD,
            0,
            NOON,
            None,
            "等待批准",
        )

    @pytest.mark.parametrize("again", [a_mail("ack:1"), a_mail("ack:2", message_id="<ack:1@mailbot>")])
    def test_what_was_queued_once_is_never_queued_again(self, ledger: Ledger, again: Outgoing) -> None:
        with ledger.transaction() as books:
            books.queue(a_mail("ack:1"), OutgoingState.QUEUED, NOON)
            books.move(books.outbox()[0].id, OutgoingState.CANCELLED, NOON)
            assert not books.queue(again, OutgoingState.QUEUED, LATER)
            assert len(books.outbox()) == 1

    def test_a_mail_is_composed_again_under_its_key_and_message_id(self, ledger: Ledger) -> None:
        fresh = replace(a_mail("ack:2"), to="b@qq.com, c@qq.com", subject="另一主题", raw=b"\x00")
        with ledger.transaction() as books:
            books.queue(a_mail(), OutgoingState.HELD, NOON, "等待批准")
            books.renew(books.outbox()[0].id, fresh)
            (item,) = books.outbox()
        assert item.mail == replace(a_mail(), to=fresh.to, subject=fresh.subject, raw=fresh.raw)
        assert (item.state, item.reason) == (OutgoingState.HELD, "等待批准")

    def test_what_an_answer_says_besides_its_receipts_comes_back(self, ledger: Ledger) -> None:
        file = Attachment("外层.zip/说明.doc", FileKind.OLE, 9, sha("b"), Document(pages=2))
        problem = Problem("damaged", "文件损坏", Place(file="表.xlsx", sheet="4月", page=3))
        mail = replace(a_mail(), aside=Aside(("<1@x>", "<2@x>"), (file,), (problem,)))
        with ledger.transaction() as books:
            books.queue(mail, OutgoingState.HELD, NOON)
        with ledger.reading() as books:
            assert books.outbox()[0].mail == mail

    def test_acknowledgements_go_first_then_the_oldest(self, ledger: Ledger) -> None:
        with ledger.transaction() as books:
            for key, kind in (
                ("d", OutgoingKind.DIGEST),
                ("r", OutgoingKind.REMINDER),
                ("a2", OutgoingKind.ACKNOWLEDGEMENT),
                ("a1", OutgoingKind.ACKNOWLEDGEMENT),
            ):
                books.queue(a_mail(key, kind=kind), OutgoingState.QUEUED, NOON)
            assert [item.mail.key for item in books.outbox(OutgoingState.QUEUED)] == ["a2", "a1", "r", "d"]
            assert books.outbox_keys() == {"a1", "a2", "r", "d"}
            assert books.outbox(OutgoingState.HELD, OutgoingState.SENT) == ()

    def test_sending_counts_a_try_and_every_move_is_an_event(self, ledger: Ledger) -> None:
        with ledger.transaction() as books:
            books.queue(a_mail(), OutgoingState.QUEUED, NOON)
            (item,) = books.outbox()
            books.move(item.id, OutgoingState.SENDING, LATER)
            books.move(item.id, OutgoingState.QUEUED, LATER, "对方忙", not_before=LATER + timedelta(hours=1))
            (moved,) = books.outbox()
            assert (moved.tries, moved.tried, moved.not_before) == (1, LATER, LATER + timedelta(hours=1))
            assert [event.what for event in books.events("ack:1")] == ["mail_queued", "mail_sending", "mail_queued"]
            assert books.events("ack:1")[-1].detail == "对方忙"

    def test_what_left_or_may_have_left_is_counted(self, ledger: Ledger) -> None:
        after = {
            "sending": OutgoingState.SENDING,
            "sent": OutgoingState.SENT,
            "unknown": OutgoingState.UNKNOWN,
            "failed": OutgoingState.FAILED,
        }
        with ledger.transaction() as books:
            for key in (*after, "never"):
                books.queue(a_mail(key, to=f"{key}@example.cn"), OutgoingState.QUEUED, NOON)
            for item in books.outbox():
                if item.mail.key in after:
                    books.move(item.id, OutgoingState.SENDING, LATER)
                    books.move(item.id, after[item.mail.key], LATER)
            assert books.sent_between(LATER, LATER) == 3
            assert books.sent_between(LATER, LATER, "sent@example.cn") == 1
            assert books.sent_between(LATER + timedelta(seconds=1), LATER + timedelta(days=1)) == 0
            assert books.sent_between(NOON, LATER - timedelta(seconds=1)) == 0
            assert books.outbox_states()[OutgoingState.FAILED] == 1

    def test_a_mail_to_several_addresses_counts_for_each_of_them_and_once_in_all(self, ledger: Ledger) -> None:
        with ledger.transaction() as books:
            books.queue(a_mail(to="a_1@example.cn, B@example.cn"), OutgoingState.QUEUED, NOON)
            books.move(books.outbox()[0].id, OutgoingState.SENDING, LATER)

            counted = [books.sent_between(LATER, LATER, to) for to in ("a_1@example.cn", "b@example.cn")]
            others = [
                books.sent_between(LATER, LATER, to) for to in ("ab1@example.cn", "1@example.cn", "b@example.c", "%")
            ]

            assert (counted, others, books.sent_between(LATER, LATER)) == ([1, 1], [0, 0, 0, 0], 1)

    def test_the_newest_of_the_mails_answered_is_found(self, ledger: Ledger) -> None:
        with ledger.transaction() as books:
            books.queue(a_mail("one"), OutgoingState.SENT, NOON)
            books.queue(a_mail("two"), OutgoingState.SENT, NOON)
            found = books.answered(("<two@mailbot>", "<one@mailbot>", "<theirs@example.cn>"))
            assert found is not None
            assert found.mail.key == "two"
            assert books.answered(("<theirs@example.cn>",)) is None
            assert books.answered(()) is None

    def test_a_person_lets_a_held_mail_go(self, ledger: Ledger) -> None:
        with ledger.transaction() as books:
            books.queue(a_mail(), OutgoingState.HELD, NOON)
            (held,) = books.outbox()
            books.release(held.id, by_a_person("released", "ack:1"))
            (item,) = books.outbox()
            assert (item.state, item.released) == (OutgoingState.QUEUED, True)
            assert books.events("ack:1")[-1].actor == "张三"

    @pytest.mark.parametrize(
        "state", [OutgoingState.SENT, OutgoingState.SENDING, OutgoingState.EXPIRED, OutgoingState.CANCELLED]
    )
    def test_what_left_or_will_not_leave_cannot_be_let_go(self, ledger: Ledger, state: OutgoingState) -> None:
        with ledger.transaction() as books:
            books.queue(a_mail(), state, NOON)
            with pytest.raises(UsageError):
                books.release(books.outbox()[0].id, by_a_person())


class TestMemory:
    def test_a_word_is_kept_replaced_and_forgotten(self, ledger: Ledger) -> None:
        with ledger.transaction() as books:
            assert books.recall("paused") == ""
            books.remember("paused", "1")
            books.remember("paused", "2")
            assert books.recall("paused") == "2"
            books.remember("paused", "")
            assert books.recall("paused") == ""


class TestTheLastEvent:
    """Whoever decides on a ledger asks before he books whether another has changed it meanwhile."""

    def test_is_none_in_a_new_ledger(self, ledger: Ledger) -> None:
        with ledger.reading() as books:
            assert books.last_event() == 0

    def test_is_another_once_anything_was_booked_bound_or_queued(self, ledger: Ledger) -> None:
        with ledger.transaction() as books:
            message = received(books)
            seen = [books.last_event()]
            for changes in (
                lambda: books.decided(message, facts(), doubted(), NOON),
                lambda: books.decided(message, facts(), recorded(), NOON),
                lambda: books.bind("a@b.cn", "区教育局", by_a_person("bound")),
                lambda: books.unbind("a@b.cn", "区教育局", by_a_person("unbound")),
                lambda: books.queue(a_mail(), OutgoingState.QUEUED, NOON),
                lambda: books.move(1, OutgoingState.SENDING, NOON),
                lambda: books.note(by_a_person("ruled", sha("a"))),
            ):
                changes()
                seen.append(books.last_event())
        assert seen == sorted(set(seen))

    def test_stays_while_messages_are_only_carried_in_and_tried(self, ledger: Ledger) -> None:
        with ledger.transaction() as books:
            before = books.last_event()
            received(books)
            books.count_try(sha("a"))
            books.forget_tries(sha("a"))
            assert books.last_event() == before


class TestTransactions:
    def test_what_failed_leaves_nothing(self, ledger: Ledger) -> None:
        with pytest.raises(RuntimeError), ledger.transaction() as books:  # noqa: PT012 - it fails at its end
            books.decided(received(books), facts(), recorded(), NOON)
            books.queue(a_mail(), OutgoingState.QUEUED, NOON)
            raise RuntimeError
        with ledger.reading() as books:
            assert books.messages() == ()
            assert books.outbox() == ()
            assert books.events() == ()

    def test_what_is_written_while_only_reading_is_gone(self, ledger: Ledger) -> None:
        with ledger.reading() as books:
            received(books)
            assert len(books.messages()) == 1
        with ledger.reading() as books:
            assert books.messages() == ()

    def test_a_reader_sees_one_state_while_another_writes(self, ledger: Ledger) -> None:
        with ledger.reading() as reader:
            assert reader.messages() == ()
            with ledger.transaction() as writer:
                received(writer)
            assert reader.messages() == ()
        with ledger.reading() as reader:
            assert len(reader.messages()) == 1

    def test_a_reader_waits_for_no_writer(self, ledger: Ledger) -> None:
        with ledger.transaction() as writing:
            received(writing)
            with ledger.reading() as books:
                assert books.messages() == ()

    def test_what_the_instance_writes_is_seen_by_all(self, ledger: Ledger) -> None:
        with ledger.lock():
            with ledger.transaction() as books:
                received(books)
            with ledger.reading() as books:
                assert len(books.messages()) == 1
        with ledger.lock(), ledger.transaction() as books:
            assert len(books.messages()) == 1
