"""The raw bytes of every message, each in a file named by its SHA-256: ``aa/bb/aabb….eml``. Nothing is ever deleted.

    bytes ──▶ archive/.tmp-… ──fsync──▶ rename ──▶ aa/bb/<sha256>.eml ──fsync of the folders──▶ its name

What `put` has returned survives a crash and a power cut; what it has not returned leaves at most a file to be swept.
"""

from __future__ import annotations

import errno
import os
import tempfile
from contextlib import contextmanager, suppress
from hashlib import sha256 as hash_of
from pathlib import Path
from typing import TYPE_CHECKING

from mailbot.errors import ArchiveError, MessageLost, Place

if TYPE_CHECKING:
    from collections.abc import Iterator

PRIVATE_FOLDER, PRIVATE_FILE = 0o700, 0o600  # whatever the umask
UNFINISHED = ".unfinished-"
MARK = "ledger.json"
DISK_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})


class Archive:
    """A folder of raw messages; fits `Archive` of the stages."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, raw: bytes) -> str:
        """Store the bytes durably and return their SHA-256 in hex. What is there already stays, if it is whole.

        Raises:
            ArchiveError: they could not be stored; nothing half-written bears their name.
        """
        name = hash_of(raw).hexdigest()
        path = self.path_of(name)
        with _explained(path):
            if not _holds(path, raw):
                _make_folder(path.parent)
                _write(path, raw, unfinished_in=self.root)
            for folder in (path.parent, path.parent.parent, self.root):  # a killed run may have come just short of it
                _sync_folder(folder)
        return name

    def get(self, sha256: str) -> bytes:
        """Return the bytes, checked against their name.

        Raises:
            MessageLost: they are not there, or are no longer what they were.
            ArchiveError: they cannot be read.
        """
        path = self.path_of(sha256)
        with _explained(path):
            raw = path.read_bytes()
        if hash_of(raw).hexdigest() != sha256:
            raise MessageLost(
                f"{path} does not match its name", chinese="存档的原始邮件已损坏", place=Place(file=str(path))
            )
        return raw

    def has(self, sha256: str) -> bool:
        """Tell whether a file of that name is there, without reading it."""
        return self.path_of(sha256).is_file()

    def is_whole(self, sha256: str) -> bool:
        """Tell whether the bytes are there and what they were.

        Raises:
            ArchiveError: they cannot be read.
        """
        try:
            self.get(sha256)
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
        with _explained(path):
            return path.read_text("utf-8", "replace") if path.exists() else ""

    def set_mark(self, text: str) -> None:
        """Write a word on the archive as a whole, durably.

        Raises:
            ArchiveError: it could not be written; the old one stands.
        """
        path = self.root / MARK
        with _explained(path):
            _make_folder(self.root)
            _write(path, text.encode(), unfinished_in=self.root)
            _sync_folder(self.root)

    def sweep(self) -> int:
        """Remove what a killed run left half-written; return how many files. Only for whoever holds the instance lock.

        Raises:
            ArchiveError: the folder cannot be read or written.
        """
        with _explained(self.root):
            left = list(self.root.glob(f"{UNFINISHED}*"))
            for path in left:
                path.unlink(missing_ok=True)
        return len(left)


def _holds(path: Path, raw: bytes) -> bool:
    """Tell whether the file is there and whole; a torn or damaged one is to be written again."""
    try:
        return path.stat().st_size == len(raw) and path.read_bytes() == raw
    except FileNotFoundError:
        return False


def _make_folder(folder: Path) -> None:
    """Make a folder and those above it, private whatever the umask, each entry durable in its parent."""
    if folder.is_dir():
        return
    _make_folder(folder.parent)
    with suppress(FileExistsError):
        folder.mkdir(PRIVATE_FOLDER)
    folder.chmod(PRIVATE_FOLDER)
    _sync_folder(folder.parent)


def _write(path: Path, raw: bytes, *, unfinished_in: Path) -> None:
    descriptor, name = tempfile.mkstemp(prefix=UNFINISHED, dir=unfinished_in)
    try:
        with os.fdopen(descriptor, "wb") as file:
            os.fchmod(descriptor, PRIVATE_FILE)
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    """Turn what the disk says into an `ArchiveError` with the place and what to do."""
    try:
        yield
    except FileNotFoundError as error:
        raise MessageLost(f"{path} is missing", chinese="存档的原始邮件不见了", place=Place(file=str(path))) from error
    except OSError as error:
        full = error.errno in DISK_FULL
        raise ArchiveError(
            f"{path}: {error.strerror}",
            chinese="磁盘已满，原始邮件无法存档" if full else "",
            remedy="请清理磁盘空间；邮件仍在邮箱中，腾出空间后自动继续。" if full else "",
            place=Place(file=str(path)),
        ) from error
