"""Kill the demo (SIGKILL) at each step of one report's way, let it run on, and compare with one that nobody disturbed.

    python -m tests.faults.kill_everywhere once 1    at each step that it logs
    python -m tests.faults.kill_everywhere twice 5   at each fifth, and once more soon after it began again

A step is logged after it was committed, so that a kill there lies between two commits. A whole month: kill_a_month.py.
"""

from __future__ import annotations

import io
import os
import signal
import sys
import tempfile
from dataclasses import replace
from datetime import timedelta
from importlib import import_module
from itertools import product
from pathlib import Path

from tests.faults.endings import End, ended

from mailbot.demo import play
from mailbot.demo.story import ARRIVALS, BEGINS, ENDS

A_REPORT = ARRIVALS[1]  # both parts, from an address that is bound
IMPORTED_ONCE = (  # so that no fork has to
    "alembic.command",
    "openpyxl",
    "PIL.Image",
    "sqlalchemy.dialects.sqlite",
    "mailbot.ledger.engine",
    "mailbot.mailbox.session",
    "mailbot.outgoing.rendering",
    "mailbot.outgoing.smtp",
    "mailbot.reading.reader",
    "mailbot.reports.workbook",
)
DULL = '"exists": 0'  # an empty folder was polled


class Fuse(io.StringIO):
    """Standard error that counts the log's lines, and ends the process at one of them."""

    def __init__(self, burns_at: int, told: int) -> None:
        super().__init__()
        self._left = burns_at
        self._told = told

    def write(self, text: str) -> int:
        """Take what is logged."""
        if text.startswith("{"):
            os.write(self._told, text.encode() + b"\n")
            self._left -= 1
            if self._left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
        return len(text)


def short_story() -> None:
    """Make the play a short one: a report, its answer, and one more round."""
    arrival = replace(A_REPORT, moment=BEGINS + timedelta(minutes=10))
    vars(play).update(HISTORY=(), BINDINGS=(), ARRIVALS=(arrival,), ENDS=BEGINS + play.WAKING)


AGAIN: dict[str, tuple[tuple[int, ...], ...]] = {"once": ((),), "twice": ((2,), (7,))}  # the steps of the next start


def perform(out: Path, *, burns_at: int = 0) -> list[str]:
    """Play in a process of its own, killed at a step or not at all; return what it logged."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        sys.stderr = Fuse(burns_at, writing)
        short_story()
        play.play(out, pausing=False, verbose=True)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as told:
        lines = [line for line in told if line.strip()]
    status = os.waitpid(child, 0)[1]
    killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    if not (killed or os.waitstatus_to_exitcode(status) == 0):
        raise RuntimeError("".join(lines[-5:]))
    return lines


def left_by(out: Path) -> End:
    """Look at what a play left."""
    return ended(out / "mailbot.toml", [path.read_bytes() for path in sorted((out / "sent").glob("*.eml"))], ENDS)


def killed_at(folder: Path, *steps: int) -> End:
    """Play, killed at each of the steps in turn (counted from the last start), then to the end."""
    for step in (*steps, 0):
        perform(folder, burns_at=step)
    return left_by(folder)


def main(how: str, every: int) -> int:
    """Kill at each step that tells something; print a line for each, and return how many ended otherwise."""
    wrong = 0
    for module in IMPORTED_ONCE:
        import_module(module)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        steps = perform(folder / "undisturbed")
        right = left_by(folder / "undisturbed")
        print(f"{len(steps)} steps, {len(right.messages)} messages, {len(right.answers)} answers")  # noqa: T201
        telling = [number for number, line in enumerate(steps, 1) if DULL not in line][::every]
        for step, again in product(telling, AGAIN[how]):
            kills = (step, *again)
            same = killed_at(folder / "-".join(map(str, kills)), *kills) == right
            wrong += not same
            print(f"{'same' if same else 'DIFFERENT'} {kills} {steps[step - 1][:100].strip()}", flush=True)  # noqa: T201
    return wrong


if __name__ == "__main__":
    sys.exit(bool(main(sys.argv[1], int(sys.argv[2]))))
