"""Reading the office's mailbox: which folders, what is in them, and the raw bytes. Nothing in it is ever changed."""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from mailbot.domain.mailbox import LARGEST, FolderView, Listing, Sighting
from mailbot.domain.server import Server
from mailbot.errors import MessageTooLarge, ProtocolRefused
from mailbot.mailbox.line import Examined, Line, Row, dial
from mailbot.mailbox.providers import sent_folder, watched

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mailbot.domain.mailbox import FolderMemory

WINDOW = 500
LISTED = "(UID INTERNALDATE RFC822.SIZE)"
WHOLE = "(UID INTERNALDATE BODY.PEEK[])"
MESSAGE_ID = "(BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])"


@contextmanager
def open_mailbox(server: Server, password: str, folders: tuple[str, ...] = ()) -> Iterator[Session]:
    """Open one connection for one poll; `folders` are the ones chosen, none for what the provider has.

    Raises:
        MailboxError: the server could not be reached, proved or logged in to.
    """
    line = dial(server, password)
    try:
        yield Session(line, folders)
    except BaseException:
        line.hang_up()
        raise
    line.say_goodbye()


@dataclass(slots=True)
class Session:
    """One connection to the mailbox; fits `Mailbox` of the stages. Not frozen: it knows which folder is open."""

    line: Line
    chosen: tuple[str, ...] = ()
    open_folder: str = ""
    open_uidvalidity: int = 0

    def folders(self) -> tuple[str, ...]:
        """Return the watched folders that exist: INBOX first, then the spam-like ones, or those that were chosen."""
        return watched(self.line.profile, self.line.folders(), self.chosen)

    def look(self, folder: str, memory: FolderMemory | None) -> FolderView:
        """Return what is in a folder; with a memory that still holds, only what came since.

        Raises:
            MailboxError: the folder could not be listed completely.
        """
        seen = self._examine(folder)
        uidnext = seen.uidnext if self.line.profile.uidnext else None
        if uidnext is not None and memory is not None and memory.uidnext is not None:
            view = self._what_came(folder, seen, memory, uidnext)
            if view is not None:
                return view
        return self._everything(folder, seen, uidnext)

    def fetch(self, sighting: Sighting) -> bytes | None:
        """Return the raw bytes of a message just seen; None where it vanished meanwhile.

        Raises:
            MessageTooLarge: it is listed with more than can be held; nothing was asked, the session goes on.
            MailboxError: the server failed, or answered about another message.
        """
        if sighting.size > LARGEST:
            raise MessageTooLarge(f"UID {sighting.uid} of {sighting.folder!r} has {sighting.size} bytes")
        if self.open_folder != sighting.folder:
            self._examine(sighting.folder)
        if self.open_uidvalidity != sighting.uidvalidity:
            return None
        return self._body(sighting, self.line.fetch_uids(str(sighting.uid), WHOLE))

    def sent_message_ids(self, limit: int) -> frozenset[str] | None:
        """Return the Message-IDs of the newest mails in the Sent folder; None where there is no such folder."""
        folder = sent_folder(self.line.folders())
        if folder is None:
            return None
        exists = self._examine(folder).exists
        first = max(1, exists - limit + 1)
        rows = [row for window in _windows(first, exists) for row in self.line.fetch(window, MESSAGE_ID)]
        return frozenset(_message_ids(rows))

    def _examine(self, folder: str) -> Examined:
        seen = self.line.examine(folder)
        self.open_folder, self.open_uidvalidity = folder, seen.uidvalidity
        return seen

    def _what_came(self, folder: str, seen: Examined, memory: FolderMemory, uidnext: int) -> FolderView | None:
        """Return only what is new, if the counts prove that nothing else changed; else None."""
        if memory.uidnext is None or memory.uidvalidity != seen.uidvalidity:
            return None
        if uidnext < memory.uidnext or seen.exists < max(1, memory.in_view):
            return None
        if (memory.uidnext, memory.in_view) == (uidnext, seen.exists):
            return FolderView(folder, seen.uidvalidity, uidnext, seen.exists, Listing.UNCHANGED)
        # "n:*" also returns the last message where none is that high (RFC 3501 §6.4.8).
        rows = self.line.fetch_uids(f"{memory.uidnext}:*", LISTED)
        came = {each.uid: each for each in _sightings(folder, seen, rows) if each.uid >= memory.uidnext}
        if memory.in_view + len(came) != seen.exists:
            return None
        return FolderView(folder, seen.uidvalidity, uidnext, seen.exists, Listing.ADDED, tuple(came.values()))

    def _everything(self, folder: str, seen: Examined, uidnext: int | None) -> FolderView:
        """List by sequence numbers, in windows; once more where messages went away meanwhile."""
        found = self._listed(folder, seen)
        if len(found) != seen.exists or self.line.numbers_moved():
            seen = self._examine(folder)
            uidnext = None if uidnext is None else seen.uidnext
            found = self._listed(folder, seen)
        if len(found) != seen.exists or self.line.numbers_moved():
            self.line.hang_up()
            raise ProtocolRefused(f"{folder!r} holds {seen.exists} messages, {len(found)} could be listed")
        return FolderView(folder, seen.uidvalidity, uidnext, seen.exists, Listing.FULL, found)

    def _listed(self, folder: str, seen: Examined) -> tuple[Sighting, ...]:
        rows = (row for window in _windows(1, seen.exists) for row in self.line.fetch(window, LISTED))
        return tuple({each.uid: each for each in _sightings(folder, seen, rows)}.values())

    def _body(self, sighting: Sighting, rows: tuple[Row, ...]) -> bytes | None:
        """Find the body among the answers. An expunged message may come as nothing, NIL or empty (RFC 2180 §4.1)."""
        for row in rows:
            match row:
                case {b"BODY[]": bytes(raw)}:
                    if (row.get(b"UID"), row.get(b"INTERNALDATE")) != (sighting.uid, sighting.arrived):
                        self.line.hang_up()
                        raise ProtocolRefused(f"asked for UID {sighting.uid}, was answered about {row.get(b'UID')}")
                    return raw if raw or not sighting.size else None
        return None


def _windows(first: int, last: int) -> Iterator[str]:
    for start in range(first, last + 1, WINDOW):
        yield f"{start}:{min(start + WINDOW - 1, last)}"


def _sightings(folder: str, seen: Examined, rows: Iterable[Row]) -> Iterator[Sighting]:
    """Read the complete rows; others are flags that changed, which servers tell unasked."""
    for row in rows:
        match row:
            case {b"UID": int(uid), b"INTERNALDATE": datetime() as arrived, b"RFC822.SIZE": int(size)}:
                yield Sighting(folder, seen.uidvalidity, uid, arrived, size)


def _message_ids(rows: Iterable[Row]) -> Iterator[str]:
    """Read the header's value as bytes, since mail-derived text never goes back to the server."""
    for row in rows:
        for key, value in row.items():
            if key.startswith(b"BODY[HEADER") and isinstance(value, bytes):
                yield from (found.decode("ascii", "replace") for found in re.findall(rb"<[^<>\s]+>", value))
