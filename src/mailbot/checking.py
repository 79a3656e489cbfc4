"""Our own files (TOML, YAML) held against their pydantic models: every mistake with its line, as Chinese sentences.

What a file should look like is its room's: a model whose fields carry examples. How a file's text becomes a `Document`
with the line of each value is the parser's. A value that was found is never repeated in a sentence unless it is a key
or a name of a unit: somebody may have written a password in the wrong place.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias, TypeVar, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    RootModel,
    StringConstraints,
    ValidationError,
)

from mailbot.errors import Place, Problem

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo
    from pydantic_core import ErrorDetails

Loc: TypeAlias = tuple[str | int, ...]
Model = TypeVar("Model", bound=BaseModel)
Item = TypeVar("Item")

LARGEST = 4 * 1024 * 1024  # bytes of a file of ours: one that is larger, or has no end, is something else
FULL_WIDTH = "：＝“”‘’，［］｛｝＂＃"


class Table(BaseModel):
    """A group of keys in a file of ours: nothing is converted silently, and a key nobody knows is a mistake."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


def _one_line(text: str) -> str:
    if any(unicodedata.category(character) in {"Cc", "Cs"} for character in text):
        message = "含有换行或不可见的控制字符，请删去"
        raise ValueError(message)
    return text


def _nothing_is_empty(value: object) -> object:
    return () if value is None else value


Several: TypeAlias = Annotated[tuple[Item, ...], BeforeValidator(_nothing_is_empty), Field(strict=False)]
MaybeLine = Annotated[str, StringConstraints(strip_whitespace=True), AfterValidator(_one_line)]
Line = Annotated[MaybeLine, Field(min_length=1)]
Address = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True,
        to_lower=True,
        max_length=254,
        pattern=r"^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@([A-Za-z0-9-]+\.)+[A-Za-z0-9-]+$",
    ),
    Field(examples=["zhangsan@example.com"]),
]


@dataclass(frozen=True, slots=True)
class Document:
    """A file of ours as parsed: its values (None: there are none), the line of each, and what was wrong already."""

    file: Path
    values: object = None
    lines: Mapping[Loc, int] | None = None
    problems: tuple[Problem, ...] = ()

    def problem(self, code: str, text: str, loc: Loc = ()) -> Problem:
        """Return a mistake at a value."""
        return Problem(code, text, Place(file=str(self.file), line=self.line(loc), key=self.key(loc) or None))

    def key(self, loc: Loc) -> str:
        """Return the way to a value as a person follows it, list entries counted from one.

        >>> Document(Path("x.yaml"), {"tasks": [{"leaders": []}]}).key(("tasks", 0, "leaders"))
        'tasks[1].leaders'
        """
        key, here = "", self.values
        for step in loc:
            key += f"[{step + 1}]" if isinstance(here, list) and isinstance(step, int) else f".{step}"
            here = next((child for known, child in _children(here) if known == step), None)
        return key.removeprefix(".")

    def line(self, loc: Loc) -> int | None:
        """Return the line of a value, or of the nearest thing around it whose line is known."""
        known = self.lines or {}
        return next((known[loc[:size]] for size in range(len(loc), -1, -1) if loc[:size] in known), None)

    def leaves(self, *pattern: str | int | None) -> list[tuple[Loc, Any]]:
        """Return every value whose way fits the pattern, None for any step; what is not there is left out."""
        found: list[tuple[Loc, Any]] = [((), self.values)]
        for step in pattern:
            found = [
                ((*loc, key), child)
                for loc, value in found
                for key, child in _children(value)
                if step is None or key == step
            ]
        return found


def _children(value: object) -> Iterator[tuple[str | int, Any]]:
    if isinstance(value, dict):
        yield from value.items()
    elif isinstance(value, list):
        yield from enumerate(value)


def text_of(path: Path) -> str | Problem:
    """Return a file's text, without a byte order mark; or why it cannot be had."""
    place = Place(file=str(path))
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST + 1)
        if len(raw) > LARGEST:
            return Problem("file_unreadable", "文件太大，不是设置文件；请核对路径", place)
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return Problem("not_utf8", "不是 UTF-8 编码的文件；请用编辑器“另存为”，编码选 UTF-8", place)
    except FileNotFoundError:
        return Problem("file_missing", "文件不存在；请核对路径，或从随程序附带的 config 文件夹复制一份", place)
    except IsADirectoryError:
        return Problem("file_unreadable", "这是文件夹，不是文件；请写到文件名为止", place)
    except (OSError, ValueError):
        return Problem("file_unreadable", "文件无法读取；请检查它的权限和路径", place)


