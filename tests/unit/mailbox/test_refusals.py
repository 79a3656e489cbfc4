"""Library errors become ours at the door, and carry nothing out that is nobody's business."""

from __future__ import annotations

import socket
import ssl
from imaplib import IMAP4

import pytest

from mailbot.errors import (
    CertificateRefused,
    ConnectionLost,
    LoginRefused,
    MailboxError,
    ProtocolRefused,
    Retry,
)
from mailbot.mailbox.refusals import as_ours, login_refused, words


def ours(error: Exception) -> MailboxError:
    """Return what becomes of an error."""
    with pytest.raises(MailboxError) as caught, as_ours():
        raise error
    return caught.value


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (TimeoutError("timed out"), ConnectionLost),
        (ConnectionRefusedError(111, "Connection refused"), ConnectionLost),
        (socket.gaierror(-2, "Name or service not known"), ConnectionLost),
        (IMAP4.abort("socket error: EOF"), ConnectionLost),
        (IMAP4.abort("socket error: unterminated line: b'* 1 FET'"), ConnectionLost),
        (ssl.SSLEOFError(8, "EOF occurred"), ConnectionLost),
        (ssl.SSLCertVerificationError(1, "self-signed certificate"), CertificateRefused),
        (IMAP4.error("select failed: no such folder"), ProtocolRefused),
        (IMAP4.abort("unexpected response: b'nonsense'"), ConnectionLost),
        (KeyError(b"EXISTS"), ConnectionLost),
        (RecursionError("too deep"), ConnectionLost),
    ],
)
def test_every_library_error_becomes_ours(error: Exception, expected: type[MailboxError]) -> None:
    assert type(ours(error)) is expected


def test_the_libraries_error_stays_chained() -> None:
    error = IMAP4.error("NO such folder")

    assert ours(error).__cause__ is error


@pytest.mark.parametrize("complaint", ["unexpected response: b'%s'", "socket error: unterminated line: b'%s'"])
def test_a_complaint_that_quotes_what_was_received_is_not_repeated(complaint: str) -> None:
    error = ours(IMAP4.abort(complaint % "secret body"))

    assert "secret" not in str(error)
    assert error.__cause__ is None
    assert error.__suppress_context__


def test_unsafe_login_is_named_with_what_to_do() -> None:
    error = ours(IMAP4.error("select failed: SELECT Unsafe Login. Please contact kefu@188.com for help"))

    assert isinstance(error, ProtocolRefused)
    assert "Unsafe Login" in error.chinese
    assert "授权码" in error.remedy


def test_a_programming_error_of_ours_is_not_swallowed() -> None:
    with pytest.raises(NotImplementedError), as_ours():
        raise NotImplementedError


class TestLoginRefused:
    def test_the_servers_words_are_told_decoded(self) -> None:
        error = login_refused(IMAP4.error("用户无权登录".encode("gbk")), "code")

        assert isinstance(error, LoginRefused)
        assert "用户无权登录" in error.chinese
        assert error.retry is Retry.NEEDS_PERSON

    def test_a_server_that_echoes_the_code_does_not_bring_it_into_our_error(self) -> None:
        error = login_refused(IMAP4.error(b"BAD clerk QWERTYUIOPASDFGH"), "QWERTYUIOPASDFGH")

        assert "QWERTY" not in str(error) + error.for_people()

    @pytest.mark.parametrize("answer", [b"[UNAVAILABLE] later", b"[INUSE] busy", b"[LIMIT] too many"])
    def test_a_refusal_for_now_is_not_taken_for_a_wrong_code(self, answer: bytes) -> None:
        error = login_refused(IMAP4.error(answer), "code")

        assert isinstance(error, ProtocolRefused)
        assert "暂时不能登录" in error.for_people()

    def test_a_line_cut_during_login_is_not_taken_for_a_wrong_code(self) -> None:
        assert isinstance(login_refused(IMAP4.abort("socket error: EOF"), "code"), ConnectionLost)


def test_words_are_one_short_line_without_control_characters() -> None:
    assert words(IMAP4.error(b"a\x1b[31m\r\nb" + b"x" * 1000)).startswith("a[31m bxxx")
    assert len(words(IMAP4.error(b"x" * 1000))) == 200
