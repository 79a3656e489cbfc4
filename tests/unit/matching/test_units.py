from __future__ import annotations

from dataclasses import replace

import pytest
from tests.unit.matching.builders import (
    APRIL,
    EDUCATION,
    FINANCE,
    HEAD,
    HOUSING,
    STRANGER,
    TWO_UNITS,
    attachment,
    cell,
    doubts,
    judged,
    letter,
    made_pdf,
    scan,
    school_table,
    school_workbook,
    situation,
    table,
    workbook,
)

from mailbot.domain.decision import About, Ruling, Situation, Verdict
from mailbot.domain.message import Attachment, FileKind, Table
from mailbot.domain.unit import Directory, Unit

HOUSING_TABLE = table(
    ("序号", "任务内容", "累计完成", "进展情况"),
    (2, "新开工安置房", 300, "已开工"),
    (4, "既有住宅加装电梯", 8, "正在办理"),
)
RENEWAL_TABLE = table(
    ("序号", "任务内容", "累计完成", "进展情况"),
    (2, "新开工安置房", 500, "已开工"),
    (3, "回迁安置群众", 900, "已选房"),
)


def units(*files: Attachment, sender: str = STRANGER, subject: str = "4月民生实事进展", text: str = "") -> set[str]:
    decision = judged(*files, sender=sender, subject=subject, text=text)
    return {submission.unit for submission in decision.submissions}


def test_a_bound_address_is_enough_where_the_files_say_nothing() -> None:
    assert units(scan(), sender=EDUCATION) == {"区教育局"}


@pytest.mark.parametrize(
    "label",
    [
        "填报单位：区教育局",
        "填报单位：郑州市中原区教育局（盖章）",
        "报送单位: 中原区教育局",
        "填 报 单 位 ： 区 教 育 局",
        "单位：中原区教体局",
        "填表单位：教育局",
    ],
)
def test_the_label_of_a_table_names_the_unit_of_an_unbound_sender(label: str) -> None:
    assert units(school_workbook(label=label)) == {"区教育局"}


def test_the_name_may_stand_in_the_cell_beside_the_label() -> None:
    beside = table(
        ("民生实事进展情况表",),
        ("填报单位", "", "郑州市中原区教育局"),
        ("序号", "任务内容", "累计完成"),
        (10, "新增中小学学位", 5),
    )

    assert units(workbook("表.xlsx", beside)) == {"区教育局"}


def test_the_label_may_stand_below_the_table() -> None:
    below = table(("序号", "任务内容", "累计完成"), (10, "新增中小学学位", 5), ("填报单位：区教育局",))

    assert units(workbook("表.xlsx", below)) == {"区教育局"}


def test_title_and_file_name_together_name_an_unbound_unit() -> None:
    assert units(school_workbook("中原区教育局4月.xlsx", "中原区教育局2021年4月民生实事进展情况表")) == {"区教育局"}


def test_a_scan_named_after_the_unit_and_a_subject_that_agrees_name_an_unbound_unit() -> None:
    assert units(scan("中原区教育局4月盖章件.pdf"), subject="中原区教育局4月民生实事进展") == {"区教育局"}


def test_letterhead_and_signature_of_a_document_name_its_unit() -> None:
    opening = "中原区教育局\n关于4月份重点民生实事进展情况的报告\n区政府督查室：\n现将情况报告如下。\n"
    text = opening + "中原区教育局\n2021年4月22日"

    assert units(letter("报告.docx", text), subject="区教育局4月报告") == {"区教育局"}


def test_a_display_name_alone_is_never_enough() -> None:
    decision = judged(school_workbook(), sender=STRANGER, name="中原区教育局", subject="4月")

    assert decision.verdict is Verdict.TRIAGE
    assert "unit_unknown" in doubts(decision)


def test_a_subject_alone_is_never_enough() -> None:
    assert "unit_unknown" in doubts(judged(scan(), sender=STRANGER, subject="中原区教育局4月民生实事进展"))


def test_tasks_alone_are_never_enough_but_give_a_guess() -> None:
    decision = judged(school_workbook(), sender=STRANGER, subject="4月")

    assert doubts(decision) == {"unit_unknown"}
    assert decision.guess == ("区教育局", APRIL)


