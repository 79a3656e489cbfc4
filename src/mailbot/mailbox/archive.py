"""The raw bytes of every message, each in a file named by its SHA-256: ``aa/bb/aabb….eml``. Nothing is ever deleted.

    pieces ──▶ archive/.unfinished-… ──fsync──▶ rename ──▶ aa/bb/<sha256>.eml ──fsync of the folders──▶ its name

What was kept survives a crash and a power cut; what was not leaves at most a file to go on with, or to be swept.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import sha256 as hash_of
from typing import TYPE_CHECKING

from mailbot.domain.moments import SHANGHAI
from mailbot.errors import MessageLost, Place
from mailbot.mailbox.durable import explained, sha256_of, sync_folder
from mailbot.mailbox.unfinished import PREFIX, Unfinished, vouched_for

if TYPE_CHECKING:
    from pathlib import Path

MARK = "ledger.json"
STALE = timedelta(days=7)  # then nobody goes on with it any more


class Archive:
    """A folder of raw messages; fits `Archive` of the stages."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def unfinished(self, whose: str) -> Unfinished:
        """Begin a message, or go on with it where a round was cut off in it: `whose` tells it from every other one.

        Raises:
            ArchiveError: there is no place for it.
        """
        return Unfinished(self.root, whose, self.path_of)

    def put(self, raw: bytes) -> str:
        """Store the bytes durably and return their SHA-256 in hex. What is there already stays, if it is whole.

        Raises:
            ArchiveError: they could not be stored; nothing half-written bears their name.
        """
        with self.unfinished(hash_of(raw).hexdigest()) as file:
            file.append(raw[file.size :])
            return file.keep()

    def checked(self, sha256: str) -> Path:
        """Return where a message lies, its bytes checked against their name. The file is for reading only.

        Raises:
            MessageLost: they are not there, or are no longer what they were.
            ArchiveError: they cannot be read.
        """
        path = self.path_of(sha256)
        with explained(path):
            found = sha256_of(path)
        if found != sha256:
            raise MessageLost(
                f"{path} does not match its name", chinese="存档的原始邮件已损坏", place=Place(file=str(path))
            )
        return path

    def has(self, sha256: str) -> bool:
        """Tell whether a file of that name is there, without reading it."""
        return self.path_of(sha256).is_file()

    def is_whole(self, sha256: str) -> bool:
        """Tell whether the bytes are there and what they were.

        Raises:
            ArchiveError: they cannot be read.
        """
        try:
            self.checked(sha256)
        except MessageLost:
            return False
        return True

    def path_of(self, sha256: str) -> Path:
        """Return where a message lies, whether it is there or not."""
        return self.root / sha256[:2] / sha256[2:4] / f"{sha256}.eml"

    def is_empty(self) -> bool:
        """Tell whether no message was ever stored."""
        return next(self.root.glob("??/??/*.eml"), None) is None

    def mark(self) -> str:
        """Return what was last written on the archive as a whole, '' where nothing was.

        Raises:
            ArchiveError: it cannot be read.
        """
        path = self.root / MARK
        with explained(path):
            return path.read_text("utf-8", "replace") if path.exists() else ""

    def set_mark(self, text: str) -> None:
        """Write a word on the archive as a whole, durably.

        Raises:
            ArchiveError: it could not be written; the old one stands.
        """
        path, raw = self.root / MARK, text.encode()
        with self.unfinished(MARK + text) as file, explained(path):
            file.append(raw[file.size :])
            file.become(path)
            sync_folder(self.root)

    def sweep(self, now: datetime) -> int:
        """Remove what was left half-written and nobody will go on with; return how many files.

        Only for whoever holds the instance lock, and while no message is being carried.

        Raises:
            ArchiveError: the folder cannot be read or written.
        """
        with explained(self.root):
            left = [path for path in self.root.glob(f"{PREFIX}*") if not _is_worth_keeping(path, now)]
            for path in left:
                path.unlink(missing_ok=True)
        return len(left)


def _is_worth_keeping(path: Path, now: datetime) -> bool:
    return vouched_for(path) > 0 and datetime.fromtimestamp(path.stat().st_mtime, SHANGHAI) > now - STALE
