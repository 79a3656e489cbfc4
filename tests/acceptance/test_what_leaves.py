"""What our mails say at the moment they leave, however long they waited for a person or for the server."""

from __future__ import annotations

from email.message import EmailMessage

from tests.office import ADDRESSES, CLERK, EDUCATION, LABOUR, QUIET_SMTP, Office, Rules, parsed, text_of
from tests.office_mails import a_doubtful_report, a_letter, a_report, a_sealed_paper, a_table, the_scan, the_table

from mailbot.demo.samples import File, report_mail
from mailbot.domain.books import OutboxItem, OutgoingKind, OutgoingState
from mailbot.domain.decision import Ruling
from mailbot.domain.moments import shanghai
from mailbot.domain.period import Period

pytestmark = QUIET_SMTP

FIRST, AFTER = "2021-04-21T09:00", "2021-04-26T09:00"
OLD, NEW = "old@clerks.example", "new@clerks.example"
HOLD = Rules(mode="hold")
OUT_OF_ORDER = "421 4.3.2 try again later"


def reminders_to(office: Office, address: str = CLERK) -> list[EmailMessage]:
    """Return the reminders that left for an address."""
    return [mail for mail in office.sent_to(address) if mail["Auto-Submitted"] == "auto-generated"]


def acknowledgements(office: Office, *states: OutgoingState) -> list[OutboxItem]:
    """Return our acknowledgements."""
    return [item for item in office.outbox(*states) if item.mail.kind is OutgoingKind.ACKNOWLEDGEMENT]


def text_of_item(item: OutboxItem) -> str:
    """Return the text of a mail that lies in the outbox."""
    return text_of(parsed(item.mail.raw))


def with_an_empty_file() -> bytes:
    """Return a report with an attachment that holds nothing."""
    return report_mail(a_letter(the_table(), the_scan(), File("附表.xlsx", b"")))


class TestReminders:
    def test_one_that_was_held_says_what_came_meanwhile(self, office: Office) -> None:
        office.rules = HOLD
        office.rounds(at=FIRST)
        composed = office.reminders()[-1].mail
        office.receives(a_table(), at="2021-04-21T10:00")

        office.sends(at="2021-04-21T11:00")

        (mail,) = reminders_to(office)
        assert "已收到电子版（2021年4月21日10:00），尚缺盖章扫描件" in text_of(mail)
        assert mail["Message-ID"] == composed.message_id
        assert mail["Date"] == "Wed, 21 Apr 2021 11:00:00 +0800"

    def test_one_that_the_server_did_not_take_says_what_came_meanwhile(self, office: Office) -> None:
        office.smtp.recorder.answers["MAIL"] = OUT_OF_ORDER
        office.rounds(at=FIRST)
        assert office.sent() == []
        office.smtp.recorder.answers.clear()
        office.receives(a_table(), at="2021-04-21T10:00")

        office.rounds(at="2021-04-21T10:05")
        office.rounds(at="2021-04-21T11:00")

        (mail,) = reminders_to(office)
        assert "尚缺盖章扫描件" in text_of(mail)

    def test_one_that_a_person_let_go_days_later_counts_the_days_until_it_leaves(self, office: Office) -> None:
        office.rules = HOLD
        office.rounds(at=AFTER)

        office.sends(at="2021-05-07T10:00")

        (mail,) = reminders_to(office)
        assert "现已超过规定时限7个工作日" in text_of(mail)
        assert "截至2021年5月7日10:00" in text_of(mail)
        assert mail["Date"] == "Fri, 07 May 2021 10:00:00 +0800"

    def test_that_one_was_composed_again_is_an_event(self, office: Office) -> None:
        office.rules = HOLD
        office.rounds(at=FIRST)
        office.receives(a_table(), at="2021-04-21T10:00")
        office.sends(at="2021-04-21T11:00")

        (item,) = (each for each in office.reminders() if each.mail.to == CLERK)

        assert [event.what for event in office.events(item.mail.key)] == [
            "mail_held",
            "mail_renewed",
            "mail_sending",
            "mail_sent",
        ]