@pytest.mark.parametrize("name", ["郑州市教育局", "金水区教育局", "二七区教育局", "市教育局", "河南省教育厅", "教育局"])
def test_another_places_body_is_not_taken_for_ours(name: str) -> None:
    decision = judged(
        scan(f"{name}4月.pdf"), sender=STRANGER, subject=f"{name}4月民生实事进展", text=f"{name}\n2021年4月22日"
    )

    assert decision.verdict is Verdict.TRIAGE


@pytest.mark.parametrize("column", ["牵头单位", "责任单位", "责任单位（区教育局牵头）"])
def test_units_in_a_tables_columns_say_nothing_of_the_sender(column: str) -> None:
    rows = table(
        ("序号", "任务内容", column, "进展情况"),
        (4, "既有住宅加装电梯", "区教育局", "正在办理"),
        (5, "新建公共停车泊位", "区教育局", "正在办理"),
    )
    decision = judged(workbook("表.xlsx", rows), sender=STRANGER, subject="4月")

    pointed_to = {e.points_to for e in decision.evidence if e.about is About.UNIT}
    assert "区教育局" not in pointed_to


def test_an_unbound_sender_is_recorded_but_not_answered() -> None:
    decision = judged(school_workbook(label="填报单位：区教育局"), sender=STRANGER, subject="4月")

    assert decision.verdict is Verdict.RECORD
    assert decision.reasons_not_to_answer == ("not_bound",)


def test_an_unbound_sender_does_not_replace_what_a_unit_has_reported_in_full() -> None:
    given = situation(incomplete=frozenset())

    decision = judged(school_workbook(label="填报单位：区教育局"), sender=STRANGER, subject="4月", given=given)

    assert decision.verdict is Verdict.TRIAGE
    assert doubts(decision) == {"unbound_correction"}
    assert decision.guess == ("区教育局", APRIL)


def test_a_file_that_soundly_names_another_unit_contradicts_the_address() -> None:
    decision = judged(school_workbook(label="填报单位：区教育局"), sender=HOUSING, subject="4月")

    assert decision.verdict is Verdict.TRIAGE
    assert "unit_contradiction" in doubts(decision)
    assert decision.guess == ("区房管局", APRIL)
    assert "unit_contradiction" in decision.reasons_not_to_answer


def test_a_subject_that_names_another_unit_contradicts_the_address() -> None:
    assert doubts(judged(scan(), sender=HOUSING, subject="中原区教育局4月进展")) == {"unit_contradiction"}


def test_a_subject_about_another_unit_is_no_contradiction_where_the_file_names_the_right_one() -> None:
    decision = judged(
        school_workbook("区教育局4月.xlsx", "中原区教育局4月进展情况表"),
        sender=EDUCATION,
        subject="区房管局区教育局4月进展",
    )

    assert doubts(decision) == set()


def test_naming_a_partner_is_no_contradiction() -> None:
    decision = judged(
        scan(), sender=EDUCATION, subject="4月民生实事进展", text="我局会同区房管局推进，请查收。\n区教育局"
    )

    assert doubts(decision) == set()


def test_two_workbooks_of_one_clerks_two_units_are_two_submissions() -> None:
    decision = judged(
        workbook("区房管局4月.xlsx", HOUSING_TABLE),
        workbook("区城市更新发展中心4月.xlsx", RENEWAL_TABLE),
        sender=TWO_UNITS,
        subject="4月进展",
    )

    assert [(s.unit, s.tasks) for s in decision.submissions] == [("区房管局", (2, 4)), ("区城市更新发展中心", (2, 3))]
    assert [p.unit for p in decision.parts] == ["区房管局", "区城市更新发展中心"]


def test_tasks_tell_the_units_of_one_address_apart() -> None:
    assert units(workbook("报表.xlsx", RENEWAL_TABLE), sender=TWO_UNITS) == {"区城市更新发展中心"}


def test_a_subject_tells_the_units_of_one_address_apart() -> None:
    assert units(scan(), sender=TWO_UNITS, subject="区房管局4月进展") == {"区房管局"}


def test_a_silent_scan_follows_the_only_unit_named_beside_it() -> None:
    files = (workbook("报表.xlsx", RENEWAL_TABLE), scan())

    assert units(*files, sender=TWO_UNITS) == {"区城市更新发展中心"}


