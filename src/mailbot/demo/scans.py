"""The paper that a unit sealed and scanned: drawn, turned a little, with dust; as a PDF of images or as a photo."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from functools import lru_cache
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

from mailbot.demo.wording import chinese_day, official_name, report_paragraphs, report_title, written_on
from mailbot.domain.moments import midnight_after
from mailbot.domain.period import Period

A4 = (827, 1169)  # pixels at 100 dots per inch
DOTS_PER_INCH = 100
RED = (204, 22, 34)
INK = (24, 24, 28)
PAPER = (250, 249, 245)
MARGIN, LINE, LETTERS = 105, 38, 26  # pixels, pixels, letters a line
FONTS = ("wqy-zenhei.ttc", "wqy-microhei.ttc", "NotoSerifCJK-Regular.ttc", "NotoSansCJK-Regular.ttc", "simsun.ttc")
SEAL = 165  # pixels across: 42 mm


def sealed_scan(unit: str, period: Period, *, sealed: bool = True) -> bytes:
    """Return a two-page PDF of images: letterhead and report, then the end of it with the round red seal.

    The letters are plain strokes on a machine without a Chinese font. With `sealed=False` the seal is missing.
    """
    pages = [_scanned(page, f"{unit} {period} {n}") for n, page in enumerate(_pages(unit, period, sealed=sealed))]
    moment = midnight_after(written_on(period)).timetuple()
    out = BytesIO()
    pages[0].save(
        out,
        "PDF",
        save_all=True,
        append_images=pages[1:],
        resolution=DOTS_PER_INCH,
        quality=55,
        producer="Office scanner",
        creationDate=moment,
        modDate=moment,
    )
    return out.getvalue()


def photo(unit: str, period: Period) -> bytes:
    """Return a JPEG taken of the sealed page with a telephone: darker, more aslant, on a desk."""
    _, page = _pages(unit, period, sealed=True)
    desk = Image.new("RGB", (960, 1280), (92, 74, 58))
    desk.paste(page.point(lambda level: level * 0.86), (66, 52))
    out = BytesIO()
    desk.rotate(-2.6, Image.Resampling.BILINEAR, fillcolor=(92, 74, 58)).save(out, "JPEG", quality=60)
    return out.getvalue()


def _pages(unit: str, period: Period, *, sealed: bool) -> tuple[Image.Image, Image.Image]:
    lines = [part for text in report_paragraphs(unit, period) for part in _broken(f"　　{text}")]
    kept = min(18, len(lines) - 3)
    head, tail = lines[:kept], lines[kept:]
    return _first_page(unit, period, head), _last_page(unit, period, tail, sealed=sealed)


def _first_page(unit: str, period: Period, lines: list[str]) -> Image.Image:
    page = Image.new("RGB", A4, PAPER)
    draw = ImageDraw.Draw(page)
    _write(draw, (A4[0] // 2, 120), f"{official_name(unit)}文件", 44, RED, middle=True)
    draw.line((MARGIN - 20, 190, A4[0] - MARGIN + 20, 190), RED, 4)
    for at, part in enumerate(_broken(report_title(unit, period), LETTERS - 4)):
        _write(draw, (A4[0] // 2, 250 + at * 46), part, 30, INK, middle=True)
    _write_lines(draw, 370, lines)
    return page


def _last_page(unit: str, period: Period, lines: list[str], *, sealed: bool) -> Image.Image:
    page = Image.new("RGB", A4, PAPER)
    draw = ImageDraw.Draw(page)
    _write_lines(draw, 120, lines)
    bottom = 190 + len(lines) * LINE
    _write(draw, (A4[0] - 250, bottom), official_name(unit), 24, INK, middle=True)
    _write(draw, (A4[0] - 250, bottom + LINE), chinese_day(written_on(period)), 24, INK, middle=True)
    if sealed:
        stamp = _seal(official_name(unit))
        page.paste(RED, (A4[0] - 250 - SEAL // 2, bottom - SEAL // 2), stamp)
    return page


def _seal(name: str) -> Image.Image:
    """Return a seal as a mask: a ring, a star, the unit's name along the ring."""
    mask = Image.new("L", (SEAL, SEAL))
    draw = ImageDraw.Draw(mask)
    draw.ellipse((2, 2, SEAL - 3, SEAL - 3), outline=215, width=5)
    middle, radius = SEAL / 2, SEAL * 0.19
    points = [(radius * (1 if n % 2 == 0 else 0.382), math.radians(36 * n - 90)) for n in range(10)]
    draw.polygon([(middle + r * math.cos(a), middle + r * math.sin(a)) for r, a in points], fill=215)
    size = min(22, 380 // len(name))
    for n, letter in enumerate(name):
        angle = (n - (len(name) - 1) / 2) * min(30.0, 270 / len(name))
        place = Image.new("L", (size + 6, size + 6))
        _write(ImageDraw.Draw(place), (size // 2 + 3, 2), letter, size, 215, middle=True)
        turned = place.rotate(-angle, Image.Resampling.BILINEAR, expand=True)
        x = middle + SEAL * 0.375 * math.sin(math.radians(angle)) - turned.width / 2
        y = middle - SEAL * 0.375 * math.cos(math.radians(angle)) - turned.height / 2
        mask.paste(215, (round(x), round(y)), turned)
    return mask


def _scanned(page: Image.Image, seed: str) -> Image.Image:
    """Return the page as a scanner sees it: a little aslant, with grain."""
    chance = random.Random(seed)  # noqa: S311 - dust, not a secret
    turned = page.rotate(chance.uniform(-0.8, 0.8), Image.Resampling.BILINEAR, fillcolor=PAPER)
    size = (A4[0] // 3, A4[1] // 3)
    grain = Image.frombytes("L", size, chance.randbytes(size[0] * size[1])).resize(A4).convert("RGB")
    return Image.blend(turned, grain, 0.03)


def _broken(text: str, letters: int = LETTERS) -> Iterator[str]:
    return (text[at : at + letters] for at in range(0, len(text), letters))


def _write_lines(draw: ImageDraw.ImageDraw, top: int, lines: list[str]) -> None:
    for at, line in enumerate(lines):
        _write(draw, (MARGIN, top + at * LINE), line, 24, INK)


def _write(
    draw: ImageDraw.ImageDraw,
    place: tuple[int, int],
    text: str,
    size: int,
    colour: tuple[int, int, int] | int,
    *,
    middle: bool = False,
) -> None:
    font = _font(size)
    left = place[0] - (len(text) * size // 2 if middle else 0)
    if font is not None:
        draw.text((left, place[1]), text, colour, font)
        return
    for at, letter in enumerate(text):
        if not letter.isspace():
            _strokes(draw, (left + at * size, place[1]), size, colour)


def _strokes(draw: ImageDraw.ImageDraw, corner: tuple[int, int], size: int, colour: tuple[int, int, int] | int) -> None:
    """Draw what from afar looks like a letter: for machines without a Chinese font."""
    x, y, end = *corner, size - 4
    draw.line((x + 2, y + end // 3, x + end, y + end // 3), colour, 2)
    draw.line((x + 2, y + end, x + end, y + end), colour, 2)
    draw.line((x + end // 2, y + 2, x + end // 2, y + end), colour, 2)


@lru_cache
def _font(size: int) -> ImageFont.FreeTypeFont | None:
    """Return the first Chinese font of the machine's own; None where there is none."""
    for name in FONTS:
        try:
            return ImageFont.truetype(name, size)
        except OSError:
            continue
    return None
