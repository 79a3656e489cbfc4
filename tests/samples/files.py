"""The files that a sample encloses, made from what the sample says of them.

education  区教育局's table of three rows under this title (`schools` built, 2 where it does not say)
table      a workbook of one sheet, row by row; `sheets` of several, with merged ranges, formats and states
paragraphs a Word file, with a `table` if there is one; `pasted` one with nothing but a picture of a page
scan       a PDF of so many pages that are pictures; `words` were recognised and laid under the first
printed    a PDF with text, as an office program exports it
picture    of a page, a landscape, or small; text, zip, mail: what they are; `starts`: bytes that nothing reads
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from functools import cache
from typing import Any

import docx
from openpyxl import Workbook
from tests.files import a_picture, a_scan, pdf_of

Spec = dict[str, Any]
SIZES = {"page": (1240, 1754), "landscape": (1600, 1200), "small": (180, 60)}
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
SONG = (
    b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [4 0 R] >>",
    (
        b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000"
        b" /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> >>"
    ),
)


def content_of(spec: Spec) -> bytes:
    """Return the file's bytes, cut off where the sample says so."""
    return _whole(spec)[: spec.get("cut")]


def _whole(spec: Spec) -> bytes:
    for key, make in MAKERS.items():
        if key in spec:
            return make(spec)
    return b""


def _education(spec: Spec) -> bytes:
    rows = [
        [spec["education"]],
        ["序号", "任务", "目标", "累计完成", "完成率"],
        [10, "新建、改扩建中小学", "20所", f"{spec.get('schools', 2)}所", "10%"],
        ["", "新投入使用中小学", "30所", "1所", "3.3%"],
        ["", "新增中小学学位", "2.7万个", "0.3万个", "11.1%"],
    ]
    return workbook([{"rows": rows}])


def workbook(sheets: list[Spec]) -> bytes:
    """Return an .xlsx; '' leaves a cell out."""
    book: Any = Workbook()
    book.remove(book.active)
    for number, spec in enumerate(sheets, 1):
        sheet = book.create_sheet(spec.get("title", f"Sheet{number}"))
        for y, row in enumerate(spec["rows"], spec.get("row0", 1)):
            for x, value in enumerate(row, spec.get("col0", 1)):
                sheet.cell(y, x, None if value == "" else value)
        for merged in spec.get("merged", ()):
            sheet.merge_cells(merged)
        for cell, form in spec.get("formats", {}).items():
            sheet[cell].number_format = form
        sheet.sheet_state = spec.get("state", "visible")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _word(spec: Spec) -> bytes:
    document = docx.Document()
    for line in spec.get("paragraphs", ()):
        document.add_paragraph(line)
    if rows := spec.get("table"):
        table = document.add_table(len(rows), len(rows[0]))
        for y, row in enumerate(rows):
            for x, value in enumerate(row):
                table.cell(y, x).text = str(value)
    if "pasted" in spec:
        document.add_picture(io.BytesIO(_picture({"picture": spec["pasted"]})), width=docx.shared.Cm(15))
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _scan(spec: Spec) -> bytes:
    return _lettered(spec["words"], scanned=True) if "words" in spec else _plain_scan(spec["scan"])


@cache
def _plain_scan(pages: int) -> bytes:
    return a_scan(pages)


def _lettered(lines: list[str], *, scanned: bool) -> bytes:
    """Return one page with these lines: visible, or invisible over the picture of a page."""
    mode = 3 if scanned else 0
    shown = b"q 595 0 0 842 0 0 cm /I Do Q\n" if scanned else b""
    for number, line in enumerate(lines):
        shown += b"BT %d Tr /F 16 Tf 67 %d Td <%s> Tj ET\n" % (
            mode,
            760 - 31 * number,
            line.encode("utf-16-be").hex().encode(),
        )
    picture = a_picture(620, 877)
    form = b"/Subtype /Image /Width 620 /Height 877 /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /DCTDecode"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count 1 /Kids [7 0 R] >>",
        *SONG,
        b"<< /Type /XObject %s /Length %d >>\nstream\n%s\nendstream" % (form, len(picture), picture),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(shown), shown),
        (
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 6 0 R"
            b" /Resources << /Font << /F 3 0 R >> /XObject << /I 5 0 R >> >> >>"
        ),
    ]
    return pdf_of(objects, b"/Root 1 0 R")


def _picture(spec: Spec) -> bytes:
    return a_picture(*SIZES[spec["picture"]], "PNG" if spec["picture"] == "small" else "JPEG")


def _zip(spec: Spec) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for member in spec["zip"]:
            package.writestr(member["name"], content_of(member))
    return out.getvalue()


MAKERS: dict[str, Callable[[Spec], bytes]] = {
    "education": _education,
    "paragraphs": _word,
    "pasted": _word,
    "table": lambda spec: workbook([{"rows": spec["table"]}]),
    "sheets": lambda spec: workbook(spec["sheets"]),
    "scan": _scan,
    "printed": lambda spec: _lettered(spec["printed"], scanned=False),
    "picture": _picture,
    "zip": _zip,
    "encrypted": lambda _: OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le"),
    "text": lambda spec: spec["text"].replace("\n", "\r\n").encode(spec.get("charset", "utf-8")),
    "starts": lambda spec: spec["starts"].encode("latin-1") + bytes(4000),
}