class TestAddresses:
    def test_a_held_reminder_goes_to_the_address_that_took_the_place_of_its_own(self, office: Office) -> None:
        office.rules, office.addresses = HOLD, {EDUCATION: (OLD,)}
        office.rounds(at=FIRST)

        office.edits_units({EDUCATION: (NEW,)})
        office.rounds(at="2021-04-21T09:30")

        assert [(item.mail.to, item.state) for item in office.reminders()] == [(NEW, OutgoingState.HELD)]
        assert office.sends(at="2021-04-21T10:00") == 1
        assert [mail.recipients for mail in office.smtp.recorder.mails] == [(NEW,)]
        assert office.sent()[0]["To"] == NEW

    def test_a_queued_reminder_goes_to_the_address_that_took_the_place_of_its_own(self, office: Office) -> None:
        office.addresses = {EDUCATION: (OLD,)}
        office.smtp.recorder.answers["MAIL"] = OUT_OF_ORDER
        office.rounds(at=FIRST)
        office.smtp.recorder.answers.clear()

        office.edits_units({EDUCATION: (NEW,)})
        office.rounds(at="2021-04-21T10:00")

        assert [mail.recipients for mail in office.smtp.recorder.mails] == [(NEW,)]

    def test_an_address_that_was_taken_off_gets_no_reminder_any_more(self, office: Office) -> None:
        office.rules, office.addresses = HOLD, {EDUCATION: (OLD, CLERK)}
        office.rounds(at=FIRST)

        office.edits_units({EDUCATION: (CLERK,)})
        office.sends(at="2021-04-21T10:00")

        assert [mail.recipients for mail in office.smtp.recorder.mails] == [(CLERK,)]

    def test_a_reminder_waits_while_its_unit_has_no_address(self, office: Office) -> None:
        office.rules, office.addresses = HOLD, {EDUCATION: (OLD,)}
        office.rounds(at=FIRST)
        office.edits_units({})
        assert office.sends(at="2021-04-21T10:00") == 0

        office.edits_units({EDUCATION: (NEW,)})

        assert office.sends(at="2021-04-21T10:30") == 1

    def test_a_reminder_that_an_address_refused_goes_to_the_right_one_when_a_person_sends_it_again(
        self, office: Office
    ) -> None:
        office.addresses = {EDUCATION: (OLD,)}
        office.smtp.recorder.answers[OLD] = "550 5.1.1 no such user"
        office.rounds(at=FIRST)
        (failed,) = office.reminders(OutgoingState.FAILED)

        office.edits_units({EDUCATION: (NEW,)})
        office.sends(failed.id, at="2021-04-21T10:00")

        assert [mail.recipients for mail in office.smtp.recorder.mails] == [(NEW,)]

    def test_an_acknowledgement_to_an_address_that_is_nobodys_any_more_is_taken_back(self, office: Office) -> None:
        office.rules = HOLD
        office.receives(a_report(), at="2021-04-20T09:00")
        office.rounds(at="2021-04-20T09:05")

        office.edits_units({**ADDRESSES, EDUCATION: (NEW,)})
        office.sends(at="2021-04-20T09:40")

        assert office.sent_to(CLERK) == []
        assert [item.reason for item in acknowledgements(office, OutgoingState.CANCELLED)] == [
            "收件地址已不在所涉单位名下，不再发出"
        ]

    def test_an_acknowledgement_to_an_address_that_is_another_units_now_is_taken_back(self, office: Office) -> None:
        office.rules = HOLD
        office.receives(a_report(), at="2021-04-20T09:00")
        office.rounds(at="2021-04-20T09:05")

        office.edits_units({EDUCATION: (NEW,), LABOUR: (CLERK,)})
        office.sends(at="2021-04-20T09:40")

        assert office.sent_to(CLERK) == []

    def test_an_acknowledgement_to_an_address_that_a_person_unbound_is_taken_back(self, office: Office) -> None:
        office.rules = HOLD
        office.rounds(at="2021-04-20T08:00")
        office.bench.bind(NEW, EDUCATION)
        office.receives(a_report(sender=NEW), at="2021-04-20T09:00")
        office.rounds(at="2021-04-20T09:05")
        office.bench.unbind(NEW, EDUCATION)

        assert office.sends(at="2021-04-20T09:40") == 0
        assert [item.state for item in acknowledgements(office)] == [OutgoingState.CANCELLED]

    def test_an_answer_about_another_units_files_goes_where_a_person_let_it_go(self, office: Office) -> None:
        """One clerk sends the files of two units, and a person books them for his own first."""
        office.rules = HOLD
        files = (the_table(), the_scan(), the_table(LABOUR), the_scan(LABOUR))
        office.receives(report_mail(a_letter(*files, subject="进展情况")), at="2021-04-20T09:00")
        office.rounds(at="2021-04-20T09:05")
        for unit in (EDUCATION, LABOUR):
            (item,) = office.triage()
            office.bench.assign(item.id, Ruling(unit, Period(2021, 4)))

        office.sends(at="2021-04-20T09:40")

        assert len(office.sent_to(CLERK)) == len(acknowledgements(office)) == 2


