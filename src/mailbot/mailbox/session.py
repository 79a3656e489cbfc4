"""Reading the office's mailbox: which folders, what is in them, and the raw bytes. Nothing in it is ever changed."""

from __future__ import annotations

import re
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from time import monotonic
from typing import TYPE_CHECKING

from mailbot.domain.mailbox import LARGEST, FolderView, Listing, Sighting
from mailbot.domain.server import Server
from mailbot.errors import MessageTooLarge, MessageVanished, ProtocolRefused
from mailbot.mailbox.line import Examined, Line, dial, left_on_error
from mailbot.mailbox.providers import Folder, sent_folder, watched

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mailbot.domain.mailbox import FolderMemory
    from mailbot.mailbox.rows import Row

WINDOW = 500
MOST = 500_000  # messages of a folder that are listed: a server may invent any number
LISTED = "(UID INTERNALDATE RFC822.SIZE)"
WHOLE = "(UID INTERNALDATE BODY.PEEK[])"
WHOLE_AT_MOST = 4 * 1024 * 1024  # bytes; what is larger is fetched in pieces
PIECE = 2 * 1024 * 1024  # bytes; each is in memory twice for a moment
OVERLAP = 64  # bytes by which a piece repeats the one before it
BODY = b"BODY[]"
LARGEST_HEADERS = 256 * 1024  # bytes; more of them is not read either
BEGINNING = f"(UID INTERNALDATE BODY.PEEK[HEADER]<0.{LARGEST_HEADERS}>)"
HEADER = b"BODY[HEADER]<0>"
MESSAGE_ID = "(BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])"
MORE_THAN_LISTED = 16 * 1024 * 1024  # bytes by which a body may be larger than it was listed: some servers estimate
ALIVE_SECONDS = 15  # in which a connection that was kept must show that it lives
IDLE_SECONDS = 9 * 60  # then IDLE is begun anew: many a router forgets a silent connection after ten minutes
LISTED_SECONDS = 3600  # so long the list of folders holds on a connection that is kept
NO_SUCH_FOLDER = (
    "请把 mailbot.toml 的 [imap] folders 中的这个名称改为与网页邮箱中一致，或从中删去；"
    "也可在网页邮箱中重新建立该文件夹。"
)
NOT_NEEDED = "如不需要收取这个文件夹，请在 mailbot.toml 的 [imap] folders 中写明要收取的其他文件夹（如 INBOX）。"


@contextmanager
def open_mailbox(server: Server, password: str, folders: tuple[str, ...] = ()) -> Iterator[Session]:
    """Open one connection for one poll; `folders` are the ones chosen, none for what the provider has.

    Raises:
        MailboxError: the server could not be reached, proved or logged in to.
    """
    session = connected(server, password, folders)
    with left_on_error(session.line.hang_up):
        yield session
    session.line.say_goodbye()


def connected(server: Server, password: str, folders: tuple[str, ...] = ()) -> Session:
    """Open one connection, for whoever keeps it; as `open_mailbox` otherwise."""
    return Session(dial(server, password), folders)


