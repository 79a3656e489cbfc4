"""A two-page scan of about a megabyte: the demo's sealed paper at 200 dots an inch, each one with other bytes.

Drawing a page costs half a second, so a unit's two pages are drawn once; what makes one scan differ from the next, as
two passes of a scanner would, is a comment in its pictures.
"""

from __future__ import annotations

import random
import re
from functools import lru_cache
from io import BytesIO

from PIL import Image

from mailbot.demo.scans import sealed_scan
from mailbot.domain.period import Period

DRAWN_FOR = Period(2021, 4)  # the month that the paper names; nobody reads pictures yet
ENLARGED = 2  # the demo draws at 100 dots an inch
GRAIN = 0.07
QUALITY = 78
WIDTH, HEIGHT = 595, 842  # A4 in points
START_OF_IMAGE = b"\xff\xd8"
_PICTURE = re.compile(rb"stream\r?\n(\xff\xd8.*?\xff\xd9)\s*endstream", re.DOTALL)


def scan(unit: str, mark: str) -> bytes:
    """Return the unit's scan as a PDF; another `mark`, other bytes of the same size."""
    return _document([_marked(page, f"{mark} {number}") for number, page in enumerate(_pages(unit))])


def large_scan(unit: str, size: int) -> bytes:
    """Return a scan of about that many bytes: the same pages, with the rest in what a scanner adds to a picture."""
    pages = _pages(unit)
    chance = random.Random(size)  # noqa: S311  # filling, not a secret
    missing = max(0, size - sum(map(len, pages))) // len(pages)
    return _document([page + chance.randbytes(missing) for page in pages])


@lru_cache
def _pages(unit: str) -> tuple[bytes, ...]:
    """Return the pages as JPEG pictures of about half a megabyte each."""
    small = _PICTURE.findall(sealed_scan(unit, DRAWN_FOR))
    return tuple(_enlarged(picture, f"{unit} {number}") for number, picture in enumerate(small))


def _enlarged(picture: bytes, seed: str) -> bytes:
    with Image.open(BytesIO(picture)) as page:
        size = (page.width * ENLARGED, page.height * ENLARGED)
        large = page.convert("RGB").resize(size, Image.Resampling.BICUBIC)
    chance = random.Random(seed)  # noqa: S311  # dust, not a secret
    grain = Image.frombytes("L", size, chance.randbytes(size[0] * size[1])).convert("RGB")
    out = BytesIO()
    Image.blend(large, grain, GRAIN).save(out, "JPEG", quality=QUALITY, dpi=(200, 200))
    return out.getvalue()


def _marked(picture: bytes, mark: str) -> bytes:
    """Return the picture with a JPEG comment (marker FFFE: two bytes of length, text)."""
    text = f"{mark:<64}".encode("ascii")
    return START_OF_IMAGE + b"\xff\xfe" + (len(text) + 2).to_bytes(2) + text + picture[2:]


def _document(pages: list[bytes]) -> bytes:
    """Write a PDF as scanners do (ISO 32000-1 §7.5): a page is one picture that covers it."""
    kids = " ".join(f"{4 + 3 * number} 0 R" for number in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {len(pages)} /Kids [{kids}] >>".encode(),
        b"<< /Producer (Office scanner) /CreationDate (D:20210423100000+08'00') >>",
        *(part for number, page in enumerate(pages) for part in _page(4 + 3 * number, page)),
    ]
    out, places = BytesIO(), []
    out.write(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    for number, content in enumerate(objects, start=1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%b\nendobj\n" % (number, content))
    table = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.writelines(b"%010d 00000 n \n" % place for place in places)
    out.write(b"trailer\n<< /Size %d /Root 1 0 R /Info 3 0 R >>\n" % (len(objects) + 1))
    out.write(b"startxref\n%d\n%%%%EOF\n" % table)
    return out.getvalue()


def _page(number: int, picture: bytes) -> tuple[bytes, bytes, bytes]:
    """Return the three objects of a page: itself, what it shows, the picture."""
    shown = b"q %d 0 0 %d 0 0 cm /Im0 Do Q" % (WIDTH, HEIGHT)
    page = (
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {WIDTH} {HEIGHT}] /Contents {number + 1} 0 R"
        f" /Resources << /XObject << /Im0 {number + 2} 0 R >> >> >>"
    )
    head = (
        f"<< /Type /XObject /Subtype /Image /Width 1654 /Height 2338 /ColorSpace /DeviceRGB /BitsPerComponent 8"
        f" /Filter /DCTDecode /Length {len(picture)} >>"
    )
    return (
        page.encode(),
        b"<< /Length %d >>\nstream\n%b\nendstream" % (len(shown), shown),
        b"%b\nstream\n%b\nendstream" % (head.encode(), picture),
    )
