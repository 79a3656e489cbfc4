from __future__ import annotations

import pytest
from tests.unit.matching.builders import (
    APRIL,
    HEAD,
    MARCH,
    MAY,
    OWED,
    SCHOOLS,
    doubts,
    judged,
    letter,
    scan,
    school_table,
    school_workbook,
    situation,
    table,
    workbook,
)

from mailbot.domain.decision import Decision, Verdict
from mailbot.domain.message import Attachment
from mailbot.domain.period import Period

REMINDER = "回复：【提醒】3月进展情况请于25日前报送"


def period_of(decision: Decision) -> Period | None:
    """Return the only period recorded, None where nothing was."""
    found = {submission.period for submission in decision.submissions}
    return found.pop() if len(found) == 1 else None


@pytest.mark.parametrize(
    "file",
    [
        school_workbook("4月报表.xlsx"),
        school_workbook("区教育局2021年4月民生实事进展.xlsx"),
        school_workbook("202104.xlsx"),
        school_workbook("报表.xlsx", "2021年4月重点民生实事进展情况表"),
        school_workbook("报表.xlsx", "1—4月份重点民生实事进展情况表"),
        workbook("报表.xlsx", school_table(name="四月份")),
        letter("报告.docx", "关于4月份重点民生实事进展情况的报告\n区政府督查室："),
    ],
)
def test_a_file_names_its_month(file: Attachment) -> None:
    assert period_of(judged(file, arrived="2021-05-06T09:00")) == APRIL


def test_the_subject_names_the_month_where_the_file_does_not() -> None:
    assert period_of(judged(scan(), subject="区教育局3月民生实事进展（补报）", arrived="2021-04-20T09:00")) == MARCH


def test_the_body_names_the_month_where_neither_file_nor_subject_does() -> None:
    text = "您好，现将我局3月份进展情况报上，请查收。"

    assert period_of(judged(scan(), subject="民生实事", text=text, arrived="2021-04-06T09:00")) == MARCH


def test_a_month_planned_in_the_body_is_not_the_month_reported() -> None:
    text = "您好，请查收。该项目预计6月开工，力争9月份前完工。"

    assert period_of(judged(scan(), subject="民生实事", text=text, arrived="2021-04-20T09:00")) == APRIL


def test_a_date_of_writing_is_not_the_month_reported() -> None:
    text = "请查收。\n区教育局\n2021年3月31日"

    assert period_of(judged(scan(), subject="民生实事进展", text=text, arrived="2021-04-01T09:00")) == APRIL


def test_words_quoted_from_our_own_mail_do_not_count() -> None:
    text = "已报，请查收。\n----- 原始邮件 -----\n请报送3月份进展情况"

    assert period_of(judged(scan(), subject="民生实事进展", text=text, arrived="2021-04-20T09:00")) == APRIL


@pytest.mark.parametrize(
    ("arrived", "expected"),
    [
        ("2021-03-16T10:00", MARCH),
        ("2021-04-01T00:00", APRIL),
        ("2021-04-25T23:59:59", APRIL),
        ("2021-07-26T23:59:59", Period(2021, 7)),  # the 25th was a Sunday
        ("2021-12-27T20:00", Period(2021, 12)),
    ],
)
def test_a_mail_that_says_nothing_before_the_due_moment_is_for_the_month_of_arrival(
    arrived: str, expected: Period
) -> None:
    assert period_of(judged(scan(), arrived=arrived)) == expected


@pytest.mark.parametrize("arrived", ["2021-04-26T00:00", "2021-04-30T23:59"])
def test_a_mail_that_says_nothing_after_the_due_moment_is_a_doubt(arrived: str) -> None:
    decision = judged(scan(), arrived=arrived)

    assert doubts(decision) == {"period_between"}
    assert decision.guess == ("区教育局", APRIL)