@dataclass(slots=True)
class Session:
    """One connection to the mailbox; fits `Mailbox` of the stages. Not frozen: it knows which folder is open.

    `listed` are all its folders, as they were at `listed_at`; `examined` is the one watched first, where it was opened
    before anybody asked. `shown` is how many messages each held at the last look, and its UIDNEXT.
    """

    line: Line
    chosen: tuple[str, ...] = ()
    open_folder: str = ""
    open_uidvalidity: int = 0
    listed: tuple[Folder, ...] = ()
    listed_at: float = 0.0
    examined: Examined | None = None
    shown: dict[str, tuple[int, int | None]] = field(default_factory=dict)
    idles_since: float = 0.0

    def folders(self) -> tuple[str, ...]:
        """Return the folders to watch: those that were chosen, there or not; else INBOX and the spam-like."""
        return watched(self.line.profile, () if self.chosen else self._all(), self.chosen)

    def _all(self) -> tuple[Folder, ...]:
        """Return all folders of the account, asked for once."""
        if not self.listed:
            self.listed, self.listed_at = self.line.folders(), monotonic()
        return self.listed

    def again(self) -> None:
        """Begin another round on a connection that was kept: see the folder watched first as it is now.

        Raises:
            MailboxError: the connection is dead, out of step or out of date, and to be replaced.
        """
        with self.line.hurried(ALIVE_SECONDS):
            if self.line.idles:
                self.line.end_idle()
            if monotonic() - self.listed_at > LISTED_SECONDS:
                self.listed = ()
            self.examined = self._examine(self.folders()[0])

    def hears(self, seconds: float) -> bool:
        """Wait so long in IDLE for news of the folder watched first; return whether there are any. `again` ends it.

        Raises:
            MailboxError: the connection failed, or the server does not let us wait.
        """
        with self.line.hurried(ALIVE_SECONDS):
            return self._begins_to_hear() or self.line.hears(seconds)

    def _begins_to_hear(self) -> bool:
        """Begin IDLE, or begin it anew, unless there are news already."""
        if self.line.idles and monotonic() - self.idles_since > IDLE_SECONDS:
            self.line.end_idle()
        if self.line.idles:
            return False
        first = self.folders()[0]
        seen = self._examine(first)  # not every server tells in IDLE what came before it
        if (seen.exists, seen.uidnext) != self.shown.get(first):
            return True
        self.line.begin_idle()
        self.idles_since = monotonic()
        return False

    def look(self, folder: str, memory: FolderMemory | None) -> FolderView:
        """Return what is in a folder; with a memory that still holds, only what came since.

        Raises:
            ProtocolRefused: the server refused it, or it is not there; another folder can still be looked at.
            MailboxError: the connection failed.
        """
        view = self._looked(folder, memory)
        self.shown[folder] = (view.exists, view.uidnext)
        return view

    def _looked(self, folder: str, memory: FolderMemory | None) -> FolderView:
        if memory is None or memory.uidnext is None:
            return self._everything(folder, self._opened(folder))
        if self._stands_as_remembered(folder, memory):
            listing = Listing.UNCHANGED if memory.in_view else Listing.FULL
            return FolderView(folder, memory.uidvalidity, memory.uidnext, memory.in_view, listing)
        seen = self._opened(folder)
        return self._what_came(folder, seen, memory, memory.uidnext) or self._everything(folder, seen)

    def _opened(self, folder: str) -> Examined:
        """Open a folder, unless that was just done."""
        seen, self.examined = self.examined, None
        return seen if seen is not None and self.open_folder == folder else self._examine(folder)

    def fetch(self, sighting: Sighting, start: int = 0) -> Iterator[bytes]:
        """Give the raw bytes of a message just seen, from `start` on, in pieces; it ends only where the message does.

        Raises:
            MessageVanished: it is not there any more; what was given is not the whole.
            MessageTooLarge: it has, or is listed with, more than we take.
            ProtocolRefused: the server refused it, or answered about another message. The session goes on all the same.
            MailboxError: the connection failed.
        """
        if sighting.size > LARGEST:
            raise MessageTooLarge(f"UID {sighting.uid} of {sighting.folder!r} has {sighting.size} bytes")
        if not self._opened_for(sighting):
            raise _vanished(sighting)
        if sighting.size > WHOLE_AT_MOST:
            yield from self._pieces(sighting, start)
        else:
            yield self._whole(sighting)[start:]

    def _whole(self, sighting: Sighting) -> bytes:
        raw = _text(BODY, sighting, self._asked(sighting, WHOLE))
        if raw is None or (sighting.size and not raw):
            raise _vanished(sighting)
        return raw

    def _pieces(self, sighting: Sighting, at: int) -> Iterator[bytes]:
        """Give what comes from there on until the end is proved; whoever knows no pieces is asked for the whole.

        Each piece begins with the last bytes that we have: so at the end those come alone, and an empty answer is of a
        message that vanished (RFC 2180 §4.1), never of one that is whole. The listed size proves nothing.
        """
        last = b""
        while at <= LARGEST:
            since = max(at - OVERLAP, 0)
            answers = self._asked(sighting, f"(UID INTERNALDATE BODY.PEEK[]<{since}.{PIECE}>)")
            whole, piece = (_text(part, sighting, answers) or b"" for part in (BODY, b"BODY[]<%d>" % since))
            if not whole and not piece:
                raise _vanished(sighting)
            if whole or len(piece) > PIECE or not piece.startswith(last):
                yield self._rest(sighting, whole, at)
                return
            came = piece[at - since :]
            if not came:
                return
            yield came
            at, last = at + len(came), piece[-OVERLAP:]
            if len(piece) < PIECE and at == sighting.size:
                return
        raise MessageTooLarge(f"UID {sighting.uid} of {sighting.folder!r} does not end after {at} bytes")

    def _rest(self, sighting: Sighting, whole: bytes, at: int) -> bytes:
        """Return what comes from there on of a message that was sent whole; asked for so, where that is not sure."""
        text = whole if len(whole) == sighting.size else self._whole(sighting)
        if len(text) < at:
            raise _vanished(sighting)  # what began there was another one
        return text[at:]

    def _asked(self, sighting: Sighting, items: str) -> tuple[Row, ...]:
        room = min(sighting.size + max(sighting.size, MORE_THAN_LISTED), LARGEST) if sighting.size else LARGEST
        return self.line.fetch_uids(str(sighting.uid), items, room=room)

    def headers(self, sighting: Sighting) -> bytes | None:
        """Return the beginning of the headers of a message just seen; None where the server does not give them.

        Raises:
            ProtocolRefused: the server refused it, or answered about another message; the session goes on.
            MailboxError: the connection failed.
        """
        if not self._opened_for(sighting):
            return None
        return _text(HEADER, sighting, self.line.fetch_uids(str(sighting.uid), BEGINNING, room=LARGEST_HEADERS))

    def sent_message_ids(self, limit: int) -> frozenset[str] | None:
        """Return the Message-IDs of the newest mails in the Sent folder; None where there is no such folder."""
        folder = sent_folder(self._all())
        if folder is None:
            return None
        exists = self._examine(folder).exists
        first = max(1, exists - limit + 1)
        rows = [row for window in _windows(first, exists) for row in self._window(window, MESSAGE_ID)]
        return frozenset(_message_ids(rows))

    def _opened_for(self, sighting: Sighting) -> bool:
        """Open a sighting's folder; return whether its UIDs still mean the same."""
        if self.open_folder != sighting.folder:
            self._examine(sighting.folder)
        return self.open_uidvalidity == sighting.uidvalidity

    def _stands_as_remembered(self, folder: str, memory: FolderMemory) -> bool:
        """Ask how a folder stands beside the open one; what keeps it from telling, EXAMINE will tell."""
        if not self.line.profile.uidnext or self.open_folder in {"", folder}:
            return False
        with suppress(ProtocolRefused):
            return self.line.status(folder) == Examined(memory.in_view, memory.uidvalidity, memory.uidnext)
        return False

    def _examine(self, folder: str) -> Examined:
        self.open_folder = ""  # a refused EXAMINE closes what was open (RFC 3501 §6.3.2)
        try:
            seen = self.line.examine(folder)
        except ProtocolRefused as error:
            raise self._refused(folder, error) from error
        self.open_folder, self.open_uidvalidity = folder, seen.uidvalidity
        return seen if self.line.profile.uidnext else replace(seen, uidnext=None)

    def _refused(self, folder: str, error: ProtocolRefused) -> ProtocolRefused:
        """Say of a folder that cannot be opened what a person can do about it."""
        if folder == "INBOX":
            return error
        self.listed = ()  # it may have been renamed or removed since
        if folder not in {each.name for each in self._all()}:
            said = f"邮箱中没有这个文件夹（服务器答复：{error}）"
            return ProtocolRefused(str(error), chinese=said, remedy=NO_SUCH_FOLDER)
        return ProtocolRefused(str(error), chinese=error.chinese, remedy=f"{error.remedy}{NOT_NEEDED}")

    def _what_came(self, folder: str, seen: Examined, memory: FolderMemory, since: int) -> FolderView | None:
        """Return only what is new, if the counts prove that nothing else changed; else None."""
        if seen.uidnext is None or memory.uidvalidity != seen.uidvalidity:
            return None
        if seen.uidnext < since or not max(1, memory.in_view) <= seen.exists <= memory.in_view + WINDOW:
            return None
        if (since, memory.in_view) == (seen.uidnext, seen.exists):
            return FolderView(folder, seen.uidvalidity, seen.uidnext, seen.exists, Listing.UNCHANGED)
        # "n:*" also returns the last message where none is that high (RFC 3501 §6.4.8).
        rows = _merged(self.line.fetch_uids(f"{since}:*", LISTED))
        came = tuple(each for each in _sightings(folder, seen, rows) if each.uid >= since)
        if memory.in_view + len(came) != seen.exists:
            return None
        return FolderView(folder, seen.uidvalidity, seen.uidnext, seen.exists, Listing.ADDED, came)

    def _everything(self, folder: str, seen: Examined) -> FolderView:
        """List by sequence numbers, in windows; once more where messages went away meanwhile."""
        rows = self._listed(seen)
        if not self._is_whole(_sightings(folder, seen, rows), seen):
            seen = self._examine(folder)
            rows = self._listed(seen)
        found = _sightings(folder, seen, rows)
        unlisted = "" if self._is_whole(found, seen) else _why_not_whole(rows, found, seen)
        return FolderView(folder, seen.uidvalidity, seen.uidnext, seen.exists, Listing.FULL, found, unlisted)

    def _is_whole(self, found: tuple[Sighting, ...], seen: Examined) -> bool:
        return len(found) == seen.exists and not self.line.numbers_moved()

    def _listed(self, seen: Examined) -> list[Row]:
        """List a folder. A window that brings less than it should ends it: the server's count may be any number."""
        listed: list[Row] = []
        for window in _windows(1, min(seen.exists, MOST)):
            came = self._window(window, LISTED)
            listed += came
            if len({row.number for row in came}) < len(window):
                break
        return listed

    def _window(self, window: range, items: str) -> list[Row]:
        """Ask for a window; what is told of other messages, and of flags that changed, was not asked for."""
        told = self.line.fetch(f"{window[0]}:{window[-1]}", items)
        return _merged(row for row in told if row.number in window)


