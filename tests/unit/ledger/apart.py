"""Running things beside the test: in another Python, or in a fork that may be killed."""

from __future__ import annotations

import os
import subprocess
import sys
import traceback
from pathlib import Path
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[3]


def another_process(*arguments: str) -> subprocess.Popen[str]:
    """Start `another_process.py` with these arguments."""
    return subprocess.Popen(  # noqa: S603 - our own module
        [sys.executable, "-m", "tests.unit.ledger.another_process", *arguments],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def ended_well(process: subprocess.Popen[str]) -> str:
    """Wait for the end of a process, and return what it said."""
    said, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    return said


def first_line(stream: IO[str] | None) -> str:
    """Return the next line that a process says."""
    assert stream is not None
    return stream.readline()


def in_a_fork(work: Callable[[], None]) -> int:
    """Do something in a forked process; return its exit code, negative for the signal that killed it.

    No ledger may be open here meanwhile: SQLite's locks do not survive a fork.
    """
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            work()
            code = 0
        except BaseException:  # noqa: BLE001 - told, and then the fork must end here whatever it was
            traceback.print_exc()
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
