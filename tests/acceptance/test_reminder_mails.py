"""What one unit gets of a reminder: one mail to all of its addresses, and a date that can be kept."""

from __future__ import annotations

from tests.office import CLERK, EDUCATION, QUIET_SMTP, Office, Rules, text_of
from tests.office_mails import a_table

from mailbot.domain.books import OutgoingState
from mailbot.stages.releasing import resume

pytestmark = QUIET_SMTP

COLLEAGUE = "lisi@clerks.example"
FIRST, SECOND, AFTER = "2021-04-21T09:00", "2021-04-23T09:00", "2021-04-26T09:00"
BOTH = {EDUCATION: (CLERK, COLLEAGUE)}


def test_a_unit_with_two_clerks_gets_one_mail_to_both(office: Office) -> None:
    office.addresses = BOTH

    office.rounds(at=FIRST)
    office.rounds(at="2021-04-21T10:00")

    (taken,) = office.smtp.recorder.mails
    (item,) = office.reminders()
    assert taken.recipients == (CLERK, COLLEAGUE)
    assert office.sent()[0]["To"] == item.mail.to == f"{CLERK}, {COLLEAGUE}"


def test_an_address_that_the_server_refuses_is_named_and_the_other_clerk_is_reminded(office: Office) -> None:
    office.addresses = BOTH
    office.smtp.recorder.answers[CLERK] = "550 5.1.1 no such user"

    office.rounds(at=FIRST)

    (item,) = office.reminders(OutgoingState.SENT)
    assert f"未送达：{CLERK}" in item.reason
    assert [mail.recipients for mail in office.smtp.recorder.mails] == [(COLLEAGUE,)]


def test_a_late_unit_is_asked_until_the_end_of_the_next_working_day(office: Office) -> None:
    office.rounds(at=AFTER)

    assert "请于4月27日17:30前补报" in text_of(office.sent_to(CLERK)[0])


def test_half_a_report_that_is_late_is_answered_with_such_a_date_too(office: Office) -> None:
    """Friday 30 April: the next working day is Thursday 6 May, after the holidays."""
    office.receives(a_table(), at="2021-04-30T09:00")

    office.rounds(at="2021-04-30T09:05")

    assert "请于5月6日17:30前补报" in text_of(office.sent_to(CLERK)[0])


def test_a_mail_that_waits_for_a_person_names_no_day_that_may_be_over_by_then(office: Office) -> None:
    office.rules = Rules(mode="hold")
    office.rounds(at=AFTER)

    assert office.sends(at="2021-04-29T10:00") == 2

    assert "请尽快补报" in text_of(office.sent_to(CLERK)[0])


def test_one_reminder_that_is_taken_for_spam_does_not_cost_those_to_the_other_units(office: Office) -> None:
    office.smtp.recorder.answers["DATA"] = "554 DT:SPM smtp1,D8Cow"
    office.rounds(at=FIRST)
    office.rounds(at="2021-04-21T16:00")
    office.smtp.recorder.answers.clear()

    resume(office.app.ledger, office.clock.now(), "office")
    office.rounds(at="2021-04-21T16:05")

    assert sorted(item.state.value for item in office.reminders()) == ["failed", "sent"]


def test_a_mail_that_the_server_takes_for_spam_is_not_sent_again_and_status_says_so(office: Office) -> None:
    office.smtp.recorder.answers["DATA"] = "554 DT:SPM smtp1,D8Cow"
    office.addresses = {EDUCATION: (CLERK,)}
    office.rounds(at=FIRST)
    office.smtp.recorder.answers.clear()

    office.rounds(at="2021-04-21T16:00")

    (item,) = office.reminders()
    stopped, told = office.status().wrong
    assert (item.state, office.sent()) == (OutgoingState.FAILED, [])
    assert "发送已全部停止" in stopped
    assert "服务器判为垃圾邮件" in told
    assert CLERK in told
