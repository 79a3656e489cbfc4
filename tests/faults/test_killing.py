"""The program killed (SIGKILL) wherever it is, run on, and compared with one that nobody disturbed.

The whole month, at every step and at two hundred random moments, is a command of its own: `make faults`.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def run(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - ours
        [sys.executable, "-m", *words], capture_output=True, text=True, cwd=ROOT, check=False, timeout=600
    )


@pytest.mark.slow
@pytest.mark.parametrize(("how", "every", "kills"), [("once", 1, 13), ("twice", 5, 6)])
def test_killed_at_any_step_every_message_and_every_answer_is_there_once(how: str, every: int, kills: int) -> None:
    done = run("tests.faults.kill_everywhere", how, str(every))

    outcomes = [line.split()[0] for line in done.stdout.splitlines()[1:]]
    assert (done.returncode, outcomes) == (0, ["same"] * kills), done.stdout + done.stderr


@pytest.mark.slow
def test_killed_from_outside_at_random_moments_of_a_month_everything_is_there_once() -> None:
    """Whatever seed was drawn: it is told where it fails, and plays the same moments again."""
    done = run("tests.faults.kill_a_month", "--random", "10", "--until", "21")

    assert done.returncode == 0, done.stdout + done.stderr
    assert "10 kills" in done.stdout
    assert "the end is the same" in done.stdout
