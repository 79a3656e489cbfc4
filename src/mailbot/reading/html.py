"""HTML as text and tables: what a reader sees, in order. Bodies of mail, and web pages that call themselves .xls."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from mailbot.domain.message import Cell, Table

MAX_ROWS = 5_000
MAX_SPAN = 64

_UNSEEN = frozenset({"script", "style", "title", "template", "noscript"})
_BLOCKS = frozenset(
    [
        "address",
        "article",
        "blockquote",
        "br",
        "dd",
        "div",
        "dl",
        "dt",
        "fieldset",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "li",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "tr",
        "ul",
    ]
)
_DECLARATION = re.compile(r"<[!?][^>]*>?")
_BLANKS = re.compile(r"[ \t\r\n\f\v\xa0]+")


def text_of_html(html: str) -> str:
    r"""Return the text of HTML: blocks on lines of their own, the cells of a row parted by tabs.

    >>> text_of_html("<p>您好：</p><table><tr><td>任务</td><td>进度</td></tr></table><style>p{}</style>")
    '您好：\n任务\t进度'
    """
    return _seen(html).text()


def tables_of_html(html: str) -> tuple[Table, ...]:
    """Return the tables that hold no other table, cells that span several places filled in each."""
    return tuple(Table(None, rows) for rows in _seen(html).tables if rows)


def _seen(html: str) -> _Page:
    page = _Page()
    page.feed(_tags_and_text(html))
    page.close()
    return page


def _tags_and_text(html: str) -> str:
    """Return HTML without comments and declarations, and with no tag left open.

    The standard parser takes quadratic time over those that never end, and raises over some (CVE-2025-6069). `<!-->`
    ends the comment that it begins.
    """
    first, *pieces = html.split("<!--")
    rest = (piece[1:] if piece.startswith(">") else piece.partition("-->")[2] for piece in pieces)
    seen = _DECLARATION.sub(" ", first + "".join(rest))
    whole = seen.rfind(">") + 1
    return seen[:whole] + seen[whole:].replace("<", "&lt;")


@dataclass(slots=True)
class _Grid:
    """A table being read: rows of texts, and what spans down into later rows (place: text, rows left).

    Not frozen: it grows.
    """

    rows: list[list[str]] = field(default_factory=list)
    spans: dict[int, tuple[str, int]] = field(default_factory=dict)

    def row(self) -> None:
        if len(self.rows) < MAX_ROWS:
            self.rows.append([])
            self._fill()

    def _fill(self) -> None:
        row = self.rows[-1]
        while (span := self.spans.pop(len(row), None)) is not None:
            text, left = span
            if left > 1:
                self.spans[len(row)] = (text, left - 1)
            row.append(text)

    def cell(self, text: str, columns: int, rows: int) -> None:
        if not self.rows:
            self.row()
        for _ in range(columns):
            if rows > 1:
                self.spans[len(self.rows[-1])] = (text, rows - 1)
            self.rows[-1].append(text)
        self._fill()

    def cells(self) -> tuple[tuple[Cell, ...], ...]:
        return tuple(tuple(Cell(text) for text in row) for row in self.rows if any(row))


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[tuple[tuple[Cell, ...], ...]] = []
        self._pieces: list[str] = []
        self._unseen = 0
        self._grids: list[_Grid] = []
        self._cell: tuple[int, int, int] | None = None  # where the open cell's text begins, its columns, its rows

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _UNSEEN:
            self._unseen += 1
        elif tag == "table":
            self._cell = None
            self._grids.append(_Grid())
        elif tag == "tr" and self._grids:
            self._close_cell()
            self._grids[-1].row()
        elif tag in {"td", "th"}:
            self._close_cell()
            spans = dict(attrs)
            self._cell = (len(self._pieces), _span(spans.get("colspan")), _span(spans.get("rowspan")))
        if tag in _BLOCKS:
            self._pieces.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNSEEN:
            self._unseen = max(0, self._unseen - 1)
        elif tag in {"td", "th", "tr"}:
            self._close_cell()
        elif tag == "table" and self._grids:
            self._close_cell()
            self.tables.append(self._grids.pop().cells())
        if tag in {"td", "th"}:
            self._pieces.append("\t")
        elif tag in _BLOCKS:
            self._pieces.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self._pieces.append(_BLANKS.sub(" ", data))

    def _close_cell(self) -> None:
        if self._cell and self._grids:
            begin, columns, rows = self._cell
            self._grids[-1].cell(_BLANKS.sub(" ", "".join(self._pieces[begin:])).strip(), columns, rows)
        self._cell = None

    def text(self) -> str:
        lines = (line.strip(" \t") for line in "".join(self._pieces).split("\n"))
        return "\n".join(re.sub(r" *\t *", "\t", line) for line in lines if line)


def _span(value: str | None) -> int:
    return max(1, min(int(value), MAX_SPAN)) if value and value.isascii() and value.isdigit() and len(value) < 6 else 1
