"""The only importer of imapclient, and under it imaplib, with an end to what one answer may be, in bytes and in time.

imaplib reads whatever a server sends, for as long as it sends something. Here the greeting, and then the answer to each
command, has room for so many bytes and so much time; each byte that comes brings more time, as a large body over a slow
line is no reason to give up. What is said over it is the line's.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from imaplib import IMAP4, IMAP4_SSL
from io import BufferedReader, RawIOBase
from time import monotonic
from typing import TYPE_CHECKING, Any

from imapclient import IMAPClient, SocketTimeout
from imapclient.imap_utf7 import decode, encode
from imapclient.response_parser import parse_response

from mailbot.errors import ConnectionLost
from mailbot.mailbox.refusals import NONSENSE

if TYPE_CHECKING:
    import ssl
    from collections.abc import Sequence
    from socket import socket

    from mailbot.domain.server import Server

ROOM = 4 * 1024 * 1024  # bytes of an answer without bodies; a window of 500 messages takes 60,000
LINE = 100  # bytes that a line costs besides its own, as it costs memory


@dataclass(frozen=True, slots=True)
class Pace:
    """How many seconds to wait: to connect, for the next bytes, for a whole answer that brings little.

    An answer gets another second for each `slowest` bytes that came.
    """

    connect: float = 15
    idle: float = 60
    answer: float = 90
    slowest: float = 8 * 1024


class Incoming(RawIOBase):
    """The bytes of one answer after another from a socket, each to be whole in its time."""

    def __init__(self, socket: socket, pace: Pace) -> None:
        super().__init__()
        self.socket = socket
        self.expect(pace)

    def expect(self, pace: Pace) -> None:
        """Begin to count: another answer is to come."""
        self._pace, self._began, self._came = pace, monotonic(), 0

    def readable(self) -> bool:
        """Return that it can be read."""
        return True

    def readinto(self, buffer: Any) -> int:  # typeshed's WriteableBuffer cannot be named outside of it
        """Read what comes, waiting no longer than the answer still has.

        Raises:
            ConnectionLost: its time is over.
            TimeoutError: nothing came.
        """
        left = self._began + self._pace.answer + self._came / self._pace.slowest - monotonic()
        if left <= 0:
            raise ConnectionLost("an answer took too long", chinese="邮件服务器的答复迟迟不结束，已断开连接")
        self.socket.settimeout(min(left, self._pace.idle))
        came = self.socket.recv_into(buffer)
        self._came += came
        return came


class PlainWire(IMAP4):
    """A connection. `room` is how many bytes the next answer may have; `pace` how long it may take.

    `idle_tag` is what the end of IDLE will be called by, b"" outside of it.
    """

    room = ROOM
    pace = Pace()
    idle_tag = b""

    def open(self, host: str = "", port: int = 143, timeout: float | None = None) -> None:
        """Connect, and expect the greeting."""
        super().open(host, port, timeout)
        self._expect()

    def send(self, data: Any) -> None:  # typeshed's ReadableBuffer
        """Send a command, and expect its answer."""
        self._left = self.room
        self._incoming.expect(self.pace)
        self.sock.settimeout(self.pace.idle)
        super().send(data)

    def read(self, size: int) -> bytes:
        """Read a literal, unless it is announced longer than the answer may be."""
        self._spend(size, f"a literal of {size} bytes was announced")
        return self._reader().read(size)

    def readline(self) -> bytes:
        """Read a line, as long as the answer still may be."""
        line = self._reader().readline(self._left + 1)
        self._spend(len(line) + LINE, f"a line of {len(line)} bytes was too much")
        return line

    def begin_idle(self) -> None:
        """Ask to be told of news unasked, and wait for the server's leave (RFC 2177)."""
        tag: bytes = self._command("IDLE")
        while self._get_response() is not None:  # None is the leave; news may come before it
            if refusal := self.tagged_commands.pop(tag, None):
                raise self.error(refusal[1])
        self.idle_tag = tag

    def end_idle(self) -> None:
        """End IDLE, and read what was told until then."""
        tag, self.idle_tag = self.idle_tag, b""
        self.send(b"DONE\r\n")
        self._command_complete("IDLE", tag)

    def waits(self, seconds: float) -> bool:
        """Wait for what the server says unasked, and read one line of it; return whether any came."""
        self._left = self.room
        self._incoming.expect(replace(self.pace, idle=seconds))
        try:
            self._reader().peek(1)
        except TimeoutError:
            return False
        self._incoming.expect(self.pace)
        self._get_response()
        self._check_bye()
        return True

    def _get_capabilities(self) -> None:
        """Ask what the server can before LOGIN, unless its greeting told."""
        told = self.untagged_responses.pop("CAPABILITY", None) or self.capability()[1]
        if not isinstance(told[-1], bytes):
            raise self.error("the server does not tell what it can")
        self.capabilities = tuple(told[-1].decode("ascii").upper().split())

    def _spend(self, size: int, what: str) -> None:
        self._left -= size
        if self._left < 0:
            raise ConnectionLost(what, chinese="邮件服务器的答复过长，已断开连接")

    def _expect(self) -> None:
        self._left = self.room
        self._incoming = Incoming(self.sock, self.pace)
        self._buffer = BufferedReader(self._incoming)

    def _reader(self) -> BufferedReader[Incoming]:
        """Return where to read; what came before STARTTLS is not read after it, as anybody may have sent it."""
        if self._incoming.socket is not self.sock:
            self._expect()
        return self._buffer


