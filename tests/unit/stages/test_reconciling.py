"""As many messages in a folder as the ledger has in view there, at each complete poll."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from mailbot.domain.mailbox import FolderView, Listing, Sighting
from mailbot.domain.moments import shanghai
from mailbot.ledger.engine import SqlLedger, open_ledger
from mailbot.stages.reconciling import reconcile

NOW = shanghai("2021-04-15T09:00")
ONE = Sighting("INBOX", 1, 1400000001, NOW, 100)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[SqlLedger]:
    ledger = open_ledger(f"sqlite:///{tmp_path}/ledger.db", receipt_number="{year}-{month:02d}-{serial:04d}")
    with ledger.transaction() as books:
        books.sight(ONE, "0" * 64)
    yield ledger
    ledger.close()


def polled(ledger: SqlLedger, exists: int) -> str:
    """Let a poll of INBOX be complete in which the server said that so many are there."""
    with ledger.transaction() as books:
        books.viewed(FolderView("INBOX", 1, None, exists, Listing.FULL, (ONE,)), NOW)
    return reconcile(ledger, ("INBOX",))


def test_equal_counts_are_nothing_to_tell(ledger: SqlLedger) -> None:
    assert [polled(ledger, 1), polled(ledger, 1)] == ["", ""]


def test_one_poll_may_meet_a_mail_on_its_way(ledger: SqlLedger) -> None:
    assert [polled(ledger, 2), polled(ledger, 1), polled(ledger, 2)] == ["", "", ""]


def test_a_difference_that_is_there_at_the_next_poll_too_is_told_until_it_is_gone(ledger: SqlLedger) -> None:
    first, second, third = polled(ledger, 2), polled(ledger, 2), polled(ledger, 3)

    assert first == ""
    assert second.startswith("文件夹“INBOX”中有 2 封邮件，台账所见为 1 封")
    assert third.startswith("文件夹“INBOX”中有 3 封邮件")
    assert polled(ledger, 1) == ""


def test_a_round_in_which_the_folder_was_not_polled_completely_says_nothing_new(ledger: SqlLedger) -> None:
    polled(ledger, 2)

    assert reconcile(ledger, ()) == ""
    assert polled(ledger, 2) != ""