def test_a_silent_scan_beside_two_units_workbooks_is_a_doubt() -> None:
    decision = judged(
        workbook("区房管局4月.xlsx", HOUSING_TABLE),
        workbook("区城市更新发展中心4月.xlsx", RENEWAL_TABLE),
        scan("1.pdf"),
        sender=TWO_UNITS,
        subject="4月进展",
    )

    assert doubts(decision) == {"one_of_several_units"}
    assert {part.unit for part in decision.parts} == {"区房管局", "区城市更新发展中心", None}


def test_an_address_of_two_units_without_any_word_is_a_doubt() -> None:
    decision = judged(scan(), sender=TWO_UNITS, subject="4月进展")

    assert doubts(decision) == {"one_of_several_units"}
    assert {part.unit for part in decision.parts} == {None}


def test_the_mail_that_is_answered_tells_the_units_of_one_address_apart() -> None:
    given = situation(answers=("区房管局", APRIL))

    assert judged(scan(), sender=TWO_UNITS, subject="4月盖章件", given=given).submissions[0].unit == "区房管局"


def test_a_third_unit_contradicts_an_address_of_two() -> None:
    decision = judged(school_workbook(label="填报单位：区教育局"), sender=TWO_UNITS, subject="4月")

    assert "unit_contradiction" in doubts(decision)


def test_a_mail_of_an_unbound_sender_may_bring_two_units() -> None:
    decision = judged(
        workbook("区房管局4月.xlsx", HOUSING_TABLE),
        workbook("区城市更新发展中心4月.xlsx", RENEWAL_TABLE),
        sender=STRANGER,
        subject="区房管局、区城市更新发展中心4月进展",
    )

    assert {s.unit for s in decision.submissions} == {"区房管局", "区城市更新发展中心"}


def test_a_scan_that_names_one_of_an_unbound_senders_two_units_goes_with_its_workbook() -> None:
    decision = judged(
        workbook("区房管局4月.xlsx", HOUSING_TABLE),
        workbook("区城市更新发展中心4月.xlsx", RENEWAL_TABLE),
        scan("区房管局（盖章）.pdf"),
        scan("区城市更新发展中心（盖章）.pdf"),
        sender=STRANGER,
        subject="4月进展",
    )

    assert {(s.unit, len(s.parts)) for s in decision.submissions} == {("区房管局", 2), ("区城市更新发展中心", 2)}


def test_a_file_that_names_another_unit_than_its_address_has_no_unit_before_a_person_looked() -> None:
    decision = judged(
        school_workbook(label="填报单位：区教育局"), scan("区房管局（盖章）.pdf"), sender=EDUCATION, subject="4月"
    )

    assert {part.file: part.unit for part in decision.parts} == {"报表.xlsx": "区教育局", "区房管局（盖章）.pdf": None}


def test_a_silent_scan_of_an_unbound_sender_follows_the_workbook() -> None:
    decision = judged(school_workbook(label="填报单位：区教育局"), scan("扫描.pdf"), sender=STRANGER, subject="4月")

    assert {(p.unit, p.kind.value) for p in decision.parts} == {("区教育局", "electronic"), ("区教育局", "sealed_scan")}
    assert decision.verdict is Verdict.RECORD


def test_a_scan_that_names_another_unit_does_not_follow_the_workbook() -> None:
    decision = judged(
        school_workbook(label="填报单位：区教育局"), scan("中原区房管局盖章.pdf"), sender=STRANGER, subject="4月"
    )

    assert "unit_unknown" in doubts(decision)


def test_a_mail_that_names_another_unit_than_its_file_is_a_doubt_for_an_unbound_sender() -> None:
    decision = judged(
        school_workbook(label="填报单位：区教育局"), sender=STRANGER, subject="4月", text="请查收\n中原区房管局"
    )

    assert decision.verdict is Verdict.TRIAGE


def test_a_unit_that_owes_nothing_is_a_doubt() -> None:
    decision = judged(scan("区财政局4月.pdf"), sender=FINANCE, subject="区财政局4月民生实事进展")

    assert doubts(decision) == {"not_obliged"}
    assert decision.guess == (None, APRIL)
    assert decision.submissions == ()


