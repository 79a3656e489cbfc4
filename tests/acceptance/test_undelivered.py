"""`mailbot status` tells of each mail of ours that reached nobody, or waits, and says when that is settled."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.office import CLERK, EDUCATION, LABOUR, OTHER_CLERK, QUIET_SMTP, Office, Rules
from tests.office_mails import a_letter, a_report, a_sealed_paper, a_table, the_scan

from mailbot.demo.samples import bounce_mail, report_mail
from mailbot.domain.books import OutgoingState
from mailbot.domain.moments import shanghai
from mailbot.errors import UsageError
from mailbot.stages.releasing import cancel

pytestmark = QUIET_SMTP

NINE, SOON, TEN = "2021-04-15T09:00", "2021-04-15T09:05", "2021-04-15T10:00"
REFUSED = "550 5.1.1 no such user"


def wrong(office: Office) -> str:
    return "\n".join(office.status().wrong)


def notes(office: Office) -> str:
    return "\n".join(office.status().notes)


def cancels(office: Office, *ids: int) -> None:
    cancel(office.app.ledger, ids, office.clock.now(), "office")


class TestHeldBack:
    @pytest.mark.parametrize(
        ("cap", "told"),
        [
            ("per_address_day = 1", f"24 小时内已向 {CLERK} 发出 1 封"),
            ("per_hour = 1", "1 小时内已发出 1 封"),
            ("per_day = 1", "24 小时内已发出 1 封"),
        ],
    )
    def test_a_cap_that_holds_mail_back_is_told_and_is_nothing_wrong(self, office: Office, cap: str, told: str) -> None:
        office.rules = Rules(caps=cap)
        office.receives(a_table(), at=NINE)
        office.receives(a_sealed_paper(), at=NINE)

        office.rounds(at=SOON)

        assert f"1 封邮件等待发出：{told}" in notes(office)
        assert office.status().wrong == ()
        assert told in office.outbox(OutgoingState.QUEUED)[0].reason

    def test_a_server_that_takes_nothing_is_told_with_the_moment_of_the_next_try(self, office: Office) -> None:
        office.smtp.recorder.answers["MAIL"] = "421 4.3.2 shutting down"
        office.receives(a_report(), at=NINE)

        office.rounds(at=SOON)

        assert wrong(office).count("暂不接收本邮箱发信") == 1
        assert "04月15日 09:35 后自动再试" in wrong(office)
        office.smtp.recorder.answers.clear()
        office.rounds(at=TEN)
        assert office.status().wrong == ()

    def test_a_server_that_refuses_a_persons_sending_is_told_too(self, office: Office) -> None:
        office.rules = Rules(mode="hold")
        office.receives(a_report(), at=NINE)
        office.rounds(at=SOON)
        office.smtp.recorder.answers["MAIL"] = "421 4.3.2 shutting down"

        office.sends(at=SOON)

        assert "shutting down" in wrong(office)

    def test_a_robot_with_another_file_each_time_is_stopped_by_the_cap_of_its_address(self, office: Office) -> None:
        """It says nowhere that it is one, and what it sends is new: only counting stops it."""
        office.rules = Rules(caps="per_address_day = 3")
        office.receives(a_table(), at=NINE)
        for hour in range(10, 17):
            office.rounds(at=f"2021-04-15T{hour}:00")
            ours = office.sent()[-1]["Message-ID"]
            fresh = replace(the_scan(), content=the_scan().content + f"\n%{hour}\n".encode())
            office.receives(report_mail(a_letter(fresh, answers=ours)), at=f"2021-04-15T{hour}:30")

        office.rounds(at="2021-04-15T17:00")

        assert len(office.sent_to(CLERK)) == 3
        assert f"24 小时内已向 {CLERK} 发出 3 封，达到上限" in notes(office)


class TestReachedNobody:
    def test_a_mail_that_failed_is_told_until_a_person_settles_it(self, office: Office) -> None:
        office.smtp.recorder.answers[CLERK] = REFUSED
        office.receives(a_report(), at=NINE)
        office.rounds(at=SOON)
        (failed,) = office.outbox(OutgoingState.FAILED)
        assert f"mailbot outbox cancel {failed.id}" in wrong(office)

        cancels(office, failed.id)

        assert office.status().wrong == ()
        assert office.outbox(OutgoingState.CANCELLED)[0].reason == "工作人员确认不再发送"
        assert [event.actor for event in office.events(f"outbox:{failed.id}")] == ["office"]

    def test_a_mail_that_failed_is_told_until_the_next_has_said_the_same(self, office: Office) -> None:
        office.smtp.recorder.answers[CLERK] = REFUSED
        office.receives(a_table(), at=NINE)
        office.rounds(at=SOON)
        office.smtp.recorder.answers.clear()

        office.receives(a_sealed_paper(), at=TEN)
        office.rounds(at=TEN)

        assert office.status().wrong == ()

    def test_answers_that_came_too_late_to_be_sent_are_told_together(self, office: Office) -> None:
        office.rules = Rules(mode="hold")
        office.receives(a_report(), at=NINE)
        office.receives(a_report(LABOUR, sender=OTHER_CLERK), at=NINE)
        office.rounds(at=SOON)

        office.rounds(at="2021-04-18T09:30")

        (told,) = office.status().wrong
        assert told.startswith("2 封回执超过答复期限，没有发出")
        assert CLERK in told
        cancels(office, *(item.id for item in office.outbox(OutgoingState.EXPIRED)))
        assert office.status().wrong == ()

    def test_an_answer_that_was_not_sent_is_no_matter_of_another_month(self, office: Office) -> None:
        office.rules = Rules(mode="hold")
        office.receives(a_report(), at=NINE)
        office.rounds(at=SOON)
        office.rounds(at="2021-04-18T09:30")

        office.rounds(at="2021-05-19T09:05")

        assert "超过答复期限" not in wrong(office)

    def test_a_mail_that_was_sent_cannot_be_settled(self, office: Office) -> None:
        office.receives(a_report(), at=NINE)
        office.rounds(at=SOON)

        with pytest.raises(UsageError, match="nothing to cancel: 1"):
            cancels(office, 1)


class TestBounced:
    @pytest.fixture(params=["coremail", "quoted", "unquoted"])
    def bounced(self, office: Office, request: pytest.FixtureRequest) -> Office:
        """Return an office whose acknowledgement came back."""
        office.receives(a_table(), at=NINE)
        office.rounds(at=SOON)
        ours = office.outbox()[0].mail
        message_id = "<x@y.example>" if request.param == "unquoted" else ours.message_id
        raw = bounce_mail(CLERK, message_id=message_id, subject=ours.subject, sent=shanghai(TEN))
        if request.param == "quoted":
            raw = raw.replace(b"X-CM-Original-Message-ID", b"X-Quoted")
        office.receives(raw, at=TEN)
        office.rounds(at=TEN)
        return office

    def test_a_bounce_is_told_with_the_unit_the_address_and_what_to_do(self, bounced: Office) -> None:
        (told,) = bounced.status().wrong

        assert told.startswith(f"{EDUCATION}的邮箱 {CLERK} 收不到邮件：04月15日")
        assert "units.yaml" in told

    def test_it_is_settled_with_another_address_in_the_list(self, bounced: Office) -> None:
        bounced.edits_units({EDUCATION: ("new@clerks.example",), LABOUR: (OTHER_CLERK,)})

        assert bounced.status().wrong == ()

    def test_it_is_settled_by_a_later_mail_that_did_not_come_back(self, bounced: Office) -> None:
        bounced.receives(a_sealed_paper(), at="2021-04-15T11:00")
        bounced.rounds(at="2021-04-15T11:05")

        assert bounced.status().wrong == ()


def test_a_mere_delay_brings_nothing_back(office: Office) -> None:
    office.receives(a_report(), at=NINE)
    office.rounds(at=SOON)
    ours = office.outbox()[0].mail
    raw = bounce_mail(CLERK, message_id=ours.message_id, subject=ours.subject, sent=shanghai(TEN))
    office.receives(raw.replace(b"Action: failed", b"Action: delayed"), at=TEN)

    office.rounds(at=TEN)

    assert office.status().wrong == ()


def test_one_of_two_addresses_that_is_refused_is_told(office: Office) -> None:
    office.addresses = {EDUCATION: (CLERK, "lisi@clerks.example")}
    office.smtp.recorder.answers[CLERK] = REFUSED

    office.rounds(at="2021-04-21T09:00")

    (told,) = office.status().wrong
    assert told.startswith(f"{EDUCATION}的邮箱 {CLERK} 收不到邮件")


def test_a_broken_template_of_the_office_is_told_while_the_shipped_one_is_used(office: Office) -> None:
    office.rules = Rules(own_templates=True)
    office.receives(a_report(), at=NINE)
    assert office.app
    (office.folder / "templates" / "mails" / "acknowledgement.txt").write_text("{{ letter.nothing }}")

    office.rounds(at=SOON)

    assert len(office.sent()) == 1
    assert "acknowledgement.txt" in wrong(office)
    assert "随程序提供的模板" in wrong(office)


def test_a_poll_noted_for_the_future_tells_of_a_wrong_clock(office: Office) -> None:
    office.rounds(at="2022-04-15T09:05")
    office.clock.moment = shanghai(NINE)

    assert "时钟不准" in wrong(office)
