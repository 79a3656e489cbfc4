"""What keeps the service from its work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Trouble:
    """A part of the work that fails: which, since when, and in Chinese why and what to do."""

    part: str
    since: datetime
    text: str
