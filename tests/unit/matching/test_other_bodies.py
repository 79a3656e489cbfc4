from __future__ import annotations

import pytest
from tests.unit.matching.builders import doubts, judged, school_workbook

from mailbot.domain.decision import Verdict


@pytest.mark.parametrize(
    "name",
    [
        "林山寨街道",
        "桐柏路街道办事处",
        "中原区须水街道办",
        "三官庙办事处",
        "郑州市第七中学",
        "伊河路小学",
        "区水利局",
        "中原区审计局",
    ],
)
def test_material_that_another_body_heads_is_not_the_bound_units(name: str) -> None:
    by_subject = judged(school_workbook("4月.xlsx"), subject=f"{name}4月民生实事进展")
    by_file = judged(school_workbook(f"{name}4月民生实事.xlsx"), subject="4月民生实事")
    by_title = judged(school_workbook("4月.xlsx", f"{name}4月民生实事进展"), subject="4月民生实事")
    by_label = judged(school_workbook("4月.xlsx", label=f"填报单位：{name}"), subject="4月民生实事")

    for decision in (by_subject, by_file, by_title, by_label):
        assert (decision.verdict, doubts(decision)) == (Verdict.TRIAGE, {"other_body"})


@pytest.mark.parametrize(
    "subject",
    [
        "区教育局4月民生实事进展（含林山寨街道）",
        "各街道4月民生实事进展",
        "全区中小学4月民生实事进展",
        "新建改扩建中小学4月进展",
        "区教体局4月民生实事进展",
        "我局4月民生实事进展",
        "桐柏路小学建设4月民生实事进展",
        "优化学校布局4月民生实事进展",
    ],
)
def test_our_own_unit_its_tasks_and_what_is_named_beside_it_are_no_other_body(subject: str) -> None:
    assert judged(school_workbook("4月.xlsx"), subject=subject).verdict is Verdict.RECORD
