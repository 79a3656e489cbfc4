"""The line to the mail server: it opens, logs in, and asks; read-only by construction.

Of the whole protocol it speaks CAPABILITY, STARTTLS, LOGIN, ID, LIST, EXAMINE, STATUS, FETCH, IDLE and LOGOUT, and no
more.
Most is asked for through imaplib, below imapclient: imapclient 4.1 cannot take a range (``1:500``), silently drops an
answer about another message, which must not pass for a message that is gone, and gives up a whole answer for one odd
row.
"""

from __future__ import annotations

import re
import ssl
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial
from imaplib import IMAP4
from typing import TYPE_CHECKING

from mailbot import __version__
from mailbot.domain.server import Security, Server
from mailbot.errors import CertificateRefused, ConnectionLost, LoginRefused, MailboxError, ProtocolRefused
from mailbot.mailbox.providers import Folder, Profile, profile_of
from mailbot.mailbox.refusals import as_ours, login_refused
from mailbot.mailbox.rows import Row, folders, number, rows, standing
from mailbot.mailbox.wire import ROOM, Client, PlainWire, quoted_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

GOODBYE_SECONDS = 5
ID_CAPABILITY = b"ID"
IDLE_CAPABILITY = b"IDLE"
ITEMS_OF_STATUS = "(MESSAGES UIDNEXT UIDVALIDITY)"
DIGITS = re.compile(rb"\d{1,20}")


@dataclass(frozen=True, slots=True)
class Examined:
    """What EXAMINE says of a folder. `uidvalidity` is 0, `uidnext` None where the server does not tell."""

    exists: int
    uidvalidity: int
    uidnext: int | None


class Line:
    """One connection, logged in. `secret` is what the server must not make us repeat.

    A command that is refused leaves it open, but it is not kept: another one may be granted what this one is not. After
    any other error nobody knows what the next bytes belong to: it is dropped, and every further question is a
    `ConnectionLost`.
    """

    def __init__(self, client: Client, profile: Profile, secret: str) -> None:
        self.profile = profile
        self.refused = False
        self._client = client
        self._secret = secret
        self._dropped = False

    def folders(self) -> tuple[Folder, ...]:
        """Return every folder of the account whose name can be read."""
        with self._asking() as wire:
            return folders(_checked(*wire.list()))

    def examine(self, folder: str) -> Examined:
        """Open a folder read-only."""
        with self._asking() as wire:
            _checked(*wire.select(quoted_folder(folder), readonly=True))
            exists, uidvalidity, uidnext = (_told(wire, what) for what in ("EXISTS", "UIDVALIDITY", "UIDNEXT"))
            if exists is None:
                raise ProtocolRefused(f"the server does not tell how many messages {folder!r} holds")
            return Examined(exists, uidvalidity or 0, uidnext)

    def status(self, folder: str) -> Examined | None:
        """Ask how a folder stands that is not open, and leave the one open that is; None where that is not told."""
        with self._asking() as wire:
            told = standing(_checked(*wire.status(quoted_folder(folder), ITEMS_OF_STATUS)), folder)
        if not told.keys() >= {b"MESSAGES", b"UIDVALIDITY", b"UIDNEXT"}:
            return None
        return Examined(told[b"MESSAGES"], told[b"UIDVALIDITY"], told[b"UIDNEXT"])

    def fetch(self, numbers: str, items: str) -> tuple[Row, ...]:
        """Fetch items of messages by their sequence numbers (``1:500``)."""
        with self._asking() as wire:
            return rows(_checked(*wire.fetch(numbers, items)))

    def fetch_uids(self, uids: str, items: str, *, room: int = 0) -> tuple[Row, ...]:
        """Fetch items of messages by their UIDs (``42`` or ``42:*``); `room` is how many bytes the bodies may have."""
        with self._asking(room) as wire:
            return rows(_checked(*wire.uid("FETCH", uids, items)))

    def numbers_moved(self) -> bool:
        """Tell whether the server removed messages, and so moved the numbers of others, since EXAMINE."""
        return "EXPUNGE" in self._client.wire.untagged_responses

    @property
    def can_idle(self) -> bool:
        """Tell whether the server offers to tell of new mail by itself."""
        return IDLE_CAPABILITY in self._client.capabilities()

    @property
    def idles(self) -> bool:
        """Tell whether it does so now; nothing but `hears` and `end_idle` makes sense then."""
        return bool(self._client.wire.idle_tag)

    def begin_idle(self) -> None:
        """Let the server tell of what happens in the open folder."""
        with self._asking() as wire:
            wire.untagged_responses.clear()
            wire.begin_idle()

    def hears(self, seconds: float) -> bool:
        """Wait so long for what the server tells; return whether it told of new mail."""
        with self._asking() as wire:
            told = wire.untagged_responses
            if "EXISTS" not in told:  # it may have come before the server's leave
                wire.waits(seconds)
            news = "EXISTS" in told
            told.clear()
            return news

    def end_idle(self) -> None:
        """End IDLE."""
        with self._asking() as wire:
            wire.end_idle()

    @contextmanager
    def hurried(self, seconds: float) -> Iterator[None]:
        """Wait no longer than that for an answer to what is asked inside."""
        wire = self._client.wire
        wire.pace = replace(wire.pace, idle=min(seconds, wire.pace.idle), answer=seconds)
        try:
            yield
        finally:
            wire.pace = PlainWire.pace

    @property
    def can_be_kept(self) -> bool:
        """Tell whether there is no reason against using it in another round."""
        return self.profile.keeps and not self.refused and not self._dropped

    def hang_up(self) -> None:
        """Close the connection without a word."""
        self._dropped = True
        _hang_up(self._client)

    def say_goodbye(self) -> None:
        """Log out, not waiting long; nothing that happens now matters any more."""
        if self._dropped:
            return
        self._dropped = True
        with suppress(MailboxError), as_ours(self._secret), self.hurried(GOODBYE_SECONDS):
            if self.idles:
                self._client.wire.end_idle()
            self._client.logout()
        _hang_up(self._client)

    @contextmanager
    def _asking(self, room: int = 0) -> Iterator[PlainWire]:
        if self._dropped:
            raise ConnectionLost("the connection was dropped after an earlier error")
        wire = self._client.wire
        wire.room = ROOM + room
        wire.untagged_responses.pop("FETCH", None)  # of a command that was refused half-way
        try:
            with as_ours(self._secret):
                yield wire
        except ProtocolRefused:
            self.refused = True
            raise
        except MailboxError:
            self.hang_up()
            raise


