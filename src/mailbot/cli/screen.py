"""How the commands print: JSON for programs, tables for people. Nothing is fetched or decided here."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

CONTROL = dict.fromkeys((*range(32), 127, *range(128, 160), *range(8234, 8239), *range(8294, 8298)))


def print_json(data: Any) -> None:
    """Print one JSON value in UTF-8, whatever the terminal's locale."""
    sys.stdout.buffer.write(json.dumps(data, ensure_ascii=False, indent=2).encode("utf-8", "backslashreplace") + b"\n")
    sys.stdout.buffer.flush()


def print_json_line(data: Any) -> None:
    """Print one JSON value on one line."""
    sys.stdout.buffer.write(json.dumps(data, ensure_ascii=False).encode("utf-8", "backslashreplace") + b"\n")
    sys.stdout.buffer.flush()


def plain(text: object) -> str:
    """Return text that is safe on a terminal: what a stranger wrote must not move the cursor or turn the line round."""
    return str(text if text is not None else "").translate(CONTROL)


def print_table(title: str, headings: Sequence[str], rows: Iterable[Sequence[object]], *, empty: str) -> None:
    """Print a table, or the sentence for an empty one."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    listed = list(rows)
    if not listed:
        click.echo(empty)
        return
    table = Table(title=title, title_justify="left", header_style="bold")
    for heading in headings:
        table.add_column(heading, overflow="fold")
    for row in listed:
        table.add_row(*(Text(plain(value)) for value in row))
    console = Console(width=None if sys.stdout.isatty() else 160)
    console.print(table)
