"""A message on its way into the archive: a file beside the others that grows piece by piece, hashed as it comes.

    .unfinished-<whose>-<bytes that are surely there> ──fsync──▶ rename ──▶ aa/bb/<sha256>.eml ──▶ fsync of the folders

What came is made durable before more is added, and the name says how much that is. So after a cut line, a kill or a
power cut the next round goes on from there: what the name does not vouch for is cut off, and asked for again.
"""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from fcntl import LOCK_EX, LOCK_NB, flock
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Self

from mailbot.errors import ArchiveError
from mailbot.mailbox.durable import PRIVATE_FILE, explained, make_folder, sha256_of, sync_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import TracebackType

PREFIX = ".unfinished-"
CHUNK = 1024 * 1024


class Unfinished:
    """The file while it grows; `size` is how many bytes it holds. Left neither kept nor discarded, it is found again.

    Args:
        root: the folder in which it lies.
        whose: what tells this message from every other one, before its bytes are known.
        path_of: where a message of that SHA-256 belongs.
    """

    def __init__(self, root: Path, whose: str, path_of: Callable[[str], Path]) -> None:
        self.size = 0
        self._root = root
        self._stem = f"{PREFIX}{sha256(whose.encode()).hexdigest()}-"
        self._path_of = path_of
        self._digest = sha256()
        with explained(root):
            make_folder(root)
            self._path = _beginning_with(root, self._stem) or root / f"{self._stem}0"
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, PRIVATE_FILE)
            self._file = os.fdopen(descriptor, "r+b")
            try:
                flock(descriptor, LOCK_EX | LOCK_NB)  # whoever lost the ledger's lock unawares may still be at it
                os.fchmod(descriptor, PRIVATE_FILE)
                self._take_up(vouched_for(self._path))
            except OSError:
                self._file.close()
                raise

    def append(self, piece: bytes) -> None:
        """Add a piece, once what came before it is durable.

        Raises:
            ArchiveError: the disk failed; nothing is left of it.
        """
        with self._whole_or_nothing(self._path):
            if self.size:
                self._secure()
            self._file.write(piece)
            self._digest.update(piece)
            self.size += len(piece)

    def keep(self) -> str:
        """Give it its name in the archive, durably; return its SHA-256 in hex. What is there already stays, if whole.

        Raises:
            ArchiveError: it could not be kept; nothing half-written bears its name.
        """
        name = self._digest.hexdigest()
        path = self._path_of(name)
        with self._whole_or_nothing(path):
            if _holds(path, name, self.size):
                self.discard()
            else:
                make_folder(path.parent)
                self.become(path)
            for folder in (path.parent, path.parent.parent, self._root):  # a killed run may have come just short of it
                sync_folder(folder)
        return name

    def become(self, path: Path) -> None:
        """Take a file's place once it is durable; its name in the folder is not yet."""
        self._sync()
        self._file.close()
        self._path.replace(path)

    def discard(self) -> None:
        """Leave nothing of it."""
        with suppress(OSError):
            self._file.close()
        with suppress(OSError):  # swept at the next start
            self._path.unlink(missing_ok=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._file.closed:
            return
        if not self.size:
            self.discard()
            return
        with suppress(OSError), self._file:  # then less of it is found again
            self._secure()

    def _take_up(self, vouched: int) -> None:
        """Go on after what surely is there."""
        while chunk := self._file.read(min(CHUNK, vouched - self.size)):
            self._digest.update(chunk)
            self.size += len(chunk)
        self._file.truncate(self.size)
        self._file.seek(self.size)

    def _secure(self) -> None:
        """Make durable what is there, and let the name say so."""
        self._sync()
        self._path = self._path.replace(self._root / f"{self._stem}{self.size}")

    def _sync(self) -> None:
        self._file.flush()
        os.fsync(self._file.fileno())

    @contextmanager
    def _whole_or_nothing(self, path: Path) -> Iterator[None]:
        """Explain what the disk says: a full one is not left fuller."""
        try:
            with explained(path):
                yield
        except ArchiveError:
            self.discard()
            raise


def vouched_for(path: Path) -> int:
    """Return how many bytes an unfinished file's name vouches for.

    >>> vouched_for(Path(".unfinished-4f2a-4194304")), vouched_for(Path(".unfinished-4f2a"))
    (4194304, 0)
    """
    _, parted, told = path.name.removeprefix(PREFIX).rpartition("-")
    return int(told) if parted and told.isdecimal() else 0


def _beginning_with(root: Path, stem: str) -> Path | None:
    with os.scandir(root) as entries:
        return next((Path(entry.path) for entry in entries if entry.name.startswith(stem)), None)


def _holds(path: Path, name: str, size: int) -> bool:
    """Tell whether the file is there and whole; a torn or damaged one is to be written again."""
    try:
        return path.stat().st_size == size and sha256_of(path) == name
    except FileNotFoundError:
        return False
