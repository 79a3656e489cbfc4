"""Whatever imaplib, ssl and sockets raise, as our own errors. Nothing of theirs leaves the mailbox room."""

from __future__ import annotations

import re
import ssl
from contextlib import contextmanager
from imaplib import IMAP4
from typing import TYPE_CHECKING

from mailbot.errors import CertificateRefused, ConnectionLost, LoginRefused, MailboxError, ProtocolRefused
from mailbot.redacting import redacted

if TYPE_CHECKING:
    from collections.abc import Iterator

# What reading an answer that is no IMAP can end in, in imaplib and in imapclient's parser.
NONSENSE = (ValueError, TypeError, LookupError, ArithmeticError, AttributeError, RecursionError, MemoryError)
# imaplib's complaints that quote what was received, which may be a piece of somebody's mail.
QUOTING = re.compile("unexpected (tagged )?response|unterminated line")
TEMPORARY = ("[UNAVAILABLE]", "[INUSE]", "[LIMIT]", "[SERVERBUG]")
LONGEST_WORDS = 200
NOT_IMAP = "邮件服务器的答复无法识别，已断开连接"


@contextmanager
def as_ours(*secrets: str) -> Iterator[None]:
    """Turn what the libraries raise inside into a `MailboxError`, chained unless it quotes what nobody should read.

    Raises:
        MailboxError: in place of whatever was raised.
    """
    try:
        yield
    except (OSError, IMAP4.error, *NONSENSE) as error:
        quotes = QUOTING.search(str(error)) or redacted(str(error), *secrets) != str(error)
        raise _ours(error, secrets) from (None if quotes else error)


def _ours(error: Exception, secrets: tuple[str, ...]) -> MailboxError:
    said = words(error, *secrets)
    match error:
        case ssl.SSLCertVerificationError():
            return CertificateRefused(said)
        case ssl.SSLError():
            return ConnectionLost(
                f"TLS failed: {said}",
                chinese="与邮件服务器的加密连接失败",
                remedy="请核对 security 与 port：993 端口用 tls，143 端口用 starttls。",
            )
        case IMAP4.abort():
            return _aborted(said)
        case OSError():
            return ConnectionLost(said)
        case IMAP4.error():
            return refused(said)
        case _:
            return ConnectionLost(f"the answer cannot be understood: {type(error).__name__} {said}", chinese=NOT_IMAP)


def _aborted(said: str) -> MailboxError:
    complaint = QUOTING.search(said)
    if complaint is None:
        return ConnectionLost(said)
    if complaint[0] == "unterminated line":
        return ConnectionLost("cut in the middle of a line")
    return ConnectionLost("the server sent what is no IMAP response", chinese=NOT_IMAP)


def refused(said: str) -> ProtocolRefused:
    """Return our error for a NO or BAD."""
    if "unsafe login" not in said.lower():
        return ProtocolRefused(said, chinese=f"邮件服务器拒绝了请求（服务器答复：{said}）")
    return ProtocolRefused(
        said,
        chinese="网易邮箱以 Unsafe Login 为由拒绝读取",
        remedy="本程序已按要求表明身份（ID）；请登录网页邮箱确认 IMAP 已开启，并重新生成授权码后再试。",
    )


def login_refused(error: IMAP4.error, password: str) -> MailboxError:
    """Return our error for a refused login: final, unless the server says that it is only for now (RFC 5530)."""
    cause = error.__context__ if isinstance(error.__context__, IMAP4.error) else error
    said = words(cause, password)  # a server may echo the command it did not like
    if isinstance(cause, IMAP4.abort):
        return _aborted(said)
    if said.upper().startswith(TEMPORARY):
        return ProtocolRefused(said, chinese=f"邮件服务器暂时不能登录（服务器答复：{said}）")
    return LoginRefused(said, chinese=f"邮件服务器拒绝登录（服务器答复：{said}）")


def words(error: BaseException, *secrets: str) -> str:
    r"""Return what an error says, decoded (UTF-8, else GB18030), without the secrets, on one line and not too long.

    >>> words(IMAP4.error("用户无权登录".encode("gbk")))
    '用户无权登录'
    >>> words(IMAP4.error(b"two\r\nlines"))
    'two lines'
    """
    first = error.args[0] if len(error.args) == 1 else str(error)
    text = _decoded(first) if isinstance(first, bytes) else str(first)
    line = " ".join(redacted(text, *secrets).split())
    return "".join(character for character in line if character.isprintable())[:LONGEST_WORDS]


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("gb18030", "replace")
