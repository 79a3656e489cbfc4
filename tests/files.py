"""Files as units send them, made with the libraries that make them, and PDFs written by hand."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable, Sequence
from typing import Any

import docx
from openpyxl import Workbook
from PIL import Image


def a_workbook(
    rows: Sequence[Sequence[object]] = (("填报单位", "区教育局"), ("任务", "进度")),
    change: Callable[[Any], None] | None = None,
    title: str = "报表",
) -> bytes:
    """Return an .xlsx of one sheet; `change` does the rest to the sheet."""
    book = Workbook()
    sheet = book.active
    sheet.title = title
    for row in rows:
        sheet.append(row)
    if change:
        change(sheet)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def with_entry(package: bytes, name: str, content: bytes | Callable[[bytes], bytes]) -> bytes:
    """Return a zip package with one entry replaced, added, or changed by a function."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.namelist():
            if entry != name:
                new.writestr(entry, old.read(entry))
        changed = content if isinstance(content, bytes) else content(old.read(name))
        new.writestr(name, changed)
    return out.getvalue()


def a_word_file(text: str = "区教育局4月工作情况", body: bytes = b"") -> bytes:
    """Return a .docx of one paragraph; `body` is raw WordprocessingML put before it."""
    document = docx.Document()
    document.add_paragraph(text)
    content = io.BytesIO()
    document.save(content)
    if not body:
        return content.getvalue()
    return with_entry(content.getvalue(), "word/document.xml", lambda xml: xml.replace(b"<w:body>", b"<w:body>" + body))


def a_picture(width: int = 1240, height: int = 1754, form: str = "JPEG", **options: Any) -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (width, height), "white").save(content, form, **options)
    return content.getvalue()


def a_scan(pages: int = 2) -> bytes:
    """Return a PDF whose pages are pictures at 150 dots an inch, as scanners make it."""
    sheets = [Image.new("RGB", (1240, 1754), "white") for _ in range(pages)]
    content = io.BytesIO()
    sheets[0].save(content, "PDF", resolution=150, save_all=True, append_images=sheets[1:], producer="Canon iR-ADV")
    return content.getvalue()


PAGE = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 3 0 R >> >> >>"


def a_stream(content: bytes, entries: bytes = b"") -> bytes:
    return b"<< /Length %d %b >>\nstream\n%b\nendstream" % (len(content), entries, content)


def a_pdf(page: bytes = b"BT /F1 12 Tf 72 720 Td (Report of April) Tj ET", info: bytes = b"", pages: int = 1) -> bytes:
    """Return a PDF written by hand: pages with a content stream, an Info dictionary."""
    kids = b" ".join(b"%d 0 R" % (6 + n) for n in range(pages))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count %d /Kids [%b] >>" % (pages, kids),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        a_stream(page),
        b"<< %b >>" % info,
        *[PAGE] * pages,
    ]
    return pdf_of(objects, b"/Root 1 0 R /Info 5 0 R")


def pdf_of(objects: Sequence[bytes], trailer: bytes) -> bytes:
    """Return a PDF of the objects, numbered from 1, with its cross-reference table."""
    out, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return out + b"xref\n0 %d\n0000000000 65535 f \n%btrailer\n<< /Size %d %b >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        table,
        len(objects) + 1,
        trailer,
        len(out),
    )


def deflated(size: int, rounds: int = 1) -> bytes:
    """Return so many zero bytes, compressed over and over: a bomb for whoever inflates it without a limit."""
    packer = zlib.compressobj(9)
    piece = bytes(1 << 20)
    content = b"".join(packer.compress(piece) for _ in range(size >> 20)) + packer.flush()
    for _ in range(rounds - 1):
        content = zlib.compress(content, 9)
    return content


def a_pdf_bomb() -> bytes:
    """Return a PDF of a few kilobytes whose one page wants two gigabytes of memory."""
    content = a_stream(deflated(2 << 30, rounds=2), b"/Filter [/FlateDecode /FlateDecode]")
    pages = b"<< /Type /Pages /Count 1 /Kids [6 0 R] >>"
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
    return pdf_of(
        [b"<< /Type /Catalog /Pages 2 0 R >>", pages, font, content, b"<< /Producer (bomb) >>", PAGE],
        b"/Root 1 0 R /Info 5 0 R",
    )


def a_slow_pdf() -> bytes:
    """Return a PDF that keeps its reader busy for longer than any may be."""
    return a_pdf(b"BT /F1 1 Tf " + b"(x) Tj " * 3_000_000 + b"ET")
