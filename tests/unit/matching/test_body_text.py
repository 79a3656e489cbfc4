from __future__ import annotations

from hashlib import sha256

import pytest
from tests.unit.matching.builders import (
    APRIL,
    EDUCATION,
    HEALTH,
    MARCH,
    OWED,
    STRANGER,
    attachment,
    doubts,
    judged,
    photo,
    scan,
    school_workbook,
    situation,
)

from mailbot.domain.decision import Decision, MailKind, Ruling, Verdict
from mailbot.domain.message import FileKind
from mailbot.domain.report import Meaning, PartKind, Source

SUBJECT = "区教育局4月份民生实事进展情况"
NIL = "区教育局4月份重点民生实事工作无变化，特此报告。"
REPORT = (
    "督查室：\n    现将区教育局4月份民生实事进展情况报告如下：新建、改扩建中小学2所，新投入使用中小学1所，"
    "新增中小学学位0.3万个，完成目标任务的11.1%。\n区教育局\n2021年4月22日"
)


def kinds(decision: Decision) -> list[tuple[PartKind, str | None]]:
    return [(part.kind, part.file) for part in decision.parts]


BODY = [(PartKind.ELECTRONIC, None)]


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("区教育局4月份零报告", NIL),
        ("民生实事", "本月我局牵头的第10项任务进展与上月相同，无变化。"),
        ("4月零报告", "本月无变化。"),
        ("回复：【提醒】2021年4月重点民生实事进展情况请于25日前报送", "本月无变化"),
        (SUBJECT, REPORT),
        (SUBJECT, "第10项：3所学校已开工，2所正在招标。"),
        (SUBJECT, "新增中小学学位1200个。盖章扫描件随后报送。"),
    ],
)
def test_a_bound_units_text_that_reports_itself_is_the_electronic_version(subject: str, text: str) -> None:
    decision = judged(subject=subject, text=text)

    assert (decision.kind, decision.verdict, kinds(decision)) == (MailKind.REPORT, Verdict.RECORD, BODY)
    ((unit, period),) = {(each.unit, each.period) for each in decision.submissions}
    assert (unit, period) == ("区教育局", APRIL)
    assert decision.reasons_not_to_answer == ()


@pytest.mark.parametrize(
    "text",
    [
        "见附件，请查收。",
        "现将区教育局4月份民生实事进展情况报上，请查收。",
        "报送零报告，请查收",
        "请问4月无变化还要报吗？",
        "4月无变化是否也要报",
        "新建、改扩建中小学2所，其余月底前报送。",
        "4月数据还在汇总，新增中小学学位1200个左右。",
        "本月进展申请延期报送，新增中小学学位1200个。",
        "我局联系人无变化。",
        "党建工作无变化。",
        "计划新增中小学学位1200个。",
        "收到，谢谢！",
        "已补报。\n> 本月无变化",
    ],
)
def test_a_cover_note_a_question_a_promise_and_quoted_words_are_no_report(text: str) -> None:
    decision = judged(subject=SUBJECT, text=text)

    assert (decision.verdict, decision.parts) == (Verdict.TRIAGE, ())


def test_the_text_of_a_sender_bound_to_no_unit_waits_for_a_person() -> None:
    assert judged(sender=STRANGER, subject="区教育局4月零报告", text=NIL).parts == ()


def test_the_text_of_a_stranger_counts_once_a_person_has_assigned_it() -> None:
    given = situation(rulings=(Ruling("区教育局", APRIL),))

    assert kinds(judged(sender=STRANGER, subject="4月零报告", text=NIL, given=given)) == BODY


def test_its_sentences_give_figures_with_the_body_as_their_place() -> None:
    decision = judged(subject=SUBJECT, text=REPORT)

    assert {(f.task, f.what, f.value, f.meaning, f.source) for f in decision.figures} == {
        (10, "新建、改扩建中小学", 2, Meaning.CUMULATIVE, Source()),
        (10, "新投入使用中小学", 1, Meaning.CUMULATIVE, Source()),
        (10, "新增中小学学位", 3000, Meaning.CUMULATIVE, Source()),
    }
    assert decision.submissions[0].figures == decision.figures


def test_a_nil_report_is_said_of_every_task_of_the_unit() -> None:
    decision = judged(sender=HEALTH, subject="区卫健委4月零报告", text="区卫健委4月民生实事无变化。")

    assert decision.submissions[0].tasks == (11, 14)
    assert {said.text for said in decision.progress} == {"区卫健委4月民生实事无变化"}


def test_the_part_is_the_bytes_of_the_text_whatever_blank_lines_stand_in_it() -> None:
    one, other = (judged(subject="4月零报告", text=text).parts[0] for text in (NIL, f"\n  {NIL}\n\n"))

    assert one == other
    assert (one.sha256, one.size) == (sha256(NIL.encode()).hexdigest(), len(NIL.encode()))


@pytest.mark.parametrize("text", [NIL, REPORT + "\n盖章扫描件见附件。"])
def test_a_sealed_scan_beside_it_completes_the_return(text: str) -> None:
    decision = judged(scan("盖章.pdf"), subject=SUBJECT, text=text)

    assert decision.verdict is Verdict.RECORD
    assert sorted(part.kind.value for part in decision.parts) == ["electronic", "sealed_scan"]


@pytest.mark.parametrize("text", ["见附件", "现将盖章件报上，新增中小学学位1200个。", "请查收"])
def test_a_note_beside_a_scan_is_no_electronic_version(text: str) -> None:
    assert kinds(judged(scan("盖章.pdf"), subject=SUBJECT, text=text)) == [(PartKind.SEALED_SCAN, "盖章.pdf")]


@pytest.mark.parametrize("other", [scan("发票.pdf"), photo("身份证.jpg")])
def test_other_business_beside_the_text_does_not_complete_it(other: object) -> None:
    decision = judged(other, subject=SUBJECT, text=NIL)  # type: ignore[arg-type] # an attachment

    assert (kinds(decision), doubts(decision)) == (BODY, {"other_file"})


@pytest.mark.parametrize("file", [school_workbook("4月.xlsx"), attachment("4月.zip", FileKind.ARCHIVE)])
def test_the_text_is_a_note_where_a_file_is_or_may_be_the_electronic_version(file: object) -> None:
    decision = judged(file, subject=SUBJECT, text=NIL)  # type: ignore[arg-type] # an attachment

    assert None not in {part.file for part in decision.parts}


def test_a_text_alone_never_replaces_a_complete_return_unseen() -> None:
    given = situation(incomplete=OWED - {("区教育局", APRIL)})

    assert doubts(judged(subject=SUBJECT, text=REPORT, given=given)) == {"text_after_return"}


def test_a_text_whose_month_is_in_doubt_waits_for_a_person() -> None:
    decision = judged(subject="区教育局3月、4月零报告", text="无变化。")

    assert decision.verdict is Verdict.TRIAGE
    assert {period for _, period in decision.concerns} >= {MARCH, APRIL}


def test_a_machines_text_is_none() -> None:
    decision = judged(subject="自动回复：4月", text=NIL, sender=EDUCATION)

    assert (decision.kind, decision.parts) == (MailKind.AUTO_REPLY, ())