def test_after_the_due_moment_an_answer_to_our_mail_about_the_month_still_owed_is_for_it() -> None:
    given = situation(answers=("区教育局", APRIL))

    assert period_of(judged(scan(), arrived="2021-04-28T09:00", given=given)) == APRIL


def test_after_the_due_moment_an_answer_that_bears_our_subject_is_for_the_month_still_owed() -> None:
    subject = "回复：【催报】4月进展情况"

    assert period_of(judged(scan(), subject=subject, arrived="2021-04-28T09:00")) == APRIL


def test_after_the_due_moment_an_answer_that_bears_our_subject_is_a_doubt_once_the_month_is_complete() -> None:
    given = situation(incomplete=OWED - {("区教育局", APRIL)})

    decision = judged(scan(), subject="回复：【催报】4月进展情况", arrived="2021-04-28T09:00", given=given)

    assert doubts(decision) == {"period_between"}
    assert decision.guess == ("区教育局", MAY)


def test_after_the_due_moment_an_answer_to_our_mail_to_another_unit_is_a_doubt() -> None:
    given = situation(answers=("区卫健委", APRIL))

    assert "period_between" in doubts(judged(scan("区教育局.pdf"), arrived="2021-04-28T09:00", given=given))


def test_an_answer_to_our_mail_about_another_units_month_is_a_doubt() -> None:
    given = situation(answers=("区卫健委", MARCH))

    assert "period_between" in doubts(judged(scan("区教育局.pdf"), subject=REMINDER, given=given))


@pytest.mark.parametrize("arrived", ["2021-03-26T00:00", "2021-03-31T23:59:59", "2021-07-27T00:00", "2021-12-28T00:00"])
def test_from_the_due_moment_on_a_silent_mail_is_between_the_month_and_the_next(arrived: str) -> None:
    decision = judged(scan(), arrived=arrived)

    assert decision.verdict is Verdict.TRIAGE
    assert "period_between" in doubts(decision)


@pytest.mark.parametrize(
    "arrived", ["2021-03-25T23:59:59", "2021-07-26T23:59:59", "2021-09-26T23:59:59", "2021-12-27T23:59:59"]
)
def test_up_to_the_due_moment_a_silent_mail_is_for_the_month(arrived: str) -> None:
    assert judged(scan(), arrived=arrived).verdict is Verdict.RECORD


def test_an_answer_whose_own_words_speak_of_another_month_is_a_doubt() -> None:
    given = situation(answers=("区教育局", APRIL))

    decision = judged(scan(), text="3月份的还要补吗", arrived="2021-04-28T09:00", given=given)

    assert doubts(decision) == {"period_contradiction"}


def test_a_late_part_named_outright_is_for_its_month_whatever_the_thread_is_about() -> None:
    given = situation(answers=("区教育局", APRIL))

    assert period_of(judged(scan("3月盖章件.pdf"), subject="回复：【回执】4月", given=given)) == MARCH


def test_after_the_due_moment_an_answer_about_a_month_already_complete_is_a_doubt() -> None:
    given = situation(answers=("区教育局", APRIL), incomplete=OWED - {("区教育局", APRIL)})

    assert doubts(judged(scan(), arrived="2021-04-28T09:00", given=given)) == {"period_between"}


def test_after_the_due_moment_a_mail_that_answers_nobody_is_a_doubt_even_if_the_month_is_owed() -> None:
    assert doubts(judged(scan(), arrived="2021-04-28T09:00")) == {"period_between"}


def test_a_late_month_named_outright_is_no_doubt() -> None:
    assert period_of(judged(scan("4月盖章件.pdf"), arrived="2021-04-28T09:00")) == APRIL


def test_an_older_month_in_words_is_taken_at_its_word() -> None:
    assert (
        period_of(judged(school_workbook("3月报表.xlsx"), subject="补报3月进展", arrived="2021-05-10T09:00")) == MARCH
    )


