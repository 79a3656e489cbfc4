"""No mail that should not be sent: never a loop, whoever answers or returns what we sent."""

from __future__ import annotations

from tests.office import CLERK, QUIET_SMTP, Office
from tests.office_mails import a_table
from tests.promises.proofs import missing

from mailbot.demo.samples import auto_reply_mail, bounce_mail
from mailbot.domain.moments import shanghai

pytestmark = QUIET_SMTP

PROOFS = (
    "acceptance/test_answers.py::test_it_gets_no_answer_and_is_kept",
    "acceptance/test_answers.py::TestHold",
    "acceptance/test_reminders.py::TestGate",
    "faults/test_service.py::TestKilledBetweenTheServersYesAndOurs",
    "unit/rules/test_may_reply.py",
    "unit/stages/test_delivering.py",
)


def test_its_proofs_are_there() -> None:
    assert missing(PROOFS) == []


def test_every_mail_of_ours_coming_back_in_every_form_brings_forth_no_other(office: Office) -> None:
    office.receives(a_table(), at="2021-04-21T08:00")
    office.rounds(at="2021-04-21T09:00")  # an acknowledgement, and two reminders
    left = len(office.sent())
    assert left == 3

    for number in range(5):
        moment = f"2021-04-21T10:0{number}"
        for mail in office.sent():
            ours, subject = str(mail["Message-ID"]), str(mail["Subject"])
            office.receives(bytes(mail), at=moment)
            office.receives(auto_reply_mail(CLERK, answers=ours, subject=subject, sent=shanghai(moment)), at=moment)
            office.receives(bounce_mail(CLERK, message_id=ours, subject=subject, sent=shanghai(moment)), at=moment)
        office.rounds(at=f"2021-04-21T10:3{number}")

    assert len(office.sent()) == left
