"""The measures of size and habit that STYLE sets: counts them over src, prints them, and tells what lies beyond.

Run as `python -m tests.measures`; `make lint` does. The limits are floors, no aims.
"""

from __future__ import annotations

import ast
import re
import statistics
import sys
import tokenize
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import TypeGuard

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "mailbot"

FUNCTION_LINES = 40  # without the docstring
COMPLEXITY = 8
PARAMETERS = 6  # without self and cls
STATEMENTS = 30
MODULE_LINES = 400
MEDIAN_LINES = 150
BROAD_EXCEPTS = 5
BROAD_ALLOWED = re.compile(r"mailbot/(stages/|reading/sandbox)")

Function = ast.FunctionDef | ast.AsyncFunctionDef
Count = Callable[[Function], int]
BRANCHES = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.ExceptHandler, ast.match_case)
BROAD = {"Exception", "BaseException"}
BARE_MARK = re.compile(
    r"#\s*(noqa(?!:\s*[A-Z]+\d)|noqa:\s*[A-Z]+\d+(,\s*[A-Z]+\d+)*\W*$|type:\s*ignore(?!\[)|type:\s*ignore\[[^]]*\]\W*$)"
)


@dataclass(frozen=True, slots=True)
class Measure:
    """One thing counted: its value where it is worst, what is allowed, and every place beyond."""

    name: str
    value: float
    limit: str
    beyond: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Return it as a line, the places beyond under it."""
        line = f"{self.name:<52} {self.value:>7g}   {self.limit}"
        return "\n".join([line, *(f"    beyond: {place}" for place in self.beyond)])


@dataclass(frozen=True, slots=True)
class Module:
    """A source file, parsed."""

    path: str
    text: str
    tree: ast.Module

    @classmethod
    def read(cls, path: Path) -> Module:
        """Return the file."""
        text = path.read_text(encoding="utf-8")
        return cls(path.relative_to(ROOT / "src").as_posix(), text, ast.parse(text))

    @property
    def lines(self) -> int:
        """Return how many lines it has."""
        return len(self.text.splitlines())

    def functions(self) -> Iterator[Function]:
        """Yield every function, nested ones too."""
        return (node for node in ast.walk(self.tree) if isinstance(node, Function))

    def comments(self) -> Iterator[tuple[int, str]]:
        """Yield every comment with its line."""
        for token in tokenize.generate_tokens(StringIO(self.text).readline):
            if token.type == tokenize.COMMENT:
                yield token.start[0], token.string


def measure(source: Path = SOURCE) -> tuple[Measure, ...]:
    """Return every measure over the files under a folder."""
    modules = [Module.read(path) for path in sorted(source.rglob("*.py"))]
    median = statistics.median(module.lines for module in modules)
    return (
        _worst("function: lines without docstring", FUNCTION_LINES, _per_function(modules, function_lines)),
        _worst("function: complexity", COMPLEXITY, _per_function(modules, complexity)),
        _worst("function: parameters", PARAMETERS, _per_function(modules, parameters)),
        _worst("function: statements", STATEMENTS, _per_function(modules, statements)),
        _worst("module: lines", MODULE_LINES, {module.path: module.lines for module in modules}),
        Measure("module: median of lines", median, f"<= {MEDIAN_LINES}", ("src",) if median > MEDIAN_LINES else ()),
        _broad_excepts(modules),
        _docstrings(modules),
        _none_of("dataclasses neither frozen and slotted nor explained", modules, open_dataclasses),
        _none_of("TODO, FIXME, XXX", modules, unfinished),
        _none_of("noqa and type: ignore without rule and reason", modules, bare_marks),
    )


def function_lines(function: Function) -> int:
    """Return how many lines a function has, its docstring and decorators left out."""
    whole = (function.end_lineno or function.lineno) - function.lineno + 1
    first = function.body[0]
    if ast.get_docstring(function, clean=False) is None:
        return whole
    return whole - ((first.end_lineno or first.lineno) - first.lineno + 1)


def complexity(function: Function) -> int:
    """Return McCabe's number as ruff counts it: one, and one for each branch; functions inside count for themselves."""
    return 1 + sum(isinstance(node, BRANCHES) and not _is_wildcard(node) for node in _own_nodes(function))


def parameters(function: Function) -> int:
    """Return how many parameters a caller may give."""
    given = function.args
    named = [*given.posonlyargs, *given.args, *given.kwonlyargs]
    return sum(argument.arg not in {"self", "cls"} for argument in named) + bool(given.vararg) + bool(given.kwarg)


def statements(function: Function) -> int:
    """Return how many statements a function has."""
    return sum(isinstance(node, ast.stmt) for node in _own_nodes(function)) - (ast.get_docstring(function) is not None)


