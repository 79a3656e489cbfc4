from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.matching.builders import (
    APRIL,
    EDUCATION,
    FINANCE,
    HOUSING,
    MARCH,
    NOTICE,
    OFFICE,
    STRANGER,
    TWO_UNITS,
    attachment,
    doubts,
    judged,
    letter,
    mail,
    problems,
    scan,
    school_table,
    school_workbook,
    situation,
    table,
    workbook,
)

from mailbot.domain.decision import About, Decision, Ruling, Situation, Verdict
from mailbot.domain.message import Address, Attachment, Cell, Document, Facts, FileKind, Mail, Table
from mailbot.domain.moments import SHANGHAI, shanghai
from mailbot.domain.report import PartKind
from mailbot.errors import Problem
from mailbot.matching import decide


def test_a_units_ordinary_mail_is_recorded_and_may_be_answered() -> None:
    decision = judged(
        school_workbook(
            "中原区教育局4月民生实事进展.xlsx", "2021年4月重点民生实事进展情况表", label="填报单位：中原区教育局"
        ),
        scan("中原区教育局4月（盖章）.pdf"),
        subject="区教育局4月民生实事进展情况",
        text="请查收。\n区教育局",
    )

    assert decision.verdict is Verdict.RECORD
    (submission,) = decision.submissions
    assert (submission.notice, submission.unit, submission.period) == (NOTICE.key, "区教育局", APRIL)
    assert [part.kind for part in submission.parts] == [PartKind.ELECTRONIC, PartKind.SEALED_SCAN]
    assert submission.tasks == (10,)
    assert len(submission.figures) == 4
    assert decision.reasons_not_to_answer == ()
    assert decision.answer_to == EDUCATION
    assert problems(decision) == set()


def test_every_aspect_of_a_recorded_mail_has_evidence() -> None:
    decision = judged(school_workbook(), scan(), subject="区教育局4月民生实事进展情况")

    assert {evidence.about for evidence in decision.evidence} == set(About)


def test_a_ruling_overrides_unit_and_month_and_leaves_the_rest() -> None:
    given = situation(rulings=(Ruling("区教育局", MARCH),))
    decision = judged(school_workbook(), scan(), sender=STRANGER, subject="4月", given=given)

    assert decision.verdict is Verdict.RECORD
    (submission,) = decision.submissions
    assert (submission.unit, submission.period, len(submission.parts)) == ("区教育局", MARCH, 2)
    assert submission.tasks == (10,)
    assert decision.doubts == ()
    assert decision.reasons_not_to_answer == ("not_bound",)
    assert decision.guess == ("区教育局", MARCH)


def test_a_ruling_for_the_bound_unit_lets_the_answer_go() -> None:
    given = situation(rulings=(Ruling("区教育局", APRIL),))
    decision = judged(scan(), arrived="2021-04-28T09:00", given=given)

    assert (decision.reasons_not_to_answer, decision.answer_to) == ((), EDUCATION)


def test_a_ruling_for_another_unit_than_the_bound_one_lets_no_answer_go() -> None:
    given = situation(rulings=(Ruling("区教育局", APRIL),))

    assert judged(school_workbook(), sender=HOUSING, given=given).reasons_not_to_answer == ("not_bound",)


def test_a_ruling_books_what_holds_no_part_that_we_can_see() -> None:
    given = situation(rulings=(Ruling("区教育局", APRIL),))
    (submission,) = judged(attachment("民生实事.zip", FileKind.ARCHIVE), given=given).submissions

    assert (submission.unit, submission.parts) == ("区教育局", ())


def test_a_ruling_books_a_machines_mail_but_does_not_answer_it() -> None:
    given = situation(rulings=(Ruling("区教育局", APRIL),))
    decision = judged(school_workbook(), headers=[("auto-submitted", "auto-generated")], given=given)

    assert decision.verdict is Verdict.RECORD
    assert "auto_submitted" in decision.reasons_not_to_answer


