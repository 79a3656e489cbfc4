from pathlib import Path

import pytest

from mailbot.checking import Document
from mailbot.notices.yaml_lines import parse


def parsed(folder: Path, text: str) -> Document:
    path = folder / "x.yaml"
    path.write_text(text, encoding="utf-8", newline="")
    return parse(path)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("off", "off"),
        ("yes", "yes"),
        ("24:00", "24:00"),
        ("2021-02-30", "2021-02-30"),
        ("010", "010"),
        ("1_000", "1_000"),
        ("0x1f", "0x1f"),
        ("1e999", "1e999"),
        (".inf", ".inf"),
        ("9" * 30, "9" * 30),
        ("-7", -7),
        ("2.5", 2.5),
        ("True", True),
        ("~", None),
        ("", None),
        ('"8"', "8"),
        ("区政务办（区大数据局）", "区政务办（区大数据局）"),
    ],
)
def test_only_what_an_office_means_as_a_number_is_one(written: str, value: object, tmp_path: Path) -> None:
    assert parsed(tmp_path, f"a: {written}\n").values == {"a": value}


def test_every_value_has_its_line(tmp_path: Path) -> None:
    document = parsed(tmp_path, "# units\n- name: a\n  aliases:\n  - b\n  - c\n")

    assert document.line((0, "name")) == 2
    assert document.line((0, "aliases")) == 3
    assert document.line((0, "aliases", 1)) == 5
    assert document.line((0, "no such key")) == 2


@pytest.mark.parametrize(
    ("text", "line", "code", "said"),
    [
        ("a: 1\nb: 2\na: 3\n", 3, "duplicate_key", "写了两次"),
        ("a:\n\tb: 1\n", 2, "syntax", "制表符"),
        ("a: 1\nname：区教育局\nb: 1\n", 2, "syntax", "全角符号“：”"),
        ("a: [1, 2\nb: 1\n", 1, "syntax", "括号"),
        ('a: "b\n', 1, "syntax", "引号"),
        ("a: 1\n---\nb: 1\n", 2, "syntax", "只能有一份"),
        ("a: &x 1\nb: *x\n", 2, "syntax", "引用"),
        ("a: 1\nb: !!python/object:os.system x\n", 2, "syntax", "标记"),
        ("a: !!int x\n", 1, "syntax", "标记"),
        ("a: 1\n? [b]\n: 2\n", 2, "syntax", "名称"),
        ("true: 1\n", 1, "syntax", "名称"),
        ("a: 1\nb: \x07\n", 2, "syntax", "控制字符"),
        ('a: "\\UFFFFFFFF"\n', None, "syntax", "无法识别"),
        ("[" * 20_000, None, "syntax", "无法识别"),
    ],
    ids=[
        "key twice",
        "tab",
        "full width",
        "open bracket",
        "open quote",
        "two documents",
        "alias",
        "tag",
        "tag that does not fit",
        "list as key",
        "truth as key",
        "control character",
        "beyond Unicode",
        "deep",
    ],
)
def test_what_is_wrong_yaml_is_told_with_its_line(
    text: str, line: int | None, code: str, said: str, tmp_path: Path
) -> None:
    (problem,) = parsed(tmp_path, text).problems

    assert (problem.code, problem.place.line) == (code, line)
    assert said in problem.text
