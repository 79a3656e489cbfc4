"""Messages of which we have less than was sent: too large, never given, or lost from the archive.

They wait for a person, keep nothing else waiting, and are replaced as soon as the whole message can be had.
"""

from __future__ import annotations

import pytest
from tests.office import CLERK, EDUCATION, LABOUR, OTHER_CLERK, QUIET_SMTP, Office, text_of
from tests.office_mails import APRIL, a_doubtful_report, a_report
from tests.servers.netease import NetEase

from mailbot.domain.books import Completeness, MessageStanding, OutgoingState
from mailbot.domain.decision import Ruling
from mailbot.domain.moments import shanghai
from mailbot.errors import MessageLost
from mailbot.stages.intake import Porter

pytestmark = QUIET_SMTP

NINE = "2021-04-22T09:00"
ROUNDS = ("2021-04-22T09:05", "2021-04-22T09:10", "2021-04-22T09:15")
REMINDED = "2021-04-22T09:30"  # when the first reminder of April is due
TOO_LARGE = 101 * 1024 * 1024


def refuse_the_body(netease: NetEase, folder: str = "INBOX", number: int = 1) -> int:
    """Let the server list a message and never give it; return its UID."""
    uid = netease.folders[folder][number - 1].uid
    netease.withheld.add(uid)
    return uid


def tell_too_large(netease: NetEase) -> int:
    """Let the server tell of the first message that it is larger than we take; return its UID."""
    uid = netease.folders["INBOX"][0].uid
    netease.told_sizes[uid] = TOO_LARGE
    return uid


def reminded(office: Office) -> set[str]:
    """Return the units that were sent a reminder."""
    return {unit for item in office.reminders(OutgoingState.SENT) for _, unit, _ in item.mail.about}


def carry_only(office: Office) -> None:
    """Carry mail in, and be killed before anything is read."""
    with office.app.mailbox() as mailbox:
        Porter(mailbox, office.app.archive, office.app.ledger, office.clock).carry_all(relist=True)


class TestTooLarge:
    def test_its_headers_go_to_triage_with_a_guess_and_only_its_units_reminder_waits(
        self, office: Office, netease: NetEase
    ) -> None:
        office.receives(a_report(EDUCATION, sender=CLERK), at=NINE)
        tell_too_large(netease)

        office.rounds(at=REMINDED)

        (item,) = office.triage()
        assert (item.unit, item.period) == (EDUCATION, APRIL)
        assert "100MB" in item.reasons[0]
        assert reminded(office) == {LABOUR}
        assert office.ledger("2021-04")[EDUCATION].standing.completeness is Completeness.IN_DOUBT

    def test_status_names_where_it_lies_and_what_to_do(self, office: Office, netease: NetEase) -> None:
        office.receives(a_report(), at=NINE)
        uid = tell_too_large(netease)

        office.rounds(at=REMINDED)

        (told,) = office.status().wrong
        assert f"INBOX，UID {uid}，2021年04月22日 09:00，101.0 MB" in told
        assert "网页邮箱" in told
        assert "mailbot triage" in told

    def test_it_is_in_view_and_never_asked_for(self, office: Office, netease: NetEase) -> None:
        office.receives(a_report(), at=NINE)
        uid = tell_too_large(netease)

        for at in ROUNDS:
            office.rounds(at=at, relist=True)

        assert [row.in_view for row in office.messages()] == [True]
        fetched = [each.rest for each in netease.heard if each.command == "UID FETCH"]
        assert [rest.partition("<")[0] for rest in fetched] == [f"{uid} (UID INTERNALDATE BODY.PEEK[HEADER]"]

    def test_a_person_ignores_it_and_nothing_is_told_any_more(self, office: Office, netease: NetEase) -> None:
        office.receives(a_report(), at=NINE)
        tell_too_large(netease)
        office.rounds(at=ROUNDS[0])

        office.bench.ignore(office.triage()[0].id, "已请单位重发")
        office.rounds(at=REMINDED)

        assert office.triage() == ()
        assert office.status().wrong == ()
        assert EDUCATION in reminded(office)

    def test_a_person_assigns_it_and_the_unit_is_told_what_was_not_received(
        self, office: Office, netease: NetEase
    ) -> None:
        office.receives(a_report(), at=NINE)
        tell_too_large(netease)
        office.rounds(at=ROUNDS[0])

        office.bench.assign(office.triage()[0].id, Ruling(EDUCATION, APRIL))
        office.rounds(at=ROUNDS[1])

        receipt, _reminder = office.sent_to(CLERK)
        assert "来件：邮件超过 100 MB，正文和附件均未能收取" in text_of(receipt)
        assert "尚缺电子版和盖章扫描件" in text_of(receipt)
        assert "收到材料" not in text_of(receipt)
        assert [row.standing for row in office.messages()] == [MessageStanding.RECEIPTS]


