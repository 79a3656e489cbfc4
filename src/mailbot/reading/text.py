"""Plain text, CSV and HTML files; and what an enclosed message says."""

from __future__ import annotations

import csv
from pathlib import Path

from mailbot.domain.message import Cell, Document, Table
from mailbot.errors import Problem
from mailbot.reading.charsets import decode, tidy
from mailbot.reading.html import tables_of_html, text_of_html
from mailbot.reading.problems import problem
from mailbot.reading.skeleton import read_mail

MAX_BYTES = 1 << 20
MAX_ROWS = 5_000


def read_text(path: Path) -> tuple[Document, tuple[Problem, ...]]:
    """Return a text file's text, and its table where its lines are rows of comma- or tab-separated values."""
    text, problems = _content(path)
    tables = tuple(table for table in [_separated(text)] if table)
    return Document(tables=tables, text=text, has_text=bool(text.strip())), problems


def read_html(path: Path) -> tuple[Document, tuple[Problem, ...]]:
    """Return a web page's text and tables (many a .xls made by office systems is one)."""
    html, problems = _content(path)
    text = text_of_html(html)
    return Document(tables=tables_of_html(html), text=text, has_text=bool(text.strip())), problems


def read_message(path: Path) -> tuple[Document, tuple[Problem, ...]]:
    """Return an enclosed message's subject and text; its attachments are leaves of their own."""
    read = read_mail(path, path.parent)
    text = f"{read.mail.subject}\n{read.mail.text}".strip()
    return Document(text=text, has_text=bool(text)), read.problems


def _content(path: Path) -> tuple[str, tuple[Problem, ...]]:
    with path.open("rb") as file:
        data = file.read(MAX_BYTES + 1)
    if len(data) <= MAX_BYTES:
        return tidy(decode(data)), ()
    whole_lines = data[: data.rfind(b"\n") + 1] or data[:MAX_BYTES]
    return tidy(decode(whole_lines)), (problem("text_too_long"),)


def _separated(text: str) -> Table | None:
    """Return the table of a CSV text: two lines or more, each with the same number of separators, at least one."""
    lines = [line for line in text.split("\n")[: MAX_ROWS + 1] if line.strip()]
    for separator in "\t,":
        counts = {line.count(separator) for line in lines[:20] if '"' not in line}
        if len(lines) >= 2 and len(counts) == 1 and counts != {0}:
            rows = csv.reader(lines[:MAX_ROWS], delimiter=separator)
            return Table(None, tuple(tuple(Cell(value.strip()) for value in row) for row in rows))
    return None
