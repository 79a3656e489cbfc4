"""What a unit is told of its files: only what it can help, once, and in words that blame nobody."""

from __future__ import annotations

from pathlib import Path

import pytest

import mailbot
from mailbot.errors import Place, Problem
from mailbot.outgoing.remarks import _REMARKS, remarks

SRC = Path(mailbot.__file__).parent


def told(*codes: str, file: str | None = "报表.xlsx") -> tuple[tuple[str, str], ...]:
    return remarks(tuple(Problem(code, "…", Place(file=file)) for code in codes))


@pytest.mark.parametrize("code", ["encrypted", "damaged", "empty_file", "winmail_dat", "link_instead_of_file"])
def test_what_the_sender_can_help_is_asked_for(code: str) -> None:
    ((file, sentence),) = told(code)

    assert file == "报表.xlsx"
    assert "请" in sentence


@pytest.mark.parametrize("code", ["table_cut", "too_deep", "pdf_is_no_scan", "measure_differs", "never heard of"])
def test_what_is_the_offices_matter_is_not_told(code: str) -> None:
    assert told(code) == ()


def test_the_same_is_said_once() -> None:
    assert len(told("format_not_read", "file_not_read", "format_not_read")) == 1


def test_a_problem_of_the_whole_mail_names_the_mail() -> None:
    assert told("link_instead_of_file", file=None)[0][0] == "来件"


def test_every_remark_is_for_a_problem_that_some_room_tells() -> None:
    rooms = ("reading", "matching", "stages")
    texts = [path.read_text(encoding="utf-8") for room in rooms for path in (SRC / room).glob("*.py")]

    assert [code for code in _REMARKS if not any(f'"{code}"' in text for text in texts)] == []