def test_file_and_subject_that_name_different_months_are_a_contradiction() -> None:
    decision = judged(school_workbook("3月报表.xlsx"), subject="4月份民生实事进展", arrived="2021-04-20T09:00")

    assert doubts(decision) == {"period_contradiction"}
    assert decision.guess == ("区教育局", MARCH)


def test_file_name_and_title_that_name_different_months_are_a_contradiction() -> None:
    file = school_workbook("3月报表.xlsx", "2021年4月重点民生实事进展情况表")

    assert doubts(judged(file)) == {"period_contradiction"}


def test_file_and_body_that_name_different_months_are_a_contradiction() -> None:
    decision = judged(school_workbook("3月报表.xlsx"), subject="民生实事", text="现将4月份进展情况报上。")

    assert doubts(decision) == {"period_contradiction"}


def test_subject_and_body_that_name_different_months_are_a_contradiction() -> None:
    decision = judged(scan(), subject="3月民生实事", text="现将4月份进展情况报上。")

    assert doubts(decision) == {"period_contradiction"}


def test_a_subject_with_two_months_and_silent_files_is_a_contradiction() -> None:
    assert doubts(judged(scan(), subject="3月、4月民生实事进展")) == {"period_contradiction"}


def test_two_months_in_one_mail_are_two_submissions() -> None:
    decision = judged(
        school_workbook("3月报表.xlsx"),
        school_workbook("4月报表.xlsx"),
        scan("3月盖章.pdf"),
        scan("4月盖章.pdf"),
        subject="3月、4月民生实事进展",
    )

    assert {(s.period, len(s.parts)) for s in decision.submissions} == {(MARCH, 2), (APRIL, 2)}


def test_a_silent_scan_follows_the_month_of_the_workbook_beside_it() -> None:
    decision = judged(school_workbook("3月报表.xlsx"), scan(), subject="民生实事")

    assert [(s.period, len(s.parts)) for s in decision.submissions] == [(MARCH, 2)]


def test_a_silent_scan_beside_workbooks_of_two_months_is_a_doubt() -> None:
    decision = judged(school_workbook("3月报表.xlsx"), school_workbook("4月报表.xlsx"), scan(), subject="民生实事")

    assert doubts(decision) == {"whose_period"}


def test_a_sheet_for_each_month_is_for_the_latest() -> None:
    sheets = [school_table(name=f"{month}月") for month in (3, 4)]
    decision = judged(workbook("民生实事台账.xlsx", *sheets))

    assert period_of(decision) == APRIL
    assert {figure.source.sheet for figure in decision.figures} == {"4月"}


def test_a_sheet_for_each_month_of_the_year_is_for_the_latest_that_can_be() -> None:
    sheets = [school_table(name=f"2021年{month}月") for month in range(1, 13)]

    assert period_of(judged(workbook("民生实事台账.xlsx", *sheets))) == APRIL


BOTH_MONTHS = workbook("进展.xlsx", *(school_table(name=f"{month}月") for month in (3, 4)))


@pytest.mark.parametrize(
    ("files", "subject", "text"),
    [
        ((), "区教育局3月、4月进展", "补报3月，一并报送4月"),
        ((), "区教育局进展", "现补报3月进展情况。现报送4月进展情况。"),
        ((), "区教育局3-4月进展", ""),
        ((), "区教育局4月进展", "补报3月进展情况，一并报送4月"),
        ((scan("3月盖章.pdf"), scan("4月盖章.pdf")), "区教育局民生实事进展", ""),
        ((scan("3月盖章.pdf"),), "区教育局民生实事进展", "请查收"),
    ],
)
def test_a_workbook_of_several_months_that_the_mail_is_about_is_booked_for_none_unseen(
    files: tuple[Attachment, ...], subject: str, text: str
) -> None:
    decision = judged(BOTH_MONTHS, *files, subject=subject, text=text)

    assert (decision.verdict, doubts(decision)) == (Verdict.TRIAGE, {"several_months_in_file"})
    assert {("区教育局", MARCH), ("区教育局", APRIL)} <= set(decision.concerns)


