"""Every kind has its readers, and what is not read says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from mailbot.domain.message import FileKind
from mailbot.reading.documents import READERS, read_document
from mailbot.reading.jobs import TURNS

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def code(folder: Path, content: bytes, kind: FileKind) -> str:
    path = folder / "file"
    path.write_bytes(content)
    return read_document(path, kind, 0).problems[0].code


def test_every_kind_has_as_many_readers_as_it_is_given_turns() -> None:
    assert {kind: TURNS.get(kind, 1) for kind in FileKind} == {kind: len(READERS[kind]) for kind in FileKind}


@pytest.mark.parametrize(
    ("content", "kind", "expected"),
    [
        (OLE + bytes(600), FileKind.OLE, "format_not_read"),
        (OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le"), FileKind.OLE, "encrypted"),
        (OLE + bytes((1 << 20) - 20) + "EncryptedPackage".encode("utf-16-le"), FileKind.OLE, "encrypted"),
        (b"PK", FileKind.OFD, "format_not_read"),
        (b"Rar!", FileKind.ARCHIVE, "format_not_read"),
        (b"\x78\x9f\x3e\x22", FileKind.OTHER, "winmail_dat"),
        (b"?", FileKind.OTHER, "format_not_read"),
        (b"", FileKind.EMPTY, "empty_file"),
        (b"PK", FileKind.XLSX, "damaged"),
    ],
)
def test_a_file_that_is_not_read_says_why(tmp_path: Path, content: bytes, kind: FileKind, expected: str) -> None:
    assert code(tmp_path, content, kind) == expected
