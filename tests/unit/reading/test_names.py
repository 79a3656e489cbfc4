"""File names fit to be shown."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.domain.message import FileKind
from mailbot.reading.names import MAX_NAME, Names, shown


@pytest.mark.parametrize("name", ["../../etc/passwd", "..\\x", "a/b", "C:\\报表\\a.xlsx", "a\x00b", "\u202exslx.exe"])
def test_nothing_that_is_a_path_or_hides_is_left(name: str) -> None:
    assert not set(shown(name)) & set("/\\\x00\u202e")


def test_a_very_long_name_keeps_its_suffix() -> None:
    assert shown("报" * 500 + ".xlsx") == "报" * (MAX_NAME - 5) + ".xlsx"


def test_a_third_file_of_one_name_is_numbered_three() -> None:
    names = Names()

    assert [names.give("报表.xlsx", FileKind.XLSX) for _ in range(3)] == ["报表.xlsx", "报表 (2).xlsx", "报表 (3).xlsx"]


def test_files_of_an_enclosed_message_have_names_of_their_own() -> None:
    names = Names()
    names.give("报表.xlsx", FileKind.XLSX)

    assert names.give("报表.xlsx", FileKind.XLSX, "转发.eml/") == "转发.eml/报表.xlsx"


def test_unnamed_files_are_counted_and_named_by_kind() -> None:
    names = Names()

    assert [names.give("", kind) for kind in (FileKind.PDF, FileKind.OLE)] == ["未命名-1.pdf", "未命名-2"]


@given(st.text(max_size=300))
def test_a_shown_name_is_composed_short_and_shown_again_unchanged(name: str) -> None:
    once = shown(name)

    assert len(once) <= MAX_NAME
    assert unicodedata.is_normalized("NFC", once)
    assert shown(once) == once
