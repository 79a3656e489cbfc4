from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from time import monotonic

import pytest

from mailbot.scheduler import run_until_stopped

PATIENCE = 10.0


@pytest.fixture(autouse=True)
def _handlers() -> Iterator[None]:
    """Put back what the scheduler makes of the signals of this process."""
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


class Work:
    """Rounds that each take a while, and how many of them were under way at once."""

    def __init__(self, *seconds: float) -> None:
        self.stop = threading.Event()
        self.most_at_once = self.under_way = self.made = 0
        self._seconds = seconds

    def __call__(self) -> None:
        self.under_way += 1
        self.most_at_once = max(self.most_at_once, self.under_way)
        self.stop.wait(self._seconds[self.made])
        self.under_way -= 1
        self.made += 1
        if self.made == len(self._seconds):
            self.stop.set()


def test_a_round_slower_than_the_interval_is_neither_doubled_nor_the_last() -> None:
    """One round of 2.2 s at an interval of 1 s, then another.

    Source: APScheduler 3.11: a waking that is missed by more than a second is dropped unless it is told otherwise.
    """
    work = Work(2.2, 0)

    assert run_until_stopped(work, every_seconds=1, stop=work.stop)

    assert (work.made, work.most_at_once) == (2, 1)


@pytest.mark.parametrize("failure", [RuntimeError, SystemExit])
def test_a_round_that_fails_is_followed_by_the_next(failure: type[BaseException]) -> None:
    """The scheduler swallows even SystemExit: nobody may end the service by raising it."""
    rounds, stop = iter((failure("once"), None)), threading.Event()

    def work() -> None:
        if error := next(rounds):
            raise error
        stop.set()

    assert run_until_stopped(work, every_seconds=1, stop=stop)
    assert next(rounds, "no more") == "no more"


def test_a_bell_makes_a_round_at_once_and_the_ordinary_ones_go_on() -> None:
    """Source: APScheduler 3.11: a job without a trigger runs at once."""
    work, rung = Work(0, 0, 0), iter((False, True, True))

    def listens() -> bool:
        work.stop.wait(0.05)
        return next(rung, False)

    began = monotonic()
    assert run_until_stopped(work, every_seconds=3600, stop=work.stop, listen=listens)

    assert (work.made, work.most_at_once) == (3, 1)
    assert monotonic() - began < PATIENCE


def test_a_stop_does_not_wait_for_whoever_listens() -> None:
    work, released = Work(0), threading.Event()
    began = monotonic()

    assert run_until_stopped(work, every_seconds=3600, stop=work.stop, listen=lambda: released.wait(PATIENCE))

    assert monotonic() - began < PATIENCE / 2
    released.set()
    assert work.made == 1
