"""Which readers a kind of file has: the second reads less, where the first died. One without a reader says so."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from mailbot.domain.message import Document, FileKind
from mailbot.errors import Problem
from mailbot.reading.foreign import Refused
from mailbot.reading.jobs import Reading
from mailbot.reading.ole import read_ole
from mailbot.reading.pdf import read_pdf, read_pdf_properties
from mailbot.reading.picture import read_picture
from mailbot.reading.problems import problem
from mailbot.reading.text import read_html, read_message, read_text
from mailbot.reading.word import read_word
from mailbot.reading.workbook import read_workbook

Found: TypeAlias = tuple[Document, tuple[Problem, ...]]


def read_unread(path: Path) -> Found:
    """Refuse a file that nobody reads here: it is kept, and a person looks at it."""
    with path.open("rb") as file:
        head = file.read(4)
    if not head:
        raise Refused("empty_file")
    raise Refused("winmail_dat" if head == b"\x78\x9f\x3e\x22" else "format_not_read")


READERS: dict[FileKind, tuple[Callable[[Path], Found], ...]] = {
    FileKind.XLSX: (read_workbook,),
    FileKind.DOCX: (read_word,),
    FileKind.PDF: (read_pdf, read_pdf_properties),
    FileKind.PICTURE: (read_picture,),
    FileKind.OLE: (read_ole,),
    FileKind.OFD: (read_unread,),
    FileKind.ARCHIVE: (read_unread,),
    FileKind.MESSAGE: (read_message,),
    FileKind.HTML: (read_html,),
    FileKind.TEXT: (read_text,),
    FileKind.EMPTY: (read_unread,),
    FileKind.OTHER: (read_unread,),
}


def read_document(path: Path, kind: FileKind, turn: int) -> Reading:
    """Let the reader whose turn it is read a file of that kind."""
    try:
        return Reading(*READERS[kind][turn](path))
    except Refused as refusal:
        return Reading(problems=(problem(refusal.problem_code, refusal.problem_detail),))
