"""What keeps the service from its work is mailed to the office by the other path, once; and once that it is over."""

from __future__ import annotations

import pytest
from tests.office import CLERK, LABOUR, QUIET_SMTP, Office, Rules, text_of
from tests.office_mails import a_report
from tests.servers.misbehaviour import bye

from mailbot.domain.books import OutgoingState
from mailbot.domain.moments import shanghai
from mailbot.errors import LoginRefused
from mailbot.stages.reconciling import DIFFERENCES

pytestmark = QUIET_SMTP

DUTY, CHIEF = "duty@office.example", "chief@office.example"
TO_BOTH = Rules(office=f'addresses = ["{DUTY}", "{CHIEF}"]')
NINE, BEFORE_ONE, ONE, TWO = (f"2021-04-15T{clock}" for clock in ("09:00", "12:59", "13:00", "14:00"))


@pytest.fixture(autouse=True)
def _with_addresses(office: Office) -> None:
    office.rules = TO_BOTH


def cannot_reach_the_mailbox(office: Office, *moments: str) -> None:
    """Let rounds be made while the mail server lets nobody in."""
    for moment in moments:
        office.host.when("LOGIN", bye())  # type: ignore[attr-defined]  # the office's host is 163's likeness
        office.rounds(at=moment)


class TestMailboxUnreachable:
    def test_four_hours_of_it_are_told_to_the_office_in_one_mail(self, office: Office) -> None:
        cannot_reach_the_mailbox(office, NINE, BEFORE_ONE)
        assert office.sent() == []

        cannot_reach_the_mailbox(office, ONE, TWO, "2021-04-16T09:00")

        (alarm,) = office.sent()
        assert alarm["To"] == f"{DUTY}, {CHIEF}"
        assert alarm["Subject"] == "【故障】邮件收取自2021年4月15日9:00起未能正常进行"
        assert alarm["Auto-Submitted"] == "auto-generated"
        assert "截至2021年4月15日13:00尚未恢复" in text_of(alarm)
        assert "连接中断" in text_of(alarm)

    def test_the_first_complete_poll_brings_one_all_clear(self, office: Office) -> None:
        cannot_reach_the_mailbox(office, NINE, ONE)

        office.rounds(at=TWO)
        office.rounds(at="2021-04-15T14:05")

        _, all_clear = office.sent()
        assert all_clear["Subject"] == "【恢复】邮件收取已恢复正常"
        assert "2021年4月15日9:00起未能正常进行，现已于2021年4月15日14:00恢复正常" in text_of(all_clear)

    def test_what_is_over_before_four_hours_is_no_mail(self, office: Office) -> None:
        cannot_reach_the_mailbox(office, NINE, BEFORE_ONE)

        office.rounds(at=ONE)

        assert office.outbox() == ()

    def test_the_next_time_it_is_told_again(self, office: Office) -> None:
        cannot_reach_the_mailbox(office, NINE, ONE)
        office.rounds(at=TWO)

        cannot_reach_the_mailbox(office, "2021-04-16T09:00", "2021-04-16T13:00")

        assert [mail["Subject"][:4] for mail in office.sent()] == ["【故障】", "【恢复】", "【故障】"]

    def test_a_restart_forgets_neither_how_long_it_lasts_nor_that_it_was_told(self, office: Office) -> None:
        cannot_reach_the_mailbox(office, NINE)
        office.restarts()
        cannot_reach_the_mailbox(office, ONE)
        office.restarts()
        cannot_reach_the_mailbox(office, TWO)

        assert len(office.sent()) == 1

    def test_the_office_says_how_long_is_too_long(self, office: Office) -> None:
        office.rules = Rules(office=f'addresses = ["{DUTY}"]\nalarm_after_hours = 1')

        cannot_reach_the_mailbox(office, NINE, "2021-04-15T10:00")

        assert len(office.sent_to(DUTY)) == 1

    def test_in_hold_mode_it_leaves_by_itself_and_nothing_else_does(self, office: Office) -> None:
        office.rules = Rules(mode="hold", office=TO_BOTH.office)
        office.receives(a_report(), at=NINE)
        office.rounds(at=NINE)

        cannot_reach_the_mailbox(office, "2021-04-15T09:05", "2021-04-15T13:05")

        (alarm,) = office.sent()
        assert alarm["Subject"].startswith("【故障】")
        assert [item.mail.to for item in office.outbox(OutgoingState.HELD)] == [CLERK]

    def test_an_alarm_that_could_not_go_until_all_is_well_goes_no_more(self, office: Office) -> None:
        office.smtp.recorder.answers["MAIL"] = "421 4.3.2 shutting down"
        cannot_reach_the_mailbox(office, NINE, ONE)
        office.smtp.recorder.answers.clear()

        office.rounds(at=TWO)

        assert office.sent() == []
        (alarm,) = office.outbox()
        assert (alarm.state, alarm.reason) == (OutgoingState.CANCELLED, "已恢复正常，不再发出")

    def test_a_round_that_is_broken_off_is_no_sign_that_all_is_well(self, office: Office) -> None:
        cannot_reach_the_mailbox(office, NINE, ONE)

        office.clock.moment = shanghai(TWO)
        office.app.round(office.reader, relist=False, interrupted=lambda: True).make()

        assert len(office.outbox()) == 1
        assert "连接中断" in "".join(office.status().wrong)

    def test_a_clock_that_ran_ahead_when_it_began_does_not_keep_it_from_the_office(self, office: Office) -> None:
        cannot_reach_the_mailbox(office, "2023-04-15T09:00")

        cannot_reach_the_mailbox(office, NINE, ONE)

        assert "自2021年4月15日9:00起" in office.sent()[0]["Subject"]


