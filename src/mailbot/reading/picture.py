"""Pictures by Pillow: size and pages from the header; no pixel is ever decoded."""

from __future__ import annotations

import warnings
from pathlib import Path

from mailbot.domain.message import Document
from mailbot.errors import Problem
from mailbot.reading.foreign import Refused, foreign

PAGE_LIKE = 600
MAX_PAGES = 500

_ORIENTATION = 0x0112
_TURNED_BY_EXIF = frozenset({"JPEG", "MPO", "TIFF"})  # a PNG would be decoded to look for it
_ON_ITS_SIDE = frozenset({5, 6, 7, 8})


def read_picture(path: Path) -> tuple[Document, tuple[Problem, ...]]:
    """Return a picture's size as it is to be looked at (EXIF turned); one of a page's size counts as a scan.

    Raises:
        Refused: it is damaged, or of a format that Pillow does not know (HEIC).
    """
    from PIL import Image, UnidentifiedImageError

    with foreign(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a decompression bomb is none while nothing is decompressed
        Image.MAX_IMAGE_PIXELS = None
        try:
            image = Image.open(path)
        except UnidentifiedImageError as error:
            raise Refused("format_not_read") from error
        with image:
            width, height = image.size
            if image.format in _TURNED_BY_EXIF and image.getexif().get(_ORIENTATION) in _ON_ITS_SIDE:
                width, height = height, width
            pages = min(getattr(image, "n_frames", 1), MAX_PAGES) if image.format == "TIFF" else 1
    is_page = min(width, height) >= PAGE_LIKE
    return Document(pages=pages, is_scan=is_page, pixels=(width, height)), ()
