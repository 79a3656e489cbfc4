"""PDFs by pdfminer.six: its one door in this room. A bomb in the pages leaves the properties known, by a second reader.

A scan is told by its pages: each is covered by images and shows no text; text laid invisibly over a page by a scanner's
recognition does not count against it (ISO 32000-1 §9.3.6, rendering mode 3), nor does a line that a scanner prints over
an image of the whole page. Typed pages beside scanned ones are told apart.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from mailbot.domain.message import Document, PdfMetadata
from mailbot.errors import Problem
from mailbot.reading.charsets import tidy
from mailbot.reading.foreign import Refused, foreign
from mailbot.reading.pdf_text import info_text, iso_date
from mailbot.reading.problems import problem

if TYPE_CHECKING:
    from pdfminer.layout import LTPage
    from pdfminer.pdfdocument import PDFDocument
    from pdfminer.pdfpage import PDFPage

Found: TypeAlias = tuple[Document, tuple[Problem, ...]]

MAX_PAGES_COUNTED = 5_000
MAX_PAGES_READ = 20
MAX_TEXT = 1 << 20
MAX_XMP = 1 << 20
COVERS = 0.5  # a photograph pasted into a page with margins is a scan too
COVERS_ALL = 0.8  # with what a scanner prints over it, or the strip below that it prints on
A_LINE = 100  # characters: 第1页共2页, Scanned by CamScanner, a date
HAIRLINE = 72.0

_XMP_DATE = re.compile(rb"""xmp:CreateDate(?:>\s*|\s*=\s*["'])([^<"']{4,40})""")


def read_pdf(path: Path) -> Found:
    """Return what the PDF tells of its making, the text of its first pages, and whether all of them are scans.

    What is wrong with the one leaves the other as it is.

    Raises:
        Refused: it is damaged or encrypted.
    """
    with _opened(path) as document:
        told, problems = _apart(_properties, document)
        seen, more = _apart(_sights, document)
    found = replace(seen, pages=told.pages, metadata=_both(told.metadata, seen.metadata))
    said = {known.code for known in problems}
    return found, (*problems, *(new for new in more if new.code not in said))


def read_pdf_properties(path: Path) -> Found:
    """Return the page count and what the PDF tells of its making, of one whose pages nobody lived to read.

    Raises:
        Refused: it is damaged or encrypted.
    """
    with _opened(path) as document:
        return _properties(document)


def _properties(document: PDFDocument) -> Found:
    pages = sum(1 for _, _ in zip(_pages(document), range(MAX_PAGES_COUNTED), strict=False))
    problems = () if pages else (problem("damaged", "没有可读的页"),)
    return Document(pages=pages, metadata=_metadata(document)), problems


def _sights(document: PDFDocument) -> Found:
    sights: list[_Sight] = []
    problems: tuple[Problem, ...] = ()
    for page in _pages(document):
        if len(sights) == MAX_PAGES_READ:
            problems = (problem("pages_cut", f"只读取前 {MAX_PAGES_READ} 页"),)
            break
        sights.append(_sight(page))
    text = "\n".join(sight.text for sight in sights if sight.text)[:MAX_TEXT]
    resolutions = [sight.dots_per_inch for sight in sights if sight.dots_per_inch]
    found = Document(
        text=text,
        has_text=bool(text.strip()),
        is_scan=any(sight.is_scan for sight in sights) and all(sight.is_scan or sight.is_empty for sight in sights),
        holds_scan=any(sight.is_scan for sight in sights),
        metadata=PdfMetadata(dots_per_inch=max(resolutions, default=None)),
    )
    return found, problems


def _apart(look: Callable[[PDFDocument], Found], document: PDFDocument) -> Found:
    """Return what one look at a PDF finds, or that it found it damaged."""
    try:
        with _wall():
            return look(document)
    except Refused as refusal:
        return Document(), (problem(refusal.problem_code),)


def _both(told: PdfMetadata | None, seen: PdfMetadata | None) -> PdfMetadata | None:
    """Return what a PDF tells, with the resolution that its pages show."""
    if told is None or seen is None:
        return told or seen
    return replace(told, dots_per_inch=seen.dots_per_inch)


@contextmanager
def _opened(path: Path) -> Iterator[PDFDocument]:
    from pdfminer.pdfdocument import PDFDocument, PDFPasswordIncorrect
    from pdfminer.pdfparser import PDFParser

    logging.getLogger("pdfminer").setLevel(logging.CRITICAL)
    with path.open("rb") as file, _wall():
        try:
            document = PDFDocument(PDFParser(file))
        except PDFPasswordIncorrect as error:
            raise Refused("encrypted") from error
        yield document


@contextmanager
def _wall() -> Iterator[None]:
    """Turn what pdfminer raises into `Refused`."""
    from pdfminer.pdfexceptions import PDFException
    from pdfminer.psexceptions import PSException

    with foreign(PDFException, PSException):
        yield


def _pages(document: PDFDocument) -> Iterator[PDFPage]:
    from pdfminer.pdfpage import PDFPage

    yield from PDFPage.create_pages(document)


# what it tells of itself ---------------------------------------------------------------------------------------------


def _metadata(document: PDFDocument) -> PdfMetadata:
    from pdfminer.pdftypes import resolve1

    info: dict[str, str] = {}
    for entry in document.info:
        for key, value in entry.items():
            plain = resolve1(value)
            if isinstance(plain, bytes):
                info.setdefault(str(key), info_text(plain[:4096]))
    return PdfMetadata(
        producer=info.get("Producer", ""),
        creator=info.get("Creator", ""),
        title=info.get("Title", ""),
        author=info.get("Author", ""),
        created=iso_date(info.get("CreationDate", "")) or _xmp_date(document),
    )


def _xmp_date(document: PDFDocument) -> str:
    from pdfminer.pdftypes import PDFStream, resolve1

    stream = resolve1(document.catalog.get("Metadata"))
    if not isinstance(stream, PDFStream):
        return ""
    found = _XMP_DATE.search(stream.get_data()[:MAX_XMP])
    return iso_date(found.group(1).decode("ascii", "replace")) if found else ""


# what its pages show -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Sight:
    text: str
    is_scan: bool
    is_empty: bool
    dots_per_inch: int | None


def _sight(page: PDFPage) -> _Sight:
    """Interpret one page: its text in order, how much of it images cover, the sharpest image's resolution."""
    layout, shown = _layout(page)
    texts, images = [], []
    for item in _items(layout):
        if hasattr(item, "get_text"):
            texts.append(item.get_text())
        elif hasattr(item, "srcsize"):
            images.append(item)
    area = max(layout.width * layout.height, 1.0)
    covered = sum(_overlap(image, layout) for image in images) / area
    resolutions = [_dots_per_inch(image) for image in images if image.width > HAIRLINE]
    text = tidy("".join(texts)).strip()
    return _Sight(
        text=text,
        # office programs write blanks under a picture
        is_scan=covered >= COVERS and (not (shown and text) or (covered >= COVERS_ALL and shown <= A_LINE)),
        is_empty=not (text or images),
        dots_per_inch=max((r for r in resolutions if r), default=None),
    )


def _layout(page: PDFPage) -> tuple[LTPage, int]:
    """Return the page's layout, and how many characters it shows (text in rendering mode 3 is not seen)."""
    from pdfminer.converter import PDFPageAggregator
    from pdfminer.layout import LAParams
    from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager

    class Observer(PDFPageAggregator):
        shown = 0

        def render_string(self, textstate: Any, seq: Any, *rest: Any) -> None:
            if textstate.render != 3:
                self.shown += sum(len(list(textstate.font.decode(text))) for text in seq if isinstance(text, bytes))
            super().render_string(textstate, seq, *rest)

    resources = PDFResourceManager()
    observer = Observer(resources, laparams=LAParams())
    PDFPageInterpreter(resources, observer).process_page(page)
    return observer.get_result(), observer.shown


def _items(container: Any) -> Iterator[Any]:
    """Give text boxes and images, those inside figures too."""
    for item in container:
        if hasattr(item, "get_text") or hasattr(item, "srcsize"):
            yield item
        elif hasattr(item, "__iter__"):
            yield from _items(item)


def _overlap(image: Any, page: LTPage) -> float:
    width = min(image.x1, page.x1) - max(image.x0, page.x0)
    height = min(image.y1, page.y1) - max(image.y0, page.y0)
    return float(max(0.0, width) * max(0.0, height))


def _dots_per_inch(image: Any) -> int | None:
    pixels = image.srcsize[0]
    return round(pixels / (image.width / 72)) if isinstance(pixels, (int, float)) and pixels else None
