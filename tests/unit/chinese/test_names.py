from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.chinese.names import District, NameBook, name_book
from mailbot.domain.unit import Unit

ZHONGYUAN = District("郑州市", "中原区")
UNITS = (
    Unit("区教育局", "郑州市中原区教育局", ("区教体局",)),
    Unit("区市场监管局", "", ("区市场监督管理局",)),
    Unit("区政务办（区大数据局）", "郑州市中原区政务服务办公室", ("区大数据局", "区政务办")),
    Unit("区监管局"),
    Unit("区城管局"),
    Unit("区资源规划局", "郑州市自然资源和规划局中原分局", ("市自然资源和规划局中原分局",)),
    Unit("交警二大队"),
)


@pytest.fixture
def book() -> NameBook:
    return name_book(UNITS, ZHONGYUAN)


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("区教育局", "区教育局"),
        ("中原区教育局", "区教育局"),
        ("郑州市中原区教育局", "区教育局"),
        ("河南省郑州市中原区教育局", "区教育局"),
        ("中原教育局", "区教育局"),
        ("中 原 区 教 育 局", "区教育局"),
        ("报送区教育局3月", "区教育局"),
        ("重点民生实事进展情况区教育局", "区教育局"),
        ("我区教体局", "区教育局"),
        ("关于区教育局4月进展", "区教育局"),
        ("更正区教育局4月进展", "区教育局"),
        ("最新区教育局4月进展", "区教育局"),
        ("核实后区教育局4月进展", "区教育局"),
        ("现将我区区教育局4月进展", "区教育局"),
        ("中原区区教育局", "区教育局"),
        ("区市场监管局", "区市场监管局"),
        ("中原区市场监督管理局", "区市场监管局"),
        ("区政务办（区大数据局）", "区政务办（区大数据局）"),
        ("中原区政务办(区大数据局)", "区政务办（区大数据局）"),
        ("中原区大数据局", "区政务办（区大数据局）"),
        ("交警二大队", "交警二大队"),
        ("郑州市自然资源和规划局中原分局", "区资源规划局"),
    ],
)
def test_a_unit_is_known_by_all_its_names(book: NameBook, text: str, unit: str) -> None:
    assert [(m.unit, m.certainty) for m in book.mentions(text)] == [(unit, 1.0)]


@pytest.mark.parametrize(
    "text",
    [
        "市教育局",
        "郑州市教育局",
        "郑州教育局",
        "河南省教育局",
        "金水区教育局",
        "二七区教育局",
        "某某县教育局",
        "郑州市市场监管局",
        "郑州高新区教育局",
        "郑东新区教育局",
        "关于金水区教育局",
        "金水区区教育局",
    ],
)
def test_another_places_body_is_not_ours(book: NameBook, text: str) -> None:
    assert book.mentions(text) == ()


@pytest.mark.parametrize("text", ["教育局", "教育局3月报表", "民生实事（教育局）"])
def test_a_bare_name_is_weak(book: NameBook, text: str) -> None:
    assert [(m.unit, m.certainty) for m in book.mentions(text)] == [("区教育局", 0.3)]


def test_the_longest_name_wins(book: NameBook) -> None:
    assert [m.unit for m in book.mentions("区市场监管局、区监管局")] == ["区市场监管局", "区监管局"]


def test_several_units_are_found_in_order(book: NameBook) -> None:
    assert [m.unit for m in book.mentions("区城管局会同区教育局")] == ["区城管局", "区教育局"]


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("郑州市中原区教育局（盖章）", "区教育局"),
        ("中原区教育局", "区教育局"),
        ("中原区教育局3月", None),
        ("关于区教育局", None),
        ("", None),
    ],
)
def test_a_line_that_is_nothing_but_a_name_is_told(book: NameBook, text: str, unit: str | None) -> None:
    assert book.unit_named(text) == unit


def test_without_a_district_the_names_still_serve() -> None:
    book = name_book((Unit("教育局"), Unit("城")), District())

    assert [m.unit for m in book.mentions("区教育局")] == ["教育局"]


def test_a_book_without_units_finds_nothing() -> None:
    assert name_book((), ZHONGYUAN).mentions("区教育局") == ()


def test_an_issuer_that_is_no_district_gives_none() -> None:
    assert District.of_issuer("国务院办公厅") == District()


@given(st.text())
def test_no_text_breaks_the_search_for_names(text: str) -> None:
    for mention in name_book(UNITS, ZHONGYUAN).mentions(text + "区教育局"):
        assert mention.unit in {unit.name for unit in UNITS}
