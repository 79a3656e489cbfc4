"""The only reader of time. Every moment in mailbot is aware and in Asia/Shanghai."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from datetime import datetime

from mailbot.domain.moments import SHANGHAI, shanghai
from mailbot.errors import Place, UsageError

FIXED_BY = "MAILBOT_NOW"


class SystemClock:
    """The machine's clock."""

    fixed = False

    def now(self) -> datetime:
        """Return the present moment."""
        return datetime.now(SHANGHAI)

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)


@dataclass(slots=True)
class SetClock:
    """A clock that stands where it was set: for rehearsals, the demo and tests. Not frozen: it is moved on by hand."""

    moment: datetime
    fixed = True

    def now(self) -> datetime:
        """Return the moment that was set."""
        return self.moment

    def sleep(self, seconds: float) -> None:
        """Return at once: a standing clock has nothing to wait for."""


def clock_from_environment() -> SystemClock | SetClock:
    """Return the machine's clock, or the one that `MAILBOT_NOW` sets.

    Raises:
        UsageError: the variable is no ISO-8601 moment.
    """
    text = os.environ.get(FIXED_BY, "")
    if not text:
        return SystemClock()
    try:
        return SetClock(shanghai(text))
    except ValueError as error:
        raise UsageError(
            f"{FIXED_BY} is not ISO-8601",
            chinese=f"环境变量 {FIXED_BY} 不是 ISO-8601 时间",
            remedy="请写成 2021-04-25T23:59:00+08:00 的形式。",
            place=Place(key=FIXED_BY),
        ) from error
