from __future__ import annotations

import pytest
from tests.unit.matching.builders import (
    APRIL,
    EDUCATION,
    HEALTH,
    MARCH,
    MAY,
    OWED,
    STRANGER,
    TWO_UNITS,
    judged,
    letter,
    scan,
    school_workbook,
    situation,
)

from mailbot.domain.decision import MailKind

RENEWAL, HOUSING = "区城市更新发展中心", "区房管局"


def still_owed(*complete: tuple[str, object]) -> object:
    return situation(incomplete=OWED - set(complete))


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("关于延期报送4月进展情况的申请", "因故延期"),
        ("情况说明", "我局数据尚未汇总，无法按时报送。"),
        ("4月", "晚两天报。"),
    ],
)
def test_a_request_for_delay_is_about_its_unit_and_month_and_hands_in_nothing(subject: str, text: str) -> None:
    decision = judged(sender=EDUCATION, subject=subject, text=text)

    assert decision.kind is MailKind.EXPLANATION
    assert decision.guess == ("区教育局", APRIL)
    assert decision.concerns == (("区教育局", APRIL),)
    assert not decision.may_deliver


def test_a_request_for_delay_after_the_due_moment_may_be_about_either_month() -> None:
    decision = judged(sender=EDUCATION, subject="延期报送申请", arrived="2021-04-27T09:00")

    assert decision.concerns == (("区教育局", APRIL), ("区教育局", MAY))


def test_a_request_for_delay_from_an_address_of_two_units_is_about_both() -> None:
    decision = judged(sender=TWO_UNITS, subject="关于延期报送4月进展情况的申请")

    assert set(decision.concerns) == {(HOUSING, APRIL), (RENEWAL, APRIL)}
    assert decision.guess == decision.concerns[0]


def test_an_explanation_with_a_file_may_still_deliver() -> None:
    decision = judged(letter("说明.docx", "申请延期"), sender=EDUCATION, subject="关于延期报送的说明")

    assert decision.kind is MailKind.EXPLANATION
    assert decision.may_deliver


def test_a_bound_units_question_is_about_its_month_and_hands_in_nothing() -> None:
    decision = judged(sender=HEALTH, subject="我们4月的收到了吗？")

    assert (decision.kind, decision.guess) == (MailKind.INQUIRY, ("区卫健委", APRIL))
    assert not decision.may_deliver


def test_a_strangers_question_keeps_nobody_from_being_reminded() -> None:
    assert judged(sender=STRANGER, subject="查询区教育局报送情况").concerns == ()


@pytest.mark.parametrize(("complete", "guess"), [(HOUSING, RENEWAL), (RENEWAL, HOUSING)])
def test_of_two_units_of_an_address_the_one_that_still_owes_is_the_best_guess(complete: str, guess: str) -> None:
    given = still_owed((complete, APRIL))

    decision = judged(scan(), sender=TWO_UNITS, subject="4月进展", given=given)  # type: ignore[arg-type] # a situation

    assert decision.guess == (guess, APRIL)


def test_where_both_units_of_an_address_owe_a_silent_scan_may_be_for_either() -> None:
    decision = judged(scan(), sender=TWO_UNITS, subject="4月进展")

    assert set(decision.concerns) == {(HOUSING, APRIL), (RENEWAL, APRIL)}


def test_a_scan_between_two_months_is_best_guessed_for_the_one_still_owed() -> None:
    given = still_owed(("区教育局", APRIL))

    decision = judged(scan(), arrived="2021-04-28T09:00", given=given)  # type: ignore[arg-type] # a situation

    assert decision.concerns == (("区教育局", MAY), ("区教育局", APRIL))
    assert decision.guess == ("区教育局", MAY)


def test_contradicting_months_are_all_possible() -> None:
    decision = judged(school_workbook("3月报表.xlsx"), subject="4月份民生实事进展")

    assert decision.concerns == (("区教育局", MARCH), ("区教育局", APRIL))


def test_the_unit_that_a_file_names_is_possible_beside_that_of_the_address() -> None:
    decision = judged(school_workbook(label="填报单位：区卫健委"), sender=EDUCATION, subject="4月")

    assert set(decision.concerns) == {("区教育局", APRIL), ("区卫健委", APRIL)}


def test_a_mail_that_says_another_unit_than_its_file_may_be_for_either() -> None:
    decision = judged(
        school_workbook("4月报表.xlsx", "中原区教育局4月进展"),
        sender=STRANGER,
        subject="区卫健委4月进展",
        text="区卫健委",
    )

    assert {unit for unit, _ in decision.concerns} >= {"区卫健委"}


def test_a_unit_that_owes_nothing_is_never_a_guess() -> None:
    decision = judged(scan("区财政局4月.pdf"), sender="czj@qq.example", subject="区财政局4月民生实事进展")

    assert decision.guess == (None, APRIL)
    assert decision.concerns == ()
