"""The program killed at each step of a message's way, run on, and compared with one that nobody disturbed.

The whole month is a command of its own: `python -m tests.faults.kill_everywhere month once 1`.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
@pytest.mark.parametrize(("how", "every", "kills"), [("once", 1, 13), ("twice", 5, 6)])
def test_killed_at_any_step_every_message_and_every_answer_is_there_once(how: str, every: int, kills: int) -> None:
    command = [sys.executable, "-m", "tests.faults.kill_everywhere", "short", how, str(every)]

    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False, timeout=300)  # noqa: S603 - ours

    outcomes = [line.split()[0] for line in done.stdout.splitlines()[1:]]
    assert (done.returncode, outcomes) == (0, ["same"] * kills), done.stdout + done.stderr
