"""Kill the demo (SIGKILL) at each step that it logs, let it run on, and compare with one that nobody disturbed.

    python -m tests.faults.kill_everywhere short once 1    one report and its answer, at each step
    python -m tests.faults.kill_everywhere short twice 1   likewise, and once more soon after it began again
    python -m tests.faults.kill_everywhere month once 10   the whole month, at each tenth step (an hour for each step)

A step is logged after it was committed, so that a kill there lies between two commits.
"""

from __future__ import annotations

import io
import os
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from importlib import import_module
from itertools import product
from pathlib import Path

from tests.office import parsed

from mailbot.app import App
from mailbot.cli.views import ledger_row
from mailbot.clock import SetClock
from mailbot.demo import play
from mailbot.demo.story import ARRIVALS, BEGINS, ENDS
from mailbot.domain.books import OutboxItem
from mailbot.domain.period import Period
from mailbot.stages.viewing import view

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


@dataclass(frozen=True, slots=True)
class End:
    """How a play ended: the ledger, the places of the messages, and what was sent."""

    ledger: tuple[object, ...]
    messages: tuple[tuple[str, str, tuple[str, ...]], ...]
    answers: tuple[str, ...]
    reminders: tuple[tuple[str, str], ...]
    repeated: tuple[str, ...]  # Message-IDs that went out more than once


def short_story() -> None:
    """Make the play a short one: a report, its answer, and one more round."""
    arrival = replace(A_REPORT, moment=BEGINS + timedelta(minutes=10))
    vars(play).update(HISTORY=(), BINDINGS=(), ARRIVALS=(arrival,), ENDS=BEGINS + play.WAKING)


def whole_month() -> None:
    """Leave the play as it is."""


AGAIN: dict[str, tuple[tuple[int, ...], ...]] = {"once": ((),), "twice": ((2,), (7,))}  # the steps of the next start
STORIES: dict[str, Callable[[], None]] = {"short": short_story, "month": whole_month}


def perform(story: str, out: Path, *, burns_at: int = 0) -> list[str]:
    """Play in a process of its own, killed at a step or not at all; return what it logged."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        sys.stderr = Fuse(burns_at, writing)
        STORIES[story]()
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


def ended(out: Path) -> End:
    """Look at what a play left."""
    app = App.build(out / "mailbot.toml", SetClock(ENDS), {})
    with app.ledger.reading() as books:
        desk = app.desk().with_bindings(books)
        rows = view(books, desk, ENDS, {Period(2021, 3), Period(2021, 4)})
        messages = sorted((row.sha256, row.standing.value, row.receipts) for row in books.messages() if row.in_view)
        items = books.outbox()
    app.ledger.close()
    mails = [parsed(path.read_bytes()) for path in sorted((out / "sent").glob("*.eml"))]
    ids = [str(mail["Message-ID"]) for mail in mails]
    return End(
        ledger=tuple(ledger_row(row, desk.notice(row.obligation.notice)) for row in rows),
        messages=tuple(messages),
        answers=tuple(sorted(str(mail["In-Reply-To"]) for mail in mails if mail["In-Reply-To"])),
        reminders=tuple(sorted(_reminders(items))),
        repeated=tuple(sorted({one for one in ids if ids.count(one) > 1})),
    )


def _reminders(items: tuple[OutboxItem, ...]) -> Iterator[tuple[str, str]]:
    return ((item.mail.key, item.state.value) for item in items if item.mail.rung)


def killed_at(story: str, folder: Path, *steps: int) -> End:
    """Play, killed at each of the steps in turn (counted from the last start), then to the end."""
    for step in (*steps, 0):
        perform(story, folder, burns_at=step)
    return ended(folder)


def main(story: str, how: str, every: int) -> int:
    """Kill at each step that tells something; print a line for each, and return how many ended otherwise."""
    wrong = 0
    for module in IMPORTED_ONCE:
        import_module(module)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        steps = perform(story, folder / "undisturbed")
        right = ended(folder / "undisturbed")
        print(f"{len(steps)} steps, {len(right.messages)} messages, {len(right.answers)} answers")  # noqa: T201
        telling = [number for number, line in enumerate(steps, 1) if DULL not in line][::every]
        for step, again in product(telling, AGAIN[how]):
            kills = (step, *again)
            same = killed_at(story, folder / "-".join(map(str, kills)), *kills) == right
            wrong += not same
            print(f"{'same' if same else 'DIFFERENT'} {kills} {steps[step - 1][:100].strip()}", flush=True)  # noqa: T201
    return wrong


if __name__ == "__main__":
    sys.exit(bool(main(sys.argv[1], sys.argv[2], int(sys.argv[3]))))
