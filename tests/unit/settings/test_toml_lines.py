from pathlib import Path

import pytest

from mailbot.settings.toml_lines import key_lines, parse


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("[imap]\nhost = imap.163.com\n", 2, "引号"),
        ("[imap]\nhost ＝ 'x'\n", 2, "全角符号“＝”"),
        ("[imap]\nport = 1\nport = 2\n", 3, "写了两次"),
        ("[imap]\n[smtp]\n[imap]\n", 3, "写了两次"),
        ("[imap", 1, "请检查"),
        ("a = [\n1,\n", 2, "请检查"),
        ("a = " + "[" * 100_000, None, ""),
        ("a = " + "9" * 5000, None, ""),
    ],
    ids=["quotes", "full width", "key twice", "table twice", "open table", "open list", "deep", "long number"],
)
def test_what_is_no_toml_is_told_with_its_line(text: str, line: int | None, said: str, tmp_path: Path) -> None:
    path = tmp_path / "mailbot.toml"
    path.write_text(text, encoding="utf-8")

    (problem,) = parse(path).problems

    assert problem.code == "syntax"
    assert line is None or problem.place.line == line
    assert said in problem.text


def test_a_key_is_found_under_its_own_table() -> None:
    lines = key_lines("# host = 1\n[imap]\n  host = 1\n[smtp]\nhost = 2\n")

    assert (lines["imap", "host"], lines["smtp", "host"], lines[("smtp",)]) == (3, 5, 4)
