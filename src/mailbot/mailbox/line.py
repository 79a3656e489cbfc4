"""The line to the mail server: the only importer of imapclient. It opens, logs in, and asks; read-only by construction.

Of the whole protocol it speaks CAPABILITY, STARTTLS, LOGIN, ID, LIST, EXAMINE, FETCH and LOGOUT, and no more.
Windows of messages are asked for through imaplib: imapclient 4.1 cannot take a range (``1:500``), and silently drops an
answer about another message, which must not pass for a message that is gone.
"""

from __future__ import annotations

import ssl
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from imaplib import IMAP4
from typing import TYPE_CHECKING

from imapclient import IMAPClient, SocketTimeout
from imapclient.imap_utf7 import decode, encode
from imapclient.response_parser import parse_fetch_response

from mailbot import __version__
from mailbot.domain.moments import in_shanghai
from mailbot.domain.server import Security, Server
from mailbot.errors import CertificateRefused, ConnectionLost, LoginRefused, MailboxError, ProtocolRefused
from mailbot.mailbox.providers import Folder, Profile, profile_of
from mailbot.mailbox.refusals import NONSENSE, as_ours, login_refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

TIMEOUT = SocketTimeout(connect=15, read=60)
GOODBYE_SECONDS = 5
LARGEST_LITERAL = 128 * 1024 * 1024
ID_CAPABILITY = b"ID"


@dataclass(frozen=True, slots=True)
class Examined:
    """What EXAMINE says of a folder. `uidvalidity` is 0, `uidnext` None where the server does not tell."""

    exists: int
    uidvalidity: int
    uidnext: int | None


Row = dict[bytes, object]


class Line:
    """One connection, logged in. After any error it is dropped, and every further question is a `ConnectionLost`."""

    def __init__(self, client: IMAPClient, profile: Profile) -> None:
        self.profile = profile
        self._client = client
        self._dropped = False

    def folders(self) -> tuple[Folder, ...]:
        """Return every folder of the account."""
        with self._asking():
            return tuple(_readable(self._client.list_folders()))

    def examine(self, folder: str) -> Examined:
        """Open a folder read-only."""
        with self._asking():
            said = self._client.select_folder(encode(folder), readonly=True)
            return Examined(said[b"EXISTS"], said.get(b"UIDVALIDITY", 0), said.get(b"UIDNEXT"))

    def fetch(self, numbers: str, items: str) -> tuple[Row, ...]:
        """Fetch items of messages by their sequence numbers (``1:500``)."""
        with self._asking():
            return _rows(*_below(self._client).fetch(numbers, items))

    def fetch_uids(self, uids: str, items: str) -> tuple[Row, ...]:
        """Fetch items of messages by their UIDs (``42`` or ``42:*``)."""
        with self._asking():
            return _rows(*_below(self._client).uid("FETCH", uids, items))

    def numbers_moved(self) -> bool:
        """Tell whether the server removed messages, and so moved the numbers of others, since EXAMINE."""
        return "EXPUNGE" in _below(self._client).untagged_responses

    def hang_up(self) -> None:
        """Close the connection without a word."""
        self._dropped = True
        _hang_up(self._client)

    def say_goodbye(self) -> None:
        """Log out, not waiting long; nothing that happens now matters any more."""
        if self._dropped:
            return
        self._dropped = True
        with suppress(MailboxError), as_ours():
            self._client.socket().settimeout(GOODBYE_SECONDS)
            self._client.logout()
        _hang_up(self._client)

    @contextmanager
    def _asking(self) -> Iterator[None]:
        if self._dropped:
            raise ConnectionLost("the connection was dropped after an earlier error")
        try:
            with as_ours():
                yield
        except MailboxError:
            self.hang_up()
            raise


def dial(server: Server, password: str) -> Line:
    """Connect, prove the server's identity, log in once, and say who we are.

    Raises:
        MailboxError: any of these failed; nothing stays open.
    """
    _refuse_what_cannot_be_sent(server.user, password)
    client = _connected(server)
    try:
        with as_ours():
            _log_in(client, server, password)
            profile = profile_of(server.host, frozenset(client.capabilities()))
            _identify(client, profile, server.user)
    except BaseException:
        _hang_up(client)
        raise
    return Line(client, profile)


def _refuse_what_cannot_be_sent(user: str, password: str) -> None:
    """LOGIN's arguments are ASCII (RFC 3501 §9); a line break in one would be a command of its own."""
    fine = all(text and text.isascii() and text.isprintable() for text in (user, password))
    if not fine or set(user) & set(' "\\(){}%*'):
        raise LoginRefused(
            "user name or authorisation code is empty or holds what LOGIN cannot carry",
            chinese="用户名或授权码为空，或含有全角、空格、换行等不能使用的字符",
            remedy="请关闭中文输入法，重新复制授权码，前后不要带空格或换行。",
        )


