"""The lock that lets one instance work on a ledger: the kernel's, on a file beside it, gone with the process."""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from mailbot.errors import AlreadyRunning, LedgerUnavailable, Place

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_held: set[int] = set()


def _let_go_after_fork() -> None:
    """Close what a forked worker inherits: else the lock would outlive a killed instance in its workers."""
    for descriptor in _held:
        os.close(descriptor)
    _held.clear()


os.register_at_fork(after_in_child=_let_go_after_fork)


@contextmanager
def only_instance(path: Path) -> Iterator[None]:
    """Hold the lock file as the only instance.

    Raises:
        AlreadyRunning: another one holds it.
        LedgerUnavailable: the file cannot be made.
    """
    with _opened(path, os.O_CREAT | os.O_RDWR) as descriptor:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise _already_running(descriptor) from error
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, b"%d\n" % os.getpid(), 0)
        yield


@contextmanager
def one_at_a_time(folder: Path) -> Iterator[None]:
    """Wait for whoever else is just making or migrating a ledger in the folder, then keep others waiting."""
    with _opened(folder, os.O_RDONLY) as descriptor:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield


@contextmanager
def _opened(path: Path, flags: int) -> Iterator[int]:
    """Hold a descriptor that no forked child keeps."""
    try:
        descriptor = os.open(path, flags, 0o600)
    except OSError as error:
        raise LedgerUnavailable(f"cannot lock {path}: {error}", place=Place(file=path.name)) from error
    _held.add(descriptor)
    try:
        yield descriptor
    finally:
        _held.discard(descriptor)
        os.close(descriptor)


def _already_running(descriptor: int) -> AlreadyRunning:
    pid = os.pread(descriptor, 32, 0).decode("ascii", "replace").strip()
    who = f"（进程号 {pid}）" if pid else ""
    return AlreadyRunning(
        f"the lock is held by pid {pid or 'unknown'}", chinese=f"已有一个 mailbot{who}正在使用这份台账"
    )