@pytest.mark.parametrize(
    "subject", ["区教育局民生实事进展", "区教育局4月进展", "区教育局1-4月进展", "回复：3月、4月进展"]
)
def test_a_workbook_that_keeps_old_sheets_is_booked_for_the_month_that_the_mail_speaks_of(subject: str) -> None:
    assert period_of(judged(BOTH_MONTHS, scan(), subject=subject)) == APRIL


def test_a_workbook_of_several_months_is_the_last_ones_where_the_others_are_complete() -> None:
    owed = situation(incomplete=OWED - {("区教育局", MARCH)})

    assert period_of(judged(BOTH_MONTHS, subject="区教育局3月、4月进展", given=owed)) == APRIL


def test_a_workbook_that_keeps_an_old_sheet_is_no_doubt_beside_that_months_own() -> None:
    files = (BOTH_MONTHS, school_workbook("3月报表.xlsx"), scan("3月盖章.pdf"), scan("4月盖章.pdf"))
    decision = judged(*files, subject="区教育局3月、4月进展")

    assert {submission.period for submission in decision.submissions} == {MARCH, APRIL}


def test_a_file_name_chooses_among_the_sheets() -> None:
    sheets = [school_table(name=f"{month}月") for month in (3, 4)]
    decision = judged(workbook("3月台账.xlsx", *sheets), subject="民生实事")

    assert period_of(decision) == MARCH
    assert {figure.source.sheet for figure in decision.figures} == {"3月"}


def test_a_file_name_that_is_none_of_its_sheets_is_a_contradiction() -> None:
    sheets = [school_table(name=f"2021年{month}月") for month in (1, 3)]

    assert doubts(judged(workbook("4月台账.xlsx", *sheets))) == {"period_contradiction"}


@pytest.mark.parametrize(
    ("file", "code"),
    [
        (school_workbook("2021年5月报表.xlsx"), "period_future"),
        (school_workbook("2021年12月报表.xlsx"), "period_future"),
        (school_workbook("2021年2月报表.xlsx"), "period_out_of_range"),
        (school_workbook("2020年4月报表.xlsx"), "period_out_of_range"),
        (school_workbook("1月报表.xlsx"), "period_out_of_range"),
        (school_workbook("5月报表.xlsx"), "period_future"),  # without a year: May of last year was never asked for
        (school_workbook("12月报表.xlsx"), "period_future"),
    ],
)
def test_a_month_that_cannot_be_is_a_doubt(file: Attachment, code: str) -> None:
    decision = judged(file, arrived="2021-04-20T09:00")

    assert doubts(decision) == {code}
    assert decision.guess == ("区教育局", APRIL)


def test_a_future_month_without_a_year_is_told_as_this_years() -> None:
    decision = judged(scan("5月盖章.pdf"), subject="5月民生实事", arrived="2021-04-20T09:00")

    assert [doubt.text for doubt in decision.doubts] == ["写的是2021年5月，晚于收到的月份"]


def test_a_month_of_the_notices_year_read_in_the_next_is_that_years() -> None:
    assert period_of(judged(scan("5月盖章.pdf"), arrived="2022-02-05T09:00")) == MAY


def test_december_read_in_january_is_last_years() -> None:
    assert period_of(judged(scan("12月盖章.pdf"), arrived="2022-01-05T09:00")) == Period(2021, 12)


def test_a_silent_mail_in_the_january_after_is_a_doubt_and_guessed_as_the_last_month_owed() -> None:
    decision = judged(scan(), arrived="2022-01-05T09:00")

    assert doubts(decision) == {"period_out_of_range"}
    assert decision.guess == ("区教育局", Period(2021, 12))


def test_a_silent_mail_before_the_first_month_is_a_doubt_without_a_guess() -> None:
    decision = judged(scan(), arrived="2021-02-20T09:00")

    assert doubts(decision) == {"period_out_of_range"}
    assert decision.guess == ("区教育局", None)


