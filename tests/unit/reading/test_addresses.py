"""One address beyond doubt, or none."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.reading.addresses import only_spec


@pytest.mark.parametrize(
    "value",
    [
        "zhang@example.cn",
        "<Zhang@Example.CN>",
        '"张三" <zhang@example.cn>',
        "=?gbk?B?1cXI/Q==?= <zhang@example.cn>",
        "zhang@example.cn (clerk (of education))",
        "zhang@example.cn <zhang@example.cn>",
        '"other@gov.cn" <zhang@example.cn>',
    ],
)
def test_one_mailbox_is_read_in_any_of_its_forms(value: str) -> None:
    assert only_spec(value) == "zhang@example.cn"


@pytest.mark.parametrize(
    "value",
    [
        "alice@example.org]<bob@example.org>",
        "a@gov.cn <x@evil.example>",
        "a@example.cn, b@example.cn",
        "<a@example.cn> <b@example.cn>",
        "office: a@example.cn, b@example.cn;",
        "office: a@example.cn;",
        "zhang <zhang@[10.0.0.1]>",
        "zhang",
        "",
        "a@b@c",
        "(" * 3000 + "a@example.cn",
        '"open a@example.cn',
        "a..b@example.cn",
        "张三@example.cn",
        "a) <b@example.cn>",
    ],
)
def test_whatever_can_be_read_in_two_ways_gives_none(value: str) -> None:
    assert only_spec(value) == ""


def test_comments_nested_three_thousand_deep_take_a_blink() -> None:
    begun = time.process_time()

    assert only_spec("(" * 1500 + ")" * 1500 + "a@example.cn") == "a@example.cn"
    assert time.process_time() - begun < 0.5


@given(st.text(max_size=80))
def test_no_text_makes_it_raise(value: str) -> None:
    spec = only_spec(value)

    assert spec == "" or spec.count("@") == 1
