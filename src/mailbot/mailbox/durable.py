"""What makes files survive a crash and a power cut: folders synced in order, and the disk's errors explained."""

from __future__ import annotations

import errno
import hashlib
import os
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from mailbot.errors import ArchiveError, MessageLost, Place

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PRIVATE_FOLDER, PRIVATE_FILE = 0o700, 0o600  # whatever the umask
DISK_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})


def make_folder(folder: Path) -> None:
    """Make a folder and those above it, private whatever the umask, each entry durable in its parent."""
    if folder.is_dir():
        return
    make_folder(folder.parent)
    with suppress(FileExistsError):
        folder.mkdir(PRIVATE_FOLDER)
    folder.chmod(PRIVATE_FOLDER)
    sync_folder(folder.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file in hex, never more of it in memory than a piece."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def explained(path: Path) -> Iterator[None]:
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
