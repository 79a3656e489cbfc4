"""A refused login is not hammered: NetEase locks accounts that try too often with a wrong code."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from mailbot.errors import LoginRefused

WAITS = (timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=6))


@dataclass(slots=True)
class Patience:
    """Remembers a refused login while the service runs. Not frozen: it is taught by what happens."""

    _refusals: int = 0
    _until: datetime | None = None
    _error: LoginRefused = field(default_factory=LoginRefused)

    def ask(self, now: datetime) -> None:
        """Let a login be tried, or not yet.

        Raises:
            LoginRefused: the last one was refused, and it is too early to try again.
        """
        if self._until is not None and now < self._until:
            raise self._error

    def refused(self, error: LoginRefused, now: datetime) -> None:
        """Learn that a login was refused: wait longer each time.

        >>> from mailbot.domain.moments import shanghai
        >>> patience, now = Patience(), shanghai("2021-04-25T09:00")
        >>> patience.refused(LoginRefused(), now)
        >>> patience.ask(now + timedelta(minutes=4))
        Traceback (most recent call last):
        mailbot.errors.LoginRefused: The mail server refused the login.
        >>> patience.ask(now + timedelta(minutes=5))
        """
        self._until = now + WAITS[min(self._refusals, len(WAITS) - 1)]
        self._refusals += 1
        self._error = error

    def accepted(self) -> None:
        """Learn that a login was accepted."""
        self._refusals, self._until = 0, None
