"""Who gets an acknowledgement, when it leaves, and when it never does."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.office import CLERK, EDUCATION, OTHER_CLERK, QUIET_SMTP, Office, Rules, text_of
from tests.office_mails import a_letter, a_report, a_table, the_scan, the_table

from mailbot.demo.samples import (
    Trick,
    auto_reply_mail,
    bounce_mail,
    forged_mail,
    newsletter_mail,
    report_mail,
    stranger_mail,
)
from mailbot.domain.books import OutgoingState
from mailbot.domain.moments import shanghai
from mailbot.errors import UsageError

pytestmark = QUIET_SMTP

NINE, SOON = "2021-04-15T09:00", "2021-04-15T09:05"
HOLD = Rules(mode="hold")


class TestHold:
    def test_everything_is_composed_and_nothing_leaves(self, office: Office) -> None:
        office.rules = HOLD
        office.receives(a_report(), at=NINE)

        for minute in (5, 10, 15):
            office.rounds(at=f"2021-04-15T09:{minute:02d}")

        assert [item.state for item in office.outbox()] == [OutgoingState.HELD]
        assert office.sent() == []

    def test_a_person_sends_what_is_held(self, office: Office) -> None:
        office.rules = HOLD
        office.receives(a_report(), at=NINE)
        office.rounds(at=SOON)

        assert office.sends(at="2021-04-15T10:00") == 1

        assert [item.state for item in office.outbox()] == [OutgoingState.SENT]
        assert [mail["To"] for mail in office.sent()] == [CLERK]

    def test_only_the_mail_that_was_named_is_sent(self, office: Office) -> None:
        office.rules = HOLD
        office.receives(a_table(), at=NINE)
        office.receives(a_report("区人社局", sender=OTHER_CLERK), at=NINE)
        office.rounds(at=SOON)
        named = next(item for item in office.outbox() if item.mail.to == OTHER_CLERK)

        assert office.sends(named.id, at="2021-04-15T10:00") == 1

        assert [mail["To"] for mail in office.sent()] == [OTHER_CLERK]

    def test_what_a_person_released_leaves_with_the_next_round(self, office: Office) -> None:
        office.rules = HOLD
        office.receives(a_report(), at=NINE)
        office.rounds(at=SOON)

        office.releases()
        office.rounds(at="2021-04-15T10:00")

        assert len(office.sent_to(CLERK)) == 1

    def test_a_number_that_is_not_held_is_refused(self, office: Office) -> None:
        with pytest.raises(UsageError):
            office.sends(99, at=NINE)

    def test_what_was_held_too_long_is_shown_as_expired_and_never_leaves(self, office: Office) -> None:
        office.rules = HOLD
        office.receives(a_report(), at=NINE)
        office.rounds(at=SOON)

        office.rounds(at="2021-04-18T09:05")

        assert [item.state for item in office.outbox()] == [OutgoingState.EXPIRED]
        assert office.sends(at="2021-04-18T10:00") == 0
        assert office.sent() == []


class TestSend:
    def test_an_acknowledgement_leaves_with_the_round_that_recorded_the_mail(self, office: Office) -> None:
        office.receives(a_report(), at=NINE)

        assert office.rounds(at=SOON).delivery.sent == 1

    def test_it_leaves_at_night_and_on_days_off_too(self, office: Office) -> None:
        office.receives(a_report(), at="2021-04-17T23:00")

        office.rounds(at="2021-04-17T23:05")

        assert len(office.sent_to(CLERK)) == 1

    def test_a_mail_with_one_part_is_told_what_is_missing_and_until_when(self, office: Office) -> None:
        office.receives(a_table(), at=NINE)

        office.rounds(at=SOON)

        (mail,) = office.sent_to(CLERK)
        assert "盖章扫描件" in mail["Subject"]
        assert "4月25日24:00前" in text_of(mail)

    def test_it_goes_to_the_bound_address_never_to_reply_to(self, office: Office) -> None:
        letter = a_letter(the_table(), the_scan())
        office.receives(
            report_mail(replace(letter, extra=(("Reply-To", "elsewhere@private.example"),))),
            at=NINE,
        )

        office.rounds(at=SOON)

        assert [mail["To"] for mail in office.sent()] == [CLERK]

    def test_mail_from_before_the_service_began_is_recorded_silently(self, office: Office) -> None:
        office.rules = Rules(answer_after="2021-04-15")
        office.receives(a_table(), at="2021-04-14T23:59")
        office.receives(a_report("区人社局", sender=OTHER_CLERK), at="2021-04-15T00:00")

        office.rounds(at=SOON)

        assert len(office.receipts()) == 2
        assert [item.mail.to for item in office.outbox()] == [OTHER_CLERK]

    def test_what_could_not_be_answered_in_time_is_shown_and_not_sent(self, office: Office) -> None:
        office.receives(a_report(), at=NINE)

        office.rounds(at="2021-04-18T09:30")

        (item,) = office.outbox()
        assert item.state is OutgoingState.EXPIRED
        assert "3天" in item.reason
        assert office.sent() == []

    def test_a_mail_server_that_is_down_for_days_costs_the_answer_and_not_the_receipt(self, office: Office) -> None:
        office.receives(a_report(), at=NINE)
        office.smtp.recorder.answers["MAIL"] = "451 4.3.0 try again later"
        for day in (15, 16, 17):
            office.rounds(at=f"2021-04-{day}T10:00")
        del office.smtp.recorder.answers["MAIL"]

        office.rounds(at="2021-04-18T10:00")

        assert office.sent() == []
        assert [item.state for item in office.outbox()] == [OutgoingState.EXPIRED]
        assert len(office.receipts()) == 1


class TestCaps:
    def test_one_address_gets_no_more_than_its_share_a_day_and_the_rest_the_day_after(self, office: Office) -> None:
        office.rules = Rules(caps="per_address_day = 2")
        for number in range(4):
            office.receives(a_table(body=f"第{number}次"), at=NINE)

        office.rounds(at=SOON)
        assert len(office.sent()) == 2
        office.rounds(at="2021-04-15T20:00")
        assert len(office.sent()) == 2
        office.rounds(at="2021-04-16T09:06")
        assert len(office.sent()) == 4

    def test_no_more_leave_in_an_hour_than_the_office_allows(self, office: Office) -> None:
        office.rules = Rules(caps="per_hour = 1")
        office.receives(a_table(), at=NINE)
        office.receives(a_report("区人社局", sender=OTHER_CLERK), at=NINE)

        office.rounds(at=SOON)
        office.rounds(at="2021-04-15T10:00")
        assert len(office.sent()) == 1
        office.rounds(at="2021-04-15T10:06")
        assert len(office.sent()) == 2

    def test_no_more_leave_in_a_day_than_the_office_allows(self, office: Office) -> None:
        office.rules = Rules(caps="per_day = 1")
        office.receives(a_table(), at=NINE)
        office.receives(a_report("区人社局", sender=OTHER_CLERK), at=NINE)

        office.rounds(at=SOON)
        office.rounds(at="2021-04-16T09:00")
        assert len(office.sent()) == 1
        office.rounds(at="2021-04-16T09:06")
        assert len(office.sent()) == 2


MORNING = shanghai(NINE)
NOT_TO_BE_ANSWERED = {
    "a stranger": stranger_mail(MORNING),
    "an advertisement": newsletter_mail(MORNING),
    "an automatic reply": auto_reply_mail(CLERK, answers="<x@y.example>", subject="【提醒】", sent=MORNING),
    "one that says so in words only": auto_reply_mail(
        CLERK, answers="<x@y.example>", subject="", sent=MORNING, marked=False
    ),
    "a bounce": bounce_mail(CLERK, message_id="<x@y.example>", subject="【提醒】", sent=MORNING),
    "a forged From": forged_mail(CLERK, trick=Trick.FROM, files=(the_table(),), subject="区教育局4月", sent=MORNING),
    "a forged name": forged_mail(CLERK, trick=Trick.NAME, files=(the_table(),), subject="区教育局4月", sent=MORNING),
    "a report from an address nobody knows": a_report(sender="someone@private.example"),
    "a mail of our own": a_report(sender="bot@example.test"),
    "a mail from the notice's mailbox": a_report(sender="zydc697@163.com"),
    "a report that a machine sent": report_mail(
        replace(a_letter(the_table(), the_scan()), extra=(("Auto-Submitted", "auto-generated"),))
    ),
    "a report through a mailing list": report_mail(
        replace(a_letter(the_table(), the_scan()), extra=(("List-Id", "<all.clerks.example>"),))
    ),
}


@pytest.mark.parametrize("raw", NOT_TO_BE_ANSWERED.values(), ids=NOT_TO_BE_ANSWERED.keys())
def test_it_gets_no_answer_and_is_kept(office: Office, raw: bytes) -> None:
    office.receives(raw, at=NINE)

    office.rounds(at=SOON)
    office.rounds(at="2021-04-15T12:00")

    assert office.outbox() == ()
    assert office.sent() == []
    assert len(office.messages()) == 1


def test_a_forged_report_enters_nobodys_row(office: Office) -> None:
    for trick in Trick:
        office.receives(
            forged_mail(CLERK, trick=trick, files=(the_table(),), subject="区教育局4月", sent=MORNING), at=NINE
        )

    office.rounds(at=SOON)

    assert office.receipts() == ()
    assert office.ledger("2021-04")[EDUCATION].parts == ()
    assert len(office.triage()) == 2


def test_a_mail_that_failed_goes_once_more_where_a_person_names_it(office: Office) -> None:
    office.receives(a_report(), at="2021-04-15T09:00")
    office.smtp.recorder.answers[CLERK] = "550 User unknown"
    office.rounds(at="2021-04-15T09:30")
    (failed,) = office.outbox(OutgoingState.FAILED)
    office.smtp.recorder.answers.clear()

    assert office.sends(failed.id, at="2021-04-15T10:00") == 1

    (mail,) = office.sent()
    assert mail["Message-ID"] == failed.mail.message_id


class TestSaidAgain:
    """Files that came before, mailed again."""

    def test_the_same_files_in_a_new_mail_are_known_again_and_stay_with_their_first_arrival(
        self, office: Office
    ) -> None:
        office.receives(a_report(), at=NINE)
        office.receives(a_report(body="再报一次。"), at="2021-04-15T11:00")

        office.rounds(at="2021-04-15T11:05")

        first, again = (text_of(mail) for mail in office.sent_to(CLERK))
        row = office.ledger("2021-04")[EDUCATION]
        assert {part.arrived for part in row.parts} == {shanghai(NINE)}
        assert row.superseded == ()
        assert "完全相同" not in first
        assert again.count("与此前收到的内容完全相同") == 2
        assert "替代" not in again
        assert "另已收到" not in again

    def test_two_robots_that_answer_each_other_stop_after_the_first_exchange(self, office: Office) -> None:
        office.receives(a_report(), at=NINE)
        for minute in range(5, 60, 5):
            office.rounds(at=f"2021-04-15T09:{minute:02d}")
            answered = office.sent_to(CLERK)[-1]["Message-ID"]
            office.receives(a_report(answers=answered, body=f"第{minute}封"), at=f"2021-04-15T09:{minute:02d}")

        assert len(office.sent_to(CLERK)) == 1
        assert len(office.receipts()) == 11

    def test_a_robot_that_always_sends_half_is_told_once_more_what_is_missing_and_then_no_more(
        self, office: Office
    ) -> None:
        office.receives(a_table(), at=NINE)
        for minute in range(5, 60, 5):
            office.rounds(at=f"2021-04-15T09:{minute:02d}")
            answered = office.sent_to(CLERK)[-1]["Message-ID"]
            letter = a_letter(the_table(), answers=answered, body=f"第{minute}封")
            office.receives(report_mail(letter), at=f"2021-04-15T09:{minute:02d}")

        assert len(office.sent_to(CLERK)) == 2

    def test_a_unit_that_answers_with_what_was_missing_is_answered(self, office: Office) -> None:
        office.receives(a_table(), at=NINE)
        office.rounds(at=SOON)

        office.receives(a_report(answers=office.sent_to(CLERK)[-1]["Message-ID"]), at="2021-04-15T10:00")
        office.rounds(at="2021-04-15T10:05")

        assert "材料已齐" in text_of(office.sent_to(CLERK)[-1])
