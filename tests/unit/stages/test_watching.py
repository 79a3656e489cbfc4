"""Folders that are suddenly not there any more."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from mailbot.domain.mailbox import FolderView, Listing, Sighting
from mailbot.domain.moments import shanghai
from mailbot.ledger.engine import SqlLedger, open_ledger
from mailbot.stages.watching import GRACE, watch, watched

NOW = shanghai("2021-04-15T09:00")
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[SqlLedger]:
    """Return a ledger to which INBOX and 广告邮件 were polled, with a message in each; 订阅邮件 was empty."""
    ledger = open_ledger(f"sqlite:///{tmp_path}/ledger.db", receipt_number="{year}-{month:02d}-{serial:04d}")
    with ledger.transaction() as books:
        for number, folder in enumerate(("INBOX", "广告邮件")):
            sighting = Sighting(folder, 1, 7, NOW, 100)
            books.sight(sighting, f"{number}" * 64, NOW)
            books.viewed(FolderView(folder, 1, None, 1, Listing.FULL, (sighting,)), NOW)
        books.viewed(FolderView("订阅邮件", 1, None, 0, Listing.FULL), NOW)
    yield ledger
    ledger.close()


def must_be_polled(ledger: SqlLedger) -> tuple[str, ...]:
    with ledger.reading() as books:
        return watched(books)


def in_view(ledger: SqlLedger) -> dict[str, int]:
    with ledger.reading() as books:
        return {poll.folder: poll.in_view for poll in books.polls()}


def test_the_folders_that_are_there_must_be_polled(ledger: SqlLedger) -> None:
    assert watch(ledger, ("INBOX", "广告邮件", "新建"), NOW, chosen=False) == {}

    assert must_be_polled(ledger) == ("INBOX", "广告邮件", "新建")


def test_a_folder_that_was_empty_is_not_missed(ledger: SqlLedger) -> None:
    assert watch(ledger, ("INBOX", "广告邮件"), NOW, chosen=False) == {}

    assert must_be_polled(ledger) == ("INBOX", "广告邮件")


def test_a_folder_with_messages_that_is_gone_is_told_with_what_to_do_and_still_must_be_polled(
    ledger: SqlLedger,
) -> None:
    gone = watch(ledger, ("INBOX",), NOW, chosen=False)

    assert list(gone) == ["广告邮件"]
    assert "有 1 封来件" in gone["广告邮件"]
    assert "[imap] folders" in gone["广告邮件"]
    assert "04月18日 09:00起不再等待" in gone["广告邮件"]
    assert must_be_polled(ledger) == ("INBOX", "广告邮件")


def test_it_counts_as_removed_once_it_was_missing_for_three_days(ledger: SqlLedger) -> None:
    watch(ledger, ("INBOX",), NOW, chosen=False)
    assert watch(ledger, ("INBOX",), NOW + GRACE - timedelta(seconds=1), chosen=False)

    assert watch(ledger, ("INBOX",), NOW + GRACE, chosen=False) == {}

    assert must_be_polled(ledger) == ("INBOX",)
    assert in_view(ledger) == {"INBOX": 1, "广告邮件": 0, "订阅邮件": 0}
    with ledger.reading() as books:
        assert [(event.what, event.at) for event in books.events("广告邮件")] == [("folder_gone", NOW + GRACE)]


def test_a_folder_missing_after_a_long_stop_is_waited_for_from_then_on(ledger: SqlLedger) -> None:
    after = NOW + timedelta(days=30)

    assert watch(ledger, ("INBOX",), after, chosen=False)
    assert watch(ledger, ("INBOX",), after + GRACE - timedelta(seconds=1), chosen=False)


def test_a_folder_that_comes_back_and_goes_again_is_waited_for_anew(ledger: SqlLedger) -> None:
    watch(ledger, ("INBOX",), NOW, chosen=False)
    watch(ledger, ("INBOX", "广告邮件"), LATER, chosen=False)

    assert watch(ledger, ("INBOX",), NOW + GRACE, chosen=False)


def test_what_mailbot_toml_no_longer_names_was_let_go_by_the_office_and_is_not_waited_for(ledger: SqlLedger) -> None:
    assert watch(ledger, ("INBOX",), NOW, chosen=True) == {}

    assert must_be_polled(ledger) == ("INBOX",)
    assert in_view(ledger)["广告邮件"] == 0


def test_nothing_is_known_to_be_watched_before_the_mailbox_was_opened(ledger: SqlLedger) -> None:
    assert must_be_polled(ledger) == ()


def test_one_missed_by_a_clock_put_ahead_is_waited_for_no_longer_than_any(ledger: SqlLedger) -> None:
    watch(ledger, ("INBOX",), NOW + timedelta(days=365), chosen=False)
    watch(ledger, ("INBOX",), NOW, chosen=False)

    assert watch(ledger, ("INBOX",), NOW + GRACE, chosen=False) == {}
