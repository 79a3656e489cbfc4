"""How much a worker may use. A report is a few megabytes and read in milliseconds: these are far above, not tight."""

from __future__ import annotations

from dataclasses import dataclass

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of a worker: sizes in bytes, times in seconds."""

    memory: int = 1536 * MEGABYTE  # address space
    file_size: int = 256 * MEGABYTE
    open_files: int = 64
    cpu_seconds: int = 20  # a job
    wall_seconds: float = 30.0  # a job
    message_seconds: float = 120.0  # all jobs of a message
    answer: int = 32 * MEGABYTE
    jobs: int = 2_000  # then a fresh worker, so that a leak in a library does not grow
