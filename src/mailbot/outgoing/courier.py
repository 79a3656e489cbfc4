"""What became of one attempt to send: three outcomes and no fourth."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from typing import TypeAlias

from mailbot.errors import Retry


@dataclass(frozen=True, slots=True)
class Taken:
    """The server took it for one recipient at least; its own words after 250, and the addresses that it refused."""

    answer: str
    refused: tuple[str, ...] = ()


class Scope(Enum):
    """What a refusal is about."""

    RECIPIENT = "recipient"  # this address only
    MAIL = "mail"  # this mail only
    CONTENT = "content"  # judged spam: this mail, and with it every other that we would send now
    SERVER = "server"  # every mail: connection, quota
    LOGIN = "login"  # every mail, until the account is logged in to with another code


@dataclass(frozen=True, slots=True)
class Refused:
    """The server did not take it. `reason` is Chinese, `answer` the server's own words, decoded.

    `wait` is the least time before another try makes sense, where the server's answer tells more than `retry` does.
    """

    scope: Scope
    retry: Retry
    reason: str
    answer: str = ""
    wait: timedelta = timedelta()


@dataclass(frozen=True, slots=True)
class Unknown:
    """The connection was lost after the final dot: nobody knows."""

    reason: str


Outcome: TypeAlias = Taken | Refused | Unknown
