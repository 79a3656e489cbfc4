"""A measurement in a process of its own: started, asked as JSON, answering as JSON; and what a process has used.

`python -m benchmarks.NAME JSON` is one measurement; each such module ends by answering with what it measured.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]


def measure(name: str, **asked: object) -> dict[str, Any]:
    """Make one measurement in a fresh process and return what it found.

    Raises:
        subprocess.CalledProcessError: it failed; what it complained of stands on standard error.
    """
    command = [sys.executable, "-m", f"benchmarks.{name}", json.dumps(asked)]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True, text=True)  # noqa: S603  # ours
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def answer(work: Callable[..., Mapping[str, object]]) -> None:
    """Do what the command line asks of this process, and print the answer as its last line."""
    sys.stdout.write(json.dumps(work(**json.loads(sys.argv[1]))) + "\n")


def cpu_seconds() -> float:
    """Return what this process and the children that it has waited for have used of the processor."""
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in used)


def cpu_seconds_of(process: int) -> float:
    """Return what another living process has used of the processor (proc(5): fields 14 and 15 of stat)."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def peak_megabytes(process: int | str = "self") -> float:
    """Return the most memory that a living process ever held; not what its parent held before it was one."""
    status = Path(f"/proc/{process}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) / 1024


def present_megabytes() -> float:
    """Return the memory that this process holds now."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


def children() -> tuple[int, ...]:
    """Return the processes that this one has started and that still live."""
    return tuple(map(int, Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()))
