"""Whether a message gets an acknowledgement."""

from __future__ import annotations

import pytest

from mailbot.domain.decision import Decision, MailKind, Verdict
from mailbot.domain.moments import shanghai
from mailbot.rules.acknowledging import AcknowledgementDue, Answer, Service, acknowledgement_due, acknowledgement_key

SERVICE = Service(answer_after=shanghai("2021-04-01T00:00"), answer_within_days=3)
ARRIVED, SOON = shanghai("2021-04-20T09:00"), shanghai("2021-04-20T09:05")


def a_decision(verdict: Verdict = Verdict.RECORD, *, to: str = "a@qq.com", reasons: tuple[str, ...] = ()) -> Decision:
    return Decision(MailKind.REPORT, verdict, answer_to=to, reasons_not_to_answer=reasons)


def test_a_recorded_report_is_acknowledged_until_the_days_are_over() -> None:
    due = acknowledgement_due(a_decision(), ARRIVED, SERVICE, SOON)

    assert due == AcknowledgementDue(Answer.QUEUE, "", shanghai("2021-04-23T09:00"))


@pytest.mark.parametrize(("now", "answer"), [("2021-04-23T09:00", Answer.QUEUE), ("2021-04-23T09:01", Answer.EXPIRED)])
def test_an_acknowledgement_that_waited_too_long_is_shown_and_not_sent(now: str, answer: Answer) -> None:
    assert acknowledgement_due(a_decision(), ARRIVED, SERVICE, shanghai(now)).answer is answer


@pytest.mark.parametrize("verdict", [Verdict.TRIAGE, Verdict.IGNORE])
def test_what_is_not_recorded_gets_none(verdict: Verdict) -> None:
    assert acknowledgement_due(a_decision(verdict), ARRIVED, SERVICE, SOON).answer is Answer.NONE


@pytest.mark.parametrize(
    ("arrived", "answer"), [("2021-03-31T23:59:59", Answer.NONE), ("2021-04-01T00:00", Answer.EXPIRED)]
)
def test_mail_from_before_the_service_began_is_recorded_silently(arrived: str, answer: Answer) -> None:
    assert acknowledgement_due(a_decision(), shanghai(arrived), SERVICE, SOON).answer is answer


def test_without_a_beginning_of_the_service_nothing_is_answered() -> None:
    assert acknowledgement_due(a_decision(), ARRIVED, Service(None, 3), SOON).answer is Answer.NONE


def test_without_a_known_arrival_nothing_is_answered() -> None:
    assert acknowledgement_due(a_decision(), None, SERVICE, SOON).answer is Answer.NONE


@pytest.mark.parametrize("decision", [a_decision(reasons=("auto_submitted",)), a_decision(to="")])
def test_whom_we_may_not_answer_gets_none_and_it_is_said_why(decision: Decision) -> None:
    due = acknowledgement_due(decision, ARRIVED, SERVICE, SOON)

    assert (due.answer, due.why.startswith("不宜回复")) == (Answer.NONE, True)


def test_the_same_bytes_have_the_same_key() -> None:
    assert acknowledgement_key("ab") == "ack:ab"
