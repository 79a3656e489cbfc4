"""The command that measures works, and the product comes to the end that the straightforward way comes to."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.dovecot
@pytest.mark.slow
def test_cpu_is_measured_beside_a_straightforward_way_that_ends_with_the_same_rows() -> None:
    command = [sys.executable, "-m", "benchmarks", "cpu", "--messages", "4", "--rounds", "1"]

    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)  # noqa: S603

    assert done.returncode == 0, done.stderr
    assert "Both ways ended with the same" in done.stdout
