"""A workbook cut down to its cells, for one that openpyxl stumbles over: what office systems write is often half valid.

Styles, pivot tables, drawings, print titles and ranges merged over whole sheets go; cells, strings, hidden rows and
ordinary merged ranges stay. Number formats are lost with the styles, which the caller has to say.
"""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from pathlib import Path

from mailbot.reading.foreign import foreign
from mailbot.reading.packages import RANGE, area

MAX_MERGED = 2_000
MAX_RANGES = 2_000

_KEPT = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|xl/workbook\.xml|xl/_rels/workbook\.xml\.rels|xl/sharedStrings\.xml"
    r"|xl/worksheets/[^/]+\.xml",
    re.IGNORECASE,
)
_STRICT = (  # ISO 29500 strict says the same under other names
    (b"http://purl.oclc.org/ooxml/spreadsheetml/main", b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"),
    (
        b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    ),
)
_STYLE = re.compile(rb'(<(?:\w+:)?(?:c|row|col)\b[^<>]*?)\s(?:s|style)="[^"]*"')
_END_OF_CELLS = re.compile(rb"</(?:\w+:)?sheetData>|<(?:\w+:)?sheetData\s*/>")
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\b[^<>]*\bref=" + RANGE + rb"[^<>]*/>")
_END = re.compile(rb"</(\w+:)?worksheet>\s*\Z")
_EXTRAS = re.compile(rb"(?s)<((?:\w+:)?(?:pivotCaches|definedNames|externalReferences))\b[^<>]*(?:/>|(?<!/)>.*?</\1>)")


def cut_down(path: Path) -> bytes:
    """Return a workbook of nothing but the cells.

    Raises:
        Refused: not even that can be had.
    """
    slim = BytesIO()
    with foreign(), zipfile.ZipFile(path) as package, zipfile.ZipFile(slim, "w") as out:
        for name in package.namelist():
            if not _KEPT.fullmatch(name):
                continue
            content = package.read(name)
            for strict, common in _STRICT:
                content = content.replace(strict, common)
            if name.startswith("xl/worksheets/"):
                content = _cells_only(content)
            elif name == "xl/workbook.xml":
                content = _EXTRAS.sub(b"", content)
            out.writestr(name, content)
    return slim.getvalue()


def _cells_only(sheet: bytes) -> bytes:
    end = _END_OF_CELLS.search(sheet)
    root = _END.search(sheet)
    if end is None or root is None:
        return sheet
    small = [m.group() for m in _MERGED.finditer(sheet, end.end()) if area(m) <= MAX_MERGED][:MAX_RANGES]
    prefix = root.group(1) or b""
    merged = b"<%bmergeCells>%b</%bmergeCells>" % (prefix, b"".join(small), prefix) if small else b""
    return _STYLE.sub(rb"\1", sheet[: end.end()]) + merged + root.group()
