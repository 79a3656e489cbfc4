"""Small disks for tests that run as root where mounting is allowed: too small, full to the last byte, or read-only."""

from __future__ import annotations

import os
import subprocess
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Disk:
    """A small disk, mounted at a folder."""

    folder: Path

    def grow(self, size: str) -> None:
        """Give it more room."""
        self._remount(f"size={size}")

    def protect(self) -> None:
        """Let nothing be written, as the kernel does to a disk that fails; no file on it may be open for that."""
        self._remount("ro")

    def open_up(self) -> None:
        """Let everything be written again."""
        self._remount("rw")

    def fill(self) -> None:
        """Leave no room at all."""
        with (self.folder / "filler").open("wb", buffering=0) as file:
            for size in (65536, 4096, 512, 1):
                try:
                    while file.write(b"x" * size) == size:
                        pass
                except OSError:
                    continue

    def _remount(self, how: str) -> None:
        subprocess.run(["/bin/mount", "-o", f"remount,{how}", self.folder], check=True)  # noqa: S603


@contextmanager
def a_disk(folder: Path, size: str) -> Iterator[Disk]:
    """Lend a disk with that much room at a folder, or skip the test."""
    folder.mkdir(parents=True, exist_ok=True)
    command = ["/bin/mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    if os.getuid() != 0 or subprocess.run(command, check=False, capture_output=True).returncode != 0:  # noqa: S603
        pytest.skip("a small disk cannot be mounted here")
    try:
        yield Disk(folder)
    finally:
        subprocess.run(["/bin/umount", "--lazy", folder], check=True)  # noqa: S603
