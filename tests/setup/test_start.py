"""The command line answers at once: heavy packages are imported where they are used."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

HEAVY = (
    "alembic", "apscheduler", "docx", "imapclient", "jinja2", "mailparser", "openpyxl", "pdfminer", "PIL", "pydantic",
    "pymap", "rich", "sqlalchemy",
)  # fmt: skip
MAILBOT = Path(sys.executable).with_name("mailbot")


def seconds(command: list[str]) -> float:
    """Return the best of five runs: the machine may be busy with other things."""
    best = float("inf")
    for _ in range(5):
        began = time.perf_counter()
        subprocess.run(command, capture_output=True, check=True, timeout=60)  # noqa: S603 - our own command
        best = min(best, time.perf_counter() - began)
    return best


@pytest.mark.parametrize("module", ["mailbot.cli", "mailbot.demo"])
def test_importing_it_imports_nothing_heavy(module: str) -> None:
    program = [sys.executable, "-c", f"import sys, {module}; print(*sys.modules)"]

    loaded = subprocess.run(program, capture_output=True, text=True, check=True, timeout=60)  # noqa: S603 - our own

    assert not set(HEAVY).intersection(loaded.stdout.split())


def test_help_comes_within_five_times_the_bare_interpreter() -> None:
    assert seconds([str(MAILBOT), "--help"]) <= 5 * seconds([sys.executable, "-c", "pass"])