class TlsWire(PlainWire, IMAP4_SSL):  # type: ignore[misc]  # IMAP4_SSL.open differs in its default port alone
    """A connection under TLS from the start."""

    def _get_capabilities(self) -> None:
        """Ask nothing: STARTTLS is not needed, and whatever else the server can holds only after LOGIN."""
        self.untagged_responses.pop("CAPABILITY", None)
        self.capabilities = ("IMAP4REV1",)


class Client(IMAPClient):
    """imapclient over such a connection.

    imapclient 4.1 sets `debug = 5`, which formats every literal twice even with logging off: 20 times the time, and
    bodies in a debug log.
    """

    _imap: PlainWire

    def __init__(self, server: Server, context: ssl.SSLContext | None, *, tls: bool) -> None:
        timeout = SocketTimeout(PlainWire.pace.connect, PlainWire.pace.idle)
        super().__init__(server.host, server.port, ssl=tls, ssl_context=context, timeout=timeout)
        self.wire = self._imap
        self.wire.debug = 0

    def _create_IMAP4(self) -> PlainWire:  # noqa: N802  # imapclient's name
        if self.ssl:
            return TlsWire(self.host, self.port, ssl_context=self.ssl_context, timeout=PlainWire.pace.connect)
        return PlainWire(self.host, self.port, timeout=PlainWire.pace.connect)


def parsed(answer: Sequence[object]) -> tuple[object, ...]:
    """Take one answer apart; nothing comes of one that is wrong, and no complaint: it would quote somebody's mail."""
    try:
        return parse_response(answer)
    except (IMAP4.error, *NONSENSE):
        return ()


def folder_name(told: bytes) -> str | None:
    """Return a folder's name (modified UTF-7, RFC 3501 §5.1.3), None where it cannot be read.

    >>> folder_name(b"&V4NXPpCuTvY-"), folder_name(b"&V4N"), folder_name(b"Junk")
    ('垃圾邮件', None, 'Junk')
    """
    try:
        return decode(told)
    except ValueError:
        return None


def quoted_folder(name: str) -> str:
    r"""Write a folder's name as it goes over the wire: in ASCII without line breaks, whatever it holds.

    >>> quoted_folder('a "b"\r\nc')
    '"a \\"b\\"&AA0ACg-c"'
    """
    escaped = encode(name).decode("ascii").replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
