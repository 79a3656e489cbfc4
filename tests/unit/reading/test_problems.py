"""The closed list of codes and the page that explains it are the same list."""

from __future__ import annotations

import re
from pathlib import Path

from mailbot.reading.problems import SENTENCES

ROOT = Path(__file__).parents[3]
USE = re.compile(r"""(?:problem|Refused|note|_refuse)\(\s*"([a-z_]+)""")
ROW = re.compile(r"^\| ([a-z_]+) \| ([^|]+) \| [^|]+ \|$", re.MULTILINE)


def test_every_code_stands_with_its_sentence_in_the_table_of_errors() -> None:
    section = (
        (ROOT / "docs/errors.md")
        .read_text(encoding="utf-8")
        .partition("## 读取")[2]
        .partition("\n## ")[0]
        .partition("|---|---|---|")[2]
    )

    assert dict(ROW.findall(section)) == SENTENCES


def test_every_code_in_the_list_is_used_and_every_code_used_is_in_the_list() -> None:
    used = {
        code
        for module in (ROOT / "src/mailbot/reading").glob("*.py")
        for code in USE.findall(module.read_text(encoding="utf-8"))
    }

    assert used == set(SENTENCES)