def _windows(first: int, last: int) -> Iterator[range]:
    for start in range(first, last + 1, WINDOW):
        yield range(start, min(start + WINDOW, last + 1))


def _merged(rows: Iterable[Row]) -> list[Row]:
    """Put together what was told in several answers of one message; servers tell flags that changed unasked."""
    merged: dict[tuple[int, int | None], Row] = {}
    for row in rows:
        known = merged.get((row.number, row.uid), row)
        arrived, size = row.arrived or known.arrived, known.size if row.size is None else row.size
        merged[row.number, row.uid] = replace(row, arrived=arrived, size=size, texts={**known.texts, **row.texts})
    named = {row.number for row in merged.values() if row.uid is not None}
    return [row for row in merged.values() if row.uid is not None or row.number not in named]


def _sightings(folder: str, seen: Examined, rows: Iterable[Row]) -> tuple[Sighting, ...]:
    """Return the messages that can be asked for, each once."""
    found = (
        Sighting(folder, seen.uidvalidity, row.uid, row.arrived, row.size or 0) for row in rows if row.uid is not None
    )
    return tuple(dict.fromkeys(found))


def _vanished(sighting: Sighting) -> MessageVanished:
    return MessageVanished(f"UID {sighting.uid} of {sighting.folder!r} is not there any more")