def _connected(server: Server) -> IMAPClient:
    context = None if server.security is Security.PLAIN else _verifying(server.ca_file)
    with as_ours():
        tls_from_the_start = server.security is Security.TLS
        client = IMAPClient(server.host, server.port, ssl=tls_from_the_start, ssl_context=context, timeout=TIMEOUT)
        client.folder_encode = False  # one malformed folder name would make the whole listing fail
        _tame(_below(client))
    if server.security is Security.STARTTLS:
        _start_tls(client, context)
    return client


def _verifying(ca_file: Path | None) -> ssl.SSLContext:
    try:
        context = ssl.create_default_context(cafile=None if ca_file is None else str(ca_file))
    except (OSError, ValueError) as error:  # ssl.SSLError is an OSError
        raise CertificateRefused(
            f"cannot read {ca_file}: {error}", chinese=f"根证书文件 {ca_file} 无法读取", remedy="请核对 ca_file。"
        ) from error
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _start_tls(client: IMAPClient, context: ssl.SSLContext | None) -> None:
    """Protect the line before anything secret is said; a server that cannot is left."""
    try:
        with as_ours():
            client.starttls(context)
    except BaseException:
        _hang_up(client)
        raise


def _tame(imap: IMAP4) -> None:
    """Undo what imapclient 4.1 sets, and bound what a server may make us read.

    Its `debug = 5` formats every literal twice even with logging off: 20 times the time, and bodies in a debug log.
    """
    imap.debug = 0
    imap.read = _bounded(imap.read)  # type: ignore[method-assign,assignment]  # imaplib reads whatever length is announced


def _bounded(read: Callable[[int], bytes]) -> Callable[[int], bytes]:
    def read_at_most(size: int) -> bytes:
        if size > LARGEST_LITERAL:
            message = f"a literal of {size} bytes was announced"
            raise IMAP4.error(message)
        return read(size)

    return read_at_most


def _log_in(client: IMAPClient, server: Server, password: str) -> None:
    """Try once: a refused login is never repeated here, as providers lock accounts for that."""
    try:
        client.login(server.user, password)
    except IMAP4.error as error:
        raise login_refused(error, password) from (None if password in str(error) else error)


def _identify(client: IMAPClient, profile: Profile, address: str) -> None:
    """Send ID with values on each connection (RFC 2971): without it NetEase answers EXAMINE with 'Unsafe Login'."""
    if profile.identify or ID_CAPABILITY in client.capabilities():
        values = ("name", "mailbot", "version", __version__, "vendor", "mailbot", "support-email", address)
        quoted = " ".join(f'"{value}"' for value in values)
        _checked(*_below(client).xatom("ID", f"({quoted})"))


def _below(client: IMAPClient) -> IMAP4:
    return client._imap  # noqa: SLF001  # imapclient offers no other way to what its docstrings call its base


def _hang_up(client: IMAPClient) -> None:
    with suppress(IMAP4.error, OSError):
        client.shutdown()


def _readable(listed: list[tuple[tuple[bytes, ...], bytes | None, bytes | str]]) -> Iterator[Folder]:
    """Decode the folders' names (modified UTF-7); one that is malformed cannot be opened, nor be one of ours."""
    for flags, delimiter, name in listed:
        with suppress(ValueError):
            yield Folder(decode(name), frozenset(flags), (delimiter or b"").decode("ascii"))


def _rows(typ: str, data: Sequence[object]) -> tuple[Row, ...]:
    """Read FETCH answers; a row names its message itself. Arrival is told in Asia/Shanghai.

    A parser's complaint quotes what it could not read, which may be somebody's mail: it goes no further than here.
    """
    answers = _checked(typ, data)
    try:
        rows = tuple(parse_fetch_response(answers, normalise_times=False, uid_is_key=False).values())
        for row in rows:
            match row:
                case {b"INTERNALDATE": datetime() as arrived}:
                    row[b"INTERNALDATE"] = in_shanghai(arrived)
    except (IMAP4.error, *NONSENSE) as error:
        raise ProtocolRefused(f"an answer to FETCH cannot be read ({type(error).__name__})") from None
    return rows


def _checked(typ: str, data: Sequence[object]) -> Sequence[object]:
    if typ != "OK":
        raise IMAP4.error(data[0])
    return data
