"""APScheduler wakes the work and decides nothing: what is due is computed from the ledger at each waking.

A missed waking costs nothing, a slow round is not doubled, and SIGTERM ends the round between two messages.
"""

from __future__ import annotations

import signal
import threading
from typing import TYPE_CHECKING

import structlog
from apscheduler.schedulers.background import BackgroundScheduler

from mailbot.domain.moments import SHANGHAI

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

JITTER_SHARE = 10  # a tenth of the interval: many clients must not knock at the same second
PATIENCE = 8.0  # seconds that a running round gets to end after SIGTERM; being killed later loses nothing

log = structlog.get_logger(__name__)


def run_until_stopped(work: Callable[[], None], *, every_seconds: int, stop: threading.Event) -> bool:
    """Do the work now and every so many seconds until SIGTERM or SIGINT, or until somebody sets `stop`.

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
    scheduler.add_job(
        waking,
        "interval",
        seconds=every_seconds,
        jitter=every_seconds // JITTER_SHARE or None,
        coalesce=True,
        max_instances=1,
        misfire_grace_time=None,
    )
    scheduler.add_job(waking, misfire_grace_time=None)
    scheduler.start()
    stop.wait()
    scheduler.shutdown(wait=False)
    ended = idle.acquire(timeout=PATIENCE)
    log.info("stopped", clean=ended)
    return ended
