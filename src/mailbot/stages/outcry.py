"""The alarm that needs no ledger: told straight away, as there is no outbox to lay it in."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

from mailbot.domain.trouble import Trouble
from mailbot.outgoing.courier import Refused

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from datetime import datetime

    from mailbot.domain.books import Outgoing
    from mailbot.errors import LedgerError
    from mailbot.stages.alarming import Alarms
    from mailbot.stages.protocols import Courier

PART = "ledger"
BETWEEN_TRIES = timedelta(hours=1)  # nothing remembers here that a login was refused, so few are made

log = structlog.get_logger(__name__)


class Outcry:
    """Tells the office of a ledger that takes nothing for too long, and that it does again.

    It keeps in memory since when, and whether that was told: there is nowhere else. A restart begins to wait anew.
    """

    def __init__(self, courier: Callable[[], AbstractContextManager[Courier]], alarms: Alarms) -> None:
        self._courier = courier
        self._alarms = alarms
        self._since: datetime | None = None
        self._tried: datetime | None = None
        self._told = False

    def failed(self, error: LedgerError, now: datetime) -> None:
        """Learn that a round had no ledger; tell the office where that lasts."""
        since = self._since = min(self._since or now, now)  # one in the future was noted by a clock that was wrong
        if self._told or now - since < self._alarms.after or (self._tried and abs(now - self._tried) < BETWEEN_TRIES):
            return
        self._tried = now
        if to := self._alarms.recipients():
            self._told = self._send(self._alarms.writer.alarm(Trouble(PART, since, error.for_people()), to, now))

    def well(self, now: datetime) -> None:
        """Learn that a round had its ledger; tell the office where it had heard otherwise."""
        if self._since and self._told and (to := self._alarms.recipients()):
            self._send(self._alarms.writer.all_clear(PART, self._since, to, now))
        self._since, self._tried, self._told = None, None, False

    def _send(self, mail: Outgoing) -> bool:
        with self._courier() as courier:
            outcome = courier.deliver(mail)
        log.warning("told the office without the ledger", key=mail.key, outcome=type(outcome).__name__)
        return not isinstance(outcome, Refused)
