"""What NetEase's answers mean: the table of the facts, row by row, and any other server's by number."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.errors import Retry
from mailbot.outgoing.answers import Phase, decoded, judge
from mailbot.outgoing.courier import Scope

AGAIN_NEVER = Retry.NEVER
PERSON = Retry.NEEDS_PERSON


@pytest.mark.parametrize(
    ("phase", "answer", "scope", "retry"),
    [
        (Phase.LOGIN, "535 Error: authentication failed", Scope.LOGIN, PERSON),
        (Phase.LOGIN, "550 User has no permission", Scope.LOGIN, PERSON),
        (Phase.LOGIN, "550 用户被锁定", Scope.LOGIN, PERSON),
        (Phase.LOGIN, "451 Requested mail action not taken: too much fail authentication", Scope.SERVER, Retry.LATER),
        (Phase.LOGIN, "554 IP is rejected, smtp auth error limit exceed", Scope.SERVER, Retry.LATER),
        (Phase.GREETING, "421 HL:REP smtp1", Scope.SERVER, Retry.LATER),
        (Phase.GREETING, "421 HL:ICC smtp1", Scope.SERVER, Retry.LATER),
        (Phase.GREETING, "421 HL:IFC smtp1", Scope.SERVER, Retry.LATER),
        (Phase.GREETING, "421 HL:MEP smtp1", Scope.SERVER, Retry.LATER),
        (Phase.SENDER, "450 MI:DMC smtp1", Scope.SERVER, Retry.SOON),
        (Phase.RECIPIENT, "450 RP:DRC smtp1", Scope.SERVER, Retry.SOON),
        (Phase.SENDER, "451 MI:CEL smtp1", Scope.SERVER, Retry.SOON),
        (Phase.SENDER, "451 MI:SFQ smtp1", Scope.SERVER, Retry.LATER),
        (Phase.CONTENT, "451 DT:SPM please try again", Scope.CONTENT, Retry.LATER),
        (Phase.RECIPIENT, "451 RP:QRC smtp1", Scope.SERVER, Retry.LATER),
        (Phase.RECIPIENT, "550 RP:TRC smtp1", Scope.SERVER, Retry.LATER),
        (Phase.SENDER, "554 MI:STC smtp1", Scope.SERVER, Retry.LATER),
        (Phase.SENDER, "550 MI:STC smtp1", Scope.SERVER, Retry.LATER),
        (Phase.CONTENT, "550 DT:SPM smtp1", Scope.CONTENT, AGAIN_NEVER),
        (Phase.CONTENT, "554 DT:SPM smtp1", Scope.CONTENT, AGAIN_NEVER),
        (Phase.CONTENT, "554 DT:SUM smtp1", Scope.SERVER, PERSON),
        (Phase.SENDER, "553 Mail from must equal authorized user", Scope.SERVER, PERSON),
        (Phase.RECIPIENT, "550 Invalid User", Scope.RECIPIENT, AGAIN_NEVER),
        (Phase.RECIPIENT, "550 User suspended", Scope.RECIPIENT, AGAIN_NEVER),
        (Phase.RECIPIENT, "550 User in blacklist", Scope.RECIPIENT, AGAIN_NEVER),
        (Phase.CONTENT, "552 Illegal Attachment", Scope.MAIL, AGAIN_NEVER),
        (Phase.CONTENT, "552 Requested mail action aborted: exceeded mailsize limit", Scope.MAIL, AGAIN_NEVER),
        # any other server's
        (Phase.GREETING, "554 no service here", Scope.SERVER, Retry.LATER),
        (Phase.LOGIN, "454 4.7.0 temporary authentication failure", Scope.SERVER, Retry.LATER),
        (Phase.SENDER, "553 5.7.1 sender not owned", Scope.SERVER, PERSON),
        (Phase.SENDER, "452 4.3.1 insufficient system storage", Scope.SERVER, Retry.LATER),
        (Phase.RECIPIENT, "550 5.1.1 unknown", Scope.RECIPIENT, AGAIN_NEVER),
        (Phase.RECIPIENT, "452 4.2.2 mailbox full", Scope.RECIPIENT, Retry.LATER),
        (Phase.CONTENT, "554 5.6.0 refused", Scope.MAIL, AGAIN_NEVER),
        (Phase.CONTENT, "554 5.7.1 Spam message rejected", Scope.CONTENT, AGAIN_NEVER),
        (Phase.RECIPIENT, "550 spam-trap@example.test unknown", Scope.RECIPIENT, AGAIN_NEVER),
        (Phase.CONTENT, "451 4.3.0 later", Scope.MAIL, Retry.LATER),
        (Phase.CONTENT, "421 4.3.2 shutting down", Scope.SERVER, Retry.LATER),
    ],
)
def test_an_answer_says_what_it_is_about_and_when_to_try_again(
    phase: Phase, answer: str, scope: Scope, retry: Retry
) -> None:
    refusal = judge(phase, int(answer[:3]), answer[4:])

    assert (refusal.scope, refusal.retry) == (scope, retry)
    assert refusal.answer == answer
    assert refusal.reason


@pytest.mark.parametrize("number", [421, 450, 451, 550, 554])
def test_the_tag_counts_more_than_the_number(number: int) -> None:
    assert judge(Phase.SENDER, number, "MI:SFQ,smtp4").wait == timedelta(minutes=15)


@given(st.binary(max_size=2000), st.sampled_from(Phase), st.integers(400, 599))
def test_any_bytes_are_judged_and_shown_on_one_line(words: bytes, phase: Phase, number: int) -> None:
    refusal = judge(phase, number, decoded(words))

    assert refusal.answer.isprintable()
    assert len(refusal.answer) <= 504
