from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.chinese.fold import bare, fold


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("１２０％", "120%"),
        ("每月 25 日前", "每月25日前"),
        ("市区新建绿地 500 万平方米", "市区新建绿地500万平方米"),
        ("魏 强", "魏强"),
        ("（30—64岁）妇女)", "(30-64岁)妇女)"),
        ("⼈⺠政府", "人民政府"),
        ("区教育局\u200b4月\ufeff", "区教育局4月"),
        ("①", "1"),
        ("郑好办 APP 为", "郑好办APP为"),
        ("Microsoft Word 文档", "Microsoft Word文档"),
        ("第一行 \n 第二行", "第一行\n第二行"),
        ("", ""),
    ],
)
def test_widths_radicals_dashes_and_spaces_are_written_one_way(written: str, folded: str) -> None:
    assert fold(written) == folded


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_a_bare_text_has_neither_spaces_nor_punctuation(text: str) -> None:
    assert all(character.isalnum() for character in bare(text))