def test_the_month_to_come_that_a_mail_names_is_not_reminded_of_either() -> None:
    decision = judged(scan("5月盖章.pdf"), arrived="2021-04-28T09:00")

    assert decision.concerns == (("区教育局", APRIL), ("区教育局", MAY))


def cut_off(day: str) -> Attachment:
    return school_workbook("报表.xlsx", f"民生实事进展情况表（截至{day}）")


def test_a_cut_off_in_the_month_of_arrival_agrees_with_it() -> None:
    assert period_of(judged(cut_off("4月20日"), arrived="2021-04-22T09:00")) == APRIL


# A data cut-off in a file, in the subject, in the body, each on 20 April.
CUT_OFFS = [
    (cut_off("3月31日"), "民生实事", ""),
    (cut_off("3月25日"), "民生实事", ""),
    (cut_off("3月底"), "民生实事", ""),
    (scan(), "民生实事（截至3月31日）", ""),
    (scan(), "民生实事（截止3月底）", ""),
    (scan(), "民生实事", "现报送进展情况，数据截止3月底。"),
    (school_workbook(), "民生实事", "附件数据截至2021年3月31日，请查收。"),
    (school_workbook("报表.xlsx", "1-3月累计完成情况表"), "民生实事", ""),
    (scan(), "民生实事1-3月累计", ""),
    (scan(), "民生实事", "1-3月累计完成情况见附件"),
]
SPANS = [
    (school_workbook("报表.xlsx", "1-3月完成情况表"), "民生实事", ""),
    (scan(), "一季度民生实事", ""),
    (scan(), "民生实事", "现报送1-3月份进展情况。"),
]


def on_20_april(mail: tuple[Attachment, str, str], complete: Period | None = None) -> Decision:
    """Return the decision on one of those mails, with a month of the unit's complete already."""
    file, subject, text = mail
    given = situation(incomplete=OWED - {("区教育局", complete)})
    return judged(file, subject=subject, text=text, given=given)


@pytest.mark.parametrize("mail", [*CUT_OFFS, *SPANS])
def test_data_up_to_last_month_are_a_doubt_where_that_month_is_complete(mail: tuple[Attachment, str, str]) -> None:
    decision = on_20_april(mail, complete=MARCH)

    assert doubts(decision) == {"period_between"}
    assert decision.guess == ("区教育局", APRIL)


@pytest.mark.parametrize("mail", CUT_OFFS)
def test_a_cut_off_is_no_proof_where_both_months_are_owed(mail: tuple[Attachment, str, str]) -> None:
    decision = on_20_april(mail)

    assert doubts(decision) == {"period_between"}
    assert decision.concerns == (("区教育局", MARCH), ("区教育局", APRIL))


@pytest.mark.parametrize("mail", [*CUT_OFFS, *SPANS])
def test_data_up_to_the_only_month_still_owed_are_of_that_month(mail: tuple[Attachment, str, str]) -> None:
    assert period_of(on_20_april(mail, complete=APRIL)) == MARCH


@pytest.mark.parametrize("mail", SPANS)
def test_a_span_names_its_last_month_where_that_is_still_owed(mail: tuple[Attachment, str, str]) -> None:
    assert period_of(on_20_april(mail)) == MARCH


def test_a_cut_off_in_an_answer_to_our_mail_about_that_month_is_for_it() -> None:
    given = situation(answers=("区教育局", MARCH))

    assert period_of(judged(cut_off("3月31日"), subject=REMINDER, arrived="2021-04-02T09:00", given=given)) == MARCH


def test_a_cut_off_in_the_subject_that_we_wrote_ourselves_says_nothing() -> None:
    given = situation(answers=("区教育局", APRIL))

    assert period_of(judged(scan(), subject="回复：民生实事（截至3月31日）", given=given)) == APRIL


def test_a_span_in_the_subject_gives_way_to_a_month_handed_in_by_the_body_with_a_doubt() -> None:
    decision = judged(scan(), subject="1-3月民生实事", text="现将4月份进展情况报上。")

    assert doubts(decision) == {"period_contradiction"}
    assert decision.guess == ("区教育局", APRIL)


