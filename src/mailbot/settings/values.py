"""mailbot.toml as typed values. Reading and checking it is loading's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from pathlib import Path

from mailbot.domain.ladder import OfficeHours, Rung
from mailbot.domain.server import Server


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
    alarm_after: timedelta
    ladder: tuple[Rung, ...]
    office_hours: OfficeHours