def dial(server: Server, password: str) -> Line:
    """Connect, prove the server's identity, log in once, and say who we are.

    Raises:
        MailboxError: any of these failed; nothing stays open.
    """
    _refuse_what_cannot_be_sent(server.user, password)
    client = _connected(server, password)
    with left_on_error(partial(_hang_up, client)), as_ours(password):
        _log_in(client, server, password)
        profile = profile_of(server.host, frozenset(client.capabilities()))
        _identify(client, profile, server.user)
    return Line(client, profile, password)


@contextmanager
def left_on_error(hang_up: Callable[[], None]) -> Iterator[None]:
    """Hang up where what is said fails in any way, and let it fail: nobody knows what was left unsaid."""
    try:
        yield
    except BaseException:
        hang_up()
        raise


def _refuse_what_cannot_be_sent(user: str, password: str) -> None:
    """LOGIN's arguments are ASCII (RFC 3501 §9); a line break in one would be a command of its own."""
    fine = all(text and text.isascii() and text.isprintable() for text in (user, password))
    if not fine or set(user) & set(' "\\(){}%*'):
        raise LoginRefused(
            "user name or authorisation code is empty or holds what LOGIN cannot carry",
            chinese="用户名或授权码为空，或含有全角、空格、换行等不能使用的字符",
            remedy="请关闭中文输入法，重新复制授权码，前后不要带空格或换行。",
        )


def _connected(server: Server, secret: str) -> Client:
    context = None if server.security is Security.PLAIN else _verifying(server.ca_file)
    with as_ours(secret):
        client = Client(server, context, tls=server.security is Security.TLS)
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


def _start_tls(client: Client, context: ssl.SSLContext | None) -> None:
    """Protect the line before anything secret is said; a server that cannot is left."""
    with left_on_error(partial(_hang_up, client)):
        client.starttls(context)


def _log_in(client: Client, server: Server, password: str) -> None:
    """Try once: a refused login is never repeated here, as providers lock accounts for that."""
    try:
        client.login(server.user, password)
    except IMAP4.error as error:
        raise login_refused(error, password) from None  # a server may echo the command that it did not like


def _identify(client: Client, profile: Profile, address: str) -> None:
    """Send ID with values on each connection (RFC 2971): without it NetEase answers EXAMINE with 'Unsafe Login'."""
    if profile.identify or ID_CAPABILITY in client.capabilities():
        values = ("name", "mailbot", "version", __version__, "vendor", "mailbot", "support-email", address)
        quoted = " ".join(f'"{value}"' for value in values)
        _checked(*client.wire.xatom("ID", f"({quoted})"))


def _hang_up(client: Client) -> None:
    with suppress(IMAP4.error, OSError):
        client.shutdown()


def _told(wire: PlainWire, what: str) -> int | None:
    """Return a number that EXAMINE was answered with, if it can be one."""
    first = next(iter(wire.untagged_responses.get(what, [])), None)
    return number(int(first)) if isinstance(first, bytes) and DIGITS.fullmatch(first) else None


def _checked(typ: str, data: Sequence[object]) -> Sequence[object]:
    if typ != "OK":
        raise IMAP4.error(data[0])
    return data
