"""TOML with the line of each key: tomllib tells neither, nor in Chinese what is wrong."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from mailbot.checking import Document, Loc, text_of, typing_slip
from mailbot.errors import Place, Problem


def parse(path: Path) -> Document:
    """Parse a TOML file; what cannot be parsed becomes a problem with its line."""
    text = text_of(path)
    if isinstance(text, Problem):
        return Document(path, problems=(text,))
    try:
        return Document(path, tomllib.loads(text), key_lines(text))
    except (ValueError, RecursionError) as error:
        return Document(path, problems=(_syntax_problem(path, text, str(error)),))


def table_alone(path: Path, name: str) -> Any:
    """Return one table of a file that cannot be parsed as a whole: {} where there is none, None where it is broken."""
    text = text_of(path)
    if isinstance(text, Problem):
        return None
    _, *rest = re.split(rf"(?m)^(?=\s*\[\s*{re.escape(name)}\b)", text, maxsplit=1)
    try:
        return tomllib.loads(re.split(r"(?m)^(?=\s*\[)", rest[0].lstrip())[1])[name] if rest else {}
    except (ValueError, KeyError, IndexError, RecursionError):
        return None


def _syntax_problem(path: Path, text: str, detail: str) -> Problem:
    """Tell where the parser stopped: it names the line, or the end of the document."""
    lines = text.splitlines() or [""]
    found = re.search(r"at line (\d+)", detail)
    number = min(int(found[1]), len(lines)) if found else len(lines)
    twice = "Cannot overwrite" in detail or "twice" in detail
    what = "同一项写了两次，请删去一处" if twice else f"写法有误；{typing_slip(lines[number - 1])}"
    return Problem("syntax", what, Place(file=str(path), line=number))


def key_lines(text: str) -> dict[Loc, int]:
    r"""Return the line of each table and key: tomllib does not tell. What a file of ours never has, it may miss.

    >>> key_lines('[imap]\nhost = "localhost"')
    {('imap',): 1, ('imap', 'host'): 2}
    """
    lines: dict[Loc, int] = {}
    table: Loc = ()
    for number, line in enumerate(text.splitlines(), 1):
        if header := re.match(r"\s*\[+\s*([\w.-]+)\s*\]", line):
            table = tuple(header[1].split("."))
            lines.setdefault(table, number)
        elif key := re.match(r"\s*([\w.-]+)\s*=", line):
            lines.setdefault((*table, *key[1].split(".")), number)
    return lines