def test_a_table_that_counts_up_to_an_earlier_month_than_the_file_beside_it_is_a_contradiction() -> None:
    decision = judged(school_workbook("4月报表.xlsx"), school_workbook("1-3月汇总.xlsx"), subject="民生实事")

    assert doubts(decision) == {"period_contradiction"}
    assert months(decision) == {APRIL}


def test_a_table_that_counts_up_to_the_month_of_the_file_beside_it_is_for_that_month() -> None:
    decision = judged(school_workbook("4月报表.xlsx"), school_workbook("1-4月汇总.xlsx"), subject="民生实事")

    assert [(s.period, len(s.parts)) for s in decision.submissions] == [(APRIL, 2)]


def test_a_cut_off_where_the_arrival_is_unknown_is_a_doubt_and_guessed_as_its_month() -> None:
    decision = judged(cut_off("2021年3月31日"), arrived=None)

    assert "no_arrival" in doubts(decision)
    assert decision.guess == ("区教育局", MARCH)


def test_a_cut_off_after_the_due_moment_is_for_its_month_while_that_is_owed() -> None:
    assert period_of(judged(cut_off("4月25日"), arrived="2021-04-27T09:00")) == APRIL


def test_a_cut_off_after_the_due_moment_of_a_complete_month_is_a_doubt() -> None:
    given = situation(incomplete=OWED - {("区教育局", APRIL)})

    assert doubts(judged(cut_off("4月25日"), arrived="2021-04-27T09:00", given=given)) == {"period_between"}


def test_a_cut_off_gives_way_to_a_subject() -> None:
    assert period_of(judged(cut_off("3月31日"), subject="4月份民生实事进展", arrived="2021-04-20T09:00")) == APRIL


def test_data_beyond_the_month_named_are_a_contradiction() -> None:
    decision = judged(cut_off("4月18日"), subject="3月份民生实事进展", arrived="2021-04-20T09:00")

    assert doubts(decision) == {"period_contradiction"}


def test_data_much_older_than_the_month_named_are_a_contradiction() -> None:
    file = school_workbook("5月报表.xlsx", "截至3月25日")

    assert doubts(judged(file, arrived="2021-05-20T09:00")) == {"period_contradiction"}


def test_the_month_in_the_subject_of_an_answer_counts_while_it_is_owed() -> None:
    given = situation(answers=("区教育局", MARCH))

    assert period_of(judged(scan(), subject=REMINDER, arrived="2021-04-02T09:00", given=given)) == MARCH


def test_the_month_in_the_subject_of_an_answer_is_a_doubt_once_it_is_complete() -> None:
    given = situation(answers=("区教育局", MARCH), incomplete=OWED - {("区教育局", MARCH)})

    assert doubts(judged(scan(), subject=REMINDER, arrived="2021-04-20T09:00", given=given)) == {"period_between"}


def test_a_file_outweighs_the_month_in_the_subject_of_an_answer() -> None:
    given = situation(answers=("区教育局", MARCH))

    assert period_of(judged(school_workbook("4月报表.xlsx"), subject=REMINDER, given=given)) == APRIL


def test_an_answer_to_a_mail_about_an_earlier_month_without_any_word_is_a_doubt() -> None:
    given = situation(answers=("区教育局", MARCH))

    assert doubts(judged(scan(), subject="盖章件", arrived="2021-04-02T09:00", given=given)) == {"period_between"}


def test_without_due_moments_a_mail_that_says_nothing_is_a_doubt() -> None:
    assert doubts(judged(scan(), given=situation(due=()))) == {"period_unknown"}


def test_an_unknown_arrival_is_a_doubt_even_where_the_month_is_named() -> None:
    decision = judged(school_workbook("2021年4月报表.xlsx"), arrived=None)

    assert doubts(decision) == {"no_arrival"}
    assert decision.guess == ("区教育局", APRIL)


