"""A message that kills the program, or breaks it in a way nobody foresaw: three times, then it is for a person."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from tests.office import CLERK, EDUCATION, LABOUR, OTHER_CLERK, QUIET_SMTP, Office
from tests.office_mails import APRIL, a_doubtful_report, a_letter, a_report, the_scan, the_table

from mailbot.demo.samples import report_mail
from mailbot.domain.books import Completeness, MessageStanding, OutgoingState
from mailbot.domain.decision import Ruling
from mailbot.domain.message import Facts
from mailbot.errors import ArchiveError
from mailbot.stages.intake import Porter
from mailbot.stages.judging import NOTHING
from mailbot.stages.protocols import Reader
from mailbot.stages.recording import Clerk

pytestmark = QUIET_SMTP

NINE = "2021-04-15T09:00"


class Killed(BaseException):
    """The end of the process: nothing is tidied up, and nothing is caught."""


@dataclass(slots=True)
class Deadly:
    """A reader that does not survive one message, and reads the others."""

    deadly: bytes
    death: BaseException
    other: Reader
    met: int = 0

    def read(self, message: Path) -> Facts:
        """Read, or die."""
        return self.read_bytes(message.read_bytes())

    def read_bytes(self, raw: bytes) -> Facts:
        """Read, or die."""
        if raw != self.deadly:
            return self.other.read_bytes(raw)
        self.met += 1
        raise self.death


@dataclass(frozen=True, slots=True)
class Nonsense:
    """A reader of facts that no decision can be made on, and not even looked up."""

    def read(self, _message: Path) -> Facts:
        """Return them."""
        return replace(NOTHING, mail=None)  # type: ignore[arg-type]  # that is the nonsense

    def read_bytes(self, _raw: bytes) -> Facts:
        """Return them."""
        return self.read(Path())


def carried(office: Office, *mails: bytes) -> None:
    """Let mails be archived, and not read yet."""
    for raw in mails:
        office.receives(raw, at=NINE)
    app = office.app
    with app.mailbox() as mailbox:
        Porter(mailbox, app.archive, app.ledger, office.clock).carry_all(relist=True)


def clerk(office: Office, reader: Reader) -> Clerk:
    return office.app.clerk(reader)


def killed(office: Office, reader: Reader, times: int) -> None:
    """Start the program so many times; each time a message kills it."""
    for _ in range(times):
        with pytest.raises(Killed):
            clerk(office, reader).record_backlog()
        office.restarts()


def test_one_that_kills_the_process_is_set_aside_at_the_fourth_start_and_the_others_are_recorded(
    office: Office,
) -> None:
    deadly = a_report(EDUCATION)
    carried(office, deadly, a_report(LABOUR, sender=OTHER_CLERK))
    reader = Deadly(deadly, Killed(), office.reader)
    killed(office, reader, 3)

    clerk(office, reader).record_backlog()

    assert reader.met == 3
    (item,) = office.triage()
    assert item.reasons[0] == "程序未能读懂这封来件，请人工查看原件"
    assert office.ledger("2021-04")[LABOUR].standing.completeness is Completeness.COMPLETE


@pytest.fixture
def one_set_aside(office: Office) -> Office:
    """Return an office with a report that killed the program three times."""
    raw = a_report(EDUCATION)
    carried(office, raw)
    reader = Deadly(raw, Killed(), office.reader)
    killed(office, reader, 3)
    clerk(office, reader).record_backlog()
    return office


def test_one_that_is_set_aside_shows_its_headers_and_keeps_its_units_reminder_back(one_set_aside: Office) -> None:
    (item,) = one_set_aside.triage()

    assert (item.sender, item.unit, item.period) == (CLERK, EDUCATION, APRIL)
    assert item.subject
    assert one_set_aside.ledger("2021-04")[EDUCATION].standing.completeness is Completeness.IN_DOUBT


def test_the_office_is_told_of_one_that_was_set_aside(one_set_aside: Office) -> None:
    assert one_set_aside.status().wrong == (
        "1 封来件程序未能读懂，见 mailbot triage；请尽快人工查看原件，并联系维护人员",
    )


@pytest.mark.parametrize("kills", [2, 3, 4, 7])
def test_kills_that_a_message_had_no_part_in_do_not_count_against_it(office: Office, kills: int) -> None:
    raw = a_report()
    carried(office, raw)
    for _ in range(kills):
        with pytest.raises(Killed):
            office.app.round(Deadly(raw, Killed(), office.reader), relist=False).make()
        office.restarts()

    office.rounds(at="2021-04-15T09:30")
    office.rounds(at="2021-04-15T09:40")

    assert office.ledger("2021-04")[EDUCATION].standing.completeness is Completeness.COMPLETE
    assert office.triage() == ()
    assert office.status().wrong == ()
    assert len(office.outbox()) == 1


def test_nobody_is_reminded_while_one_that_nobody_could_read_is_tried_again(office: Office) -> None:
    raw = report_mail(a_letter(the_table(), the_scan(), sender="someone@private.example", subject="材料报送"))
    office.receives(raw, at="2021-04-21T08:30")
    for _ in range(3):
        with pytest.raises(Killed):
            office.app.round(Deadly(raw, Killed(), office.reader), relist=False).make()
        office.restarts()

    office.rounds(at="2021-04-21T09:10")
    assert office.ledger("2021-04")[EDUCATION].standing.completeness is Completeness.COMPLETE
    office.rounds(at="2021-04-21T09:20")

    assert {item.mail.to for item in office.reminders()} == {OTHER_CLERK}


def test_one_that_always_kills_is_tried_in_vain_only_so_often_and_last_of_all(office: Office) -> None:
    deadly = a_report(EDUCATION)
    carried(office, deadly, a_report(LABOUR, sender=OTHER_CLERK))
    reader = Deadly(deadly, Killed(), office.reader)
    deaths = 0
    while True:
        try:
            office.app.round(reader, relist=False).make()
            break
        except Killed:
            deaths += 1
            office.restarts()

    assert deaths < 10
    assert [mail.state for mail in office.outbox()] == [OutgoingState.SENT]  # the other one's answer
    assert office.app.round(reader, relist=False).make().trouble == {}


def test_one_that_breaks_us_where_nobody_foresaw_it_is_set_aside_after_three_rounds_and_one_for_its_headers(
    office: Office,
) -> None:
    carried(office, a_report())
    for _ in range(4):
        with pytest.raises(AttributeError):
            clerk(office, Nonsense()).record_backlog()
        assert [row.standing for row in office.messages()] == [MessageStanding.UNDECIDED]

    assert clerk(office, Nonsense()).record_backlog() == 1

    assert [row.standing for row in office.messages()] == [MessageStanding.TRIAGE]


def test_a_machine_without_room_is_no_reason_however_long_it_lasts(office: Office) -> None:
    raw = a_report()
    carried(office, raw)
    full = Deadly(raw, OSError(28, "No space left on device"), office.reader)
    for _ in range(9):
        with pytest.raises(ArchiveError):
            clerk(office, full).record_backlog()

    clerk(office, office.reader).record_backlog()

    assert office.ledger("2021-04")[EDUCATION].standing.completeness is Completeness.COMPLETE


def test_one_that_waits_for_a_person_keeps_its_guess_when_it_cannot_be_read_again(office: Office) -> None:
    raw = a_doubtful_report()
    office.receives(raw, at=NINE)
    office.rounds(at="2021-04-15T09:05")
    (before,) = office.triage()
    with office.app.ledger.transaction() as books:
        books.remember("bindings", "others than now")

    clerk(office, Deadly(raw, ZeroDivisionError(), office.reader)).reconsider()

    assert office.triage() == (before,)
    assert (before.unit, before.period) == (EDUCATION, APRIL)


def test_a_persons_word_is_heard_after_all_the_tries(office: Office) -> None:
    deadly = a_report()
    carried(office, deadly)
    for _ in range(3):
        with pytest.raises(Killed):
            clerk(office, Deadly(deadly, Killed(), office.reader)).record_backlog()
    clerk(office, office.reader).record_backlog()
    (item,) = office.triage()

    office.bench.assign(item.id, Ruling(EDUCATION, APRIL))

    assert office.ledger("2021-04")[EDUCATION].standing.completeness is Completeness.COMPLETE


def test_what_a_killed_program_left_unpacked_is_swept_at_the_next_start(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    left = tmp_path / "mailbot-reading-abc"
    left.mkdir()
    (left / "0000").write_bytes(b"a report")

    assert office.app.ledger is not None

    assert not left.exists()
