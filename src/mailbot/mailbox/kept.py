"""The one connection of a running service: lent to each round, kept for the next, and listened to in between.

    lend ──▶ does it still answer? ──no──▶ a new one ──▶ the round ──▶ kept, or left where something speaks against it
                                                                         │
    the next round ◀── early, as new mail came ◀── IDLE, if offered ◀────┘

There is never a second connection beside it. After a line that was lost, a round comes early to try again, a few times,
later each time and never at the same moment as others; then at its ordinary time.
"""

from __future__ import annotations

import random
from contextlib import contextmanager
from threading import Event, Lock
from time import monotonic
from typing import TYPE_CHECKING

import structlog

from mailbot.errors import ConnectionLost, MailboxError
from mailbot.mailbox.line import left_on_error

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mailbot.mailbox.session import Session

MOMENT = 1.0  # seconds that listening takes at a time: so soon a round gets the connection that it asks for
QUIET = 5.0  # seconds after a round before news makes another one: what comes together is taken together
AGAIN_AFTER = (20.0, 60.0, 180.0)  # seconds after each time the line was lost; then the ordinary interval is enough
JITTER = (0.5, 1.5)  # by what that is multiplied

log = structlog.get_logger(__name__)


class Kept:
    """The connection, between rounds that a scheduler makes in one thread and somebody who listens in another.

    Args:
        connect: opens a new one.
        pause: waits so many seconds, or until the service is to stop.
    """

    def __init__(self, connect: Callable[[], Session], pause: Callable[[float], object]) -> None:
        self._connect = connect
        self._pause = pause
        self._session: Session | None = None
        self._in_use = Lock()
        self._wanted = Event()
        self._rung = False
        self._losses = 0
        self._next = 0.0
        self._again_at: float | None = None

    @contextmanager
    def lend(self) -> Iterator[Session]:
        """Lend the connection for a round: the one that was kept, if it still answers, else a new one.

        Raises:
            MailboxError: there is none to be had, or it failed in the round.
        """
        self._wanted.set()
        with self._in_use:
            self._wanted.clear()
            self._rung, self._again_at = False, None
            try:
                session = self._still_alive() or self._connect()
                with left_on_error(session.line.hang_up):
                    yield session
            except ConnectionLost:
                self._lost()
                raise
            self._keep(session)

    def listen(self) -> bool:
        """Wait a moment; return whether a round should come early: mail came, or a lost line is to be tried again."""
        if self._wanted.is_set() or self._rung or not self._in_use.acquire(blocking=False):
            self._pause(MOMENT)
            return False
        try:
            self._rung = self._is_time() or self._hears()
        finally:
            self._in_use.release()
        return self._rung

    def close(self) -> None:
        """Log out, if it can be done now."""
        if self._in_use.acquire(timeout=2 * MOMENT):  # whoever listens gives it up after one
            session, self._session = self._session, None
            if session is not None:
                session.line.say_goodbye()
            self._in_use.release()

    def _still_alive(self) -> Session | None:
        """Return the connection that was kept, unless it turns out dead; nothing it says is believed before."""
        session, self._session = self._session, None
        if session is None:
            return None
        try:
            session.again()
        except MailboxError as error:
            log.info("the kept connection is replaced", error=str(error))
            session.line.hang_up()
            return None
        self._losses = 0
        return session

    def _keep(self, session: Session) -> None:
        self._next = monotonic() + QUIET
        if session.line.can_be_kept:
            self._session = session  # that it lasts, only the next round will show
        else:
            self._losses = 0
            session.line.say_goodbye()

    def _lost(self) -> None:
        if self._losses < len(AGAIN_AFTER):
            share = random.uniform(*JITTER)  # noqa: S311  # no secret
            self._again_at = monotonic() + AGAIN_AFTER[self._losses] * share
        self._losses += 1

    def _is_time(self) -> bool:
        return self._again_at is not None and monotonic() >= self._again_at

    def _hears(self) -> bool:
        """Listen for a moment, where the server offers to tell."""
        session = self._session
        if session is None or not session.line.can_idle or monotonic() < self._next:
            self._pause(MOMENT)
            return False
        try:
            return session.hears(MOMENT)
        except MailboxError as error:
            log.info("the kept connection can no longer be listened to", error=str(error))
            self._session = None
            if isinstance(error, ConnectionLost):
                self._lost()
            session.line.say_goodbye()
            return False
