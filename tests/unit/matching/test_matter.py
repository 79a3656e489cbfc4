from __future__ import annotations

import pytest
from tests.unit.matching.builders import doubts, judged, letter, photo, problems, scan, school_workbook

from mailbot.domain.decision import Verdict
from mailbot.domain.message import Attachment
from mailbot.domain.report import PartKind

SUBJECT = "区教育局4月民生实事进展情况"
TABLE = school_workbook("区教育局4月.xlsx", "区教育局4月民生实事进展")


@pytest.mark.parametrize(
    "other",
    [
        scan("区教育局党史学习教育情况（盖章）.pdf"),
        scan("安全检查报告盖章.pdf"),
        scan("发票.pdf"),
        photo("身份证.jpg"),
        photo("会议签到.jpg"),
        scan("民生实事佐证材料.pdf"),
        scan("民生实事会议纪要.pdf"),
    ],
)
def test_a_scan_that_speaks_of_other_business_is_not_the_sealed_one(other: Attachment) -> None:
    decision = judged(TABLE, other, subject=SUBJECT)

    assert [part.file for part in decision.parts] == [TABLE.file]
    assert (decision.verdict, doubts(decision)) == (Verdict.TRIAGE, {"other_file"})


@pytest.mark.parametrize(
    "name",
    [
        "扫描件0001.pdf",
        "盖章.pdf",
        "1.pdf",
        "IMG_2021.pdf",
        "区教育局4月.pdf",
        "民生实事及安全检查盖章.pdf",
        "中小学建设盖章.pdf",
        "主要领导签发.pdf",
        "张局长签字.pdf",
        "局长审签.pdf",
        "有章版.pdf",
        "市重点事项（盖章）.pdf",
        "微信图片_20210420.pdf",
    ],
)
def test_a_scan_with_a_neutral_name_or_words_of_our_matter_is_the_sealed_one(name: str) -> None:
    decision = judged(TABLE, scan(name), subject=SUBJECT)

    assert (decision.verdict, [part.file for part in decision.parts]) == (Verdict.RECORD, [TABLE.file, name])


def test_other_business_beside_a_complete_return_is_only_told() -> None:
    decision = judged(TABLE, scan("盖章.pdf"), scan("发票.pdf"), subject=SUBJECT)

    assert (decision.verdict, problems(decision)) == (Verdict.RECORD, {"other_file"})
    assert [part.kind for part in decision.parts] == [PartKind.ELECTRONIC, PartKind.SEALED_SCAN]


def test_a_letter_on_other_business_is_no_part_and_no_doubt_where_its_kind_is_not_lacking() -> None:
    other = letter("区教育局4月党建工作总结.docx", "区教育局4月党建工作总结\n一、党建工作。")

    decision = judged(TABLE, other, subject=SUBJECT)

    assert (decision.verdict, [part.file for part in decision.parts]) == (Verdict.RECORD, [TABLE.file])


def test_a_letter_with_an_odd_name_that_is_on_the_matter_counts() -> None:
    decision = judged(letter("党组审定稿.docx", "区教育局4月重点民生实事进展情况\n已开工3所。"), subject=SUBJECT)

    assert decision.verdict is Verdict.RECORD


def test_other_business_alone_waits_for_a_person_whatever_the_subject_says() -> None:
    decision = judged(scan("发票.pdf"), subject=SUBJECT)

    assert (decision.verdict, doubts(decision)) == (Verdict.TRIAGE, {"unrelated"})
