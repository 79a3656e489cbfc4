"""The command line answers at once: heavy packages are imported where they are used."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = (
    "alembic", "apscheduler", "docx", "imapclient", "jinja2", "mailparser", "openpyxl", "pdfminer", "PIL", "pydantic",
    "psycopg", "pymap", "rich", "sqlalchemy",
)  # fmt: skip
MAILBOT = Path(sys.executable).with_name("mailbot")


def seconds(command: list[str]) -> float:
    """Return the processor time of the best of eight runs: the machine may be busy with other things.

    Python's own variables are left out, so that the compiled files of an installed program are made and used.
    """
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    best = float("inf")
    for _ in range(8):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, capture_output=True, check=True, timeout=60, env=environment)  # noqa: S603 - our own
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        best = min(best, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return best


@pytest.mark.parametrize("module", ["mailbot.cli", "mailbot.demo"])
def test_importing_it_imports_nothing_heavy(module: str) -> None:
    program = [sys.executable, "-c", f"import sys, {module}; print(*sys.modules)"]

    loaded = subprocess.run(program, capture_output=True, text=True, check=True, timeout=60)  # noqa: S603 - our own

    assert not set(HEAVY).intersection(loaded.stdout.split())


def test_help_comes_within_five_times_the_bare_interpreter() -> None:
    assert seconds([str(MAILBOT), "--help"]) <= 5 * seconds([sys.executable, "-c", "pass"])
