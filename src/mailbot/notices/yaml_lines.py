"""YAML with the line of each value, and only as much of YAML as an office file needs.

Of the core schema of YAML 1.2 (PyYAML follows 1.1, where `off` is false, `24:00` is 1440 and 2021-02-30 an exception):
true and false, whole and decimal numbers, null, and text; days stay text until the file's model reads them.
No anchors, no tags, no key twice.

Source: https://yaml.org/spec/1.2.2/#103-core-schema
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from mailbot.checking import Document, Loc, text_of, typing_slip
from mailbot.errors import Place, Problem

TAG = "tag:yaml.org,2002:"
SCALARS: dict[str, Callable[[str], object]] = {
    f"{TAG}str": str,
    f"{TAG}int": int,
    f"{TAG}float": float,
    f"{TAG}bool": lambda text: text.lower() == "true",
    f"{TAG}null": lambda _: None,
}
COLLECTIONS = frozenset({f"{TAG}seq", f"{TAG}map"})


class _CoreLoader(yaml.SafeLoader):
    """PyYAML's parser with our own idea of what is no text."""

    yaml_implicit_resolvers = {}  # noqa: RUF012 - PyYAML's own way to say so

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """Compose a node; refuse an alias, which could make a small file endless."""
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call] # types-PyYAML leaves it so
            raise yaml.MarkedYAMLError(problem="alias", problem_mark=mark)
        return super().compose_node(parent, index)


for _kind, _pattern, _first in (
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("int", r"[-+]?(0|[1-9][0-9]{0,17})", "-+0123456789"),
    ("float", r"[-+]?[0-9]{1,18}\.[0-9]{1,18}", "-+0123456789"),
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
):
    _CoreLoader.add_implicit_resolver(f"{TAG}{_kind}", re.compile(f"^(?:{_pattern})$"), list(_first))


class _Reading:
    """One pass over the nodes of a file. Not frozen: it gathers lines and mistakes as it goes."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.lines: dict[Loc, int] = {}
        self.problems: list[Problem] = []

    def value(self, node: yaml.Node, loc: Loc) -> Any:
        """Return a node as plain Python values."""
        self.lines.setdefault(loc, node.start_mark.line + 1)
        if node.tag not in SCALARS and node.tag not in COLLECTIONS:
            self._mistake("syntax", "不支持以 ! 开头的标记，请删去", loc)
        elif isinstance(node, yaml.SequenceNode):
            return [self.value(child, (*loc, index)) for index, child in enumerate(node.value)]
        elif isinstance(node, yaml.MappingNode):
            return self._mapping(node, loc)
        else:
            return self._scalar(node, loc)
        return None

    def _mapping(self, node: yaml.MappingNode, loc: Loc) -> dict[str | int, Any]:
        found: dict[str | int, Any] = {}
        for key_node, value_node in node.value:
            key = SCALARS.get(key_node.tag, str)(key_node.value) if isinstance(key_node, yaml.ScalarNode) else None
            if isinstance(key, bool) or not isinstance(key, str | int):
                self.lines.setdefault((*loc, "?"), key_node.start_mark.line + 1)
                self._mistake("syntax", "冒号前面应为一个名称，请照样本改写", (*loc, "?"))
                continue
            here = (*loc, key)
            twice = key in found
            self.lines[here] = key_node.start_mark.line + 1
            found[key] = self.value(value_node, here)
            if twice:
                self._mistake("duplicate_key", "同一项写了两次，请删去一处", here)
        return found

    def _scalar(self, node: yaml.Node, loc: Loc) -> object:
        try:
            return SCALARS[node.tag](node.value)
        except (KeyError, ValueError):
            self._mistake("syntax", "不支持以 ! 开头的标记，请删去", loc)
            return None

    def _mistake(self, code: str, text: str, loc: Loc) -> None:
        self.problems.append(Document(self.path, lines=self.lines).problem(code, text, loc))


def parse(path: Path) -> Document:
    """Parse a YAML file; what cannot be parsed becomes a problem with its line."""
    text = text_of(path)
    if isinstance(text, Problem):
        return Document(path, problems=(text,))
    try:
        node = _compose(text)
        reading = _Reading(path)
        values = reading.value(node, ()) if node else None
    except yaml.YAMLError as error:
        return Document(path, problems=(_syntax_problem(path, text, error),))
    except (ValueError, OverflowError, RecursionError):  # escapes beyond Unicode, brackets nested a thousand deep
        problem = Problem("syntax", "内容无法识别；请照随附的样本重写", Place(file=str(path)))
        return Document(path, problems=(problem,))
    return Document(path, values, reading.lines, tuple(reading.problems))


def _compose(text: str) -> yaml.Node | None:
    loader = _CoreLoader(text)
    try:
        return loader.get_single_node()
    finally:
        loader.dispose()


def _syntax_problem(path: Path, text: str, error: yaml.YAMLError) -> Problem:
    lines = text.splitlines() or [""]
    mark = getattr(error, "problem_mark", None)
    if re.search("scanning|flow", getattr(error, "context", None) or ""):
        mark = getattr(error, "context_mark", None) or mark  # where the bracket, quote or key begins that never ends
    number = mark.line + 1 if mark else text.count("\n", 0, getattr(error, "position", 0)) + 1
    number = min(number, len(lines))
    return Problem("syntax", _advice(error, lines[number - 1]), Place(file=str(path), line=number))


def _advice(error: yaml.YAMLError, line: str) -> str:
    if isinstance(error, yaml.reader.ReaderError):
        return "含有不可见的控制字符，请删去"
    if getattr(error, "problem", None) == "alias":
        return "不支持以 * 开头的引用；文字以 * 开头时请加引号"
    if "\t" in line[: len(line) - len(line.lstrip())]:
        return "缩进用了制表符（Tab），请改用空格"
    if "document" in (getattr(error, "problem", None) or ""):
        return "一个文件里只能有一份内容，请删去 --- 及其后的部分"
    return f"写法有误；{typing_slip(line)}"
