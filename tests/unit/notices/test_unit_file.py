from pathlib import Path

import pytest
from tests.unit.notices.office_files import UNITS, mistakes, put, replaced

from mailbot.domain.unit import Unit
from mailbot.errors import Problem
from mailbot.notices import load_directory


def wrong(folder: Path, units: str) -> tuple[Problem, ...]:
    files = put(folder, units=units)
    return mistakes(lambda: load_directory(files.units))


def test_a_unit_is_read_with_its_addresses_in_lower_case(tmp_path: Path) -> None:
    directory = load_directory(put(tmp_path).units)

    assert directory.units == (
        Unit("区教育局", "郑州市中原区教育局", ("区教体局",), ("zhangsan@example.com",)),
        Unit("区财政局"),
    )


def test_keys_left_empty_are_as_good_as_absent(tmp_path: Path) -> None:
    files = put(tmp_path, units="- name: 区财政局\n  full_name:\n  aliases:\n  addresses:\n")

    assert load_directory(files.units).units == (Unit("区财政局"),)


def test_an_address_may_belong_to_several_units(tmp_path: Path) -> None:
    files = put(tmp_path, units=UNITS + "  addresses: [zhangsan@example.com]\n")

    assert load_directory(files.units).bound_to("ZHANGSAN@example.com") == ("区教育局", "区财政局")


def test_an_alias_of_two_units_is_told_where_it_stands_again(tmp_path: Path) -> None:
    (problem,) = wrong(tmp_path, UNITS + "  aliases: [区 教体局]\n")

    assert (problem.code, problem.place.line, problem.place.key) == ("name_taken", 6, "[2].aliases[1]")
    assert "第 3 行" in problem.text


def test_a_unit_written_twice_is_told(tmp_path: Path) -> None:
    (problem,) = wrong(tmp_path, UNITS + "- name: 区教育局\n")

    assert (problem.code, problem.place.line) == ("name_taken", 6)


@pytest.mark.parametrize(
    "address",
    ["zhangsan", "zhangsan@", "@qq.com", "zhangsan@qq", "张三@qq.com", "zhang san@qq.com", "a@b@qq.com", "a＠qq.com",
     "张三<a@qq.com>", "a@qq.com；b@qq.com", "a@-", "a" * 250 + "@qq.com"],
)  # fmt: skip
def test_what_is_no_address_is_told(address: str, tmp_path: Path) -> None:
    (problem,) = wrong(tmp_path, replaced(UNITS, "[ZhangSan@example.com]", f'["{address}"]'))

    assert (problem.place.line, problem.place.key) == (4, "[1].addresses[1]")


@pytest.mark.parametrize(
    ("right", "bad", "line", "code"),
    [
        ("name: 区财政局", "nme: 区财政局", 5, "unknown_key"),
        ("name: 区财政局", "name: 12", 5, "wrong_type"),
        ("name: 区财政局", "name:", 5, "wrong_type"),
        ("name: 区财政局", 'name: " "', 5, "wrong_value"),
        ("[区教体局]", "区教体局", 3, "wrong_type"),
        ("- name: 区财政局", "- 区财政局", 5, "wrong_type"),
    ],
)
def test_a_wrong_entry_is_told_with_its_line(right: str, bad: str, line: int, code: str, tmp_path: Path) -> None:
    problems = wrong(tmp_path, replaced(UNITS, right, bad))

    assert (line, code) in {(problem.place.line, problem.code) for problem in problems}


@pytest.mark.parametrize(("text", "code"), [("", "empty_file"), ("# nothing\n", "empty_file"), ("a: 1", "wrong_type")])
def test_a_file_without_a_list_is_told(text: str, code: str, tmp_path: Path) -> None:
    assert [problem.code for problem in wrong(tmp_path, text)] == [code]