def test_an_unknown_arrival_leaves_a_silent_mail_without_a_month() -> None:
    decision = judged(scan("4月盖章.pdf"), arrived=None)

    assert doubts(decision) == {"no_arrival", "period_unknown"}
    assert decision.guess == ("区教育局", None)


def test_before_last_months_due_moment_a_silent_mail_is_a_doubt_between_two_months() -> None:
    late = tuple((key, p, m.replace(month=5, day=8) if p == APRIL else m) for key, p, m in situation().due)

    decision = judged(scan(), arrived="2021-05-06T09:00", given=situation(due=late))

    assert doubts(decision) == {"period_between"}
    assert decision.guess == ("区教育局", APRIL)


def test_cumulative_columns_are_read_up_to_the_month_reported() -> None:
    rows = table(("序号", "任务内容", "1-3月完成情况", "1-4月完成情况"), (10, "新增中小学学位", 100, 160))
    decision = judged(workbook("4月报表.xlsx", rows))

    assert [figure.value for figure in decision.figures] == [160]


def test_without_any_word_the_next_month_begins_on_the_first() -> None:
    assert period_of(judged(workbook("报表.xlsx", table(HEAD, *SCHOOLS)), arrived="2021-05-01T08:00")) == MAY


def test_a_plan_beside_the_title_is_not_the_month_reported() -> None:
    file = workbook("报表.xlsx", table(("民生实事进展情况表（计划9月底前完成，预计6月开工）",), HEAD, *SCHOOLS))

    assert period_of(judged(file)) == APRIL


def test_cells_of_a_table_without_a_head_are_no_titles() -> None:
    plan = table(
        ("学校", "开工", "竣工", "地点", "备注"),
        ("一中", "3月", "5月", "建设路", ""),
        ("二中", "2月", "6月", "伏牛路", ""),
    )

    assert period_of(judged(school_workbook("报表.xlsx"), workbook("附表.xlsx", plan), subject="民生实事")) == APRIL


def test_a_forwarded_subject_names_the_month() -> None:
    assert period_of(judged(scan(), subject="转发：3月民生实事进展", arrived="2021-04-20T09:00")) == MARCH


def test_of_two_columns_for_months_the_one_reported_is_read() -> None:
    rows = table(("序号", "任务内容", "3月完成", "4月完成", "下月计划"), (10, "新增中小学学位", 100, 60, 80))

    assert [figure.value for figure in judged(workbook("4月报表.xlsx", rows)).figures] == [60]


def months(decision: Decision) -> set[Period | None]:
    return {part.period for part in decision.parts}


@pytest.mark.parametrize(
    "body",
    [
        "按贵办3月份会议要求，现报送进展情况。",
        "进展与4月份相比无变化，详见附件。",
        "3月份已报送过的内容不再重复，本次为新进展。",
        "见附件。\n联系人：张三月 地址：三月街8号",
        "其中1所学校将于9月份投入使用。",
        "一年之计在于春 三月不减肥 四月徒伤悲",
        "电话：0371-3月亮大厦",
        "附件请查收。联系人：王三月，电话67183010。\n地址：中原区五月花小区",
        "现报送三月街改造进展情况",
        "附件为民生实事进展。联系电话：0371-3月亮大厦 会议室；4月25日上午有会，请知悉。",
    ],
)
def test_a_month_that_the_body_does_not_say_of_the_report_decides_nothing(body: str) -> None:
    decision = judged(school_workbook(), scan(), subject="教育局民生实事报送", text=body, arrived="2021-05-20T10:00")

    assert months(decision) == {MAY}
    assert decision.verdict is Verdict.RECORD


def test_another_month_in_the_body_than_that_of_arrival_is_a_doubt() -> None:
    body = "请查收。顺便问一下3月份那次还要不要补。"

    decision = judged(school_workbook(), subject="教育局民生实事报送", text=body, arrived="2021-05-20T10:00")

    assert doubts(decision) == {"period_contradiction"}


