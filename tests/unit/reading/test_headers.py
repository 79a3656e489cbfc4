"""Headers as they come from Chinese mail systems, and those made to hurt."""

from __future__ import annotations

import base64
import time
from email.message import Message
from email.parser import BytesHeaderParser
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.reading.headers import (
    boundary_of,
    content_type,
    name_of,
    parameters,
    raw_value,
    text_of,
    transfer_encoding,
    unfolded,
)

NAME = "郑堃镕4月报表.xlsx"  # 堃 and 镕 are in GBK, not in GB2312


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def raw(data: bytes) -> str:
    return data.decode("ascii", "surrogateescape")


def headers(*lines: bytes) -> Message:
    return BytesHeaderParser().parsebytes(b"\r\n".join(lines) + b"\r\n\r\n")


@pytest.mark.parametrize("charset", ["gb2312", "GBK", "gb18030", "cp936", "x-gbk"])
def test_gb_labels_all_mean_gb18030(charset: str) -> None:
    assert text_of(f"=?{charset}?B?{b64(NAME.encode('gb18030'))}?=") == NAME


@pytest.mark.parametrize("charset", ["utf-8", "gbk"])
def test_words_cut_inside_a_character_are_joined_before_they_are_decoded(charset: str) -> None:
    data = NAME.encode(charset)

    assert text_of(f"=?{charset}?B?{b64(data[:3])}?=\t=?{charset}?B?{b64(data[3:])}?=") == NAME


def test_base64_words_cut_inside_a_quad_are_joined_too() -> None:
    text = b64(NAME.encode())

    assert text_of(f"=?utf-8?B?{text[:7]}?= =?utf-8?B?{text[7:]}?=") == NAME


@pytest.mark.parametrize("charset", ["utf-8", "gb18030"])
def test_raw_eight_bit_headers_are_read(charset: str) -> None:
    assert text_of(raw(NAME.encode(charset))) == NAME


def test_text_between_words_is_kept_and_blanks_between_words_are_not() -> None:
    assert text_of("Re: =?utf-8?q?=E6=8A=A5?=  =?utf-8?q?=E8=A1=A8?= of April") == "Re: 报表 of April"


def test_a_utf8_word_labelled_gbk_is_read_as_what_it_is() -> None:
    assert text_of(f"=?gbk?B?{b64('四月报表'.encode())}?=") == "四月报表"


def test_an_unknown_charset_is_guessed() -> None:
    assert text_of(f"=?x-nobody?B?{b64('四月报表'.encode('gbk'))}?=") == "四月报表"


@pytest.mark.parametrize(
    "line",
    [
        b"attachment; filename=\"____.xlsx\"; filename*=UTF-8''" + quote(NAME).encode(),
        f'attachment; filename="=?gb2312?B?{b64(NAME.encode("gb18030"))}?="'.encode(),
        b'attachment; filename="' + NAME.encode("gb18030") + b'"',
        b"attachment; filename=" + NAME.encode(),
        b"attachment; filename=" + quote(NAME).encode(),
        b"attachment; filename*0*=GBK''%D6%A3%88%D2%E9F4%D4%C2%B1;\r\n filename*1*=%A8%B1%ED.xlsx",
    ],
    ids=["filename* beside a poor one", "encoded-word in quotes", "raw GBK", "raw UTF-8", "percent", "GBK continued"],
)
def test_a_file_name_is_read_however_it_is_written(line: bytes) -> None:
    assert name_of(headers(b"Content-Disposition: " + line)) == NAME


def test_a_name_only_in_content_type_is_a_file_name() -> None:
    assert (
        name_of(headers(b"Content-Type: application/pdf; name=scan.pdf", b"Content-Disposition: inline")) == "scan.pdf"
    )


def test_a_name_with_a_percent_sign_of_its_own_is_left_alone() -> None:
    assert name_of(headers(b'Content-Disposition: attachment; filename="65%25.xlsx"')) == "65%25.xlsx"


def test_continuations_come_in_any_order_and_may_lack_a_charset() -> None:
    assert parameters("a/b; name*1=d.pdf; name*0=abc")["name"] == "abcd.pdf"


def test_quotes_may_hold_semicolons_and_escaped_quotes() -> None:
    assert parameters(r'a/b; name="x;\"y\".pdf"; boundary=z') == {"name": 'x;"y".pdf', "boundary": "z"}


def test_a_windows_path_keeps_its_backslashes_until_it_is_shown() -> None:
    assert parameters(r'a/b; name="C:\reports\x.pdf"')["name"] == r"C:\reports\x.pdf"


def test_a_missing_or_malformed_type_is_plain_text() -> None:
    assert content_type(headers(b"Subject: x")) == "text/plain"
    assert content_type(headers(b"Content-Type: pdf")) == "text/plain"


def test_the_transfer_encoding_is_read_without_case_comment_or_quotes() -> None:
    assert transfer_encoding(headers(b"Content-Transfer-Encoding: BASE64 (yes)")) == "base64"


def test_a_boundary_of_raw_bytes_is_given_as_such() -> None:
    assert boundary_of(headers(b'Content-Type: multipart/mixed; boundary="\xb1\xed"')) == b"\xb1\xed"


def test_folds_are_taken_out_and_a_value_is_at_most_64_ki() -> None:
    assert unfolded("a\r\n b") == "a b"
    assert len(unfolded("x" * 100_000)) == 64 * 1024


@pytest.mark.parametrize(
    "value",
    [
        " ".join(["=?utf-8?B?5oql?="] * 20_000),
        "a/b" + "".join(f"; name*{n}*=%E6" for n in range(20_000)),
        "a/b" + '; x="' * 20_000,
        "=?" * 30_000,
        "=?a*" * 20_000,
    ],
    ids=["words", "segments", "quotes", "half words", "languages"],
)
def test_headers_made_to_hurt_take_a_blink(value: str) -> None:
    begun = time.process_time()
    text_of(unfolded(value))
    parameters(unfolded(value))

    assert time.process_time() - begun < 1.0


@given(st.text(max_size=60))
def test_any_text_survives_a_base64_word(text: str) -> None:
    plain = " ".join(text.split())
    kept = "".join(letter for letter in plain if letter.isprintable())

    assert text_of(f"=?utf-8?B?{b64(kept.encode())}?=") == kept.strip()


@given(st.binary(max_size=120))
def test_no_bytes_in_a_header_make_it_raise(noise: bytes) -> None:
    message = headers(b"Content-Type: " + noise.replace(b"\n", b"").replace(b"\r", b""))

    text_of(raw_value(message, "content-type"))
    name_of(message)
    boundary_of(message)
