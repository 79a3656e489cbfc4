from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[3]


def test_every_code_of_a_judgement_is_listed_and_nothing_else() -> None:
    source = "".join(file.read_text() for file in sorted((ROOT / "src/mailbot/matching").glob("*.py")))
    used = set(re.findall(r'(?:Problem|Doubt)\(\s*"(\w+)"', source))
    used |= set(re.findall(r'_problem\(sheet, row, "(\w+)"', source))
    page = (ROOT / "docs/errors.md").read_text().partition("## 判断")[2].partition("\n## ")[0]

    assert set(re.findall(r"^\| (\w+) \|", page, re.MULTILINE)) - {"code"} == used
