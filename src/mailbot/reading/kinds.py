"""What a file is by its bytes, never by its name."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

from mailbot.domain.message import FileKind
from mailbot.reading.foreign import Refused, foreign

HEAD = 4096

_MAGIC: tuple[tuple[bytes, FileKind], ...] = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", FileKind.OLE),
    (b"\xff\xd8\xff", FileKind.PICTURE),
    (b"\x89PNG\r\n\x1a\n", FileKind.PICTURE),
    (b"GIF8", FileKind.PICTURE),
    (b"II*\x00", FileKind.PICTURE),
    (b"MM\x00*", FileKind.PICTURE),
    (b"Rar!\x1a\x07", FileKind.ARCHIVE),
    (b"7z\xbc\xaf\x27\x1c", FileKind.ARCHIVE),
    (b"\x1f\x8b\x08", FileKind.ARCHIVE),
    (b"BZh", FileKind.ARCHIVE),
    (b"\xfd7zXZ\x00", FileKind.ARCHIVE),
    (b"{\\rtf", FileKind.OTHER),
    (b"\x78\x9f\x3e\x22", FileKind.OTHER),  # winmail.dat
)
_FIELD = re.compile(rb"(?im)^(from|to|subject|date|message-id|mime-version|received|content-type):")
_HEADERS = re.compile(rb"(?:\xef\xbb\xbf)?(?:From .*\n)?(?:[\x21-\x39\x3b-\x7e]+:.*\r?\n(?:[ \t].*\r?\n)*)+")
_HTML = re.compile(rb"(?i)<(?:!doctype\s+html|html|table|body|head|meta)\b")
_XML = re.compile(rb"\s*<\?xml\b")


def kind_of(path: Path, declared: str = "") -> FileKind:
    """Return what the file is. `declared` (a media type) counts for messages alone, which have no magic."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    if not head:
        return FileKind.EMPTY
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _package(path, head)
    return _by_magic(head) or _by_text(head, declared)


def _by_magic(head: bytes) -> FileKind | None:
    if b"%PDF-" in head[:1024]:
        return FileKind.PDF
    if head[4:8] == b"ftyp" and head[8:11] in {b"hei", b"hev", b"mif", b"msf", b"avi"}:
        return FileKind.PICTURE
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return FileKind.PICTURE
    if head.startswith(b"BM") and head[6:10] == b"\0\0\0\0":
        return FileKind.PICTURE
    return next((kind for magic, kind in _MAGIC if head.startswith(magic)), None)


def _package(path: Path, head: bytes) -> FileKind:
    """Tell Office packages and OFD from plain archives; a cut file by the names in its beginning."""
    try:
        with foreign(), zipfile.ZipFile(path) as package:
            names = package.namelist()
    except Refused:
        names = [name for name in ("OFD.xml", "xl/", "word/") if name.encode() in head]
    if "OFD.xml" in names:
        return FileKind.OFD
    for folder, kind in (("xl/", FileKind.XLSX), ("word/", FileKind.DOCX)):
        if any(name.replace("\\", "/").startswith(folder) for name in names):
            return kind
    return FileKind.ARCHIVE


def _by_text(head: bytes, declared: str) -> FileKind:
    if declared == "message/rfc822" or _is_message(head):
        return FileKind.MESSAGE
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return FileKind.TEXT
    if b"\x00" in head or sum(byte < 32 and byte not in b"\t\n\r\f\x1b" for byte in head) > len(head) // 50:
        return FileKind.OTHER
    if _HTML.search(head[:2048]):
        return FileKind.HTML
    return FileKind.OTHER if _XML.match(head) else FileKind.TEXT


def _is_message(head: bytes) -> bool:
    block = _HEADERS.match(head)
    return block is not None and len({name.lower() for name in _FIELD.findall(block.group())}) >= 3
