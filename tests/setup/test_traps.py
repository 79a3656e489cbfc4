"""docs/traps.md: every row names a test that is there, or says why it is none of ours."""

from __future__ import annotations

import re
from pathlib import Path

from tests.promises.proofs import missing

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "traps.md").read_text(encoding="utf-8")
NOT_OURS = "— "


def rows() -> list[list[str]]:
    """Return the cells of every row that is no head."""
    lines = (line for line in PAGE.splitlines() if line.startswith("| ") and not line.startswith("| trap"))
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


def test_every_test_named_is_there() -> None:
    named = re.findall(r"`([a-z0-9_]+(?:/[a-z0-9_]+)*\.py::\w+)`", PAGE)

    assert len(named) > 150
    assert missing(tuple(dict.fromkeys(named))) == []


def test_every_trap_has_a_test_or_a_reason() -> None:
    assert [row for row in rows() if len(row) != 3] == []
    assert [row for row in rows() if "::" not in row[2] and not re.match(NOT_OURS + r".{30}", row[2])] == []


def test_no_trap_stands_twice() -> None:
    traps = [row[0] for row in rows()]

    assert sorted(traps) == sorted(set(traps))


def test_nothing_hidden_lies_where_everything_ships() -> None:
    """Hatchling's force-include takes every file of these folders into the wheel, dot files and editors' copies too."""
    meant = re.compile(r"[a-z0-9][a-z0-9_-]*\.(?:toml|yaml|jinja|txt|html|subject)")
    shipped = [file.name for folder in ("config", "templates") for file in (ROOT / folder).rglob("*") if file.is_file()]

    assert len(shipped) > 5
    assert [name for name in shipped if not meant.fullmatch(name)] == []
