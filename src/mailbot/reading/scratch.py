"""The private folder of each message being read: unpacked mail, gone when it was read, or swept after a kill.

A folder is locked while its process lives; the kernel lets go of the lock when the process dies, however it dies. So a
sweep takes away what a killed process left, and never what another one is reading at this moment.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import stat
import tempfile
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

PREFIX = "mailbot-reading-"


@contextmanager
def a_folder(where: Path | None = None) -> Iterator[Path]:
    """Lend a new private folder (0700), gone with all that is in it afterwards.

    Args:
        where: in which folder; the system's place for such things otherwise (TMPDIR).
    """
    with ExitStack() as kept:
        yield _made_and_held(where, kept)


def _made_and_held(where: Path | None, kept: ExitStack) -> Path:
    """Return a new folder with its lock held; one that was swept before it could be locked is made again."""
    while True:
        with ExitStack() as stack, suppress(BlockingIOError, FileNotFoundError):
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix=PREFIX, dir=where)))
            stack.enter_context(_held(folder))
            if folder.exists():
                kept.enter_context(stack.pop_all())
                return folder


def sweep(where: Path | None = None) -> int:
    """Remove the folders that killed processes of ours left; return how many."""
    swept = 0
    for folder in (where or Path(tempfile.gettempdir())).glob(f"{PREFIX}*"):
        with suppress(OSError):  # in use, somebody else's, or gone meanwhile: none of it is ours to remove
            found = folder.lstat()
            if stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid():
                with _held(folder):
                    shutil.rmtree(folder)
                    swept += 1
    return swept


@contextmanager
def _held(folder: Path) -> Iterator[None]:
    """Hold the folder's lock.

    Raises:
        BlockingIOError: a living process holds it.
    """
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(descriptor)
