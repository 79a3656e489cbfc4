"""Word files, with what python-docx alone would leave out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.files import a_word_file, with_entry

from mailbot.domain.message import Document
from mailbot.errors import Problem
from mailbot.reading.foreign import Refused
from mailbot.reading.word import read_word

Read = Callable[[bytes], tuple[Document, tuple[Problem, ...]]]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def read(content: bytes) -> tuple[Document, tuple[Problem, ...]]:
        path = tmp_path / "file"
        path.write_bytes(content)
        return read_word(path)

    return read


WIDE = '<w:gridSpan w:val="64"/>'


def run(text: str) -> str:
    return f"<w:r><w:t>{text}</w:t></w:r>"


def paragraph(inner: str) -> str:
    return f"<w:p>{inner}</w:p>"


def cell(text: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{paragraph(run(text))}</w:tc>"


def rows_of(document: Document) -> list[list[str]]:
    return [[one.text for one in row] for row in document.tables[0].rows]


def test_paragraphs_are_lines_of_text(read: Read) -> None:
    document, problems = read(a_word_file("区教育局4月工作情况", paragraph(run("第一段")).encode()))

    assert (document.text, document.has_text, problems) == ("第一段\n区教育局4月工作情况", True, ())


def test_inserted_text_and_content_controls_are_read_and_deleted_text_is_not(read: Read) -> None:
    inner = (
        f"<w:ins>{run('新增')}</w:ins><w:del><w:r><w:delText>删去</w:delText></w:r></w:del>"
        f"<w:sdt><w:sdtContent>{run('控件')}</w:sdtContent></w:sdt>"
    )

    assert read(a_word_file("末", paragraph(inner).encode()))[0].text == "新增控件\n末"


def test_a_text_box_is_read_once_though_it_is_stored_twice(read: Read) -> None:
    box = f"<w:txbxContent>{paragraph(run('框内'))}</w:txbxContent>"
    mc = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    inner = (
        f"<w:r><mc:AlternateContent {mc}><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback>"
        f"</mc:AlternateContent></w:r>{run('框外')}"
    )

    assert read(a_word_file("末", paragraph(inner).encode()))[0].text == "框外\n框内\n末"


def test_tables_are_given_with_cells_that_go_on_repeated(read: Read) -> None:
    wide, begins, goes_on = '<w:gridSpan w:val="2"/>', '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    table = (
        f"<w:tbl><w:tr>{cell('任务', wide)}{cell('进度')}</w:tr>"
        f"<w:tr>{cell('一', begins)}{cell('甲')}{cell('65%')}</w:tr>"
        f"<w:tr>{cell('', goes_on)}{cell('乙')}{cell('70%')}</w:tr></w:tbl>"
    )
    document, _ = read(a_word_file("末", table.encode()))

    assert rows_of(document) == [["任务", "任务", "进度"], ["一", "甲", "65%"], ["一", "乙", "70%"]]
    assert "甲" in document.text


def test_line_breaks_and_tabs_are_kept(read: Read) -> None:
    inner = "<w:r><w:t>一</w:t><w:tab/><w:t>二</w:t><w:br/><w:t>三</w:t></w:r>"

    assert read(a_word_file("末", paragraph(inner).encode()))[0].text == "一\t二\n三\n末"


@pytest.mark.parametrize("content", [a_word_file()[:-50], with_entry(a_word_file(), "word/document.xml", b"<broken")])
def test_a_broken_word_file_is_damaged(read: Read, content: bytes) -> None:
    with pytest.raises(Refused) as refusal:
        read(content)

    assert refusal.value.problem_code == "damaged"


def test_an_empty_row_is_left_out_and_a_wrong_span_is_one_column(read: Read) -> None:
    wrong = '<w:gridSpan w:val="many"/>'
    controlled = f"<w:sdt><w:sdtContent><w:tr>{cell('一', wrong)}</w:tr></w:sdtContent></w:sdt>"
    table = f"<w:tbl><w:tr>{cell('')}</w:tr>{controlled}</w:tbl>"

    assert rows_of(read(a_word_file("末", table.encode()))[0]) == [["一"]]


def test_a_flood_of_tables_is_cut_and_told(read: Read) -> None:
    row = f"<w:tr>{cell('x', WIDE) * 100}</w:tr>"
    document, problems = read(a_word_file("末", (f"<w:tbl>{row}</w:tbl>" * 12).encode()))

    assert len(document.tables) < 12
    assert [problem.code for problem in problems] == ["table_cut"]


def test_a_word_file_that_would_inflate_beyond_bounds_is_not_opened(read: Read) -> None:
    with pytest.raises(Refused) as refusal:
        read(with_entry(a_word_file(), "word/media/image1.png", bytes(120 << 20)))

    assert refusal.value.problem_code == "too_large"


def picture(centimetres: tuple[float, float]) -> str:
    drawing = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
    width, height = (round(length * 360_000) for length in centimetres)
    extent = f'<d:extent cx="{width}" cy="{height}"/>'
    return paragraph(f'<w:r><w:drawing><d:inline xmlns:d="{drawing}">{extent}</d:inline></w:drawing></w:r>')


SHEET, LOGO = (14.7, 20.8), (4.0, 4.0)  # a page between the usual margins; a seal or badge


@pytest.mark.parametrize("pages", [1, 2])
def test_nothing_but_pictures_of_a_pages_size_is_a_scan(read: Read, pages: int) -> None:
    document, problems = read(a_word_file("", (picture(SHEET) * pages).encode()))

    assert (document.is_scan, document.has_text, problems) == (True, False, ())


def test_a_picture_beside_text_a_small_one_or_none_is_no_scan(read: Read) -> None:
    for text, inner in (
        ("新增学位3000个", picture(SHEET)),
        ("", picture(LOGO)),
        ("", picture(SHEET) + picture(LOGO)),
        ("", ""),
    ):
        assert not read(a_word_file(text, inner.encode()))[0].is_scan


def test_a_picture_of_no_size_that_can_be_read_is_no_scan(read: Read) -> None:
    odd = picture(SHEET).replace('cx="', 'cx="-').encode()

    assert not read(a_word_file("", odd))[0].is_scan
