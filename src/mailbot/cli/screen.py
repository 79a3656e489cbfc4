"""How the commands print: JSON for programs, tables for people. Nothing is fetched or decided here."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import click

from mailbot.visible import visible

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def print_json(data: Any) -> None:
    """Print one JSON value in UTF-8, whatever the terminal's locale."""
    _print_bytes("\n".join(map(visible, json.dumps(data, ensure_ascii=False, indent=2).split("\n"))))


def print_json_line(data: Any) -> None:
    """Print one JSON value on one line."""
    _print_bytes(visible(json.dumps(data, ensure_ascii=False)))


def _print_bytes(text: str) -> None:
    click.echo(text.encode("utf-8"))


def plain(text: object) -> str:
    """Return text that is safe on a terminal, on one line: it may hold what a stranger wrote."""
    return visible(str(text if text is not None else ""))


def complain(text: str) -> None:
    """Say on standard error what is wrong; the lines of the text are our own, what stands in them may be anybody's."""
    click.echo("\n".join(map(plain, text.split("\n"))), err=True)


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
