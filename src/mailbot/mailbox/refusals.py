"""Whatever imaplib, ssl and sockets raise, as our own errors. Nothing of theirs leaves the mailbox room."""

from __future__ import annotations

import re
import ssl
from contextlib import contextmanager
from imaplib import IMAP4
from typing import TYPE_CHECKING

from mailbot.errors import CertificateRefused, ConnectionLost, LoginRefused, MailboxError, ProtocolRefused

if TYPE_CHECKING:
    from collections.abc import Iterator

# What reading an answer that is no IMAP can end in, in imaplib and in imapclient's parser.
NONSENSE = (ValueError, TypeError, LookupError, ArithmeticError, AttributeError, RecursionError, MemoryError)
# imaplib's complaints that quote what was received, which may be a piece of somebody's mail.
QUOTING = re.compile("unexpected (tagged )?response|unterminated line")
TEMPORARY = ("[UNAVAILABLE]", "[INUSE]", "[LIMIT]", "[SERVERBUG]")
LONGEST_WORDS = 200


@contextmanager
def as_ours() -> Iterator[None]:
    """Turn what the libraries raise inside into a `MailboxError`, chained.

    Raises:
        MailboxError: in place of whatever was raised.
    """
    try:
        yield
    except ssl.SSLCertVerificationError as error:
        raise CertificateRefused(words(error)) from error
    except ssl.SSLError as error:
        raise ConnectionLost(
            f"TLS failed: {words(error)}",
            chinese="与邮件服务器的加密连接失败",
            remedy="请核对 security 与 port：993 端口用 tls，143 端口用 starttls。",
        ) from error
    except IMAP4.abort as error:
        raise _aborted(error) from (None if QUOTING.search(str(error)) else error)
    except OSError as error:
        raise ConnectionLost(words(error)) from error
    except IMAP4.error as error:
        raise refused(error) from error
    except NONSENSE as error:
        raise ProtocolRefused(f"the answer cannot be understood: {type(error).__name__} {words(error)}") from error


def _aborted(error: IMAP4.abort) -> MailboxError:
    complaint = QUOTING.search(str(error))
    if complaint is None:
        return ConnectionLost(words(error))
    if complaint[0] == "unterminated line":
        return ConnectionLost("cut in the middle of a line")
    return ProtocolRefused("the server sent what is no IMAP response")


def refused(error: IMAP4.error) -> ProtocolRefused:
    """Return our error for a NO or BAD."""
    said = words(error)
    if "unsafe login" not in said.lower():
        return ProtocolRefused(said)
    return ProtocolRefused(
        said,
        chinese="网易邮箱以 Unsafe Login 为由拒绝读取",
        remedy="本程序已按要求表明身份（ID）；请登录网页邮箱确认 IMAP 已开启，并重新生成授权码后再试。",
    )


def login_refused(error: IMAP4.error, password: str) -> MailboxError:
    """Return our error for a refused login: final, unless the server says that it is only for now (RFC 5530)."""
    cause = error.__context__ if isinstance(error.__context__, IMAP4.error) else error
    said = words(cause).replace(password, "***")  # a server may echo the command it did not like
    if isinstance(cause, IMAP4.abort):
        return ConnectionLost(said)
    if said.upper().startswith(TEMPORARY):
        return ProtocolRefused(said)
    return LoginRefused(said, chinese=f"邮件服务器拒绝登录（服务器答复：{said}）")


def words(error: BaseException) -> str:
    r"""Return what an error says, decoded (UTF-8, else GB18030), on one line and not too long.

    >>> words(IMAP4.error("用户无权登录".encode("gbk")))
    '用户无权登录'
    >>> words(IMAP4.error(b"two\r\nlines"))
    'two lines'
    """
    first = error.args[0] if len(error.args) == 1 else str(error)
    text = _decoded(first) if isinstance(first, bytes) else str(first)
    line = " ".join(text.split())
    return "".join(character for character in line if character.isprintable())[:LONGEST_WORDS]


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("gb18030", "replace")
