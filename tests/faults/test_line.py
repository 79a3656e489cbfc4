"""Whatever the mailbox's server does wrong, at whichever command: told, nothing lost or twice, and well again."""

from __future__ import annotations

from itertools import product

import pytest
from tests.office import CLERK, EDUCATION, LABOUR, OTHER_CLERK, QUIET_SMTP, Office
from tests.office_mails import a_report
from tests.servers.misbehaviour import after, bye, cut_after, says, stalls
from tests.servers.netease import Misbehaviour, NetEase

from mailbot.domain.books import Completeness
from mailbot.domain.moments import shanghai
from mailbot.mailbox.wire import Pace, PlainWire

pytestmark = QUIET_SMTP

NINE, FAULTY, AGAIN, ONCE_MORE = "2021-04-21T09:00", "2021-04-21T09:30", "2021-04-21T09:40", "2021-04-21T09:50"
REPORT = a_report()
FAULTS: dict[str, Misbehaviour] = {
    "NO": says(status="NO system busy"),
    "BAD": says(status="BAD command not support"),
    "BYE": bye(),
    "cut": cut_after(0, ""),
    "garbage": says(b"\x00\xff garbage"),
    "silence": stalls(),
}
COMMANDS = ("greeting", "LOGIN", "CAPABILITY", "ID", "LIST", "EXAMINE", "FETCH", "UID FETCH")
CUTS = {  # bytes of the answer that brings the report, after which the line is cut
    "before the literal": 20,
    "in the literal's length": 92,
    "inside the literal": len(REPORT) // 2,
    "after the literal": len(REPORT) + 100,
}


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let silence be noticed after less than a second."""
    monkeypatch.setattr(PlainWire, "pace", Pace(connect=5, idle=0.8))


def assert_told_and_well_again(office: Office) -> None:
    """Hold that the faulty round was told and reminded nobody, and that the next ones do all that there is to do."""
    result = office.rounds(at=FAULTY)
    assert "mailbox" in result.trouble
    assert "Traceback" not in result.trouble["mailbox"]
    assert office.status().wrong[0].startswith(result.trouble["mailbox"].splitlines()[0][:10])
    assert office.reminders() == ()

    assert not office.rounds(at=AGAIN).trouble
    office.rounds(at=ONCE_MORE, relist=True)

    row = office.ledger("2021-04")[EDUCATION]
    assert (row.standing.completeness, row.receipts) == (Completeness.COMPLETE, ("2021-04-0001",))
    assert [row.sha256 for row in office.messages() if row.in_view] == [row.sha256 for row in office.messages()]
    assert len(office.sent_to(CLERK)) == 1
    assert [item.mail.to for item in office.reminders()] == [OTHER_CLERK]
    assert office.status().wrong == ()


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize(
    ("command", "fault"),
    [case for case in product(COMMANDS, FAULTS) if case not in {("UID FETCH", "NO"), ("UID FETCH", "BAD")}],
)
def test_a_command_that_is_answered_wrongly_costs_one_round(
    office: Office, netease: NetEase, command: str, fault: str
) -> None:
    office.receives(REPORT, at=NINE)
    netease.when(command, FAULTS[fault])

    assert_told_and_well_again(office)


@pytest.mark.parametrize("fault", ["NO", "BAD"])
def test_a_mail_that_is_refused_once_is_asked_for_again_in_the_same_round(
    office: Office, netease: NetEase, fault: str
) -> None:
    office.receives(REPORT, at=NINE)
    netease.when("UID FETCH", FAULTS[fault])

    assert not office.rounds(at=FAULTY).trouble
    assert len(office.receipts()) == 1


@pytest.mark.parametrize("size", CUTS.values(), ids=CUTS)
def test_a_line_cut_round_a_literal_costs_one_round(office: Office, netease: NetEase, size: int) -> None:
    office.receives(REPORT, at=NINE)
    netease.when("UID FETCH", cut_after(size, "UID FETCH"))

    assert_told_and_well_again(office)


def test_another_messages_body_is_not_taken_for_the_one_asked_for(office: Office, netease: NetEase) -> None:
    other = a_report(LABOUR, sender=OTHER_CLERK)
    office.receives(REPORT, at=NINE)
    uid = netease.folders["INBOX"][0].uid
    astray = b"* 1 FETCH (UID %d BODY[] {%d}\r\n%b)" % (uid + 1, len(other), other)
    netease.when("UID FETCH", after("UID FETCH", astray))

    office.rounds(at=FAULTY)
    office.rounds(at=AGAIN)

    assert office.ledger("2021-04")[LABOUR].standing.completeness is Completeness.MISSING
    assert {message.sha256 for message in office.messages()} == {office.receipts()[0].sha256}
    assert office.receipts()[0].arrived == shanghai(NINE)
