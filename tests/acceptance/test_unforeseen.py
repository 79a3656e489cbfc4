"""A fault of ours that nobody foresaw: told to the office, and no reason to leave the rest undone."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import replace

import pytest
from tests.office import CLERK, QUIET_SMTP, Office, Rules
from tests.office_mails import a_report

from mailbot.domain.books import OutgoingState
from mailbot.stages.delivering import Postman
from mailbot.stages.protocols import Mailbox

pytestmark = QUIET_SMTP


def broken_mailbox() -> AbstractContextManager[Mailbox]:
    raise ZeroDivisionError


def broken_postman() -> AbstractContextManager[Postman]:
    raise ZeroDivisionError


def test_while_the_mailbox_cannot_be_read_for_it_the_outbox_is_still_sent(office: Office) -> None:
    office.rules = Rules(mode="hold")
    office.receives(a_report(), at="2021-04-15T09:00")
    office.rounds(at="2021-04-15T09:05")
    office.releases()

    result = replace(office.app.round(office.reader, relist=False), open_mailbox=broken_mailbox).make()

    assert "内部错误" in result.trouble["mailbox"]
    assert result.delivery.sent == 1
    assert any("内部错误" in text for text in office.status().wrong)


def test_while_nothing_can_be_sent_for_it_mail_is_still_recorded(office: Office) -> None:
    office.receives(a_report(), at="2021-04-15T09:00")

    result = replace(office.app.round(office.reader, relist=False), postman=broken_postman).make()

    assert "内部错误" in result.trouble["outbox"]
    assert len(office.receipts()) == 1
    office.rounds(at="2021-04-15T09:10")
    assert len(office.sent_to(CLERK)) == 1
    assert office.status().wrong == ()


@pytest.mark.parametrize("minutes", [1, 30])
def test_a_mail_that_was_being_sent_then_is_looked_for_before_it_goes_again(office: Office, minutes: int) -> None:
    office.receives(a_report(), at="2021-04-15T09:00")
    replace(office.app.round(office.reader, relist=False), postman=broken_postman).make()
    with office.app.ledger.transaction() as books:
        books.move(1, OutgoingState.SENDING, office.clock.now())

    office.rounds(at=f"2021-04-15T10:{minutes:02d}")
    assert [item.state for item in office.outbox()] == [OutgoingState.UNKNOWN]
    office.rounds(at=f"2021-04-15T11:{minutes:02d}")

    assert [(item.state, item.tries) for item in office.outbox()] == [(OutgoingState.SENT, 2)]
