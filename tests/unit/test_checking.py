from pathlib import Path

from mailbot.checking import Document, Line, Several, Table, check, text_of
from mailbot.errors import Problem


class Drawer(Table):
    label: Line
    pens: Several[int] = ()


class Desk(Table):
    drawers: Several[Drawer] = ()


def told(values: object) -> list[str]:
    lines = {(): 1, ("drawers",): 2, ("drawers", 0): 3}
    _, problems = check(Document(Path("desk.yaml"), values, lines), Desk)
    return [str(problem) for problem in problems]


def test_a_mistake_deep_inside_is_told_with_its_way_and_the_nearest_line_known() -> None:
    assert told({"drawers": [{"label": "a", "pens": [1, "x"]}]}) == [
        "desk.yaml 第 3 行 drawers[1].pens[2]：应为整数，请写不带引号的数字"
    ]


def test_an_unknown_key_is_held_against_the_keys_of_its_own_table() -> None:
    assert told({"drawers": [{"label": "a", "drawers": []}]}) == [
        "desk.yaml 第 3 行 drawers[1].drawers：没有这一项，请删去；此处可以写：label、pens"
    ]


def test_a_value_that_was_found_is_never_repeated() -> None:
    assert "SECRET" not in "".join(told({"drawers": "SECRET"}) + told({"drawers": [{"label": ["SECRET"]}]}))


def test_what_the_parser_told_already_is_not_told_as_an_empty_file() -> None:
    problem = Problem("syntax", "写法有误")

    assert check(Document(Path("desk.yaml"), problems=(problem,)), Desk) == (None, (problem,))


def test_a_file_without_an_end_is_none_of_ours() -> None:
    problem = text_of(Path("/dev/zero"))

    assert isinstance(problem, Problem)
    assert problem.code == "file_unreadable"


def test_a_path_that_goes_through_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    problem = text_of(tmp_path / "file" / "deeper")

    assert isinstance(problem, Problem)
    assert problem.code == "file_unreadable"
