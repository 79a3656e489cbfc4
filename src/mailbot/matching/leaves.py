"""Each attachment by itself: which part its bytes can be, and the progress tables in it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import Enum

from mailbot.chinese.fold import fold
from mailbot.domain.message import Attachment, Cell, FileKind, Table
from mailbot.domain.report import PartKind
from mailbot.matching.labels import labels_of_table
from mailbot.matching.rows import MOST_ROWS, ProgressTable, progress_table

_UNREAD_CODES = frozenset(
    {
        "encrypted",
        "damaged",
        "empty_file",
        "winmail_dat",
        "attachment_too_large",
        "reader_killed",
        "not_read_in_time",
        "too_large",
    }
)
_SAYS_SEALED = re.compile(r"盖章|公章|扫描|签章|红头")
_SHOWS_THE_SITE = re.compile(r"现场|效果图|截图|施工|工地|航拍|开工|竣工|活动照|会议照")
_SHOWS_NOTHING_ELSE = re.compile(r"现场|效果图|工地|航拍|照")
_SAYS_REPORT = re.compile(r"进展|情况|进度|报表|月报|报告|台账|汇总|统计|材料")
_OF_A_PROGRAM = re.compile(r"\.(?:vcf|ics|p7s|asc|sig)$", re.IGNORECASE)  # a card, an invitation, a signature
_LIKE_A_PROGRAMS = re.compile(r"^(?:ATT\d+|signature|logo)\b", re.IGNORECASE)
_LONGER_THAN_WIDE = 1.1
_LEAST_TEXT = 50  # of a page; providers hang their footers on as one
_LEAST_WORDS = 10  # of a text file: 请查收 is no report
_TITLE_ROWS = 3
_LONGEST_TITLE = 80
_MOST_TITLES = 3
_MOST_ROWS = 2000  # of all tables of a message; a unit reports on five tasks at most


class Use(Enum):
    """What becomes of an attachment: a part, something a person may have to open, or nothing.

    ASIDE is what counts for nothing and may be the part that is lacking: other business by its name, a pasted picture.
    """

    PART = "part"
    UNREAD = "unread"
    ASIDE = "aside"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table of a file: the texts above its head (or in its first rows), and what it reports where it has a head.

    `labels` are cells such as 填报单位 with what stands after them.
    """

    table: Table
    titles: tuple[str, ...]
    progress: ProgressTable | None
    labels: tuple[tuple[str, str], ...] = ()

    @property
    def name(self) -> str:
        """Return the sheet's name, '' where it has none."""
        return self.table.name or ""


@dataclass(frozen=True, slots=True)
class Leaf:
    """An attachment with what it may count for, and its visible tables. `kind` is None where it is no part."""

    attachment: Attachment
    use: Use
    kind: PartKind | None = None
    sheets: tuple[Sheet, ...] = ()

    @property
    def file(self) -> str:
        """Return its name, unique in the message."""
        return self.attachment.file

    @property
    def stem(self) -> str:
        """Return the last piece of its name without the ending."""
        return re.sub(r"\.[A-Za-z0-9]{1,5}$", "", self.file.rpartition("/")[2])

    @property
    def says_sealed(self) -> bool:
        """Tell whether its name claims a seal or a scan."""
        return bool(_SAYS_SEALED.search(fold(self.stem)))

    @property
    def is_blank(self) -> bool:
        """Tell whether it is a PDF that shows neither text nor the picture of a page."""
        document = self.attachment.document
        return self.attachment.kind is FileKind.PDF and not (document.has_text or document.is_scan or document.tables)

    @property
    def is_partly_scanned(self) -> bool:
        """Tell whether it is a PDF of typed and of scanned pages whose name claims no seal."""
        document = self.attachment.document
        return document.holds_scan and not document.is_scan and not self.says_sealed

    @property
    def shows_the_site(self) -> bool:
        """Tell whether it is a picture, or a Word file of them, that its name calls one of the site."""
        kind = self.attachment.kind
        return (
            (kind is FileKind.PICTURE or (kind is FileKind.DOCX and self.attachment.document.is_scan))
            and not self.says_sealed
            and bool(_SHOWS_THE_SITE.search(fold(self.stem)))
        )

    @property
    def may_be_no_site(self) -> bool:
        """Tell whether what its name calls a picture of the site may be the sheet all the same.

        施工, 开工 and 竣工 are words of the tasks, 截图 is what programs call any picture, 进展情况 is of a report.
        """
        name = fold(self.stem)
        return self.shows_the_site and bool(_SAYS_REPORT.search(name) or not _SHOWS_NOTHING_ELSE.search(name))

    @property
    def is_loose_picture(self) -> bool:
        """Tell whether it is a picture that counts for nothing, whatever its name: pasted, like a program's, small."""
        return self.attachment.kind is FileKind.PICTURE and _kind(self.attachment) is None


