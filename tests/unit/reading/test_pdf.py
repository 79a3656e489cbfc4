"""PDFs: scans, office exports, odd charsets, and broken or hostile ones."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.files import PAGE, a_pdf, a_scan, a_stream, pdf_of

from mailbot.domain.message import Document, FileKind
from mailbot.errors import Problem
from mailbot.reading.documents import read_document
from mailbot.reading.foreign import Refused
from mailbot.reading.pdf import MAX_PAGES_READ, read_pdf, read_pdf_properties
from mailbot.reading.pdf_text import info_text, iso_date

Read = Callable[[bytes], tuple[Document, tuple[Problem, ...]]]


@pytest.fixture
def properties(tmp_path: Path) -> Read:
    return _reading(tmp_path, read_pdf_properties)


@pytest.fixture
def pages(tmp_path: Path) -> Read:
    return _reading(tmp_path, read_pdf)


def _reading(folder: Path, reader: Callable[[Path], tuple[Document, tuple[Problem, ...]]]) -> Read:
    def read(content: bytes) -> tuple[Document, tuple[Problem, ...]]:
        path = folder / "file"
        path.write_bytes(content)
        return reader(path)

    return read


def test_a_scan_is_pages_of_one_picture_each(properties: Read, pages: Read) -> None:
    scan = a_scan(pages=2)
    told, _ = properties(scan)
    seen, problems = pages(scan)

    assert told.pages == 2
    assert told.metadata is not None
    assert told.metadata.producer == "Canon iR-ADV"
    assert (seen.is_scan, seen.has_text, problems) == (True, False, ())
    assert seen.metadata is not None
    assert seen.metadata.dots_per_inch == 150


def test_one_reader_finds_the_properties_and_what_the_pages_show(properties: Read, pages: Read) -> None:
    scan = a_scan(pages=2)
    told, seen = properties(scan)[0], pages(scan)[0]

    assert told.metadata is not None
    assert (seen.pages, seen.metadata) == (told.pages, replace(told.metadata, dots_per_inch=150))


def test_pages_that_cannot_be_shown_leave_the_properties(pages: Read) -> None:
    """The only page is packed in a way that nobody knows."""
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R >>"
    tree = b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>"
    catalog = b"<< /Type /Catalog /Pages 2 0 R >>"
    document, problems = pages(pdf_of([catalog, tree, page, a_stream(b"x", b"/Filter /None")], b"/Root 1 0 R"))

    assert (document.pages, document.is_scan) == (1, False)
    assert [problem.code for problem in problems] == ["damaged"]


def test_an_export_with_text_is_no_scan(pages: Read) -> None:
    document, _ = pages(a_pdf())

    assert (document.is_scan, document.has_text, document.text) == (False, True, "Report of April")


def picture_page(content: bytes) -> bytes:
    """Return a PDF of one page that may draw a grey picture /I and write in the font /F1."""
    return picture_pages(content)


def picture_pages(*contents: bytes) -> bytes:
    """Return a PDF of such pages."""
    picture = a_stream(
        bytes(100), b"/Type /XObject /Subtype /Image /Width 10 /Height 10 /ColorSpace /DeviceGray /BitsPerComponent 8"
    )
    page = PAGE.replace(b"/Resources <<", b"/Resources << /XObject << /I 5 0 R >>")
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
    numbers = range(6, 6 + 2 * len(contents), 2)
    kids = b" ".join(b"%d 0 R" % number for number in numbers)
    tree = b"<< /Type /Pages /Count %d /Kids [%b] >>" % (len(contents), kids)
    found = [b"<< /Type /Catalog /Pages 2 0 R >>", tree, font, a_stream(b""), picture]
    for number, content in zip(numbers, contents, strict=True):
        found += [page.replace(b"/Contents 4 0 R", b"/Contents %d 0 R" % (number + 1)), a_stream(content)]
    return pdf_of(found, b"/Root 1 0 R")


WHOLE_PAGE = b"q 595 0 0 842 0 0 cm /I Do Q "


def test_a_scan_with_recognised_text_laid_invisibly_over_it_is_still_a_scan(pages: Read) -> None:
    document, _ = pages(picture_page(WHOLE_PAGE + b"BT 3 Tr /F1 12 Tf 72 720 Td (recognised) Tj ET"))

    assert (document.is_scan, document.text) == (True, "recognised")


def test_text_written_visibly_over_a_picture_is_no_scan(pages: Read) -> None:
    lines = b"".join(b"BT /F1 12 Tf 72 %d Td (written on a computer) Tj ET " % (720 - 20 * n) for n in range(8))
    document, _ = pages(picture_page(WHOLE_PAGE + lines))

    assert not document.is_scan
    assert not document.holds_scan


@pytest.mark.parametrize(
    "picture",
    [WHOLE_PAGE, b"q 595 0 0 700 0 100 cm /I Do Q "],
    ids=["of the whole page", "above the strip that is printed on"],
)
@pytest.mark.parametrize("line", [b"- 1 -", b"Scanned by CamScanner", b"2021-04-20 09:30"])
def test_a_line_that_a_scanner_prints_over_a_page_leaves_it_a_scan(pages: Read, picture: bytes, line: bytes) -> None:
    document, _ = pages(picture_page(picture + b"BT /F1 8 Tf 250 20 Td (%s) Tj ET" % line))

    assert document.is_scan
    assert document.text == line.decode()


def test_a_line_over_a_picture_of_half_the_page_is_a_heading(pages: Read) -> None:
    document, _ = pages(picture_page(b"q 595 0 0 500 0 0 cm /I Do Q BT /F1 12 Tf 72 720 Td (written) Tj ET"))

    assert not document.is_scan


TYPED = b"BT /F1 12 Tf 72 720 Td (written on a computer) Tj ET"


@pytest.mark.parametrize(
    ("contents", "is_scan", "holds_scan"),
    [
        ((TYPED, TYPED, WHOLE_PAGE), False, True),
        ((WHOLE_PAGE, TYPED), False, True),
        ((TYPED, TYPED), False, False),
        ((WHOLE_PAGE, b""), True, True),
        ((b"", b""), False, False),
    ],
    ids=["typed, the last page scanned", "scanned, a page added", "typed", "scanned, a page empty", "empty"],
)
def test_typed_pages_beside_scanned_ones_are_told_apart(
    pages: Read, contents: tuple[bytes, ...], *, is_scan: bool, holds_scan: bool
) -> None:
    document, _ = pages(picture_pages(*contents))

    assert (document.is_scan, document.holds_scan) == (is_scan, holds_scan)


def test_a_photograph_pasted_into_a_page_of_a_word_processor_is_a_scan(pages: Read) -> None:
    document, _ = pages(picture_page(b"BT /F1 12 Tf 72 720 Td ( ) Tj ET q 450 0 0 690 72 76 cm /I Do Q"))

    assert (document.is_scan, document.has_text) == (True, False)


def test_a_picture_on_a_part_of_the_page_is_no_scan(pages: Read) -> None:
    document, _ = pages(picture_page(b"q 200 0 0 200 72 600 cm /I Do Q"))

    assert not document.is_scan


def test_a_page_scanned_in_strips_is_a_scan(pages: Read) -> None:
    strips = b"".join(b"q 595 0 0 421 0 %d cm /I Do Q " % y for y in (0, 421))
    document, _ = pages(picture_page(strips))

    assert document.is_scan


@pytest.mark.parametrize("charset", ["gbk", "utf-8", "utf-8-sig", "utf-16", "utf-16-be"])
def test_a_title_is_read_in_any_charset_that_is_met(properties: Read, charset: str) -> None:
    mark = b"\xfe\xff" if charset == "utf-16-be" else b""
    title = (mark + "中原区教育局".encode(charset)).hex().encode()
    document, _ = properties(a_pdf(info=b"/Title <%b> /CreationDate (D:20210420163000)" % title))

    assert document.metadata is not None
    assert document.metadata.title == "中原区教育局"
    assert document.metadata.created == "2021-04-20T16:30:00+08:00"


def test_a_date_that_only_the_xmp_tells_is_read(properties: Read) -> None:
    xmp = a_stream(b"<x><xmp:CreateDate>2021-04-20T16:30:00+08:00</xmp:CreateDate></x>", b"/Type /Metadata")
    catalog = b"<< /Type /Catalog /Pages 2 0 R /Metadata 3 0 R >>"
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>"
    tree = b"<< /Type /Pages /Count 1 /Kids [4 0 R] >>"
    document, _ = properties(pdf_of([catalog, tree, xmp, page], b"/Root 1 0 R"))

    assert document.metadata is not None
    assert document.metadata.created == "2021-04-20T16:30:00+08:00"


def test_a_date_that_is_none_is_left_empty() -> None:
    assert iso_date("D:20211399") == ""


def test_many_pages_are_counted_but_not_all_read(properties: Read, pages: Read) -> None:
    content = a_pdf(pages=MAX_PAGES_READ + 3)

    assert properties(content)[0].pages == MAX_PAGES_READ + 3
    assert [problem.code for problem in pages(content)[1]] == ["pages_cut"]


def encrypted() -> bytes:
    key = b"<" + b"00" * 32 + b">"
    lock = b"<< /Filter /Standard /V 1 /R 2 /P -4 /O %b /U %b >>" % (key, key)
    catalog = b"<< /Type /Catalog /Pages 2 0 R >>"
    return pdf_of(
        [catalog, b"<< /Type /Pages /Count 0 /Kids [] >>", lock], b"/Root 1 0 R /Encrypt 3 0 R /ID [<00><00>]"
    )


def test_a_pdf_with_a_password_is_encrypted(properties: Read) -> None:
    with pytest.raises(Refused) as refusal:
        properties(encrypted())

    assert refusal.value.problem_code == "encrypted"


@pytest.mark.parametrize("content", [b"%PDF-1.4\n", b"%PDF-1.4 nothing more", a_pdf()[:200]])
def test_a_pdf_cut_off_is_damaged_or_has_no_page(properties: Read, content: bytes) -> None:
    try:
        _document, problems = properties(content)
    except Refused as refusal:
        problems = (Problem(refusal.problem_code, ""),)

    assert [problem.code for problem in problems] == ["damaged"]


@given(st.binary(max_size=80))
def test_no_bytes_make_a_text_raise(content: bytes) -> None:
    iso_date(info_text(content))


OUTCOMES = {"damaged", "encrypted"}


@given(st.binary(min_size=1, max_size=20), st.integers(0, 10_000))
def test_a_pdf_spoilt_anywhere_is_read_or_refused(noise: bytes, at: int) -> None:
    whole = a_pdf(info=b"/Title (x)")
    place = at % len(whole)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        path.write_bytes(whole[:place] + noise + whole[place + len(noise) :])
        for turn in (0, 1):
            assert {problem.code for problem in read_document(path, FileKind.PDF, turn).problems} <= OUTCOMES