def test_one_unit_with_two_names_is_one() -> None:
    rows = table(("序号", "任务内容", "进展情况"), (6, "完善智慧停车管理系统", "运行正常"))

    for name in ("区政务办（区大数据局）", "中原区大数据局", "区政务办"):
        assert units(workbook(f"{name}4月.xlsx", rows), subject=f"{name}4月进展") == {"区政务办（区大数据局）"}


def test_the_longest_name_wins_over_a_shorter_one_in_it() -> None:
    rows = table(
        ("填报单位：区市场监督管理局",), ("序号", "任务内容", "进展情况"), (16, "基层诊所标准化药房", "推进中")
    )

    assert units(workbook("表.xlsx", rows)) == {"区市场监管局"}


def test_evidence_names_place_words_and_weight() -> None:
    decision = judged(school_workbook("表.xlsx", label="填报单位：区教育局"), sender=EDUCATION, subject="4月")

    found = {(e.points_to, e.source, e.quote, e.weight) for e in decision.evidence if e.about is About.UNIT}
    assert ("区教育局", "sender", f"已绑定的发件地址：{EDUCATION}", 0.9) in found
    assert ("区教育局", "表.xlsx", "表内标注：填报单位:区教育局", 0.9) in found
    assert ("区教育局", "表.xlsx", "所报任务：第10项", 0.5) in found


def test_a_born_digital_pdf_names_its_unit_by_its_text() -> None:
    text = "郑州市中原区教育局\n关于4月重点民生实事进展情况的报告"

    assert units(made_pdf("报告.pdf", text), subject="中原区教育局进展情况") == {"区教育局"}


def test_a_cell_with_a_quoted_salutation_is_no_letterhead() -> None:
    text = "区房管局：\n现将4月份重点民生实事进展情况报告如下。\n中原区教育局"

    assert units(letter("报告.docx", text), sender=EDUCATION) == {"区教育局"}


def test_hidden_sheets_are_not_looked_at() -> None:
    hidden = table(
        ("填报单位：区房管局",), ("序号", "任务内容", "累计完成"), (4, "加装电梯", 3), name="旧", hidden=True
    )

    assert units(workbook("表.xlsx", school_table(label="填报单位：区教育局"), hidden), sender=EDUCATION) == {
        "区教育局"
    }


def test_a_number_cell_beside_a_label_is_no_unit() -> None:
    rows = table(("填报单位", cell(12)), ("序号", "任务内容", "累计完成"), (10, "新增中小学学位", 5))

    assert units(workbook("表.xlsx", rows), sender=EDUCATION) == {"区教育局"}


def test_a_forwarded_subject_is_the_forwarders_word() -> None:
    assert doubts(judged(scan(), sender=HOUSING, subject="转发：中原区教育局4月进展")) == {"unit_contradiction"}


def test_a_workbook_on_other_units_tasks_only_is_a_doubt() -> None:
    assert doubts(judged(school_workbook("4月报表.xlsx"), sender=HOUSING, subject="4月")) == {"tasks_of_others"}


def test_an_archives_name_gives_a_guess() -> None:
    decision = judged(attachment("中原区教育局4月.zip", FileKind.ARCHIVE), sender=STRANGER, subject="4月民生实事进展")

    assert decision.verdict is Verdict.TRIAGE
    assert decision.guess == ("区教育局", APRIL)


def test_a_second_sheet_labelled_with_another_unit_is_a_contradiction() -> None:
    other = table(("填报单位：区房管局",), ("序号", "任务内容", "累计完成"), (4, "既有住宅加装电梯", ""), name="房管")
    decision = judged(workbook("4月.xlsx", school_table(label="填报单位：区教育局"), other), subject="4月")

    assert doubts(decision) == {"unit_contradiction"}


def lifts(*above: str, done: object = 8, told: str = "正在办理", name: str = "Sheet2") -> Table:
    """Return 区房管局's table, of a task that it leads alone."""
    return table(*((line,) for line in above), HEAD, (4, "既有住宅加装电梯", done, "", told, "", ""), name=name)


