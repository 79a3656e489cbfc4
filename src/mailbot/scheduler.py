"""APScheduler wakes the work and decides nothing: what is due is computed from the ledger at each waking.

A missed waking costs nothing, a slow round is not doubled, and SIGTERM ends the round between two messages. Where the
clock was put back, the next waking is now, and not when that time comes again.
"""

from __future__ import annotations

import random
import signal
import threading
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import structlog
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger

from mailbot.clock import SystemClock
from mailbot.domain.moments import SHANGHAI

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

    from apscheduler.schedulers.background import Job

JITTER_SHARE = 10  # a tenth of the interval: many clients must not knock at the same second
PATIENCE = 8.0  # seconds that a running round gets to end after SIGTERM; being killed later loses nothing

log = structlog.get_logger(__name__)


class Pace(BaseTrigger):
    """Fires now, and then so many seconds after each firing, whatever the clock did meanwhile.

    APScheduler's own interval goes one by one through all firings that a clock put ahead seems to have missed.
    """

    def __init__(self, seconds: int) -> None:
        self._interval = timedelta(seconds=seconds)
        self._jitter = timedelta(seconds=seconds // JITTER_SHARE)

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime:
        """Return when to fire next."""
        if previous_fire_time is None:
            return now
        return now + self._interval + random.random() * self._jitter  # noqa: S311 - no secret


def run_until_stopped(
    work: Callable[[], None],
    *,
    every_seconds: int,
    stop: threading.Event,
    listen: Callable[[], bool] | None = None,
) -> bool:
    """Do the work now and every so many seconds until SIGTERM or SIGINT, or until somebody sets `stop`.

    `listen` is called again and again: it waits a moment, and returns whether the work should be done at once.

    Returns whether the work in hand had ended when time was up.
    """
    idle = threading.Lock()

    def waking() -> None:
        with idle:
            if not stop.is_set():
                work()

    def on_signal(number: int, _frame: FrameType | None) -> None:
        log.info("stopping", signal=signal.Signals(number).name)
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, on_signal)
    scheduler = BackgroundScheduler(timezone=SHANGHAI)
    regular = scheduler.add_job(waking, Pace(every_seconds), coalesce=True, max_instances=1, misfire_grace_time=None)
    scheduler.start()
    if listen is not None:
        # nobody waits for its end: a server that stalls must not keep the service from stopping
        threading.Thread(
            target=_listening, args=(listen, scheduler, waking, stop), name="listening", daemon=True
        ).start()
    while not stop.wait(every_seconds):
        _bring_near(regular, every_seconds)
    scheduler.shutdown(wait=False)
    ended = idle.acquire(timeout=PATIENCE)
    log.info("stopped", clean=ended)
    return ended


def _bring_near(regular: Job, every_seconds: int) -> None:
    """Let the next waking be now where it lies farther off than it can: the clock was put back since it was set.

    Source: APScheduler 3.11 goes by the wall clock alone, and would sleep until that time comes again.
    """
    now = SystemClock().now()
    if regular.next_run_time - now > timedelta(seconds=2 * every_seconds):
        log.warning("the clock was put back", next_waking=regular.next_run_time.isoformat(timespec="seconds"))
        regular.modify(next_run_time=now)


def _listening(
    listen: Callable[[], bool], scheduler: BackgroundScheduler, waking: Callable[[], None], stop: threading.Event
) -> None:
    """Do the work at once whenever it is asked for, after what of it is under way; the regular one goes on."""
    while not stop.is_set():
        if listen() and not stop.is_set():
            scheduler.add_job(waking, misfire_grace_time=None)
