"""docs/glossary.md: every value that people see stands in it with its Chinese word, and nothing else does."""

from __future__ import annotations

from pathlib import Path

from mailbot.domain.labels import LABELS

GLOSSARY = Path(__file__).resolve().parents[2] / "docs" / "glossary.md"


def test_the_values_are_those_of_the_labels() -> None:
    table = GLOSSARY.read_text(encoding="utf-8").partition("## Values\n")[2].strip().splitlines()[2:]

    assert table == [f"| `{type(value).__name__}` | `{value.value}` | {word} |" for value, word in LABELS.items()]


def test_no_term_is_explained_twice() -> None:
    rows = (
        GLOSSARY.read_text(encoding="utf-8")
        .partition("## Things\n")[2]
        .partition("## Values")[0]
        .strip()
        .splitlines()[2:]
    )
    terms = [row.split("|")[1].strip() for row in rows]

    assert len(terms) == len(set(terms))
