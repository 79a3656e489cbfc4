"""What a unit hands in: parts (报送件), figures (数据) and progress (进展), each with the place it came from."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mailbot.domain.period import Period


class PartKind(Enum):
    """Which of the two things that the notice asks for a file is."""

    ELECTRONIC = "electronic"
    SEALED_SCAN = "sealed_scan"
    SCAN_WITHOUT_SEAL = "scan_without_seal"


class Seal(Enum):
    """What was seen of the red seal (公章). Not looked for: None."""

    PRESENT = "present"
    ABSENT = "absent"
    ILLEGIBLE = "illegible"
    COPY = "copy"


class Meaning(Enum):
    """What a figure counts."""

    CUMULATIVE = "cumulative"
    MONTHLY = "monthly"
    PERCENT = "percent"


@dataclass(frozen=True, slots=True)
class Source:
    """Where in a message something stood. `file` is None for the body; a nested file is ``outer.zip/inner.xlsx``."""

    file: str | None = None
    sheet: str | None = None
    cell: str | None = None
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A file that counts for a unit and period; either is None while nobody knows. Size in bytes."""

    kind: PartKind
    file: str | None
    sha256: str
    size: int
    unit: str | None = None
    period: Period | None = None
    pages: int | None = None
    seal: Seal | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """A number a unit reports on a task, in base units (1.2万人 is 12000, 人; 65 % is 65)."""

    task: int
    what: str
    value: float
    unit_of_measure: str
    meaning: Meaning
    source: Source
    unit: str | None = None
    period: Period | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """What a unit says of a task in words."""

    task: int
    text: str
    source: Source
    difficulties: str = ""
    next_steps: str = ""
    unit: str | None = None
    period: Period | None = None