def open_dataclasses(module: Module) -> Iterator[int]:
    """Yield the line of each dataclass not frozen and slotted, unless docstring or a comment at its head says why."""
    commented = {line for line, _ in module.comments()}
    for node in ast.walk(module.tree):
        if not isinstance(node, ast.ClassDef):
            continue
        marks = [mark for mark in node.decorator_list if "dataclass" in ast.unparse(mark)]
        closed = any("frozen=True" in ast.unparse(mark) and "slots=True" in ast.unparse(mark) for mark in marks)
        head = range(node.decorator_list[0].lineno - 1, node.body[0].lineno + 1) if marks else range(0)
        explained = "frozen" in (ast.get_docstring(node) or "").lower() or commented.intersection(head)
        if marks and not closed and not explained:
            yield node.lineno


def unfinished(module: Module) -> Iterator[int]:
    """Yield the line of each comment that puts something off."""
    return (line for line, comment in module.comments() if re.search(r"\b(TODO|FIXME|XXX)\b", comment))


def bare_marks(module: Module) -> Iterator[int]:
    """Yield the line of each noqa or type: ignore that lacks its rule or, after a dash, its reason."""
    return (line for line, comment in module.comments() if BARE_MARK.search(comment))


def _own_nodes(function: Function) -> Iterator[ast.AST]:
    """Yield what lies in a function's body, without the bodies of functions and classes in it."""
    waiting: list[ast.AST] = list(function.body)
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, Function | ast.ClassDef):
            waiting.extend(ast.iter_child_nodes(node))


def _is_wildcard(node: ast.AST) -> bool:
    return isinstance(node, ast.match_case) and isinstance(node.pattern, ast.MatchAs) and node.pattern.pattern is None


def _per_function(modules: list[Module], count: Count) -> dict[str, int]:
    functions = [(module.path, node) for module in modules for node in module.functions()]
    return {f"{path}:{node.lineno} {node.name}": count(node) for path, node in functions}


def _worst(name: str, limit: int, counts: dict[str, int]) -> Measure:
    beyond = tuple(f"{place} ({count})" for place, count in counts.items() if count > limit)
    return Measure(name, max(counts.values(), default=0), f"<= {limit}", beyond)


def _none_of(name: str, modules: list[Module], find: Callable[[Module], Iterator[int]]) -> Measure:
    beyond = tuple(f"{module.path}:{line}" for module in modules for line in find(module))
    return Measure(name, len(beyond), "0", beyond)


def _broad_excepts(modules: list[Module]) -> Measure:
    handlers = [(module.path, node) for module in modules for node in ast.walk(module.tree) if _is_broad(node)]
    found = [f"{path}:{node.lineno}" for path, node in handlers]
    misplaced = tuple(place for place in found if not BROAD_ALLOWED.search(place))
    beyond = misplaced or (tuple(found) if len(found) > BROAD_EXCEPTS else ())
    return Measure("broad excepts", len(found), f"<= {BROAD_EXCEPTS}, in stages and the sandbox's parent", beyond)


def _is_broad(node: ast.AST) -> TypeGuard[ast.ExceptHandler]:
    """Tell whether a handler takes everything and goes on; one that tidies up and raises again does not."""
    if not isinstance(node, ast.ExceptHandler):
        return False
    last = node.body[-1]
    caught = {part.id for part in ast.walk(node.type) if isinstance(part, ast.Name)} if node.type else BROAD
    return bool(caught & BROAD) and not (isinstance(last, ast.Raise) and last.exc is None)


def _docstrings(modules: list[Module]) -> Measure:
    public = [(f"{module.path}:{line}", documented) for module in modules for line, documented in _public(module)]
    without = tuple(place for place, documented in public if not documented)
    return Measure("public docstrings, percent", 100 * (1 - len(without) / max(len(public), 1)), "100", without)


def _public(module: Module) -> Iterator[tuple[int, bool]]:
    """Yield module, classes, functions and methods that others may name, with whether they have a docstring."""
    yield 1, ast.get_docstring(module.tree) is not None
    waiting: list[ast.stmt] = list(module.tree.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, Function | ast.ClassDef) and not node.name.startswith("_"):
            overloaded = any(ast.unparse(mark).endswith("overload") for mark in node.decorator_list)
            yield node.lineno, overloaded or ast.get_docstring(node) is not None
            waiting.extend(node.body if isinstance(node, ast.ClassDef) else ())


def main() -> int:
    """Print the measures; 1 if anything lies beyond its limit."""
    measures = measure()
    sys.stdout.write("\n".join(str(each) for each in measures) + "\n")
    return int(any(each.beyond for each in measures))


if __name__ == "__main__":
    sys.exit(main())
