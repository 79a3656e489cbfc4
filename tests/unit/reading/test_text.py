"""Text, CSV, web pages and enclosed messages."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.raw_mails import a_mail, a_text

from mailbot.domain.message import Table
from mailbot.reading.html import tables_of_html, text_of_html
from mailbot.reading.text import MAX_BYTES, read_html, read_message, read_text


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "file"


def rows(table: Table) -> list[list[str]]:
    return [[cell.text for cell in row] for row in table.rows]


@pytest.mark.parametrize("charset", ["gbk", "utf-8-sig", "utf-16"])
def test_a_csv_file_is_a_table_in_any_charset(path: Path, charset: str) -> None:
    path.write_bytes('任务,进度\r\n一,"1,000人"\r\n'.encode(charset))
    document, _ = read_text(path)

    assert rows(document.tables[0]) == [["任务", "进度"], ["一", "1,000人"]]


def test_prose_is_no_table(path: Path) -> None:
    path.write_text("您好,报表见附件。\n谢谢。", encoding="utf-8")
    document, _ = read_text(path)

    assert (document.tables, document.has_text) == ((), True)


def test_a_text_file_over_a_megabyte_is_cut_at_a_line(path: Path) -> None:
    path.write_bytes(b"0123456789\n" * (MAX_BYTES // 10))
    document, problems = read_text(path)

    assert document.text.endswith("9\n")
    assert [problem.code for problem in problems] == ["text_too_long"]


def test_a_web_page_that_calls_itself_xls_gives_its_tables(path: Path) -> None:
    page = "<html><table><tr><td rowspan=2>一</td><td>甲</td></tr><tr><td>乙</td></tr><tr><td colspan=2>合计"
    path.write_bytes(f"{page}</table>".encode("gbk"))
    document, _ = read_html(path)

    assert rows(document.tables[0]) == [["一", "甲"], ["一", "乙"], ["合计", "合计"]]


def test_a_table_in_a_table_stands_for_itself() -> None:
    inner = "<table><tr><td>内</td></tr></table>"

    assert [["内"]] in [rows(table) for table in tables_of_html(f"<table><tr><td>{inner}</td></tr></table>")]


def test_scripts_styles_and_titles_are_not_seen() -> None:
    assert (
        text_of_html("<title>t</title><style>s</style><p>您好</p><script>x</script><br>再见&nbsp;&amp;")
        == "您好\n再见 &"
    )


def test_what_outlook_shows_to_others_only_is_shown() -> None:
    assert (
        text_of_html("前<!--[if !mso]><!--><p>正文</p><!--<![endif]--><!--[if mso]>x<![endif]-->后") == "前\n正文\n后"
    )


@pytest.mark.parametrize("piece", ["<!--", "<![", "<a", "</", "<", "<?", "<a x='", "<script>", "<table><tr><td>", "&"])
def test_html_made_to_hurt_takes_a_blink(piece: str) -> None:
    html = piece * (300_000 // len(piece))
    begun = time.process_time()
    text_of_html(html)

    assert time.process_time() - begun < 3


def test_an_enclosed_message_gives_its_subject_and_text(path: Path) -> None:
    path.write_bytes(a_mail(a_text("正文"), headers=("Subject: 转发四月报表".encode(),)))
    document, _ = read_message(path)

    assert document.text == "转发四月报表\n正文"


@given(st.text(alphabet="<>/tdrableh =\"'2&#;x ![-]?", max_size=200))
def test_no_text_makes_the_html_reader_raise(html: str) -> None:
    text_of_html(html)
    tables_of_html(html)
