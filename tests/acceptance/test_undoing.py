"""What a person can take back: that a message is nothing, whose it is, and whose an address is."""

from __future__ import annotations

import pytest
from tests.office import CLERK, EDUCATION, LABOUR, QUIET_SMTP, Office, Rules
from tests.office_mails import APRIL, a_doubtful_report, a_report, the_table

from mailbot.demo.samples import auto_reply_mail, stranger_mail
from mailbot.domain.books import Completeness, MessageStanding
from mailbot.domain.decision import Ruling
from mailbot.domain.moments import shanghai
from mailbot.errors import UsageError

pytestmark = QUIET_SMTP

NINE, SOON, LATER = "2021-04-15T09:00", "2021-04-15T09:05", "2021-04-15T09:30"
NEW_CLERK = "someone@private.example"


@pytest.fixture
def wrongly_ignored(office: Office) -> Office:
    """Return an office that put a report among the ignored."""
    office.receives(a_doubtful_report(), at=NINE)
    office.rounds(at=SOON)
    office.bench.ignore(office.triage()[0].id, "错看成别的")
    return office


class TestReopen:
    def test_what_a_person_ignored_waits_again_under_its_number_with_its_guess(self, wrongly_ignored: Office) -> None:
        (row,) = wrongly_ignored.messages()

        wrongly_ignored.bench.reopen(row.sha256)

        (item,) = wrongly_ignored.triage()
        assert (item.id, item.unit, item.period) == (1, EDUCATION, APRIL)
        assert any("撤销" in reason for reason in item.reasons)
        assert [e.what for e in wrongly_ignored.events(row.sha256) if e.actor == "office"] == ["ignored", "reopened"]

    @pytest.mark.parametrize("length", [12, 64])
    def test_it_is_called_by_its_number_or_by_how_its_hash_begins(self, wrongly_ignored: Office, length: int) -> None:
        (row,) = wrongly_ignored.messages()
        wrongly_ignored.bench.reopen("1")
        wrongly_ignored.bench.ignore(1, "again")

        wrongly_ignored.bench.reopen(row.sha256[:length].upper())

        assert len(wrongly_ignored.triage()) == 1

    def test_then_it_can_be_assigned(self, wrongly_ignored: Office) -> None:
        wrongly_ignored.bench.reopen("1")

        wrongly_ignored.bench.assign(1, Ruling(EDUCATION, APRIL))

        assert [(r.unit, r.period) for r in wrongly_ignored.receipts()] == [(EDUCATION, APRIL)]

    def test_what_the_machine_ignored_waits_until_a_person_settles_it(self, office: Office) -> None:
        mail = auto_reply_mail(CLERK, answers="<x@y>", subject="材料", sent=shanghai(NINE))
        office.receives(mail, at=NINE)
        office.rounds(at=SOON)
        (row,) = office.messages()
        assert row.standing is MessageStanding.IGNORED

        office.bench.reopen(row.sha256)
        office.bench.bind(NEW_CLERK, EDUCATION)  # everything in triage is decided again
        office.rounds(at=LATER)

        assert [item.sha256 for item in office.triage()] == [row.sha256]
        assert office.sent() == []

    def test_what_was_recorded_wrongly_counts_no_more_and_is_assigned_again(self, office: Office) -> None:
        office.receives(a_report(), at=NINE)
        office.rounds(at=SOON)
        (receipt,) = office.receipts()

        office.bench.reopen(receipt.number)

        assert office.receipts() == ()
        assert office.ledger("2021-04")[EDUCATION].standing.completeness is Completeness.IN_DOUBT
        (item,) = office.triage()
        assert item.reasons == ("经办人已撤销登记（2021-04-0001），请重新判断",)
        office.bench.assign(item.id, Ruling(LABOUR, APRIL, every=True))
        rows = office.ledger("2021-04")
        assert (rows[EDUCATION].standing.completeness, rows[LABOUR].standing.completeness) == (
            Completeness.MISSING,
            Completeness.COMPLETE,
        )
        assert [each.number for each in office.receipts()] == ["2021-04-0002"]

    def test_a_receipt_booked_again_has_its_number_again(self, office: Office) -> None:
        office.receives(a_report(), at=NINE)
        office.rounds(at=SOON)
        (receipt,) = office.receipts()

        office.bench.reopen(receipt.sha256)
        office.bench.assign(office.triage()[0].id, Ruling(EDUCATION, APRIL))

        assert office.receipts() == (receipt,)

    def test_an_earlier_word_is_forgotten_with_what_it_booked(self, office: Office) -> None:
        office.receives(a_report(sender=NEW_CLERK), at=NINE)
        office.rounds(at=SOON)
        (receipt,) = office.receipts()
        office.bench.assign(receipt.number, Ruling(LABOUR, APRIL, files=(the_table().name,)))
        assert len(office.receipts()) == 2

        office.bench.reopen(receipt.number)
        office.bench.assign(office.triage()[0].id, Ruling(EDUCATION, APRIL))

        assert [each.unit for each in office.receipts()] == [EDUCATION]

    def test_what_waits_already_or_is_not_there_is_refused(self, office: Office) -> None:
        office.receives(stranger_mail(shanghai(NINE)), at=NINE)
        office.rounds(at=SOON)

        for word in ("1", "2", "ab" * 32, "%", "", "1" * 30, "①"):
            with pytest.raises(UsageError):
                office.bench.reopen(word)


class TestUnbind:
    def test_what_comes_from_then_on_is_a_strangers_and_what_was_recorded_stays(self, office: Office) -> None:
        office.rounds(at="2021-04-15T08:00")
        office.bench.bind(NEW_CLERK, EDUCATION)
        office.receives(a_doubtful_report(), at=NINE)
        office.rounds(at=SOON)
        assert len(office.receipts()) == 1

        office.bench.unbind(NEW_CLERK.upper(), EDUCATION)
        office.receives(a_doubtful_report(month="五月"), at="2021-04-15T09:10")
        office.rounds(at=LATER)

        assert (len(office.receipts()), len(office.triage()), len(office.sent_to(NEW_CLERK))) == (1, 1, 1)
        assert [(e.actor, e.subject, e.detail) for e in office.events() if e.what == "unbound"] == [
            ("office", NEW_CLERK, EDUCATION)
        ]

    def test_our_mails_that_wait_to_leave_for_the_address_are_named(self, office: Office) -> None:
        office.rules = Rules(mode="hold")
        office.rounds(at="2021-04-15T08:00")
        office.bench.bind(NEW_CLERK, EDUCATION)
        office.receives(a_report(), at=NINE)
        office.receives(a_report(sender=NEW_CLERK, body="另一封"), at=NINE)
        office.rounds(at=SOON)
        (held,) = [item.id for item in office.outbox() if item.mail.to == NEW_CLERK]

        assert office.bench.unbind(NEW_CLERK, EDUCATION) == (held,)

    def test_a_binding_of_the_unit_list_is_to_be_edited_there(self, office: Office) -> None:
        office.rounds(at=SOON)

        with pytest.raises(UsageError) as caught:
            office.bench.unbind(CLERK, EDUCATION)

        assert "units.yaml" in caught.value.for_people()

    @pytest.mark.parametrize("unit", [EDUCATION, "区财政局", "无此单位"])
    def test_a_binding_that_nobody_made_is_refused(self, office: Office, unit: str) -> None:
        office.rounds(at=SOON)

        with pytest.raises(UsageError):
            office.bench.unbind(NEW_CLERK, unit)