def test_a_ruling_on_a_forged_mail_still_lets_no_answer_go() -> None:
    given = situation(rulings=(Ruling("区教育局", APRIL),))
    decision = judged(school_workbook(), name="other@qq.example", given=given)

    assert decision.reasons_not_to_answer == ("forged_sender",)


def test_a_mail_without_a_policy_is_answered_to_nobody() -> None:
    given = replace(situation(), reply_policy=Situation.__dataclass_fields__["reply_policy"].default)  # type: ignore[arg-type] # the default itself

    assert judged(scan(), given=given).reasons_not_to_answer == ("no_policy",)


def test_without_any_notice_everything_waits_for_a_person() -> None:
    decision = judged(school_workbook("4月报表.xlsx"), subject="4月", given=situation(notices=()))

    assert decision.verdict is Verdict.TRIAGE
    assert decision.submissions == ()


def test_of_two_notices_a_unit_reports_under_the_one_that_covers_the_month() -> None:
    old = replace(
        NOTICE, key="old", first_period=replace(MARCH, year=2020), last_period=replace(MARCH, year=2020, month=12)
    )
    decision = judged(school_workbook("4月报表.xlsx"), subject="4月", given=situation(notices=(old, NOTICE)))

    assert [submission.notice for submission in decision.submissions] == [NOTICE.key]


def test_all_doubts_are_told_at_once() -> None:
    decision = judged(school_workbook("3月报表.xlsx", label="填报单位：区教育局"), sender=HOUSING, subject="4月份进展")

    assert doubts(decision) == {"unit_contradiction", "period_contradiction"}


def test_the_same_question_has_the_same_answer() -> None:
    files = (school_workbook("4月报表.xlsx", label="填报单位：区教育局"), scan())

    assert judged(*files, subject="4月") == judged(*files, subject="4月")


# what nobody foresees

WORDS = st.sampled_from(
    [
        "区教育局",
        "中原区房管局",
        "市教育局",
        "4月",
        "2021年3月",
        "截至3月31日",
        "1-4月",
        "填报单位：",
        "进展情况",
        "盖章",
        "自动回复",
        "任务内容",
        "序号",
        "累计完成",
        "完成率",
        "合计",
        "1.2万人",
        "65%",
        "新增中小学学位",
        "注：",
        "回复：",
        "\n",
        " ",
    ]
)
TEXTS = st.lists(WORDS | st.text(max_size=6), max_size=6).map("".join)
CELLS = st.builds(
    Cell,
    TEXTS,
    st.none() | st.floats(allow_nan=True, allow_infinity=True),
    st.sampled_from(["General", "0.0%", '0"万人"', "yyyy/m/d", ""]),
    st.none() | st.just("A1"),
)
TABLES = st.builds(
    Table,
    st.none() | TEXTS,
    st.lists(st.lists(CELLS, max_size=5).map(tuple), max_size=6).map(tuple),
    st.none(),
    st.booleans(),
)
DOCUMENTS = st.builds(
    Document,
    tables=st.lists(TABLES, max_size=2).map(tuple),
    text=TEXTS,
    pages=st.none() | st.just(1),
    is_scan=st.booleans(),
)
CODES = st.sampled_from(["encrypted", "damaged", "format_not_read", "table_cut"])
ATTACHMENTS = st.builds(
    Attachment,
    file=TEXTS,
    kind=st.sampled_from(FileKind),
    size=st.just(1),
    sha256=st.just("00"),
    document=DOCUMENTS,
    inline=st.booleans(),
    problems=st.lists(st.builds(Problem, CODES, st.just("x")), max_size=1).map(tuple),
)
SENDERS = st.sampled_from([EDUCATION, HOUSING, TWO_UNITS, FINANCE, STRANGER, OFFICE, ""])
MAILS = st.builds(
    Mail,
    headers=st.lists(st.tuples(st.sampled_from(["received", "precedence", "auto-submitted"]), TEXTS), max_size=2).map(
        tuple
    ),
    subject=TEXTS,
    sender=st.builds(Address, TEXTS, SENDERS),
    recipients=st.just(()),
    message_id=st.just(""),
    references=st.just(()),
    return_path=st.none() | st.just(""),
    content_type=st.sampled_from(["multipart/mixed", "multipart/report"]),
    text=TEXTS,
    html=TEXTS,
)
FACTS = st.builds(Facts, MAILS, st.lists(ATTACHMENTS, max_size=3, unique_by=lambda a: a.file).map(tuple))
ARRIVALS = st.none() | st.datetimes(
    min_value=shanghai("2021-01-01").replace(tzinfo=None),
    max_value=shanghai("2022-02-01").replace(tzinfo=None),
    timezones=st.just(SHANGHAI),
)


