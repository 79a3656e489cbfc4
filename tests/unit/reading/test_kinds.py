"""What a file is by its bytes."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from tests.files import a_pdf, a_picture, a_word_file, a_workbook
from tests.raw_mails import a_mail

from mailbot.domain.message import FileKind
from mailbot.reading.kinds import kind_of


def zipped(*names: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as package:
        for name in names:
            package.writestr(name, "x")
    return content.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)

FILES = {
    "workbook": (a_workbook(), FileKind.XLSX),
    "workbook cut off": (a_workbook()[:1500], FileKind.XLSX),
    "word file": (a_word_file(), FileKind.DOCX),
    "pdf": (a_pdf(), FileKind.PDF),
    "pdf after noise": (b"\r\n" * 200 + a_pdf(), FileKind.PDF),
    "jpeg": (a_picture(8, 8), FileKind.PICTURE),
    "png": (a_picture(8, 8, "PNG"), FileKind.PICTURE),
    "gif": (a_picture(8, 8, "GIF"), FileKind.PICTURE),
    "bmp": (a_picture(8, 8, "BMP"), FileKind.PICTURE),
    "tiff": (a_picture(8, 8, "TIFF"), FileKind.PICTURE),
    "heic": (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic", FileKind.PICTURE),
    "xls or doc": (OLE, FileKind.OLE),
    "ofd": (zipped("OFD.xml", "Doc_0/Document.xml"), FileKind.OFD),
    "zip": (zipped("报表.xlsx"), FileKind.ARCHIVE),
    "empty zip": (zipped(), FileKind.ARCHIVE),
    "rar": (b"Rar!\x1a\x07\x01\x00", FileKind.ARCHIVE),
    "7z": (b"7z\xbc\xaf\x27\x1c", FileKind.ARCHIVE),
    "gz": (b"\x1f\x8b\x08\x00", FileKind.ARCHIVE),
    "message": (a_mail(), FileKind.MESSAGE),
    "web page that calls itself xls": (b"<html><table><tr><td>1</td></tr></table></html>", FileKind.HTML),
    "page without html tag": ("\ufeff<table border=1><tr><td>任务".encode(), FileKind.HTML),
    "text": ("四月".encode("gbk"), FileKind.TEXT),
    "utf-16": ("四月".encode("utf-16"), FileKind.TEXT),
    "a line with a colon": (b"Subject: not a mail\r\n", FileKind.TEXT),
    "spreadsheet in xml": (b'<?xml version="1.0"?><Workbook/>', FileKind.OTHER),
    "rtf": (b"{\\rtf1 x}", FileKind.OTHER),
    "winmail.dat": (b"\x78\x9f\x3e\x22\x01\x00", FileKind.OTHER),
    "noise": (bytes(range(256)), FileKind.OTHER),
    "nothing": (b"", FileKind.EMPTY),
}


@pytest.mark.parametrize(("content", "kind"), FILES.values(), ids=FILES)
def test_a_file_is_told_by_its_bytes(tmp_path: Path, content: bytes, kind: FileKind) -> None:
    path = tmp_path / "misleading.exe"
    path.write_bytes(content)

    assert kind_of(path) is kind


def test_a_short_message_is_one_where_the_mail_says_so(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"Subject: x\r\n\r\nbody")

    assert kind_of(path, "message/rfc822") is FileKind.MESSAGE
