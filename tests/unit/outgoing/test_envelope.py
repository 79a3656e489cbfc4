"""A mail's bytes: they parse back to what was meant, keep the thread, and cannot be bent by what came in a mail."""

from __future__ import annotations

import email
import re
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.policy import default

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tests.outgoing_builders import BOT, an_envelope

from mailbot.domain.books import OutgoingKind
from mailbot.outgoing.envelope import Envelope, build, is_sendable, new_message_id
from mailbot.outgoing.one_line import one_line
from mailbot.outgoing.rendering import Rendered

WORDS = Rendered("【回执】2021年4月进展情况已收悉（区教育局）", "收悉。\n第二行\n", "<p>收悉。</p>\n")


def read_back(raw: bytes) -> EmailMessage:
    message = email.message_from_bytes(raw, policy=default)
    assert isinstance(message, EmailMessage)
    return message


def built(envelope: Envelope | None = None, words: Rendered = WORDS) -> EmailMessage:
    return read_back(build(words, envelope or an_envelope()))


def test_the_headers_say_from_whom_to_whom_when_and_what() -> None:
    mail = built()

    assert mail["From"].addresses[0].addr_spec == BOT
    assert mail["From"].addresses[0].display_name == "中原区政府督查室"
    assert mail["To"] == "clerk@example.test"
    assert mail["Subject"] == WORDS.subject
    assert mail["Date"].datetime.isoformat() == "2021-04-22T16:06:00+08:00"
    assert mail["Message-ID"] == new_message_id("ack:1", BOT)


def test_several_recipients_are_all_named() -> None:
    raw = build(WORDS, an_envelope(to=("clerk@example.test", "colleague@example.test")))

    assert b"To: clerk@example.test,\r\n colleague@example.test\r\n" in raw
    assert [each.addr_spec for each in read_back(raw)["To"].addresses] == [
        "clerk@example.test",
        "colleague@example.test",
    ]


def test_both_bodies_parse_back() -> None:
    mail = built()
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))

    assert mail.get_content_type() == "multipart/alternative"
    assert isinstance(text, EmailMessage)
    assert isinstance(html, EmailMessage)
    assert text.get_content().splitlines() == ["收悉。", "第二行"]
    assert html.get_content().strip() == "<p>收悉。</p>"
    assert {part["Content-Transfer-Encoding"] for part in (text, html)} == {"base64"}


@pytest.mark.parametrize(
    ("kind", "word"),
    [
        (OutgoingKind.ACKNOWLEDGEMENT, "auto-replied"),
        (OutgoingKind.REMINDER, "auto-generated"),
        (OutgoingKind.DIGEST, "auto-generated"),
    ],
)
def test_machines_are_told_that_a_machine_wrote_it(kind: OutgoingKind, word: str) -> None:
    mail = built(an_envelope(kind=kind))

    assert mail["Auto-Submitted"] == word
    assert mail["X-Auto-Response-Suppress"] == "All"
    assert mail["Disposition-Notification-To"] is None


def test_the_wire_is_ascii_with_crlf_and_short_lines() -> None:
    raw = build(WORDS, an_envelope())

    raw.decode("ascii")
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert max(map(len, raw.split(b"\r\n"))) <= 998


def test_half_a_character_in_a_body_does_no_harm() -> None:
    mail = built(words=Rendered("回执", "名\ud800.xlsx\n", "<p>名\ud800</p>\n"))
    text = mail.get_body(("plain",))

    assert isinstance(text, EmailMessage)
    assert text.get_content().strip() == "名?.xlsx"


def test_the_same_mail_has_the_same_bytes() -> None:
    assert build(WORDS, an_envelope()) == build(WORDS, an_envelope())


def test_the_thread_is_kept() -> None:
    mail = built(an_envelope(in_reply_to="<c@x.y>", references=("<a@x.y>", "<b@x.y>")))

    assert mail["In-Reply-To"] == "<c@x.y>"
    assert mail["References"].split() == ["<a@x.y>", "<b@x.y>", "<c@x.y>"]


def test_a_long_message_id_of_theirs_is_not_encoded_away() -> None:
    """The standard library folds one of 90 characters into encoded-words, and the thread breaks."""
    long = f"<{'a' * 90}@mail.example.test>"
    raw = build(WORDS, an_envelope(in_reply_to=long))

    assert raw.count(long.encode()) == 2


@pytest.mark.parametrize(
    "bad", ["<a@b>\r\nBcc: x@y.z", "<a b@c.d>", "a@b.c", "<报告@b.c>", "<a@b><c@d>", f"<{'a' * 600}@b.c>", "<>", ""]
)
def test_what_is_no_message_id_is_left_out(bad: str) -> None:
    mail = built(an_envelope(in_reply_to=bad, references=(bad, "<good@b.c>")))

    assert mail["In-Reply-To"] is None
    assert mail["References"] == "<good@b.c>"
    assert mail["Bcc"] is None


def test_a_mail_that_answers_nothing_has_no_thread() -> None:
    mail = built(an_envelope(in_reply_to=""))

    assert mail["In-Reply-To"] is None
    assert mail["References"] is None


def test_of_a_very_long_thread_the_newest_are_kept() -> None:
    mail = built(an_envelope(references=tuple(f"<{number}@x.y>" for number in range(200)), in_reply_to="<last@x.y>"))

    assert mail["References"].split()[-2:] == ["<199@x.y>", "<last@x.y>"]
    assert len(mail["References"].split()) == 20


@pytest.mark.parametrize(
    "address", ["张三@163.com", "a@b.c\r\nBcc: x@y.z", "a@b.c, d@e.f", "<a@b.c>", "a", "", "a@b c"]
)
def test_an_address_that_is_not_one_plain_address_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="not a sendable address"):
        build(WORDS, an_envelope(to=("clerk@example.test", address)))


@given(st.text(max_size=200).filter(one_line))
@example("区教育局\r\nBcc: x@y.z")
@example("区教育局\u2028Bcc: x@y.z\x85\x00")
@example("a, b; c" * 40)
@example("=?utf-8?q?=0D=0ABcc:_x?=")
@example("好" * 200)
@example("好 a" * 60)
def test_any_subject_comes_back_as_one_line_and_adds_no_header(subject: str) -> None:
    raw = build(Rendered(subject, "t", "h"), an_envelope())

    assert len(email.message_from_bytes(raw).keys()) == 11
    found = re.search(rb"^Subject:(.*(?:\r\n[ \t].*)*)\r\n", raw, re.MULTILINE)
    assert found
    encoded = found[1].replace(b"\r\n", b"").decode("ascii").strip()
    assert str(make_header(decode_header(encoded))).split() == one_line(subject).split()


@given(st.text(max_size=80))
@example('督查室" <evil@x.y>, "')
@example("督查室\r\nBcc: x@y.z")
@example("=?utf-8?q?=0D=0ABcc:_x?=")
@example("")
def test_any_sender_name_leaves_the_address_alone(name: str) -> None:
    mail = built(an_envelope(sender=name))

    assert [address.addr_spec for address in mail["From"].addresses] == [BOT]
    assert mail["To"] == "clerk@example.test"


def test_a_message_id_depends_on_the_key_and_the_mailbox() -> None:
    ids = {new_message_id(key, mailbox) for key in ("a", "b") for mailbox in ("x@163.com", "y@163.com")}

    assert len(ids) == 4
    assert all(found.endswith("@163.com>") for found in ids)


@given(st.text())
def test_what_is_sendable_is_ascii_without_spaces_or_brackets(address: str) -> None:
    if is_sendable(address):
        assert re.fullmatch(r"[!-;=?-~]+@[!-;=?-~]+", address)
