"""The one Chinese word for each value."""

from __future__ import annotations

import importlib
import pkgutil
from enum import Enum

import pytest

import mailbot.domain
from mailbot.domain.books import Completeness, OutgoingKind, Standing, Timeliness
from mailbot.domain.labels import LABELS, label, standing_label


def enums() -> list[type[Enum]]:
    """Return every enum that the nouns define."""
    modules = [
        importlib.import_module(f"mailbot.domain.{found.name}")
        for found in pkgutil.iter_modules(mailbot.domain.__path__)
    ]
    return sorted(
        {
            value
            for module in modules
            for value in vars(module).values()
            if isinstance(value, type) and issubclass(value, Enum) and value.__module__ == module.__name__
        },
        key=lambda enum: enum.__name__,
    )


@pytest.mark.parametrize("enum", enums(), ids=lambda enum: enum.__name__)
def test_every_value_has_a_chinese_word_of_its_own(enum: type[Enum]) -> None:
    words = [label(member) for member in enum]

    assert len(set(words)) == len(words)
    assert all(any("一" <= character <= "鿿" for character in word) for word in words)


def test_no_word_is_left_over() -> None:
    assert set(LABELS) == {member for enum in enums() for member in enum}


def test_a_read_receipt_and_our_acknowledgement_have_different_names() -> None:
    assert label(OutgoingKind.ACKNOWLEDGEMENT) == "回执"


@pytest.mark.parametrize(
    ("completeness", "timeliness", "days", "phrase"),
    [
        (Completeness.COMPLETE, Timeliness.ON_TIME, 0, "已报齐（按时）"),
        (Completeness.COMPLETE, Timeliness.LATE, 2, "已报齐（逾期2天）"),
        (Completeness.LACKS_SEALED_SCAN, Timeliness.LATE, 1, "缺盖章件（逾期1天）"),
        (Completeness.MISSING, Timeliness.NOT_DUE, 0, "未报（未到期）"),
    ],
)
def test_both_axes_are_said_in_one_phrase(
    completeness: Completeness, timeliness: Timeliness, days: int, phrase: str
) -> None:
    assert standing_label(Standing(completeness, timeliness, days, None, None)) == phrase
