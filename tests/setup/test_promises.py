"""docs/promises.md: every promise of the design has its section, and every file and test that it names is there."""

from __future__ import annotations

import re
from pathlib import Path

from tests.promises.proofs import missing

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "promises.md").read_text(encoding="utf-8")
NAMED = re.findall(r"`([a-z0-9_]+(?:/[a-z0-9_]+)*\.py(?:::\w+)?)`", PAGE)


def test_every_test_named_is_there() -> None:
    tests = tuple(name for name in NAMED if "test_" in name)

    assert len(tests) > 20
    assert missing(tests) == []


def test_every_file_named_as_a_defence_is_there() -> None:
    defences = [name for name in NAMED if "test_" not in name]

    assert [name for name in defences if not (ROOT / "src" / "mailbot" / name).is_file()] == []


def test_each_promise_has_its_section_and_its_file_of_tests() -> None:
    numbers = re.findall(r"^## (\d)\. ", PAGE, re.MULTILINE)

    assert numbers == [file.name.split("_")[1] for file in sorted((ROOT / "tests" / "promises").glob("test_*.py"))]
    assert all(f"promises/test_{number}_" in PAGE for number in numbers)


def test_every_row_names_its_test() -> None:
    rows = [line for line in PAGE.splitlines() if line.startswith("| ") and not line.startswith("| danger")]

    assert [row for row in rows if "test_" not in row.rsplit(" | ", 1)[1]] == []
