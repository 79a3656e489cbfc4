"""mailbot.toml as typed values. Reading and checking it is loading's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from ipaddress import ip_address
from pathlib import Path

from mailbot.domain.ladder import OfficeHours, Rung


class Security(Enum):
    """How a connection is protected. PLAIN only to the loopback."""

    TLS = "tls"
    STARTTLS = "starttls"
    PLAIN = "plain"


def is_loopback(host: str) -> bool:
    """Tell whether a host is this machine, without resolving any name.

    >>> is_loopback("localhost"), is_loopback("127.8.0.1"), is_loopback("::1"), is_loopback("imap.163.com")
    (True, True, True, False)
    """
    try:
        return host.lower() == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


@dataclass(frozen=True, slots=True)
class Server:
    """A mail server and the account on it. `ca_file` is None for the machine's own certificates."""

    host: str
    port: int
    security: Security
    user: str
    ca_file: Path | None = None


class OutgoingMode(Enum):
    """HOLD: composed mail waits for `mailbot outbox send`. SEND: it leaves by itself."""

    HOLD = "hold"
    SEND = "send"


@dataclass(frozen=True, slots=True)
class Files:
    """The office's own files: unit list, holidays, the folder of notices, the folder of templates."""

    units: Path
    holidays: Path
    notices: Path
    templates: Path


@dataclass(frozen=True, slots=True)
class Caps:
    """How many mails may leave: to one address a day, in all an hour, in all a day."""

    per_address_day: int
    per_hour: int
    per_day: int


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting, paths absolute. `answer_after` is None until the office says when the service begins."""

    path: Path
    imap: Server
    folders: tuple[str, ...]  # () is 'as the provider has them'
    smtp: Server
    from_name: str
    answer_after: datetime | None
    answer_within_days: int
    mode: OutgoingMode
    caps: Caps
    archive: Path
    ledger_url: str
    receipt_number: str  # a format with {year}, {month} and {serial}
    every_seconds: int
    files: Files
    office_addresses: tuple[str, ...]
    office_contact: str
    ladder: tuple[Rung, ...]
    office_hours: OfficeHours
