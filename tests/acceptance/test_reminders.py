"""Who is reminded, when, and all that keeps a reminder back."""

from __future__ import annotations

import pytest
from tests.office import CLERK, EDUCATION, LABOUR, OTHER_CLERK, QUIET_SMTP, Office, Rules, text_of
from tests.office_mails import a_doubtful_report, a_letter, a_report, a_sealed_paper, a_table, the_scan
from tests.servers.misbehaviour import bye
from tests.servers.netease import NetEase

from mailbot.demo.samples import File, report_mail
from mailbot.domain.books import Completeness, MessageStanding, OutgoingState
from mailbot.domain.mailbox import Origin
from mailbot.domain.moments import shanghai

pytestmark = QUIET_SMTP

FIRST, SECOND, AFTER = "2021-04-21T09:00", "2021-04-23T09:00", "2021-04-26T09:00"


def rungs(office: Office, *states: OutgoingState) -> list[tuple[str, str]]:
    return sorted((item.mail.to, item.mail.rung) for item in office.reminders(*states))


def codes(office: Office, unit: str = EDUCATION) -> set[str]:
    return {reason.code for reason in office.plan()[unit].reasons}


class TestLadder:
    def test_every_unit_that_owes_and_has_an_address_gets_one_mail_a_rung(self, office: Office) -> None:
        for moment in ("2021-04-20T16:00", FIRST, "2021-04-21T10:00", "2021-04-22T10:00", SECOND, AFTER):
            office.rounds(at=moment)

        steps = ("after-1", "before-1", "before-3")
        assert rungs(office) == [(to, rung) for to in (CLERK, OTHER_CLERK) for rung in steps]
        assert len(office.sent_to(CLERK)) == 3

    def test_who_reported_all_gets_none_and_who_reported_half_is_told_the_other_half(self, office: Office) -> None:
        office.receives(a_report(), at="2021-04-19T09:00")
        office.receives(a_table(LABOUR, sender=OTHER_CLERK), at="2021-04-19T09:00")

        office.rounds(at="2021-04-19T09:05")
        office.rounds(at=FIRST)

        (item,) = office.reminders()
        assert item.mail.to == OTHER_CLERK
        assert "盖章扫描件" in text_of(office.sent_to(OTHER_CLERK)[-1])

    def test_the_printed_day_stands_in_the_mail_and_a_machine_is_named_as_its_writer(self, office: Office) -> None:
        office.rounds(at=FIRST)

        (mail,) = office.sent_to(CLERK)
        assert "4月25日24:00前" in text_of(mail)
        assert mail["Auto-Submitted"] == "auto-generated"

    def test_after_a_long_stop_only_the_newest_rung_is_sent(self, office: Office) -> None:
        office.rounds(at="2021-04-20T09:00")
        office.restarts()

        office.rounds(at="2021-04-27T10:00")
        office.rounds(at="2021-04-28T10:00")

        assert rungs(office) == [(CLERK, "after-1"), (OTHER_CLERK, "after-1")]

    def test_a_rung_from_before_the_service_began_is_not_made_up_for(self, office: Office) -> None:
        office.rules = Rules(answer_after="2021-04-22")

        office.rounds(at="2021-04-22T10:00")

        assert office.reminders() == ()
        assert codes(office) == {"before_service"}

    def test_a_unit_without_an_address_is_listed_for_the_office(self, office: Office) -> None:
        office.rounds(at=FIRST)

        assert "no_address" in codes(office, "区残联")
        assert any("区残联" in note and "没有登记邮箱地址" in note for note in office.status().notes)

    def test_a_second_reminder_after_the_date_is_only_a_draft_for_the_office(self, office: Office) -> None:
        office.rules = Rules(ladder="after = [1, 3]")
        office.rounds(at=AFTER)

        office.rounds(at="2021-04-28T09:00")

        assert rungs(office, OutgoingState.SENT) == [(CLERK, "after-1"), (OTHER_CLERK, "after-1")]
        assert rungs(office, OutgoingState.HELD) == [(CLERK, "after-3"), (OTHER_CLERK, "after-3")]
        assert "须经批准" in office.reminders(OutgoingState.HELD)[0].reason
        assert any("2 封邮件已拟好待批准" in note for note in office.status().notes)
        office.sends(at="2021-04-28T09:30")
        assert len(office.sent_to(CLERK)) == 2

    def test_a_unit_with_two_addresses_gets_one_mail_that_names_both(self, office: Office) -> None:
        office.addresses = {EDUCATION: (CLERK, "second@clerks.example")}

        office.rounds(at=FIRST)

        (item,) = office.reminders()
        assert item.state is OutgoingState.SENT
        (message_id,) = {str(mail["Message-ID"]) for mail in office.sent()}
        assert message_id == item.mail.message_id
        assert all(address in str(office.sent()[0]["To"]) for address in (CLERK, "second@clerks.example"))


