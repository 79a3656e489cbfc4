"""Headers and text through mail-parser, with its known defects worked round."""

from __future__ import annotations

import base64
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.raw_mails import RawPart, a_file, a_mail, a_text, multipart

from mailbot.domain.message import Mail
from mailbot.domain.moments import SHANGHAI
from mailbot.reading.local import read_here
from mailbot.reading.skeleton import read_mail


@pytest.fixture
def message(tmp_path: Path) -> Path:
    return tmp_path / "message"


def mail(*lines: bytes, content: RawPart | None = None) -> Mail:
    return read_here(a_mail(content or a_text(), headers=lines or (b"From: zhang@example.cn",))).mail


SUBJECT = "郑堃镕11月报表"


@pytest.mark.parametrize("charset", ["gb18030", "utf-8"])
def test_a_raw_subject_is_read(charset: str) -> None:
    assert mail(b"Subject: " + SUBJECT.encode(charset)).subject == SUBJECT


def test_a_subject_labelled_gb2312_with_a_gbk_character_is_read() -> None:
    word = base64.b64encode(SUBJECT.encode("gb18030"))

    assert mail(b"Subject: =?gb2312?B?" + word + b"?=").subject == SUBJECT


def test_the_first_of_several_subjects_counts() -> None:
    assert mail(b"Subject: first", b"Subject: second").subject == "first"


@pytest.mark.parametrize("charset", ["gb2312", "gbk", "utf-8", "gb18030"])
def test_a_body_is_read_whatever_its_label(charset: str) -> None:
    assert mail(content=a_text("堃镕：四月报表", charset)).text == "堃镕：四月报表"


def test_a_body_without_a_charset_is_sniffed() -> None:
    assert mail(content=RawPart((b"Content-Type: text/plain",), "四月报表".encode("gbk"))).text == "四月报表"


def test_html_in_gbk_with_only_a_meta_charset_becomes_text() -> None:
    html = '<meta charset="gbk"><p>您好：</p><table><tr><td>任务</td><td>65%</td></tr></table>'.encode("gbk")

    assert mail(content=RawPart((b"Content-Type: text/html",), html)).text == "您好：\n任务\t65%"


def test_the_plain_form_goes_before_the_html_one_and_both_are_kept() -> None:
    read = mail(content=multipart(a_text("正文"), a_text("<b>正文</b>", subtype="html"), subtype=b"alternative"))

    assert (read.text, read.html) == ("正文", "<b>正文</b>")


def test_an_empty_plain_form_gives_way_to_the_html_one() -> None:
    assert mail(content=multipart(a_text(" \n"), a_text("<b>正文</b>", subtype="html"))).text == "正文"


def test_text_around_an_attachment_is_all_body() -> None:
    assert mail(content=multipart(a_text("前"), a_file(b"1"), a_text("后"))).text == "前\n后"


def test_a_body_over_a_megabyte_is_cut_and_told() -> None:
    facts = read_here(a_mail(a_text("x" * (1 << 20) + "tail")))

    assert len(facts.mail.text) == 1 << 20
    assert [problem.code for problem in facts.problems] == ["text_too_long"]


def test_the_sender_is_name_and_address() -> None:
    sender = mail(b"From: =?gbk?B?1cXI/Q==?= <Zhang@Example.cn>").sender

    assert (sender.name, sender.spec) == ("张三", "zhang@example.cn")


@pytest.mark.parametrize(
    "line",
    [
        b"From: alice@example.org]<bob@example.org>",
        b"From: a@gov.cn <x@evil.example>",
        b"From: a@example.cn, b@example.cn",
        b"From: office: a@example.cn;",
        b"From: a@example.cn\r\nFrom: b@example.cn",
        b"From: " + b"(" * 3000,
        b"Subject: no sender at all",
        b"From: =?utf-8?q?a=40gov=2Ecn?=",
    ],
)
def test_a_sender_that_can_be_read_in_two_ways_has_no_address(line: bytes) -> None:
    assert mail(*line.split(b"\r\n")).sender.spec == ""


def test_an_address_hidden_in_an_encoded_name_stays_a_name() -> None:
    sender = mail(b"From: =?utf-8?q?a=40gov=2Ecn_=3Cx=40y=3E=2C?= <real@example.cn>").sender

    assert sender.spec == "real@example.cn"


def test_a_word_of_broken_base64_in_an_address_costs_nothing() -> None:
    sender = mail(b"From: =?utf-8?B?5byg5Lil?=  =?utf-8?B?5?= <zhang@example.cn>").sender

    assert sender.spec == "zhang@example.cn"


def test_recipients_are_those_of_to_and_cc() -> None:
    read = mail(b"To: a@example.cn, =?gbk?B?1cXI/Q==?= <B@example.cn>", b"Cc: c@example.cn")

    assert [address.spec for address in read.recipients] == ["a@example.cn", "b@example.cn", "c@example.cn"]
    assert read.recipients[1].name == "张三"


def test_all_headers_are_there_decoded_in_order() -> None:
    read = mail(b"X-QQ-AUTO-REPLY: true", b"Subject: =?utf-8?q?=E6=8A=A5?=", b"Received: b", b"Received: a")

    assert read.headers[:4] == (("x-qq-auto-reply", "true"), ("subject", "报"), ("received", "b"), ("received", "a"))


def test_references_are_in_reply_to_first_each_once() -> None:
    read = mail(b"References: <a@x> <b@x>", b"In-Reply-To: <b@x>", b"Message-ID: <m@x> (ours)")

    assert (read.references, read.message_id) == (("<b@x>", "<a@x>"), "<m@x>")


@pytest.mark.parametrize(
    ("lines", "expected"),
    [((), None), ((b"Return-Path: <>",), ""), ((b"Return-Path: <A@example.cn>",), "a@example.cn")],
)
def test_no_return_path_says_nothing_and_a_null_one_does(lines: tuple[bytes, ...], expected: str | None) -> None:
    assert mail(b"Subject: x", *lines).return_path == expected


@pytest.mark.parametrize(
    "date", [b"Sun, 25 Apr 2021 08:00:00 CST", b"Sun, 25 Apr 2021 08:00:00 +0800 (CST)", b"25 Apr 2021 00:00:00 GMT"]
)
def test_the_senders_date_is_read_and_cst_is_chinese_time(date: bytes) -> None:
    assert mail(b"Date: " + date).sent == datetime(2021, 4, 25, 8, tzinfo=SHANGHAI)


def test_a_date_nobody_understands_is_none() -> None:
    assert mail("Date: 2021年4月25日 星期日".encode()).sent is None


def test_the_type_of_the_whole_message_is_kept() -> None:
    assert mail(content=multipart(a_text(), subtype=b"report")).content_type == "multipart/report"


def test_a_flood_of_received_lines_is_not_given_to_mail_parser(message: Path) -> None:
    message.write_bytes(b"Received: from x by y; z\r\n" * 8000 + b"Subject: s\r\n\r\nbody")

    assert read_mail(message, message.parent).mail.subject == "s"


@given(st.binary(max_size=300))
def test_no_bytes_make_reading_raise(noise: bytes) -> None:
    read_here(noise)
    read_here(b"From: a@b\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n" + noise + b"\r\n--b\r\n" + noise)
