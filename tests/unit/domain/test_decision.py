"""What a decision may look at."""

from __future__ import annotations

from tests.ledger_builders import APRIL, CALENDAR

from mailbot.domain.decision import Situation, no_policy
from mailbot.domain.message import Address, Mail
from mailbot.domain.moments import shanghai
from mailbot.domain.period import Period
from mailbot.domain.unit import Directory

MAIL = Mail(
    headers=(("subject", "报送"), ("received", "one"), ("received", "two")),
    subject="报送",
    sender=Address("张三", "a@qq.com"),
    recipients=(),
    message_id="<1@qq.com>",
    references=(),
    return_path=None,
    content_type="text/plain",
    text="",
)


def test_a_due_moment_is_found_by_notice_and_period() -> None:
    due = shanghai("2021-04-26")
    situation = Situation((), Directory(()), CALENDAR, frozenset(), due=(("one", APRIL, due),))

    assert situation.due_at("one", APRIL) == due
    assert situation.due_at("one", Period(2021, 5)) is None
    assert situation.due_at("two", APRIL) is None


def test_until_somebody_says_whom_we_may_answer_we_answer_nobody() -> None:
    assert no_policy(MAIL, ("区教育局",), frozenset()) == ("no_policy",)


def test_headers_are_found_by_their_lower_case_name_in_order() -> None:
    assert (MAIL.header("received"), MAIL.header("cc")) == ("one", None)
    assert MAIL.all("received") == ("one", "two")