class TestNotGiven:
    def test_after_three_rounds_it_waits_for_a_person_and_the_folder_is_complete(
        self, office: Office, netease: NetEase
    ) -> None:
        office.receives(a_report(), at=NINE)
        refuse_the_body(netease)

        results = [office.rounds(at=at) for at in ROUNDS]

        assert [r.intake.incomplete for r in results] == [("INBOX",), ("INBOX",), ()]
        (item,) = office.triage()
        assert (item.unit, item.period) == (EDUCATION, APRIL)
        assert [(p.exists, p.in_view) for p in office.status().polls if p.folder == "INBOX"] == [(1, 1)]

    def test_the_rounds_are_counted_over_restarts(self, office: Office, netease: NetEase) -> None:
        office.receives(a_report(), at=NINE)
        refuse_the_body(netease)

        for at in ROUNDS:
            office.rounds(at=at)
            office.restarts()

        assert len(office.triage()) == 1

    def test_others_get_their_reminders(self, office: Office, netease: NetEase) -> None:
        office.receives(a_report(), at=NINE)
        refuse_the_body(netease)

        for at in (*ROUNDS, REMINDED):
            office.rounds(at=at)

        assert reminded(office) == {LABOUR}

    def test_when_it_comes_after_all_it_is_recorded_and_answered_once(self, office: Office, netease: NetEase) -> None:
        raw = a_report()
        office.receives(raw, at=NINE)
        uid = refuse_the_body(netease)
        for at in ROUNDS:
            office.rounds(at=at)

        netease.withheld.remove(uid)
        office.rounds(at=REMINDED)
        office.rounds(at="2021-04-22T09:35", relist=True)

        row = office.ledger("2021-04")[EDUCATION]
        assert row.standing.completeness is Completeness.COMPLETE
        assert row.standing.first_arrival == shanghai(NINE)
        assert (office.triage(), office.status().wrong) == ((), ())
        assert len(office.sent_to(CLERK)) == 1
        assert len([row for row in office.messages() if row.in_view]) == 1

    def test_one_of_which_not_even_the_headers_come_is_named_by_its_place(
        self, office: Office, netease: NetEase
    ) -> None:
        office.receives(b"\r\n\r\nno headers at all", at=NINE, folder="垃圾邮件")
        uid = refuse_the_body(netease, "垃圾邮件")
        netease.folders["垃圾邮件"][0].raw = b""

        for at in ROUNDS:
            office.rounds(at=at)

        (item,) = office.triage()
        assert item.unit is None
        assert f"垃圾邮件，UID {uid}，2021年04月22日 09:00" in item.subject


class TestLost:
    def test_a_file_lost_before_it_was_read_is_fetched_again(self, office: Office) -> None:
        raw = a_report()
        office.receives(raw, at=NINE)
        office.app.round(office.reader, relist=False)._carry()
        (row,) = office.messages()
        office.app.archive.path_of(row.sha256).unlink()

        results = [office.rounds(at=at) for at in ROUNDS[:2]]

        assert ["recording" in r.trouble for r in results] == [True, False]
        assert office.app.archive.checked(row.sha256).read_bytes() == raw
        assert office.ledger("2021-04")[EDUCATION].standing.completeness is Completeness.COMPLETE
        assert len(office.sent_to(CLERK)) == 1

    def test_a_damaged_one_that_a_person_wants_to_settle_is_fetched_again(self, office: Office) -> None:
        office.receives(a_doubtful_report(), at=NINE)
        office.rounds(at=ROUNDS[0])
        (item,) = office.triage()
        office.app.archive.path_of(item.sha256).write_bytes(b"something else")

        with pytest.raises(MessageLost, match="does not match its name"):
            office.bench.assign(item.id, Ruling(EDUCATION, APRIL))
        office.rounds(at=ROUNDS[1])
        office.bench.assign(item.id, Ruling(EDUCATION, APRIL))

        assert office.status().wrong == ()
        assert len(office.receipts()) == 1

    def test_what_is_gone_from_the_mailbox_too_waits_for_a_person_and_keeps_nothing_else_waiting(
        self, office: Office, netease: NetEase
    ) -> None:
        office.receives(a_report(), at=NINE)
        office.app.round(office.reader, relist=False)._carry()
        (row,) = office.messages()
        office.app.archive.path_of(row.sha256).unlink()
        netease.remove("INBOX", 1)
        office.receives(a_report(LABOUR, sender=OTHER_CLERK), at=NINE)

        for at in (*ROUNDS, REMINDED):
            result = office.rounds(at=at)

        assert "recording" not in result.trouble
        assert office.ledger("2021-04")[LABOUR].standing.completeness is Completeness.COMPLETE
        (item,) = office.triage()
        assert "从备份恢复" in item.reasons[0]
        assert any(f"{row.sha256}.eml" in text for text in office.status().wrong)
        assert EDUCATION in reminded(office)

    def test_it_is_recorded_when_a_person_restores_the_file(self, office: Office, netease: NetEase) -> None:
        raw = a_report()
        office.receives(raw, at=NINE)
        office.app.round(office.reader, relist=False)._carry()
        (row,) = office.messages()
        office.app.archive.path_of(row.sha256).unlink()
        netease.remove("INBOX", 1)
        for at in (*ROUNDS, REMINDED):
            office.rounds(at=at)

        office.app.archive.put(raw)
        office.rounds(at="2021-04-22T09:35")

        assert office.ledger("2021-04")[EDUCATION].standing.completeness is Completeness.COMPLETE
        assert (office.triage(), office.status().wrong) == ((), ())

    def test_a_file_of_a_recorded_message_comes_back_at_the_next_whole_listing_and_nothing_is_booked_twice(
        self, office: Office
    ) -> None:
        raw = a_report()
        office.receives(raw, at=NINE)
        office.rounds(at=ROUNDS[0])
        (row,) = office.messages()
        office.app.archive.path_of(row.sha256).unlink()

        office.rounds(at=ROUNDS[1], relist=True)

        assert office.app.archive.checked(row.sha256).read_bytes() == raw
        assert office.status().wrong == ()
        assert (len(office.receipts()), len(office.sent_to(CLERK))) == (1, 1)


def test_of_many_lost_files_a_few_are_named_and_the_rest_is_counted(office: Office) -> None:
    for number in range(7):
        office.receives(a_report(body=f"第{number}次"), at=NINE)
    carry_only(office)
    with office.app.ledger.transaction() as books:
        books.lose(*books.whole())

    *named, rest = office.status().wrong

    assert len(named) == 5
    assert "还有 2 封" in rest