class TestAcknowledgements:
    def test_one_that_leaves_after_the_date_asks_for_no_day_that_is_over(self, office: Office) -> None:
        office.rules = HOLD
        office.receives(a_table(), at="2021-04-24T09:00")
        office.rounds(at="2021-04-24T09:05")
        (held,) = acknowledgements(office)
        assert "4月25日24:00前补报" in text_of_item(held)

        office.sends(held.id, at="2021-04-26T10:00")

        (mail,) = office.sent_to(CLERK)
        assert "现已逾期1天，请尽快补报" in text_of(mail)
        assert "24:00前补报" not in text_of(mail)
        assert mail["Message-ID"] == held.mail.message_id
        assert mail["In-Reply-To"] == held.mail.in_reply_to
        assert mail["Date"] == "Mon, 26 Apr 2021 10:00:00 +0800"

    def test_an_older_one_does_not_ask_for_what_came_after_it(self, office: Office) -> None:
        office.rules = HOLD
        office.receives(a_table(), at="2021-04-20T09:00")
        office.rounds(at="2021-04-20T09:05")
        office.receives(a_sealed_paper(), at="2021-04-20T10:00")
        office.rounds(at="2021-04-20T10:05")

        office.sends(at="2021-04-20T11:00")

        older, newer = office.sent_to(CLERK)
        assert "尚缺" not in str(older["Subject"]) + text_of(older)
        assert "材料已齐" in text_of(older)
        assert "材料已齐" in text_of(newer)
        assert "登记号 2021-04-0001。" in text_of(older)
        assert "另已收到：\r\n　　- 盖章扫描件" in text_of(older)

    def test_the_outbox_lists_it_as_it_will_leave(self, office: Office) -> None:
        office.rules = HOLD
        office.receives(a_table(), at="2021-04-20T09:00")
        office.rounds(at="2021-04-20T09:05")
        office.receives(a_sealed_paper(), at="2021-04-20T10:00")

        office.rounds(at="2021-04-20T10:05")

        assert not any("缺件" in item.mail.subject for item in acknowledgements(office))

    def test_one_whose_doubt_was_settled_says_no_more_that_it_is_looked_into(self, office: Office) -> None:
        office.rules = HOLD
        office.receives(a_doubtful_report(), at="2021-04-20T08:00")
        office.receives(a_table(), at="2021-04-20T09:00")
        office.rounds(at="2021-04-20T09:05")
        for item in office.triage():
            office.bench.ignore(item.id, "")

        office.sends(at="2021-04-20T11:00")

        (mail,) = office.sent_to(CLERK)
        assert "正由工作人员核对，其中" not in text_of(mail)
        assert "尚缺盖章扫描件" in text_of(mail)

    def test_a_later_correction_is_not_told_as_this_ones_doing(self, office: Office) -> None:
        office.rules = HOLD
        office.receives(a_report(), at="2021-04-20T09:00")
        office.receives(a_sealed_paper(), at="2021-04-20T09:30")
        office.rounds(at="2021-04-20T09:35")
        office.receives(a_table(body="更正"), at="2021-04-20T10:00")
        office.rounds(at="2021-04-20T10:05")

        office.sends(at="2021-04-20T11:00")

        assert not any("已由本次同类材料替代" in text_of(mail) for mail in office.sent_to(CLERK))

    def test_files_that_count_for_nothing_and_what_is_wrong_with_them_are_told_all_the_same(
        self, office: Office
    ) -> None:
        office.rules = HOLD
        office.receives(with_an_empty_file(), at="2021-04-20T09:00")
        office.rounds(at="2021-04-20T09:05")
        (held,) = acknowledgements(office)

        office.sends(at="2021-04-20T11:00")

        (mail,) = office.sent_to(CLERK)
        assert "以下附件已存档，未计入报送材料" in text_of(mail)
        assert "文件为空，请核对后重新发送" in text_of(mail)
        assert text_of(mail) == text_of_item(held)


class TestTakenBack:
    def test_one_whose_receipt_a_person_took_back_waits_until_he_has_settled_the_message(self, office: Office) -> None:
        office.rules = HOLD
        office.receives(a_report(), at="2021-04-20T09:00")
        office.rounds(at="2021-04-20T09:05")
        office.bench.reopen(office.receipts()[0].number)
        assert office.sends(at="2021-04-20T09:30") == 0

        (item,) = office.triage()
        office.bench.assign(item.id, Ruling(EDUCATION, Period(2021, 4)))

        assert office.sends(at="2021-04-20T10:00") == 1
        assert "材料已齐" in text_of(office.sent_to(CLERK)[0])

    def test_one_whose_receipt_a_person_took_back_for_good_never_leaves(self, office: Office) -> None:
        office.rules = HOLD
        office.receives(a_report(), at="2021-04-20T09:00")
        office.rounds(at="2021-04-20T09:05")
        office.bench.reopen(office.receipts()[0].number)
        (item,) = office.triage()
        office.bench.ignore(item.id, "误报")

        office.sends(at="2021-04-20T10:00")

        assert office.sent() == []
        assert [each.reason for each in acknowledgements(office, OutgoingState.CANCELLED)] == [
            "所确认的登记已撤销，不再发出"
        ]


class TestFixed:
    def test_one_that_a_server_may_have_is_repeated_as_it_was(self, office: Office) -> None:
        """The line is cut after the dot: nobody knows whether it left."""
        office.rules = HOLD
        office.rounds(at=FIRST)
        (item,) = (each for each in office.reminders() if each.mail.to == CLERK)
        with office.app.ledger.transaction() as books:
            books.move(item.id, OutgoingState.SENDING, shanghai("2021-04-21T09:10"))
            books.move(item.id, OutgoingState.UNKNOWN, shanghai("2021-04-21T09:10"), "连接中断")
        office.receives(a_table(), at="2021-04-21T10:00")

        office.sends(item.id, at="2021-04-21T11:00")

        assert office.outbox(OutgoingState.SENT)[0].mail.raw == item.mail.raw
