"""Kill `mailbot poll` (SIGKILL) all through a month, and compare the end with that of a month that nobody disturbed.

python -m tests.faults.kill_a_month                          at every step, and at 200 random moments
python -m tests.faults.kill_a_month --seed 7                 the same moments again
python -m tests.faults.kill_a_month --random 10 --until 21   ten random moments of the busy hours up to 21 April
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import tempfile
import time
import warnings
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, fields
from pathlib import Path

from tests.faults.a_month import Month, Ran, Waking, a_month, be_ready_to_fork, wakings
from tests.faults.endings import End

from mailbot.demo.story import BEGINS

A_MAIL_WEIGHS = 9  # so many times a waking with nothing new, which takes as many times less
MOST_AT_ONCE = 3  # kills at one waking: a mail that nobody lives to read more often than that is for a person


@dataclass(frozen=True, slots=True)
class Calm:
    """How a month ends that nobody disturbs, and how long each of its processes lived."""

    end: End
    lived: tuple[float, ...]
    steps: int


@dataclass(frozen=True, slots=True)
class Kill:
    """A process that was killed: at which waking of the month, and after which step."""

    waking: int
    last: str


def undisturbed(month: Month, story: tuple[Waking, ...]) -> Calm:
    """Live through the month without a kill."""
    lived = []
    for waking in story:
        month.happens(waking)
        lived.append(month.polls().seconds)
    month.polls()
    assert not month.lost_or_added()
    return Calm(month.ended(), tuple(lived), len(month.steps))


def at_every_step(month: Month, story: tuple[Waking, ...]) -> list[Kill]:
    """Live through the month, killed once at every step that is logged."""
    note = month.folder / "steps"
    kills = []
    for number, waking in enumerate(story):
        month.happens(waking)
        while (ran := month.polls(note=note)).killed:
            kills.append(Kill(number, ran.last))
        forget(note)
    return kills


def forget(note: Path) -> None:
    """Let the steps of the next waking be new ones, but for what concerns a mail of ours: that goes on."""
    steps = note.read_text("utf-8").splitlines()
    note.write_text("".join(f"{step}\n" for step in steps if "item" in json.loads(step)), "utf-8")


def at_random(month: Month, story: tuple[Waking, ...], lived: tuple[float, ...], plan: Plan) -> list[Kill]:
    """Live through the month, killed from outside at the moments of a plan."""
    kills: list[Kill] = []

    def wake(number: int, shares: list[float]) -> int:
        runs: list[Ran] = [month.polls(lives=share * lived[number]) for share in shares]
        kills.extend(Kill(number, ran.last) for ran in runs if ran.killed)
        return sum(not ran.killed for ran in runs)

    for number, waking in enumerate(story):
        month.happens(waking)
        plan.is_late(wake(number, plan.shares(number)))
        month.polls()
        month.polls()  # what was read again in the last place is answered with the next round
    while shares := plan.shares(-1):
        plan.is_late(wake(-1, shares))
    return kills


class Plan:
    """When to kill, drawn by lot: at which wakings, and after which shares of the time that each took undisturbed."""

    def __init__(self, seed: int, kills: int, story: tuple[Waking, ...]) -> None:
        self._lot = random.Random(seed)  # noqa: S311 - moments, not a secret
        weights = [1 + A_MAIL_WEIGHS * len(waking.arrivals) for waking in story]
        self._at = Counter(self._lot.choices(range(len(weights)), weights, k=kills))
        self._left = 0

    def shares(self, waking: int) -> list[float]:
        """Return the shares for a waking, one a kill; what is too much for it is left for the next."""
        self._left += self._at[waking]
        here = min(self._left, MOST_AT_ONCE)
        self._left -= here
        return [self._lot.random() for _ in range(here)]

    def is_late(self, kills: int) -> None:
        """Learn of kills that came when the process had ended by itself: they are drawn anew for the next waking."""
        self._left += kills


def told(what: str, month: Month, kills: list[Kill], right: End, seconds: float) -> bool:
    """Print how a month with kills ended, and where they fell; return whether it ended as it should."""
    month.polls()
    end, astray = month.ended(), month.lost_or_added()
    different = [each.name for each in fields(End) if getattr(end, each.name) != getattr(right, each.name)]
    verdict = f"DIFFERENT: {different} {sorted(astray)}" if different or astray else "the end is the same"
    most = max(Counter(kill.waking for kill in kills).values(), default=0)
    print(f"{what}: {len(kills)} kills, up to {most} at one waking, {seconds:.0f} s; {verdict}")  # noqa: T201
    for step, count in Counter(kill.last for kill in kills).most_common():
        print(f"    {count:4} after: {step}")  # noqa: T201
    for name in different:
        print(*_unlike(getattr(right, name), getattr(end, name)), sep="\n")  # noqa: T201
    sys.stdout.flush()
    return not different and not astray


def _unlike(right: tuple[object, ...], found: tuple[object, ...]) -> list[str]:
    lacking, beyond = ([one for one in ones if one not in others] for ones, others in ((right, found), (found, right)))
    return [f"  should be {each}" for each in lacking] + [f"  but is    {each}" for each in beyond]


def main(story: tuple[Waking, ...], *, seed: int, kills: int, steps: bool) -> bool:
    """Live through the month undisturbed, then killed; tell of each, and return whether all ended the same."""
    be_ready_to_fork()
    with tempfile.TemporaryDirectory() as name:
        begun = time.monotonic()
        with a_month(Path(name) / "undisturbed") as month:
            calm = undisturbed(month, story)
        print(  # noqa: T201
            f"undisturbed: {len(story)} wakings, {calm.steps} steps, {len(calm.end.messages)} messages,"
            f" {len(calm.end.answers)} answers, {len(calm.end.reminders)} reminders, {time.monotonic() - begun:.0f} s",
            flush=True,
        )
        plan = Plan(seed, kills, story)
        ways: dict[str, Callable[[Month], list[Kill]]] = {
            f"at random (seed {seed})": lambda month: at_random(month, story, calm.lived, plan)
        }
        if steps:
            ways["at every step"] = lambda month: at_every_step(month, story)
        same = []
        for what, live in ways.items():
            with a_month(Path(name) / what) as month:
                begun = time.monotonic()
                fell = live(month)
                same.append(told(what, month, fell, calm.end, time.monotonic() - begun))
        return all(same)


def asked() -> argparse.Namespace:
    """Read what is wanted."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seed", type=int, default=int.from_bytes(os.urandom(3)), help="of the random moments")
    parser.add_argument("--random", type=int, default=200, help="how many kills at random moments")
    parser.add_argument("--until", type=int, help="a day of April 2021: only the busy wakings, not killed at each step")
    return parser.parse_args()


if __name__ == "__main__":
    warnings.simplefilter("ignore")  # aiosmtpd's remarks on a login without STARTTLS
    wanted = asked()
    whole = tuple(wakings())
    brief = tuple(each for each in whole if each.arrivals and each.moment.day <= (wanted.until or BEGINS.day))
    sys.exit(not main(brief if wanted.until else whole, seed=wanted.seed, kills=wanted.random, steps=not wanted.until))
