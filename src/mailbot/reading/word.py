"""Word files (.docx) through python-docx: its one door in this room.

python-docx opens the package; the text is read from every `w:t` in document order, since its own paragraphs leave out
tracked insertions, content controls and text boxes. A text box is stored twice: the fallback copy is skipped.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from mailbot.domain.message import Cell, Document, Table
from mailbot.errors import Problem
from mailbot.reading.charsets import tidy
from mailbot.reading.foreign import foreign
from mailbot.reading.packages import check_package
from mailbot.reading.problems import problem

MAX_TEXT = 1 << 20
MAX_CELLS = 50_000
MAX_SPAN = 64
MAX_DIGITS = 12
COVERS = 0.3  # of a page: a scan pasted between wide margins still does

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_EXTENT = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}extent"
_A4 = (11906, 16838)  # twips
_EMU_IN_A_TWIP = 635
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_MARKS = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}


def read_word(path: Path) -> tuple[Document, tuple[Problem, ...]]:
    """Return the text of a Word file and its tables; one that holds nothing but pictures of a page's size is a scan.

    Raises:
        Refused: it is damaged, encrypted or too large.
    """
    import docx

    check_package(path)
    with foreign():
        body: Any = docx.Document(BytesIO(path.read_bytes())).element.body
        paragraphs = [_text(paragraph) for paragraph in _found(body, f"{_W}p")]
        tables = tuple(Table(None, _rows(table)) for table in _found(body, f"{_W}tbl"))
        shares = tuple(_shares_of_a_page(body))
    text = tidy("\n".join(line for line in paragraphs if line.strip()))
    problems = [problem("text_too_long")] if len(text) > MAX_TEXT else []
    kept = _within(tables, MAX_CELLS)
    if len(kept) < len(tables):
        problems.append(problem("table_cut"))
    has_text = bool(text.strip())
    is_scan = not has_text and bool(shares) and min(shares) >= COVERS
    document = Document(tables=kept, text=text[:MAX_TEXT], has_text=has_text, is_scan=is_scan)
    return document, tuple(problems)


def _shares_of_a_page(body: Any) -> Iterator[float]:
    """Give how much of a page each picture covers.

    Source: ECMA-376 part 1, 20.4.2.7 (extent, in EMU) and 17.6.13 (page size, in twips).
    """
    size = next(_found(body, f"{_W}pgSz"), None)
    width, height = (_number(size, f"{_W}{key}") if size is not None else 0 for key in "wh")
    page = (width or _A4[0]) * (height or _A4[1]) * _EMU_IN_A_TWIP**2
    for extent in _found(body, _EXTENT):
        yield _number(extent, "cx") * _number(extent, "cy") / page


def _number(element: Any, name: str) -> int:
    value = element.get(name, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) <= MAX_DIGITS else 0


def _found(element: Any, tag: str) -> Iterator[Any]:
    """Give every element of that tag in document order, nested ones too, without fallback copies."""
    pending = [element]
    while pending:
        current = pending.pop()
        if current.tag == _FALLBACK:
            continue
        if current.tag == tag:
            yield current
        pending.extend(reversed(current))


def _text(paragraph: Any) -> str:
    """Return a paragraph's own text; paragraphs inside it (text boxes) stand for themselves."""
    pieces = []
    pending = list(reversed(paragraph))
    while pending:
        current = pending.pop()
        if current.tag in {f"{_W}p", _FALLBACK}:
            continue
        if current.tag == f"{_W}t":
            pieces.append(current.text or "")
        pieces.append(_MARKS.get(current.tag, "") if isinstance(current.tag, str) else "")
        pending.extend(reversed(current))
    return "".join(pieces)


def _rows(table: Any) -> tuple[tuple[Cell, ...], ...]:
    """Return a table's rows; a cell that goes on over columns or rows is repeated in each."""
    rows: list[tuple[Cell, ...]] = []
    for row in _children(table, f"{_W}tr"):
        cells: list[Cell] = []
        for cell in _children(row, f"{_W}tc"):
            text = tidy("\n".join(filter(None, map(_text, _found(cell, f"{_W}p"))))).strip()
            if _goes_on(cell) and rows and len(cells) < len(rows[-1]):
                text = rows[-1][len(cells)].text
            cells.extend([Cell(text)] * _columns(cell))
        rows.append(tuple(cells))
    return tuple(row for row in rows if any(cell.text for cell in row))


def _children(element: Any, tag: str) -> Iterator[Any]:
    """Give the children of that tag, content controls and insertions seen through."""
    for child in element:
        if child.tag == tag:
            yield child
        elif child.tag in {f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins", f"{_W}customXml"}:
            yield from _children(child, tag)


def _goes_on(cell: Any) -> bool:
    merge = cell.find(f"{_W}tcPr/{_W}vMerge")
    return merge is not None and merge.get(f"{_W}val", "continue") == "continue"


def _columns(cell: Any) -> int:
    span = cell.find(f"{_W}tcPr/{_W}gridSpan")
    value = span.get(f"{_W}val", "1") if span is not None else "1"
    return max(1, min(int(value), MAX_SPAN)) if value.isascii() and value.isdigit() else 1


def _within(tables: tuple[Table, ...], cells: int) -> tuple[Table, ...]:
    kept = []
    for table in tables:
        cells -= sum(map(len, table.rows))
        if cells < 0:
            break
        kept.append(table)
    return tuple(kept)
