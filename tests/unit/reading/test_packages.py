"""What a package would cost, told before it is opened."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from tests.files import a_workbook

from mailbot.reading.foreign import Refused
from mailbot.reading.packages import MAX_ENTRIES, check_package


def refused(folder: Path, content: bytes) -> str:
    path = folder / "package"
    path.write_bytes(content)
    with pytest.raises(Refused) as refusal:
        check_package(path)
    return refusal.value.problem_code


def packed(entries: dict[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in entries.items():
            package.writestr(name, data)
    return content.getvalue()


def test_an_ordinary_package_tells_its_names(tmp_path: Path) -> None:
    path = tmp_path / "package"
    path.write_bytes(a_workbook())

    assert "xl/workbook.xml" in check_package(path)


def test_a_flood_of_entries_is_too_large(tmp_path: Path) -> None:
    assert refused(tmp_path, packed({str(n): b"" for n in range(MAX_ENTRIES + 1)})) == "too_large"


def test_a_ratio_that_no_office_file_has_is_too_large(tmp_path: Path) -> None:
    assert refused(tmp_path, packed({"x": bytes(20 << 20)})) == "too_large"


def test_an_entry_with_a_password_is_encrypted(tmp_path: Path) -> None:
    content = bytearray(packed({"x": b"data"}))
    content[content.index(b"PK\x01\x02") + 8] |= 1  # the flag in the central directory

    assert refused(tmp_path, bytes(content)) == "encrypted"


def test_what_is_no_package_is_damaged(tmp_path: Path) -> None:
    assert refused(tmp_path, b"PK\x03\x04") == "damaged"