def typing_slip(line: str) -> str:
    """Return what to do about a line that cannot be parsed.

    >>> typing_slip("name：区教育局")
    '这一行有全角符号“：”，请改用半角'
    >>> typing_slip('port = = 993  # 端口：993')
    '请检查这一行及上一行的引号、括号、缩进和冒号或等号'
    """
    bare = re.sub(r"#.*|\"[^\"]*\"|'[^']*'", "", line)  # what is quoted or remarked may be written in any width
    wide = next((mark for mark in bare if mark in FULL_WIDTH), None)
    return f"这一行有全角符号“{wide}”，请改用半角" if wide else "请检查这一行及上一行的引号、括号、缩进和冒号或等号"


def check(document: Document, model: type[Model]) -> tuple[Model | None, tuple[Problem, ...]]:
    """Hold a document against its model; return the value, or every mistake."""
    if document.values is None:
        return None, document.problems or (document.problem("empty_file", "文件是空的；请照随附的样本填写"),)
    try:
        value = model.model_validate(document.values)
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)
        problems = tuple(_translated(document, model, detail) for detail in found)
        return None, document.problems + problems
    return value, document.problems


SENTENCES = {
    "missing": ("missing_key", "缺少这一项，请补上"),
    "string_type": ("wrong_type", "应为文字；如果写的是数字，请加半角引号"),
    "int_type": ("wrong_type", "应为整数，请写不带引号的数字"),
    "int_parsing": ("wrong_type", "应为整数，请写不带引号的数字"),
    "float_type": ("wrong_type", "应为数字，请写不带引号的数字"),
    "bool_type": ("wrong_type", "应为 true 或 false，不加引号"),
    "tuple_type": ("wrong_type", "应为列表，请写在方括号 [ ] 里，各项用逗号隔开"),
    "dict_type": ("wrong_type", "应为若干项“键: 值”，请照样本的格式填写"),
    "model_type": ("wrong_type", "应为若干项“键: 值”，请照样本的格式填写"),
    "literal_error": ("wrong_value", "只能写 {expected}"),
    "greater_than_equal": ("out_of_range", "不能小于 {ge}，请改大"),
    "less_than_equal": ("out_of_range", "不能大于 {le}，请改小"),
    "string_too_short": ("wrong_value", "不能为空，请填写"),
    "string_too_long": ("wrong_value", "太长，请缩短到 {max_length} 个字以内"),
    "string_pattern_mismatch": ("wrong_value", "格式不对，请照例子改写"),
    "too_short": ("wrong_value", "至少要有 {min_length} 项，请补上"),
    "too_long": ("wrong_value", "最多只能有 {max_length} 项，请删减"),
    "value_error": ("wrong_value", "{error}"),
}
ANYTHING_ELSE = ("wrong_value", "这个值不能用，请照样本改写")


def _translated(document: Document, model: type[BaseModel], detail: ErrorDetails) -> Problem:
    loc = tuple(step for step in detail["loc"] if step != "[key]")
    siblings = _fields_at(model, loc[:-1])
    if detail["type"] == "extra_forbidden":
        return document.problem("unknown_key", _unknown(str(loc[-1]), siblings), loc)
    of_text = detail.get("ctx", {}).get("field_type") == "Value"  # measured behind a check of our own
    code, sentence = SENTENCES.get(f"string_{detail['type']}" if of_text else detail["type"], ANYTHING_ELSE)
    text = sentence.format(**{key: str(value).replace(" or ", "、") for key, value in detail.get("ctx", {}).items()})
    name = next((step for step in reversed(loc) if isinstance(step, str) and step in siblings), None)
    own_remedy = detail["type"] == "value_error"  # our own sentence, which says what to write
    examples = siblings[name].examples if name and not own_remedy else None
    return document.problem(code, f"{text}，例如 {examples[0]}" if examples else text, loc)


def _unknown(key: str, siblings: Mapping[str, FieldInfo]) -> str:
    near = get_close_matches(key, siblings, n=1)
    return f"没有这一项；想写的是不是 {near[0]}？" if near else f"没有这一项，请删去；此处可以写：{'、'.join(siblings)}"


def _fields_at(model: type[BaseModel], loc: Loc) -> Mapping[str, FieldInfo]:
    """Return the fields that may stand at a place, by following the way there through the models."""
    here = table_in(model) or model
    for step in loc:
        if step in here.model_fields:
            here = table_in(here.model_fields[str(step)].annotation) or here
    return here.model_fields


def table_in(annotation: Any) -> type[BaseModel] | None:
    """Return the table inside ``list[Table]``, ``dict[int, Table]``, ``RootModel[…]`` and the like, if there is one."""
    if isinstance(annotation, type) and issubclass(annotation, RootModel):
        return table_in(annotation.model_fields["root"].annotation)
    if isinstance(annotation, type) and issubclass(annotation, Table):
        return annotation
    return next((found for inner in get_args(annotation) if (found := table_in(inner))), None)
