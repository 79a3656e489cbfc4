"""A message whose bytes cannot be read back: it is told, and keeps no other message waiting."""

from __future__ import annotations

from tests.office import CLERK, EDUCATION, LABOUR, OTHER_CLERK, QUIET_SMTP, Office
from tests.office_mails import a_report

from mailbot.domain.books import Completeness, MessageStanding
from mailbot.domain.mailbox import Origin
from mailbot.domain.moments import shanghai

pytestmark = QUIET_SMTP


def test_a_damaged_message_waits_and_the_others_are_booked(office: Office) -> None:
    damaged = a_report(EDUCATION, sender=CLERK)
    with office.app.ledger.transaction() as books:
        sha256 = office.app.archive.put(damaged)
        books.take_in(sha256, len(damaged), shanghai("2021-04-15T08:00"), Origin.INGEST)
    office.app.archive.path_of(sha256).write_bytes(b"something else")
    office.receives(a_report(LABOUR, sender=OTHER_CLERK), at="2021-04-15T09:00")

    result = office.rounds(at="2021-04-15T09:30")

    assert office.ledger("2021-04")[LABOUR].standing.completeness is Completeness.COMPLETE
    assert [row.standing for row in office.messages()] == [MessageStanding.UNDECIDED, MessageStanding.RECEIPTS]
    assert "recording" in result.trouble
    assert any("存档" in text for text in office.status().wrong)


def test_it_is_booked_once_its_bytes_are_back(office: Office) -> None:
    raw = a_report(EDUCATION, sender=CLERK)
    office.receives(raw, at="2021-04-15T09:00")
    office.rounds(at="2021-04-15T09:05")
    (before,) = office.receipts()
    with office.app.ledger.transaction() as books:
        other = a_report(LABOUR, sender=OTHER_CLERK)
        sha256 = office.app.archive.put(other)
        books.take_in(sha256, len(other), shanghai("2021-04-15T09:10"), Origin.INGEST)
    office.app.archive.path_of(sha256).unlink()
    office.rounds(at="2021-04-15T09:15")

    office.app.archive.put(other)
    result = office.rounds(at="2021-04-15T09:20")

    assert not result.trouble
    assert [receipt.unit for receipt in office.receipts()] == [before.unit, LABOUR]