@pytest.mark.parametrize(
    ("subject", "body", "arrived", "month"),
    [
        ("教育局上月民生实事", "现补报上月进展情况", "2021-04-06T09:00", 3),
        ("教育局报送", "现补报本月民生实事材料，抱歉迟了。", "2021-04-28T10:00", 4),
        ("教育局3月份工作进展及4月份计划", "附件请查收", "2021-03-24T09:00", 3),
        ("教育局民生实事报送", "附件为4月材料", "2021-05-20T10:00", 4),
        ("教育局民生实事报送", "现补报4月", "2021-05-20T10:00", 4),
        ("教育局报送", "现补报上个月的材料", "2021-05-06T10:00", 4),
        ("教育局报送", "上月情况已报过，现报本月进展", "2021-05-20T10:00", 5),
        ("教育局上月民生实事（补报）", "请查收", "2021-04-06T09:00", 3),
        ("教育局本月民生实事", "请查收", "2021-04-28T09:00", 4),
        ("教育局4月工作总结暨5月重点工作计划", "请查收", "2021-04-22T09:00", 4),
        ("教育局3月进展及4、5月打算", "请查收", "2021-03-22T09:00", 3),
        ("教育局5月份进展（与4月份相比无变化）", "请查收", "2021-05-20T09:00", 5),
        ("按3月会议要求报送民生实事进展", "请查收", "2021-05-20T09:00", 5),
        ("教育局4月民生实事材料已报送", "请查收", "2021-05-20T09:00", 4),
        ("教育局报送", "现将4月份进展情况及5月份工作打算报上", "2021-05-20T09:00", 4),
    ],
)
def test_last_month_this_month_and_a_plan_beside_a_report(subject: str, body: str, arrived: str, month: int) -> None:
    decision = judged(school_workbook(), scan(), subject=subject, text=body, arrived=arrived)

    assert months(decision) == {Period(2021, month)}


@pytest.mark.parametrize("body", ["现将3月和4月份进展情况报上。", "现将3、4月份进展情况报上。"])
def test_a_body_that_hands_in_two_months_with_silent_files_is_a_contradiction(body: str) -> None:
    assert doubts(judged(scan(), subject="民生实事报送", text=body)) == {"period_contradiction"}


def test_a_body_that_says_last_month_says_nothing_where_the_arrival_is_unknown() -> None:
    decision = judged(scan(), subject="上月民生实事", text="现补报上月进展情况", arrived=None)

    assert doubts(decision) == {"no_arrival", "period_unknown"}


@pytest.mark.parametrize("title", ["1-3月民生实事进展", "一季度民生实事进展"])
@pytest.mark.parametrize(("subject", "body"), [("民生实事4月报送", ""), ("民生实事报送", "现将4月份进展情况报上")])
def test_a_table_that_counts_up_to_a_month_before_that_of_the_mail_is_in_doubt_and_best_guessed_as_the_mails(
    title: str, subject: str, body: str
) -> None:
    decision = judged(school_workbook("报表.xlsx", title), scan(), subject=subject, text=body)

    assert doubts(decision) == {"period_contradiction"}
    assert decision.guess == ("区教育局", APRIL)
    assert months(decision) == {APRIL}


def test_a_table_that_counts_up_to_the_month_of_the_mail_is_no_doubt() -> None:
    file = school_workbook("报表.xlsx", "1-3月民生实事进展")

    assert period_of(judged(file, subject="3月民生实事", arrived="2021-04-06T09:00")) == MARCH


def test_a_table_that_counts_beyond_the_month_of_the_mail_keeps_its_own_as_the_best_guess() -> None:
    decision = judged(school_workbook("报表.xlsx", "1-4月民生实事进展"), subject="3月民生实事")

    assert doubts(decision) == {"period_contradiction"}
    assert decision.guess == ("区教育局", APRIL)