def decided(facts: Facts, arrived: datetime | None) -> Decision:
    return decide(facts, situation(), arrived=arrived)


@given(FACTS, ARRIVALS)
def test_no_facts_break_the_decision_and_what_it_books_is_sound(facts: Facts, arrived: datetime | None) -> None:
    decision = decided(facts, arrived)

    assert bool(decision.submissions) == (decision.verdict is Verdict.RECORD)
    assert bool(decision.doubts) == (decision.verdict is Verdict.TRIAGE)
    for submission in decision.submissions:
        assert submission.unit in NOTICE.lead_units()
        assert NOTICE.covers(submission.period)
        assert submission.parts
        assert {About.UNIT, About.PERIOD, About.KIND, About.PART} <= {e.about for e in decision.evidence}
        assert any(e.points_to == submission.unit for e in decision.evidence if e.about is About.UNIT)


@given(FACTS, ARRIVALS)
def test_nothing_is_answered_that_is_not_booked_for_the_senders_own_units(
    facts: Facts, arrived: datetime | None
) -> None:
    decision = decided(facts, arrived)

    if not decision.reasons_not_to_answer:
        assert decision.verdict is Verdict.RECORD
        bound = situation().directory.bound_to(decision.answer_to)
        assert {submission.unit for submission in decision.submissions} <= set(bound)


@given(FACTS, ARRIVALS)
def test_no_attachment_is_lost_without_a_word(facts: Facts, arrived: datetime | None) -> None:
    decision = decided(facts, arrived)

    files = {part.file for part in decision.parts} - {None}  # the mail's own text
    assert files <= {attachment.file for attachment in facts.attachments}
    assert all(0 <= evidence.weight <= 1 for evidence in decision.evidence)


@given(
    st.builds(Facts, st.just(mail()), st.just((attachment("x.xlsx", FileKind.XLSX),))),
    ARRIVALS,
    st.sampled_from([MARCH, APRIL]),
)
def test_a_ruling_is_always_booked(facts: Facts, arrived: datetime | None, period: object) -> None:
    given_ruling = situation(rulings=(Ruling("区教育局", period),))  # type: ignore[arg-type] # a period

    assert decide(facts, given_ruling, arrived=arrived).verdict is Verdict.RECORD


@pytest.mark.parametrize(
    "text",
    [
        "(" * 50_000,
        "()" * 25_000,
        "已完成" * 20_000,
        "by mx1 (Coremail) " * 10_000,
        "Re:" * 30_000,
        "a" * 100_000,
        "1月" * 50_000,
    ],
)
def test_hostile_words_cost_no_more_than_a_moment(text: str) -> None:
    headers = [("received", text), ("auto-submitted", f"no {text}"), ("x-cm-transid", text)]
    rows = table((text, text), ("序号", "任务内容", "累计完成", text), (10, text, text, text), name=text)
    files = (workbook(text[:200] + ".xlsx", rows), letter("a.docx", text))

    decision = judged(*files, subject=text, text=text, html=text, name=text, headers=headers)

    assert decision.verdict in Verdict


def test_a_hostile_table_costs_no_more_than_a_moment() -> None:
    wide = table(
        *[("序号", "任务内容", "累计完成", "进展情况")]
        + [(x, f"加装电梯{x}" * 50, x, "停车" * 200) for x in range(3000)]
    )

    assert judged(workbook("4月.xlsx", wide, school_table()), subject="4月").parts