def below(*tables: Table, between: tuple[object, ...] = ()) -> Table:
    """Return tables one below the other on a sheet."""
    rows = [row for one in tables for row in (*([[cell.text for cell in row] for row in one.rows]), between)]
    return table(*rows, name="进展")


TITLE, OTHER_TITLE = "中原区教育局2021年4月重点民生实事进展情况表", "中原区住房保障和房产管理局2021年4月进展情况表"
LABELLED = school_table(label="填报单位：区教育局"), lifts("填报单位：区房管局")
FOOT = ("填报人：张三",)
OF_TWO_UNITS = {
    "a sheet each, titled": workbook("4月.xlsx", school_table(TITLE), lifts(OTHER_TITLE)),
    "a sheet each, named barely": workbook("4月.xlsx", school_table(name="教育局"), lifts(name="房管局")),
    "a sheet each, labelled": workbook("4月.xlsx", *LABELLED),
    "one below the other": workbook("4月.xlsx", below(school_table(TITLE), lifts(OTHER_TITLE))),
    "with a foot between": workbook("4月.xlsx", below(school_table(TITLE), lifts(OTHER_TITLE), between=FOOT)),
    "labelled, with a foot between": workbook("4月.xlsx", below(*LABELLED, between=FOOT)),
    "named in one title": workbook("4月.xlsx", below(school_table("区教育局和区房管局4月进展情况表"), lifts())),
    "named by the file": workbook("区教育局、区房管局4月进展.xlsx", below(school_table(), lifts())),
}  # fmt: skip
BOUND_TO_BOTH = replace(
    situation(), directory=Directory((Unit("区教育局", "", (), (EDUCATION,)), Unit("区房管局", "", (), (EDUCATION,))))
)


@pytest.mark.parametrize("file", OF_TWO_UNITS.values(), ids=OF_TWO_UNITS)
@pytest.mark.parametrize("given", [situation(), BOUND_TO_BOTH], ids=["bound to one", "bound to both"])
def test_a_file_that_holds_the_reports_of_two_units_is_a_doubt_about_both(file: Attachment, given: Situation) -> None:
    decision = judged(file, scan(), subject="4月民生实事进展", given=given)

    assert decision.verdict is Verdict.TRIAGE
    assert "several_units_in_file" in doubts(decision)
    assert {("区教育局", APRIL), ("区房管局", APRIL)} <= set(decision.concerns)


@pytest.mark.parametrize("file", OF_TWO_UNITS.values(), ids=OF_TWO_UNITS)
def test_a_person_books_a_file_of_two_units_for_both(file: Attachment) -> None:
    words = tuple(Ruling(unit, APRIL) for unit in ("区教育局", "区房管局"))
    decision = judged(file, subject="4月", given=replace(BOUND_TO_BOTH, rulings=words))

    assert {(part.unit, part.file) for part in decision.parts} == {(word.unit, file.file) for word in words}


def test_a_file_of_two_units_that_a_person_booked_for_one_waits_for_the_other() -> None:
    words = (Ruling("区教育局", APRIL),)
    decision = judged(OF_TWO_UNITS["one below the other"], subject="4月", given=situation(rulings=words))

    assert ([s.unit for s in decision.submissions], doubts(decision)) == (["区教育局"], {"left_over"})
    assert decision.concerns == (("区房管局", APRIL),)
    every = (*words, Ruling("区教育局", APRIL, every=True))
    assert judged(OF_TWO_UNITS["one below the other"], given=situation(rulings=every)).doubts == ()


def test_a_table_of_both_units_of_one_clerk_is_a_doubt_whomever_its_title_names() -> None:
    decision = judged(workbook("4月.xlsx", below(school_table(TITLE), lifts())), given=BOUND_TO_BOTH)

    assert doubts(decision) == {"several_units_in_file"}


def test_a_table_of_two_units_under_a_subject_that_names_both_is_a_doubt() -> None:
    decision = judged(workbook("4月.xlsx", below(school_table(), lifts())), subject="区教育局、区房管局4月民生实事进展")

    assert "several_units_in_file" in doubts(decision)


