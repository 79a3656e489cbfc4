"""A whole round, held against every IMAP server alike: Dovecot, pymap, and one that behaves as 163."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import replace
from hashlib import sha256
from itertools import groupby
from typing import TYPE_CHECKING

import pytest
from imapclient.imap_utf7 import encode
from tests.office import CLERK, EDUCATION, LABOUR, OTHER_CLERK, QUIET_SMTP, Office, text_of
from tests.office_mails import a_letter, a_report, a_sealed_paper, a_table, the_scan, the_table
from tests.servers.misbehaviour import bye, cut_after, says

from mailbot.demo.samples import report_mail, stranger_mail
from mailbot.domain.books import Completeness, Event, MessageStanding, OutgoingKind, OutgoingState, Timeliness
from mailbot.domain.moments import shanghai

if TYPE_CHECKING:
    from pathlib import Path

    from tests.servers.dovecot import DovecotAccount
    from tests.servers.netease import Conversation, NetEase
    from tests.servers.smtp_server import SmtpServer

    from mailbot.reading.reader import SandboxedReader

pytestmark = QUIET_SMTP

NINE, SOON = "2021-04-15T09:00", "2021-04-15T09:05"


class TestAnyMailbox:
    def test_a_mail_becomes_a_receipt_and_an_acknowledgement(self, any_office: Office) -> None:
        any_office.receives(a_report(), at=NINE)

        any_office.rounds(at=SOON)

        row = any_office.ledger("2021-04")[EDUCATION]
        assert (row.standing.completeness, row.standing.timeliness) == (Completeness.COMPLETE, Timeliness.ON_TIME)
        assert row.receipts == ("2021-04-0001",)
        assert row.standing.completed_at == shanghai(NINE)
        (mail,) = any_office.sent_to(CLERK)
        assert "2021-04-0001" in text_of(mail)

    def test_the_archive_holds_the_very_bytes_that_came(self, any_office: Office) -> None:
        raw = a_report()
        any_office.receives(raw, at=NINE)

        any_office.rounds(at=SOON)

        (row,) = any_office.messages()
        assert row.sha256 == sha256(raw).hexdigest()
        assert any_office.app.archive.checked(row.sha256).read_bytes() == raw

    def test_the_acknowledgement_answers_the_mail_and_says_that_a_machine_wrote_it(self, any_office: Office) -> None:
        letter = a_letter(the_table(), the_scan())
        any_office.receives(report_mail(letter), at=NINE)

        any_office.rounds(at=SOON)

        (mail,) = any_office.sent()
        (row,) = any_office.messages()
        assert mail["In-Reply-To"] == row.message_id
        assert row.message_id in mail["References"]
        assert mail["Auto-Submitted"] == "auto-replied"
        assert mail["To"] == CLERK

    def test_the_ledger_says_that_a_report_lay_among_the_spam(self, any_office: Office) -> None:
        any_office.host.add_folder("订阅邮件")
        any_office.receives(a_report(), at=NINE, folder="订阅邮件")

        any_office.rounds(at=SOON)

        row = any_office.ledger("2021-04")[EDUCATION]
        assert {part.folder for part in row.parts} == {"订阅邮件"}
        assert len(any_office.sent_to(CLERK)) == 1

    def test_nothing_in_the_mailbox_changes_over_a_whole_month(self, any_office: Office) -> None:
        any_office.receives(a_table(), at="2021-04-20T09:00")
        any_office.receives(stranger_mail(shanghai("2021-04-20T10:00")), at="2021-04-20T10:00")
        any_office.host.mark("INBOX", 1, r"\Flagged")
        before = any_office.host.flags("INBOX")

        for day in range(20, 31):
            any_office.rounds(at=f"2021-04-{day}T09:00")
            any_office.rounds(at=f"2021-04-{day}T15:00", relist=True)

        assert any_office.host.flags("INBOX") == before == (frozenset({r"\Flagged"}), frozenset())
        assert len(any_office.messages()) == 2

    def test_the_same_mail_is_not_answered_twice_however_often_it_is_looked_at(self, any_office: Office) -> None:
        any_office.receives(a_report(), at=NINE)

        for minute in range(5, 30, 5):
            any_office.rounds(at=f"2021-04-15T09:{minute:02d}", relist=minute % 2 == 0)
            any_office.restarts()

        assert len(any_office.receipts()) == len(any_office.sent()) == 1

    def test_the_same_bytes_in_two_folders_are_one_message_seen_twice(self, any_office: Office) -> None:
        any_office.host.add_folder("订阅邮件")
        any_office.receives(a_report(), at=NINE)
        any_office.receives(a_report(), at="2021-04-15T08:00", folder="订阅邮件")

        any_office.rounds(at=SOON)

        assert len({row.sha256 for row in any_office.messages()}) == 1
        assert len(any_office.messages()) == 2
        assert len(any_office.receipts()) == len(any_office.sent()) == 1
        assert any_office.ledger("2021-04")[EDUCATION].standing.first_arrival == shanghai("2021-04-15T08:00")

    def test_the_same_message_id_with_other_contents_is_another_mail(self, any_office: Office) -> None:
        first = a_table()
        message_id = next(line for line in first.split(b"\r\n") if line.startswith(b"Message-ID"))
        other = a_sealed_paper()
        its_own = next(line for line in other.split(b"\r\n") if line.startswith(b"Message-ID"))
        any_office.receives(first, at=NINE)
        any_office.receives(other.replace(its_own, message_id), at="2021-04-15T09:01")

        any_office.rounds(at=SOON)

        assert len(any_office.receipts()) == len(any_office.sent()) == 2
        assert any_office.ledger("2021-04")[EDUCATION].standing.completeness is Completeness.COMPLETE

    def test_a_mail_that_a_person_moves_is_recorded_once_and_still_in_view(self, any_office: Office) -> None:
        any_office.host.add_folder("订阅邮件")
        any_office.receives(a_report(), at=NINE)
        any_office.rounds(at=SOON)
        any_office.host.move("INBOX", 1, "订阅邮件")

        any_office.rounds(at="2021-04-15T09:10", relist=True)

        views = {row.folder: row.in_view for row in any_office.messages()}
        assert views == {"INBOX": False, "订阅邮件": True}
        assert len(any_office.receipts()) == len(any_office.sent()) == 1

    def test_a_mail_that_a_person_deletes_stays_in_the_ledger(self, any_office: Office) -> None:
        any_office.receives(a_report(), at=NINE)
        any_office.rounds(at=SOON)
        any_office.host.remove("INBOX", 1)

        any_office.rounds(at="2021-04-15T09:10")

        assert [row.in_view for row in any_office.messages()] == [False]
        assert any_office.ledger("2021-04")[EDUCATION].standing.completeness is Completeness.COMPLETE

    def test_what_is_in_view_is_what_the_mailbox_holds(self, any_office: Office) -> None:
        for number in range(6):
            any_office.receives(a_table(body=f"第{number}次"), at=f"2021-04-15T09:0{number}")
        any_office.rounds(at="2021-04-15T09:10")
        any_office.host.remove("INBOX", 3)
        any_office.receives(a_sealed_paper(), at="2021-04-15T09:12")

        any_office.rounds(at="2021-04-15T09:15")

        assert sum(row.in_view for row in any_office.messages()) == len(any_office.host.flags("INBOX")) == 6
        assert len(any_office.messages()) == 7

    def test_every_message_is_in_exactly_one_place(self, any_office: Office) -> None:
        any_office.receives(a_report(), at=NINE)
        any_office.receives(stranger_mail(shanghai(NINE)), at=NINE)

        any_office.rounds(at=SOON)

        places = Counter(row.standing for row in any_office.messages())
        assert places == {MessageStanding.RECEIPTS: 1, MessageStanding.TRIAGE: 1}

    def test_a_scan_arriving_before_the_workbook_keeps_the_first_time(self, any_office: Office) -> None:
        any_office.receives(a_sealed_paper(), at="2021-04-22T09:00")
        any_office.rounds(at="2021-04-22T09:05")
        any_office.receives(a_table(), at="2021-04-26T08:00")
        any_office.rounds(at="2021-04-26T08:05")

        standing = any_office.ledger("2021-04")[EDUCATION].standing

        assert standing.first_arrival == shanghai("2021-04-22T09:00")
        assert standing.completed_at == shanghai("2021-04-26T08:00")
        assert (standing.completeness, standing.timeliness, standing.days_late) == (
            Completeness.COMPLETE,
            Timeliness.LATE,
            1,
        )

    def test_one_mail_for_two_units_gets_two_receipts_and_one_answer(self, any_office: Office) -> None:
        any_office.addresses = {EDUCATION: (CLERK,), LABOUR: (CLERK,)}
        files = (the_table(), the_scan(), the_table(LABOUR), the_scan(LABOUR))
        any_office.receives(report_mail(a_letter(*files, subject="两家4月进展情况")), at=NINE)

        any_office.rounds(at=SOON)

        assert {receipt.unit for receipt in any_office.receipts()} == {EDUCATION, LABOUR}
        (mail,) = any_office.sent()
        assert all(receipt.number in text_of(mail) for receipt in any_office.receipts())


@pytest.fixture
def dovecot_office(
    tmp_path: Path, dovecot_account: DovecotAccount, recording_smtp: SmtpServer, reader: SandboxedReader
) -> Office:
    return Office(tmp_path, dovecot_account, recording_smtp, reader)


@pytest.mark.dovecot
def test_a_renumbered_folder_loses_nothing_and_answers_nothing_twice(
    dovecot_office: Office, dovecot_account: DovecotAccount
) -> None:
    dovecot_office.receives(a_report(), at=NINE)
    dovecot_office.receives(a_report(LABOUR, sender=OTHER_CLERK), at=NINE)
    dovecot_office.rounds(at=SOON)
    threading.Event().wait(1.1)  # within one second Dovecot would give the same UIDVALIDITY again
    dovecot_account.forget_uids()
    dovecot_office.receives(a_sealed_paper(), at="2021-04-15T09:06")

    dovecot_office.rounds(at="2021-04-15T09:10")

    assert len({row.sha256 for row in dovecot_office.messages()}) == 3
    assert sum(row.in_view for row in dovecot_office.messages()) == 3
    assert len(dovecot_office.receipts()) == len(dovecot_office.sent()) == 3
    dovecot_office.restarts()


def change_the_code(netease: NetEase) -> str:
    """Let the server ask for another authorisation code than the office has; return the one that it has."""
    known, netease.password = netease.password, netease.password[::-1]
    return known


def refuse_to_open(netease: NetEase, folder: str) -> None:
    """Let the server refuse a folder once."""

    def refused(talk: Conversation, tag: str, rest: str) -> None:
        if encode(folder).decode("ascii") in rest:
            talk.say(f"{tag} NO EXAMINE mailbox is being repaired")
        else:
            netease.when("EXAMINE", refused)
            talk.behave(tag, "EXAMINE", rest)

    netease.when("EXAMINE", refused)


class TestLike163:
    """What only a scripted server can do on order."""

    def test_a_line_dropped_in_the_middle_of_a_mail_costs_a_round_and_no_mail(
        self, office: Office, netease: NetEase
    ) -> None:
        office.receives(a_report(), at=NINE)
        netease.when("UID FETCH", cut_after(2000, "UID FETCH"))

        first = office.rounds(at=SOON)
        second = office.rounds(at="2021-04-15T09:10")

        assert (first.intake.fetched, second.intake.fetched) == (0, 1)
        assert "mailbox" in first.trouble
        assert not second.trouble
        assert len(office.receipts()) == len(office.sent()) == 1

    @pytest.mark.parametrize("size", [0, 1, 20, 70, 5000, 100_000])
    def test_wherever_the_line_is_cut_the_mail_before_it_is_kept(
        self, office: Office, netease: NetEase, size: int
    ) -> None:
        office.receives(a_table(), at=NINE)
        office.receives(a_sealed_paper(), at="2021-04-15T09:01")
        office.receives(a_report(LABOUR, sender=OTHER_CLERK), at="2021-04-15T09:02")
        netease.when("UID FETCH", lambda talk, tag, rest: talk.behave(tag, "UID FETCH", rest))
        netease.when("UID FETCH", cut_after(size, "UID FETCH"))

        office.rounds(at=SOON)
        office.rounds(at="2021-04-15T09:10")

        assert len(office.messages()) == len(office.receipts()) == len(office.sent()) == 3

    def test_a_mail_that_vanishes_while_it_is_fetched_is_not_missed_where_it_went(
        self, office: Office, netease: NetEase
    ) -> None:
        office.receives(a_report(), at=NINE)

        def moved(talk: object, tag: str, rest: str) -> None:
            netease.move("INBOX", 1, "垃圾邮件")
            says()(talk, tag, rest)  # type: ignore[arg-type]  # the conversation

        netease.when("UID FETCH", moved)

        result = office.rounds(at=SOON)

        assert not result.trouble
        assert [row.folder for row in office.messages()] == ["垃圾邮件"]
        assert len(office.sent()) == 1

    def test_a_refused_login_is_told_and_the_outbox_is_sent_all_the_same(
        self, office: Office, netease: NetEase
    ) -> None:
        office.rules = replace(office.rules, mode="hold")
        office.receives(a_report(), at=NINE)
        office.rounds(at=SOON)
        with office.app.ledger.transaction() as books:
            (item,) = books.outbox()
            books.release(item.id, Event(office.clock.now(), "office", "released", str(item.id)))
        change_the_code(netease)

        result = office.rounds(at="2021-04-15T09:10")

        assert "授权码" in result.trouble["mailbox"]
        assert "04月15日 09:15前不再用同一授权码登录" in result.trouble["mailbox"]
        assert result.delivery.sent == 1
        assert any("拒绝登录" in text for text in office.status().wrong)

    def test_a_refused_login_is_not_hammered(self, office: Office, netease: NetEase) -> None:
        office.rounds(at=SOON)
        change_the_code(netease)

        for minute in range(60):
            office.rounds(at=f"2021-04-15T10:{minute:02d}")

        assert netease.commands().count("LOGIN") == 1 + 3  # at once, after 5 minutes, after 35

    def test_a_refused_login_is_not_hammered_by_one_process_after_another(
        self, office: Office, netease: NetEase
    ) -> None:
        """As by a `mailbot poll` in a crontab."""
        for minute in range(60):
            netease.when("LOGIN", says(status="NO LOGIN Login error or password error"))
            office.restarts()
            office.rounds(at=f"2021-04-15T10:{minute:02d}")

        assert netease.commands().count("LOGIN") == 3
        (wrong,) = office.status().wrong
        assert "10:35" not in wrong
        assert "12:35前不再用同一授权码登录" in wrong

    def test_what_a_person_put_right_on_the_providers_page_is_tried_by_check_and_then_by_the_service(
        self, office: Office, netease: NetEase
    ) -> None:
        netease.when("LOGIN", says(status="NO LOGIN Login error or password error"))
        office.rounds(at="2021-04-15T10:00")
        office.rounds(at="2021-04-15T10:01")
        assert netease.commands().count("LOGIN") == 1

        assert all(step.ok for step in office.app.inspector.steps() if step.name == "IMAP 登录和文件夹")

        assert not office.rounds(at="2021-04-15T10:02").trouble

    def test_status_is_well_again_once_the_login_is(self, office: Office, netease: NetEase) -> None:
        office.rounds(at=SOON)
        right = change_the_code(netease)
        office.rounds(at="2021-04-15T10:00")
        assert office.status().wrong
        netease.password = right

        office.rounds(at="2021-04-15T10:06")

        assert office.status().wrong == ()

    def test_a_folder_named_in_mailbot_toml_that_is_not_there_is_told_and_keeps_reminders_back(
        self, office: Office
    ) -> None:
        office.rules = replace(office.rules, folders=("INBOX", "区里来件"))
        office.receives(a_report(), at="2021-04-22T09:30")

        result = office.rounds(at="2021-04-22T10:00")

        assert (result.intake.complete, result.intake.incomplete) == (("INBOX",), ("区里来件",))
        assert "文件夹“区里来件”：邮箱中没有这个文件夹" in result.trouble["mailbox"]
        assert "mailbot.toml 的 [imap] folders" in result.trouble["mailbox"]
        assert result.trouble["mailbox"] in "".join(office.status().wrong)
        assert result.reminders == 0
        assert len(office.sent_to(CLERK)) == 1
        (step,) = [step for step in office.app.inspector.steps() if step.name == "IMAP 登录和文件夹"]
        assert not step.ok
        assert "文件夹“区里来件”：邮箱中没有这个文件夹" in step.text
        assert "[imap] folders" in step.remedy

    def test_status_asks_whether_the_service_runs_only_where_no_folder_is_polled(
        self, office: Office, netease: NetEase
    ) -> None:
        netease.add_folder("区里来件")
        office.rules = replace(office.rules, folders=("INBOX", "区里来件"))
        office.rounds(at="2021-04-15T10:00")
        del netease.folders["区里来件"]
        office.rounds(at="2021-04-15T11:00")

        assert office.status().wrong[1:] == ("文件夹“区里来件”自04月15日 10:00以来没有完整收取",)

        office.clock.moment = shanghai("2021-04-15T12:00")
        assert all(text.endswith("没有完整收取，请确认服务是否在运行") for text in office.status().wrong[1:])

    def test_a_spam_folder_that_the_mailbox_never_had_is_no_trouble(self, office: Office, netease: NetEase) -> None:
        del netease.folders["订阅邮件"]

        result = office.rounds(at="2021-04-22T10:00")

        assert not result.trouble
        assert result.reminders == 2

    def test_a_folder_that_is_gone_with_messages_keeps_reminders_back_for_three_days_and_is_told(
        self, office: Office, netease: NetEase
    ) -> None:
        office.receives(a_report(), at="2021-04-20T09:00", folder="广告邮件")
        office.rounds(at="2021-04-20T09:05")
        netease.folders["营销"] = netease.folders.pop("广告邮件")

        first, told = office.rounds(at="2021-04-20T10:00"), office.status().wrong
        office.rounds(at="2021-04-22T10:00")
        queued_meanwhile = office.reminders()
        last = office.rounds(at="2021-04-23T10:00")

        assert "文件夹“广告邮件”：邮箱中已没有这个文件夹，台账中有 1 封来件在其中。" in first.trouble["mailbox"]
        assert first.trouble["mailbox"] in "".join(told)
        assert queued_meanwhile == ()
        assert not last.trouble
        assert last.reminders == 1
        assert office.status().wrong == ()
        assert [row.in_view for row in office.messages()] == [False]

    @pytest.mark.parametrize("folder", ["INBOX", "广告邮件"])
    def test_a_folder_that_the_server_refuses_to_open_leaves_the_others_polled(
        self, office: Office, netease: NetEase, folder: str
    ) -> None:
        office.receives(a_report(), at=NINE, folder="INBOX" if folder != "INBOX" else "垃圾邮件")

        refuse_to_open(netease, folder)

        result = office.rounds(at=SOON)

        assert result.intake.incomplete == (folder,)
        assert "服务器答复：EXAMINE mailbox is being repaired" in result.trouble["mailbox"]
        assert len(office.sent_to(CLERK)) == 1

    def test_a_sent_folder_that_is_refused_leaves_a_mail_in_doubt_and_the_round_whole(
        self, office: Office, netease: NetEase
    ) -> None:
        office.rules = replace(office.rules, mode="hold")
        office.receives(a_report(), at=NINE)
        office.rounds(at=SOON)
        with office.app.ledger.transaction() as books:
            (item,) = books.outbox()
            for state in (OutgoingState.SENDING, OutgoingState.UNKNOWN):
                books.move(item.id, state, office.clock.now())
        office.receives(a_report(LABOUR, sender=OTHER_CLERK), at="2021-04-15T09:30")
        refuse_to_open(netease, "已发送")

        result = office.rounds(at="2021-04-15T10:00")

        assert (result.intake.fetched, result.trouble) == (1, {})
        assert len(office.outbox(OutgoingState.UNKNOWN)) == 1

    def test_a_mail_without_a_date_of_arrival_waits_for_a_person_and_stops_no_other(
        self, office: Office, netease: NetEase
    ) -> None:
        office.receives(a_table(), at=NINE)
        office.receives(a_report(LABOUR, sender=OTHER_CLERK), at=NINE)
        (dateless, _) = netease.folders["INBOX"]
        netease.without_date.add(dateless.uid)

        result = office.rounds(at=SOON)
        again = office.rounds(at="2021-04-15T09:10", relist=True)

        assert not result.trouble
        assert again.intake.fetched == 0
        assert len(office.sent_to(OTHER_CLERK)) == 1
        (item,) = office.triage()
        assert item.arrived is None

    def test_a_server_that_hangs_up_is_told_and_the_next_round_goes_on(self, office: Office, netease: NetEase) -> None:
        office.receives(a_report(), at=NINE)
        netease.when("EXAMINE", bye())

        assert "mailbox" in office.rounds(at=SOON).trouble
        assert not office.rounds(at="2021-04-15T09:10").trouble
        assert len(office.sent()) == 1

    def test_id_with_values_goes_before_examine_on_each_connection(self, office: Office, netease: NetEase) -> None:
        for minute in (5, 10, 15):
            office.rounds(at=f"2021-04-15T09:{minute:02d}")

        heard = [(each.connection, each.command, each.rest) for each in netease.heard]
        talks = [list(talk) for _, talk in groupby(heard, key=lambda each: each[0])]
        assert len(talks) == 3
        for talk in talks:
            commands = [command for _, command, _ in talk]
            assert commands.index("ID") < commands.index("EXAMINE")
            assert all(rest != "NIL" for _, command, rest in talk if command == "ID")

    def test_nothing_but_reading_is_ever_asked_of_the_mailbox(self, office: Office, netease: NetEase) -> None:
        office.receives(a_report(), at=NINE)
        office.receives(stranger_mail(shanghai(NINE)), at=NINE, folder="广告邮件")
        for day in (15, 20, 21, 23, 26):
            office.rounds(at=f"2021-04-{day}T09:30", relist=day == 23)

        asked = {each.command for each in netease.heard}
        assert asked <= {"CAPABILITY", "LOGIN", "ID", "LIST", "EXAMINE", "FETCH", "UID FETCH", "LOGOUT"}
        assert not any("BODY[" in each.rest for each in netease.heard)

    def test_a_month_of_rounds_sends_each_unit_its_mails_and_no_more(self, office: Office) -> None:
        office.receives(a_report(), at="2021-04-15T09:00")
        for day in range(15, 31):
            office.rounds(at=f"2021-04-{day}T09:30")
            office.rounds(at=f"2021-04-{day}T16:30")

        kinds = Counter((item.mail.to, item.mail.kind) for item in office.outbox())
        assert kinds == {
            (CLERK, OutgoingKind.ACKNOWLEDGEMENT): 1,
            (OTHER_CLERK, OutgoingKind.REMINDER): 3,
        }
        assert len(office.sent()) == 4
