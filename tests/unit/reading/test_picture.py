"""Pictures by their headers."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image
from tests.files import a_picture

from mailbot.domain.message import Document
from mailbot.reading.foreign import Refused
from mailbot.reading.picture import read_picture


def read(folder: Path, content: bytes) -> Document:
    path = folder / "file"
    path.write_bytes(content)
    return read_picture(path)[0]


def test_a_picture_of_a_page_counts_as_a_scan(tmp_path: Path) -> None:
    document = read(tmp_path, a_picture(1240, 1754))

    assert (document.pixels, document.is_scan, document.pages) == ((1240, 1754), True, 1)


def test_a_logo_is_no_scan(tmp_path: Path) -> None:
    assert not read(tmp_path, a_picture(900, 200, "PNG")).is_scan


def test_a_picture_lying_on_its_side_is_turned(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6

    assert read(tmp_path, a_picture(1600, 1200, exif=exif)).pixels == (1200, 1600)


def test_the_pages_of_a_tiff_are_counted(tmp_path: Path) -> None:
    more = [Image.new("RGB", (700, 900)) for _ in range(2)]

    assert read(tmp_path, a_picture(700, 900, "TIFF", save_all=True, append_images=more)).pages == 3


def test_a_picture_of_ten_thousand_million_pixels_is_not_decoded(tmp_path: Path) -> None:
    head = struct.pack(">II5B", 100_000, 100_000, 8, 2, 0, 0, 0)
    chunk = struct.pack(">I", len(head)) + b"IHDR" + head + struct.pack(">I", zlib.crc32(b"IHDR" + head))
    end = struct.pack(">I", 0) + b"IDAT" + struct.pack(">I", zlib.crc32(b"IDAT"))

    assert read(tmp_path, b"\x89PNG\r\n\x1a\n" + chunk + end).pixels == (100_000, 100_000)


def test_a_picture_that_pillow_does_not_know_is_told_as_not_read(tmp_path: Path) -> None:
    with pytest.raises(Refused) as refusal:
        read(tmp_path, b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic")

    assert refusal.value.problem_code == "format_not_read"
