"""A message (来件) as read: its headers and text, its attachments, and what their bytes hold. No judgement."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from mailbot.errors import Problem


@dataclass(frozen=True, slots=True)
class Address:
    """A mail address: the display name as decoded, and the addr-spec in lower case ('' if there is none to trust)."""

    name: str
    spec: str


@dataclass(frozen=True, slots=True)
class Mail:
    """Headers and text of one message. Header names are in lower case, values decoded and unfolded, in order."""

    headers: tuple[tuple[str, str], ...]
    subject: str
    sender: Address  # From; spec is '' where two parsers disagree on it or it names several
    recipients: tuple[Address, ...]  # To and Cc
    message_id: str
    references: tuple[str, ...]  # In-Reply-To first, then References
    return_path: str | None  # None: no such header, says nothing; '': the null path
    content_type: str  # of the whole message, such as multipart/report
    text: str  # the body as plain text, quotations included (HTML turned into text where there is no plain part)
    html: str = ""
    sent: datetime | None = None  # what the sender filled in; shown, never judged by

    def header(self, name: str) -> str | None:
        """Return the first header of that (lower-case) name, None where there is none."""
        return next((value for key, value in self.headers if key == name), None)

    def all(self, name: str) -> tuple[str, ...]:
        """Return every header of that (lower-case) name."""
        return tuple(value for key, value in self.headers if key == name)


class FileKind(Enum):
    """What a file is by its bytes, never by its name."""

    XLSX = "xlsx"
    DOCX = "docx"
    PDF = "pdf"
    PICTURE = "picture"
    OLE = "ole"  # .xls, .et, .doc, .wps, or an encrypted workbook
    OFD = "ofd"
    ARCHIVE = "archive"
    MESSAGE = "message"
    HTML = "html"
    TEXT = "text"
    EMPTY = "empty"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table: what is shown, its number if it is one, the workbook's number format, and its name (B7)."""

    text: str
    value: float | None = None
    number_format: str = "General"
    ref: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells, merged ranges filled with their first cell's text. `name` is the sheet's; hidden ones are told."""

    name: str | None
    rows: tuple[tuple[Cell, ...], ...]
    page: int | None = None
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class PdfMetadata:
    """What a PDF tells of its making."""

    producer: str = ""
    creator: str = ""
    title: str = ""
    author: str = ""
    created: str = ""  # ISO-8601 as far as it could be read
    dots_per_inch: int | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """What a reader found in a file. `is_scan`: every page is one image that covers it (PDFs, pictures, Word files).

    `holds_scan`: some page of a PDF is, others may be typed.
    """

    tables: tuple[Table, ...] = ()
    text: str = ""
    pages: int | None = None
    has_text: bool = False
    is_scan: bool = False
    holds_scan: bool = False
    metadata: PdfMetadata | None = None
    pixels: tuple[int, int] | None = None  # of a picture: width, height


@dataclass(frozen=True, slots=True)
class Attachment:
    """One leaf of a message, named or not, by its bytes. `file` is unique in the message; size in bytes."""

    file: str
    kind: FileKind
    size: int
    sha256: str
    document: Document = Document()
    inline: bool = False  # shown in the HTML body by its Content-ID
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """All that reading a message gives."""

    mail: Mail
    attachments: tuple[Attachment, ...] = ()
    problems: tuple[Problem, ...] = ()