@pytest.mark.parametrize(
    "file",
    [
        workbook("4月.xlsx", school_table(TITLE), lifts(OTHER_TITLE, done="", told="")),
        workbook("4月.xlsx", school_table("区教育局会同区房管局4月进展情况表"), lifts()),
        workbook("4月.xlsx", below(school_table(TITLE), lifts())),
        workbook("4月.xlsx", below(school_table(TITLE), lifts("二、区房管局牵头任务（我局为责任单位）"))),
        workbook("4月.xlsx", school_table(TITLE), lifts(name="区房管局牵头")),
    ],
    ids=["an empty form", "a partner in a title", "rows of others", "rows under whose task it is", "a sheet likewise"],
)
def test_a_file_that_merely_mentions_another_unit_is_booked(file: Attachment) -> None:
    assert units(file, scan(), sender=EDUCATION) == {"区教育局"}


def test_a_task_that_two_units_lead_is_no_report_of_both() -> None:
    title = "区房管局、区城市更新发展中心4月进展情况表"
    joint = table((title,), ("序号", "任务内容", "累计完成"), (2, "新开工安置房", 300), name="进展")

    assert "several_units_in_file" not in doubts(judged(workbook("4月.xlsx", joint), sender=HOUSING, subject="4月"))


def test_a_line_of_a_letter_may_be_the_label() -> None:
    text = "重点民生实事4月份进展\n填报单位：中原区教育局\n新增中小学学位1200个。"

    assert units(letter("报告.docx", text)) == {"区教育局"}


@pytest.mark.parametrize(
    ("subject", "file"),
    [
        ("4月民生实事", school_workbook(label="填报单位：金水区教育局")),
        ("4月民生实事", school_workbook(label="填报单位：郑州市教育局")),
        ("4月民生实事", school_workbook(label="填报单位：中牟县教育局")),
        ("4月民生实事", school_workbook(title="郑东新区教育局4月民生实事进展情况")),
        ("4月民生实事", school_workbook(title="郑州市教育局4月民生实事进展情况")),
        ("4月民生实事", school_workbook("金水区教育局4月.xlsx")),
        ("4月民生实事", school_workbook("市教育局4月.xlsx")),
        ("4月民生实事", scan("金水区教育局4月盖章.pdf")),
        ("4月民生实事", letter("附件.docx", "二七区教育局\n4月重点民生实事进展情况\n")),
        ("金水区教育局4月民生实事", school_workbook()),
    ],
)
def test_a_namesake_of_another_place_contradicts_the_address(subject: str, file: Attachment) -> None:
    decision = judged(file, sender=EDUCATION, subject=subject)

    assert (decision.verdict, doubts(decision)) == (Verdict.TRIAGE, {"other_district"})
    assert "other_district" in decision.reasons_not_to_answer


def test_a_label_below_the_table_or_in_two_cells_names_another_district_too() -> None:
    head, row = ("序号", "任务内容", "累计完成"), (10, "新增中小学学位", 5)

    for rows in ((head, row, ("填报单位：金水区教育局",)), (("填报单位", "金水区教育局"), head, row)):
        decision = judged(workbook("表.xlsx", table(*rows)), sender=EDUCATION, subject="4月民生实事")
        assert doubts(decision) == {"other_district"}


@pytest.mark.parametrize(
    ("subject", "file"),
    [
        ("4月民生实事", school_workbook(title="郑州市教育局统一表样", label="填报单位：中原区教育局")),
        ("报市教育局、区教育局4月民生实事", school_workbook()),  # the subject says whom the city's copy goes to
        ("全区教育局系统4月民生实事", school_workbook()),
        ("城区教育局4月民生实事", school_workbook()),
        ("会同金水区教育局推进4月民生实事", school_workbook()),
    ],
)
def test_a_place_that_is_no_other_sender_is_no_contradiction(subject: str, file: Attachment) -> None:
    assert doubts(judged(file, sender=EDUCATION, subject=subject)) == set()


def test_the_doubt_names_the_place_and_nothing_before_it() -> None:
    decision = judged(school_workbook(), sender=EDUCATION, subject="报送金水区教育局4月民生实事")

    assert "“金水区教育局”" in decision.doubts[0].text


def test_an_address_that_begins_like_a_bound_one_is_forged() -> None:
    decision = judged(school_workbook(label="填报单位：区教育局"), sender=f"{EDUCATION}.evil.example", subject="4月")

    assert "forged_sender" in doubts(decision)