class TestWhereTo:
    def test_without_an_address_of_the_office_nothing_is_sent_and_status_tells(self, office: Office) -> None:
        office.rules = Rules()

        cannot_reach_the_mailbox(office, NINE, ONE)

        assert office.outbox() == ()
        assert "连接中断" in "".join(office.status().wrong)

    def test_no_unit_hears_of_it_though_its_address_stands_among_the_offices(self, office: Office) -> None:
        office.rules = Rules(office=f'addresses = ["{CLERK}", "{DUTY}"]')

        cannot_reach_the_mailbox(office, NINE, ONE)

        assert [item.mail.to for item in office.outbox()] == [DUTY]

    def test_an_address_that_a_person_bound_to_a_unit_since_is_a_units_too(self, office: Office) -> None:
        office.bench.bind(DUTY, LABOUR)

        cannot_reach_the_mailbox(office, NINE, ONE)

        assert [item.mail.to for item in office.outbox()] == [CHIEF]

    def test_it_never_goes_into_the_mailbox_that_is_read(self, office: Office) -> None:
        ours = office.host.server.user
        office.rules = Rules(office=f'addresses = ["{ours.upper()}"]')

        cannot_reach_the_mailbox(office, NINE, ONE)

        assert office.outbox() == ()

    def test_our_alarm_that_comes_back_to_us_is_known_as_ours_and_answered_by_nothing(self, office: Office) -> None:
        cannot_reach_the_mailbox(office, NINE, ONE)
        (alarm,) = office.smtp.recorder.mails
        office.receives(alarm.raw, at=TWO)

        office.rounds(at=TWO)

        assert [row.standing.value for row in office.messages()] == ["ignored"]
        assert [mail["Subject"][:4] for mail in office.sent()] == ["【故障】", "【恢复】"]


class TestCount:
    """A folder holds more or less than the ledger has in view there. How that is found: stages/test_reconciling."""

    @pytest.fixture
    def miscounting(self, office: Office) -> Office:
        office.receives(a_report(), at=NINE)
        office.rounds(at=NINE)
        with office.app.ledger.transaction() as books:
            books.remember(DIFFERENCES, '{"INBOX": 2}')
        cannot_reach_the_mailbox(office, "2021-04-15T09:10", "2021-04-15T09:15")  # so nothing is counted anew
        return office

    def test_it_is_wrong_and_mailed_without_waiting_for_hours(self, miscounting: Office) -> None:
        assert "文件夹“INBOX”中有 1 封邮件，台账所见为 1 封" in "".join(miscounting.status().wrong)
        (alarm,) = miscounting.sent_to(DUTY)
        assert alarm["Subject"] == "【故障】来件数目自2021年4月15日9:10起核对不符"
        assert "催报前请先查看网页邮箱" in text_of(alarm)

    def test_it_is_over_once_the_sum_is_right(self, miscounting: Office) -> None:
        miscounting.rounds(at="2021-04-15T09:20")

        assert miscounting.status().wrong == ()
        assert [mail["Subject"][:4] for mail in miscounting.sent_to(DUTY)] == ["【故障】", "【恢复】"]


def test_a_server_that_lists_fewer_than_it_counts_is_told_like_one_that_cannot_be_reached(office: Office) -> None:
    office.receives(a_report(), at=NINE)
    inbox = office.host.folders["INBOX"]  # type: ignore[attr-defined]  # the office's host is 163's likeness
    inbox.append(inbox[0])

    office.rounds(at=NINE)
    office.rounds(at=ONE)

    assert "服务器称有 2 封邮件，只列出了 1 封" in "".join(office.status().wrong)
    assert "服务器称有 2 封邮件，只列出了 1 封" in text_of(office.sent_to(DUTY)[0])


class TestSendingImpossible:
    def test_status_says_so_and_names_the_list_of_who_owes(self, office: Office) -> None:
        office.smtp.recorder.answers["DATA"] = "554 DT:SPM smtp1"
        office.receives(a_report(), at=NINE)

        office.rounds(at=NINE)

        wrong = "\n".join(office.status().wrong)
        assert "发送已全部停止：服务器判为垃圾邮件" in wrong
        assert "mailbot outbox resume" in wrong
        assert "mailbot ledger --owing" in wrong

    def test_too_many_wrong_codes_are_not_tried(self, office: Office) -> None:
        office.smtp.password = "wrong"  # noqa: S105 - of an account on the loopback
        office.receives(a_report(), at=NINE)

        for minute in range(0, 60, 5):
            office.rounds(at=f"2021-04-15T10:{minute:02d}")

        assert len(office.smtp.recorder.logins) == 3
        assert "不再用同一授权码登录" in "".join(office.status().wrong)

    def test_a_check_that_is_let_in_lets_mail_go_again(self, office: Office) -> None:
        """The code is the same: what was wrong was put right in the provider's web page."""
        office.clock.moment = shanghai(NINE)
        office.app._patience_in_sending.refused(LoginRefused(), shanghai(NINE))
        office.receives(a_report(), at=NINE)
        office.rounds(at=NINE)
        assert office.sent() == []

        office.app.inspector.smtp_login()
        office.rounds(at="2021-04-15T09:01")

        assert len(office.sent_to(CLERK)) == 1
        assert office.status().wrong == ()