class TestHours:
    @pytest.mark.parametrize("moment", ["2021-04-21T08:59", "2021-04-21T17:30", "2021-04-21T23:00", "2021-04-22T03:00"])
    def test_none_leaves_outside_office_hours(self, office: Office, moment: str) -> None:
        office.rounds(at=moment)

        assert office.reminders() == ()

    def test_a_weekend_day_that_is_worked_is_a_day_for_reminders(self, office: Office) -> None:
        office.rounds(at="2021-04-25T10:00")  # a Sunday, worked for the holiday of May

        assert rungs(office) == [(CLERK, "before-1"), (OTHER_CLERK, "before-1")]

    @pytest.mark.parametrize("day", ["2021-04-24", "2021-05-01", "2021-05-03", "2021-05-05"])
    def test_a_saturday_and_a_weekday_off_are_none(self, office: Office, day: str) -> None:
        office.rounds(at=f"{day}T10:00")

        assert office.reminders() == ()
        assert "outside_hours" in codes(office)

    def test_a_year_that_nobody_entered_is_warned_of(self, office: Office) -> None:
        office.app.desk()
        (office.folder / "holidays.yaml").write_text("{}\n", "utf-8")

        office.rounds(at=FIRST)

        assert any("2021年放假安排尚未录入" in note for note in office.status().notes)


class TestGate:
    def test_none_is_composed_while_a_folder_could_not_be_polled(self, office: Office, netease: NetEase) -> None:
        office.rounds(at="2021-04-21T08:00")
        netease.when("EXAMINE", bye())

        office.rounds(at=FIRST)

        assert office.reminders() == ()
        assert "mailbox_not_polled" in codes(office)
        assert any("提醒暂缓" in note and "15分钟" in note for note in office.status().notes)

    def test_none_is_composed_where_one_of_the_spam_folders_fails(self, office: Office, netease: NetEase) -> None:
        office.rounds(at="2021-04-21T08:00")
        netease.when("EXAMINE", lambda talk, tag, rest: talk.behave(tag, "EXAMINE", rest))
        netease.when("EXAMINE", bye())

        office.rounds(at=FIRST)

        assert office.reminders() == ()

    def test_it_goes_as_soon_as_every_folder_was_polled(self, office: Office, netease: NetEase) -> None:
        netease.when("EXAMINE", bye())
        office.rounds(at=FIRST)

        office.rounds(at="2021-04-21T09:05")

        assert len(office.reminders(OutgoingState.SENT)) == 2

    def test_none_goes_while_a_fetched_message_is_undecided(self, office: Office) -> None:
        office.rounds(at="2021-04-21T08:50")
        office.clock.moment = shanghai(FIRST)
        raw = a_report()
        sha256 = office.app.archive.put(raw)
        with office.app.ledger.transaction() as books:
            books.take_in(sha256, len(raw), shanghai("2021-04-21T08:55"), Origin.INGEST)

        office.app.reminding.queue_due()

        assert office.reminders() == ()
        assert codes(office) == {"undecided"}
        assert any("尚未处理完" in note for note in office.status().notes)

    def test_a_message_in_triage_that_may_be_the_report_keeps_it_back(self, office: Office) -> None:
        office.receives(a_doubtful_report(), at="2021-04-20T10:00")
        office.rounds(at="2021-04-20T10:05")
        (item,) = office.triage()
        assert (item.unit, str(item.period)) == (EDUCATION, "2021-04")

        office.rounds(at=FIRST)

        assert rungs(office) == [(OTHER_CLERK, "before-3")]
        assert codes(office) == {"in_doubt"}
        assert any(EDUCATION in note and "待处理" in note for note in office.status().notes)

    def test_a_request_for_delay_keeps_it_back_and_counts_for_nothing(self, office: Office) -> None:
        office.receives(
            report_mail(a_letter(subject="关于延期报送4月进展情况的申请", body="因故延期两天。")), at="2021-04-20T10:00"
        )

        office.rounds(at=FIRST)

        assert rungs(office) == [(OTHER_CLERK, "before-3")]
        assert codes(office) == {"in_doubt"}
        assert office.ledger("2021-04")[EDUCATION].standing.completeness is Completeness.MISSING

    def test_a_scan_that_may_be_either_of_a_clerks_two_units_keeps_both_back(self, office: Office) -> None:
        office.addresses = {EDUCATION: (CLERK,), LABOUR: (CLERK,)}
        paper = File("扫描件.pdf", the_scan().content, "application/pdf")
        office.receives(report_mail(a_letter(paper, subject="4月民生实事")), at="2021-04-20T10:00")

        office.rounds(at=FIRST)

        assert office.reminders() == ()
        assert codes(office) == codes(office, LABOUR) == {"in_doubt"}
        assert {office.ledger("2021-04")[unit].standing.completeness for unit in (EDUCATION, LABOUR)} == {
            Completeness.IN_DOUBT
        }

    def test_it_goes_once_a_person_has_ignored_that_message(self, office: Office) -> None:
        office.receives(a_doubtful_report(), at="2021-04-20T10:00")
        office.rounds(at="2021-04-20T10:05")
        office.rounds(at=FIRST)

        office.bench.ignore(office.triage()[0].id, "no report")
        office.rounds(at="2021-04-21T09:05")

        assert (CLERK, "before-3") in rungs(office)