def _why_not_whole(rows: list[Row], found: tuple[Sighting, ...], seen: Examined) -> str:
    nameless = sum(row.uid is None for row in rows)
    if nameless:
        return (
            f"有 {nameless} 封邮件服务器没有给出可用的编号（UID），无法收取。请在网页邮箱中查看，处理后移出该文件夹。"
        )
    return f"服务器称有 {seen.exists} 封邮件，只列出了 {len(found)} 封。系统会自动重试；如持续如此，请联系邮箱服务商。"


def _text(part: bytes, sighting: Sighting, rows: tuple[Row, ...]) -> bytes | None:
    """Find a part among the answers. An expunged message may come as nothing, NIL or empty (RFC 2180 §4.1)."""
    told = [row for row in _merged(rows) if part in row.texts]
    texts = [row.texts[part] for row in told if (row.uid, row.arrived) == (sighting.uid, sighting.arrived)]
    if told and not texts:
        raise ProtocolRefused(f"asked for UID {sighting.uid}, was answered about {[row.uid for row in told]}")
    if len(texts) > 1:  # two messages under one UID: their sizes tell them apart, or nothing does
        texts = [text for text in texts if text is not None and len(text) == sighting.size]
        if len(texts) != 1:
            raise ProtocolRefused(f"several messages have the UID {sighting.uid}")
    return next(iter(texts), None)


def _message_ids(rows: Iterable[Row]) -> Iterator[str]:
    """Read the header's value as bytes, since mail-derived text never goes back to the server."""
    for row in rows:
        for name, value in row.texts.items():
            if name.startswith(b"BODY[HEADER") and value is not None:
                yield from (found.decode("ascii", "replace") for found in re.findall(rb"<[^<>\s]+>", value))
