"""The service stands still from the 23rd to the 28th, over the 25th, on which all is due. Mail goes on arriving."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from tests.bot import a_bot
from tests.office import QUIET_SMTP, Office, Rules, text_of, write_units
from tests.office_mails import a_report, a_sealed_paper, a_table
from tests.servers.misbehaviour import bye, cut_after, says
from tests.servers.netease import Misbehaviour, NetEase
from tests.servers.smtp_server import SmtpServer

from mailbot.domain.books import OutgoingState
from mailbot.domain.moments import shanghai

pytestmark = QUIET_SMTP

BEFORE, STOPPED = "2021-04-23T09:30", "2021-04-23T17:00"
BACK, LATER = "2021-04-28T09:30", "2021-04-28T10:30"  # a Wednesday, in office hours

PUNCTUAL, IN_SPAM, IN_TWO, TOO_LATE, HALF, SILENT = (
    "区教育局",
    "区人社局",
    "区城建局",
    "区发改委",
    "区城管局",
    "区房管局",
)
CLERKS: Mapping[str, tuple[str, ...]] = {
    unit: (f"clerk{number}@clerks.example",)
    for number, unit in enumerate((PUNCTUAL, IN_SPAM, IN_TWO, TOO_LATE, HALF, SILENT))
}
ON_TIME, LATE = ("on_time", 0), ("late", 2)
OWES = ("late", 3)  # so far, on the 28th


def clerk(unit: str) -> str:
    return CLERKS[unit][0]


ARRIVALS = (
    (a_report(PUNCTUAL, sender=clerk(PUNCTUAL)), "2021-04-24T11:00", "INBOX"),
    (a_report(IN_SPAM, sender=clerk(IN_SPAM)), "2021-04-25T23:59:59", "垃圾邮件"),
    (a_table(IN_TWO, sender=clerk(IN_TWO)), "2021-04-24T09:00", "INBOX"),
    (a_sealed_paper(IN_TWO, sender=clerk(IN_TWO)), "2021-04-25T20:00", "INBOX"),
    (a_report(TOO_LATE, sender=clerk(TOO_LATE)), "2021-04-27T08:00", "INBOX"),
    (a_table(HALF, sender=clerk(HALF)), "2021-04-25T16:00", "INBOX"),
)


@pytest.fixture
def stopped(office: Office) -> Office:
    """Return an office whose program was stopped in the afternoon of the 23rd, and what arrived since."""
    office.addresses = CLERKS
    office.rounds(at=BEFORE)
    office.rounds(at=STOPPED)
    office.restarts()
    office.smtp.recorder.mails.clear()  # the reminders of the 23rd
    for raw, at, folder in ARRIVALS:
        office.receives(raw, at=at, folder=folder)
    return office


def reminded(office: Office) -> set[str]:
    """Return the units that were sent a reminder since."""
    sent = {item.mail.message_id: item.mail for item in office.reminders(OutgoingState.SENT)}
    ids = {str(mail["Message-ID"]) for mail in office.sent()}
    return {unit for message_id in ids & sent.keys() for _, unit, _ in sent[message_id].about}


def test_nobody_is_wrongly_late(stopped: Office) -> None:
    stopped.rounds(at=BACK)

    rows = stopped.ledger("2021-04")
    found = {unit: (rows[unit].standing.timeliness.value, rows[unit].standing.days_late) for unit in CLERKS}
    assert found == {
        PUNCTUAL: ON_TIME,
        IN_SPAM: ON_TIME,
        IN_TWO: ON_TIME,
        TOO_LATE: LATE,
        HALF: OWES,
        SILENT: OWES,
    }


def test_only_who_still_owes_is_reminded_once_of_the_newest_rung_and_asked_for_what_lacks(stopped: Office) -> None:
    stopped.rounds(at=BACK)
    stopped.rounds(at=LATER, relist=True)

    assert reminded(stopped) == {HALF, SILENT}
    for unit in (HALF, SILENT):
        assert [item.mail.rung for item in stopped.reminders() if item.mail.to == clerk(unit)] == [
            "before-1",
            "after-1",
        ]
    *_, reminder = (mail for mail in stopped.sent_to(clerk(HALF)) if mail["Auto-Submitted"] == "auto-generated")
    assert "盖章扫描件" in text_of(reminder)


def test_each_report_is_acknowledged_once_where_an_answer_still_makes_sense_and_shown_where_not(
    stopped: Office,
) -> None:
    """Three days after it came an answer only confuses; which that were is told."""
    stopped.rounds(at=BACK)
    stopped.rounds(at=LATER)

    answered = [str(mail["To"]) for mail in stopped.sent() if mail["Auto-Submitted"] == "auto-replied"]
    expired = {item.mail.to for item in stopped.outbox(OutgoingState.EXPIRED) if not item.mail.rung}
    assert sorted(answered) == sorted(map(clerk, (IN_SPAM, IN_TWO, TOO_LATE, HALF)))
    assert expired == {clerk(PUNCTUAL), clerk(IN_TWO)}


@pytest.mark.parametrize(
    ("command", "misbehaviour"),
    [
        pytest.param("EXAMINE", says(status="NO EXAMINE System busy!"), id="a folder that is refused"),
        pytest.param("UID FETCH", cut_after(5000, "UID FETCH"), id="a mail that is cut"),
        pytest.param("LOGIN", bye(), id="a mailbox out of reach"),
    ],
)
def test_no_reminder_leaves_before_every_folder_was_polled_completely(
    stopped: Office, netease: NetEase, command: str, misbehaviour: Misbehaviour
) -> None:
    netease.when(command, misbehaviour)
    stopped.rounds(at=BACK)
    before = reminded(stopped)

    stopped.rounds(at=LATER)

    assert before == set()
    assert reminded(stopped) == {HALF, SILENT}


def test_the_service_started_again_does_all_that_by_itself(
    tmp_path_factory: pytest.TempPathFactory, netease: NetEase, recording_smtp: SmtpServer
) -> None:
    bot = a_bot(tmp_path_factory.mktemp("office"), netease, recording_smtp.server, recording_smtp.password, Rules())
    write_units(bot.folder, CLERKS)
    bot("poll", now=STOPPED)
    recording_smtp.recorder.mails.clear()
    for raw, at, folder in ARRIVALS:
        netease.deliver(folder, raw, shanghai(at))

    service = bot.starts("run", now=BACK)
    assert service.stdout is not None
    left = 6  # four answers and two reminders
    for line in service.stdout:
        left -= '"settled"' in line
        if left == 0:
            break
    service.terminate()
    service.communicate(timeout=60)

    rows = {row["unit"]: row for row in bot.json("ledger", "--period", "2021-04", now=BACK)}
    assert {unit for unit in CLERKS if rows[unit]["timeliness"] == "on_time"} == {PUNCTUAL, IN_SPAM, IN_TWO}
    assert len(recording_smtp.recorder.mails) == 6
    (told,) = bot.json("status", now=BACK, code=1)["wrong"]
    assert "1 封回执超过答复期限" in told
    assert clerk(PUNCTUAL) in told