class TestBetweenQueueingAndSending:
    def test_a_report_that_arrives_meanwhile_cancels_the_reminder(self, office: Office) -> None:
        office.rules = Rules(mode="hold")
        office.rounds(at=FIRST)
        office.receives(a_report(), at="2021-04-21T09:20")

        office.sends(at="2021-04-21T09:30")

        states = {item.mail.to: item.state for item in office.reminders()}
        assert states == {CLERK: OutgoingState.CANCELLED, OTHER_CLERK: OutgoingState.SENT}
        assert [mail["Auto-Submitted"] for mail in office.sent_to(CLERK)] == ["auto-replied"]

    def test_half_a_report_meanwhile_does_not(self, office: Office) -> None:
        office.rules = Rules(mode="hold")
        office.rounds(at=FIRST)
        office.receives(a_sealed_paper(), at="2021-04-21T09:20")

        office.sends(at="2021-04-21T09:30")

        assert {item.state for item in office.reminders()} == {OutgoingState.SENT}

    def test_the_next_round_takes_back_a_held_reminder_whose_reason_is_gone(self, office: Office) -> None:
        office.rules = Rules(mode="hold")
        office.rounds(at=FIRST)
        office.receives(a_report(), at="2021-04-21T09:20")

        office.rounds(at="2021-04-21T09:30")

        assert rungs(office, OutgoingState.CANCELLED) == [(CLERK, "before-3")]

    def test_a_released_reminder_waits_for_office_hours(self, office: Office) -> None:
        office.rules = Rules(mode="hold")
        office.rounds(at=FIRST)
        office.releases()

        office.rounds(at="2021-04-21T19:00")
        assert office.sent() == []
        office.rounds(at="2021-04-22T09:00")
        assert len(office.sent()) == 2

    def test_a_held_reminder_is_over_with_the_day_it_speaks_of(self, office: Office) -> None:
        office.rules = Rules(mode="hold")
        office.rounds(at=SECOND)

        office.rounds(at="2021-04-26T00:00")

        assert {item.state for item in office.reminders()} <= {OutgoingState.EXPIRED, OutgoingState.CANCELLED}
        assert len(office.reminders()) == 2

    def test_an_address_that_was_taken_from_the_unit_gets_none(self, office: Office) -> None:
        office.rules = Rules(mode="hold")
        office.rounds(at=FIRST)
        office.edits_units({EDUCATION: ("new@clerks.example",), LABOUR: (OTHER_CLERK,)})

        office.sends(at="2021-04-21T09:30")

        assert office.sent_to(CLERK) == []


def test_the_month_is_over_when_all_is_there(office: Office) -> None:
    for unit, clerk in ((EDUCATION, CLERK), (LABOUR, OTHER_CLERK)):
        office.receives(a_report(unit, sender=clerk), at="2021-04-20T09:00")
    for day in range(20, 31):
        office.rounds(at=f"2021-04-{day}T10:00")

    assert office.reminders() == ()
    assert office.ledger("2021-04")[EDUCATION].standing.completeness is Completeness.COMPLETE
    assert {row.standing for row in office.messages()} == {MessageStanding.RECEIPTS}