def leaves_of(attachments: tuple[Attachment, ...]) -> tuple[Leaf, ...]:
    """Return the attachments as leaves, in order. An enclosed mail whose own files were read is only their wrapping.

    A message with more rows than anybody reports in has those beyond left unread, however many tables they stand in.
    """
    files = [attachment.file for attachment in attachments]
    found: list[Leaf] = []
    rows_left = _MOST_ROWS
    for attachment in attachments:
        wraps = attachment.kind is FileKind.MESSAGE and any(file.startswith(f"{attachment.file}/") for file in files)
        leaf = Leaf(attachment, Use.NOTHING) if wraps else _leaf(attachment)
        sheets = []
        for table in attachment.document.tables if leaf.use is not Use.NOTHING else ():
            if not table.hidden:
                sheets.append(_sheet(table, rows_left))
                rows_left -= len(sheets[-1].progress.rows) if sheets[-1].progress else 0
        found.append(replace(leaf, sheets=tuple(sheets)))
    return tuple(found)


def _leaf(attachment: Attachment) -> Leaf:
    """Return one attachment as a leaf."""
    if attachment.kind is FileKind.EMPTY or _is_a_programs(attachment):
        return Leaf(attachment, Use.NOTHING)
    if any(problem.code in _UNREAD_CODES for problem in attachment.problems):
        return Leaf(attachment, Use.NOTHING if _is_in_the_text(attachment) else Use.UNREAD)
    kind = _kind(attachment)
    if kind:
        return Leaf(attachment, Use.PART, kind)
    if _may_be_a_page(attachment):
        return Leaf(attachment, Use.ASIDE, PartKind.SEALED_SCAN)
    return Leaf(attachment, Use.UNREAD if _may_hold_a_report(attachment) else Use.NOTHING)


def _kind(attachment: Attachment) -> PartKind | None:
    """Return which part a readable file is, None where it is none."""
    document = attachment.document
    match attachment.kind:
        case FileKind.XLSX | FileKind.OLE:
            return PartKind.ELECTRONIC
        case FileKind.PDF | FileKind.DOCX:
            scanned = document.is_scan or (document.holds_scan and Leaf(attachment, Use.PART).says_sealed)
            return PartKind.SEALED_SCAN if scanned else PartKind.ELECTRONIC
        case FileKind.PICTURE:
            is_theirs = not attachment.inline and not _LIKE_A_PROGRAMS.search(attachment.file)
            return PartKind.SEALED_SCAN if document.is_scan and is_theirs else None
        case FileKind.HTML | FileKind.TEXT:
            return PartKind.ELECTRONIC if document.tables and not attachment.inline else None
        case _:
            return None


def _is_a_programs(attachment: Attachment) -> bool:
    """Tell whether a mail program hung a file on, by its name: never one that can be a report by its bytes."""
    match attachment.kind:
        case FileKind.TEXT | FileKind.HTML if not attachment.document.tables:
            return bool(_OF_A_PROGRAM.search(attachment.file) or _LIKE_A_PROGRAMS.search(attachment.file))
        case FileKind.OTHER:
            return bool(_OF_A_PROGRAM.search(attachment.file))
        case _:
            return False


def _is_in_the_text(attachment: Attachment) -> bool:
    """Tell whether a file is shown in the text, as only pictures are and what a program makes of them."""
    return attachment.inline and attachment.kind in {FileKind.PICTURE, FileKind.OTHER, FileKind.TEXT, FileKind.HTML}


def _may_be_a_page(attachment: Attachment) -> bool:
    """Tell whether a picture that counts for nothing may be the sealed page: by its size, else by its name.

    A code to scan with a telephone, as signatures show, is square; no page is.
    """
    pixels = attachment.document.pixels
    if attachment.kind is not FileKind.PICTURE or pixels is None:
        return False
    is_page = attachment.document.is_scan and max(pixels) >= _LONGER_THAN_WIDE * min(pixels)
    return is_page or Leaf(attachment, Use.NOTHING).says_sealed


def _may_hold_a_report(attachment: Attachment) -> bool:
    """Tell whether a file that is no part may still be what the unit meant to hand in."""
    match attachment.kind:
        case FileKind.PICTURE:
            return any(problem.code == "format_not_read" for problem in attachment.problems)  # never a logo: HEIC
        case FileKind.ARCHIVE | FileKind.OFD | FileKind.MESSAGE:
            return True
        case FileKind.OTHER:
            return not attachment.inline
        case FileKind.TEXT:
            return not attachment.inline and len(attachment.document.text.strip()) >= _LEAST_WORDS
        case FileKind.HTML:
            return not attachment.inline and len(attachment.document.text.strip()) >= _LEAST_TEXT
        case _:
            return False


def _sheet(table: Table, rows_left: int) -> Sheet:
    """Return a table with what it reports and what stands above that."""
    progress = progress_table(table, min(MOST_ROWS, rows_left))
    above = table.rows[: progress.head.top] if progress else table.rows[:_TITLE_ROWS]
    titles = dict.fromkeys(text for row in above for text in _titles(row))
    return Sheet(table, tuple(titles), progress, tuple(labels_of_table(table)))


def _titles(row: tuple[Cell, ...]) -> list[str]:
    """Return what a row says if it says little, as titles and labels do."""
    texts = list(dict.fromkeys(cell.text.strip() for cell in row if cell.text.strip()))
    return [text for text in texts if len(text) <= _LONGEST_TITLE] if len(texts) <= _MOST_TITLES else []
