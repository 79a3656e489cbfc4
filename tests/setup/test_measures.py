"""The measures of size and habit: src keeps them, and the counting counts right."""

from __future__ import annotations

import ast

import pytest
from tests import measures
from tests.measures import Module


def module(text: str, path: str = "mailbot/rules/x.py") -> Module:
    return Module(path, text, ast.parse(text))


def function(text: str) -> measures.Function:
    (node,) = module(text).functions()
    return node


def test_src_keeps_every_measure() -> None:
    beyond = [str(measure) for measure in measures.measure() if measure.beyond]

    assert not beyond, "\n" + "\n".join(beyond)


def test_a_docstring_is_no_line_of_its_function() -> None:
    text = 'def f() -> int:\n    """One.\n\n    Two.\n    """\n    return 1\n'

    assert measures.function_lines(function(text)) == 2


@pytest.mark.parametrize(
    ("text", "branches"),
    [
        ("def f():\n    return 1\n", 1),
        ("def f(x):\n    if x:\n        return 1\n    elif not x:\n        return 2\n", 3),
        ("def f(x):\n    for y in x:\n        while y:\n            pass\n", 3),
        ("def f(x):\n    match x:\n        case 1:\n            pass\n        case _:\n            pass\n", 2),
        ("def f(x):\n    try:\n        x()\n    except OSError:\n        pass\n", 2),
    ],
)
def test_each_branch_counts_once(text: str, branches: int) -> None:
    assert measures.complexity(function(text)) == branches


def test_self_is_no_parameter_that_a_caller_gives() -> None:
    assert measures.parameters(function("def f(self, a, /, b, *c, d, **e): pass\n")) == 5


@pytest.mark.parametrize(
    ("comment", "bare"),
    [
        ("# noqa", True),
        ("# noqa: S311", True),
        ("# noqa: S311 - dust, not a secret", False),
        ("# type: ignore", True),
        ("# type: ignore[attr-defined]", True),
        ("# type: ignore[attr-defined]  # its stub is wrong", False),
    ],
)
def test_a_mark_needs_its_rule_and_its_reason(comment: str, bare: bool) -> None:  # noqa: FBT001 - a case of the table
    assert bool(list(measures.bare_marks(module(f"x = 1  {comment}\n")))) is bare


def test_an_open_dataclass_needs_a_word_why() -> None:
    bare = "@dataclass\nclass A:\n    x: int\n"
    told = '@dataclass(slots=True)\nclass A:\n    """Not frozen: it is moved on by hand."""\n    x: int\n'

    assert list(measures.open_dataclasses(module(bare))) == [2]
    assert list(measures.open_dataclasses(module(told))) == []


def test_a_broad_except_that_goes_on_counts_and_one_that_raises_again_does_not() -> None:
    """Both in a room where none is allowed."""
    goes_on = module("try:\n    x()\nexcept Exception:\n    pass\n")
    raises = module("try:\n    x()\nexcept BaseException:\n    y()\n    raise\n")

    assert measures._broad_excepts([goes_on]).beyond == ("mailbot/rules/x.py:3",)
    assert measures._broad_excepts([raises]).value == 0
