"""Clues to a unit, each with the place it stood in and the weight of that place, and how clues add up."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from mailbot.domain.decision import About, Evidence


class Where(Enum):
    """A place where a unit may be named, with how much it says of who reports."""

    ADDRESS = ("已绑定的发件地址", 0.9)
    LABEL = ("表内标注", 0.9)
    TITLE = ("标题", 0.7)
    FILE_NAME = ("文件名", 0.7)
    SHEET_NAME = ("工作表名", 0.65)
    LETTERHEAD = ("文头或落款", 0.65)
    SIGNATURE = ("邮件落款", 0.6)
    SUBJECT = ("邮件主题", 0.6)
    TASKS = ("所报任务", 0.5)
    BODY = ("邮件正文", 0.45)
    THREAD = ("所回复的邮件", 0.4)
    DISPLAY_NAME = ("发件人显示名", 0.15)

    @property
    def weight(self) -> float:
        """Return the weight from 0 to 1."""
        return self.value[1]


@dataclass(frozen=True, slots=True)
class Clue:
    """A place that points to a unit. `share` is less than 1 where the name was bare or several stood there."""

    where: Where
    unit: str
    source: str
    quote: str
    share: float = 1.0

    @property
    def weight(self) -> float:
        """Return what the clue weighs."""
        return round(self.where.weight * self.share, 3)

    def evidence(self) -> Evidence:
        """Return the clue as people are shown it."""
        return Evidence(About.UNIT, self.unit, self.source, f"{self.where.value[0]}：{self.quote}"[:200], self.weight)


@dataclass(frozen=True, slots=True)
class Weighing:
    """How clues add up: the unit that most speaks for, how sure, and how sure the second is."""

    unit: str | None = None
    weight: float = 0.0
    second: float = 0.0

    def is_sound(self, weight: float, margin: float = 0.2) -> bool:
        """Tell whether the best is at least so sure and far enough before the second."""
        return self.unit is not None and self.weight >= weight and self.weight - self.second >= margin


def weigh(clues: Iterable[Clue]) -> Weighing:
    """Add clues up as independent witnesses; two of the same place count once.

    >>> clues = Clue(Where.TITLE, "区教育局", "a", "…"), Clue(Where.FILE_NAME, "区教育局", "a", "…")
    >>> weigh(clues)
    Weighing(unit='区教育局', weight=0.91, second=0.0)
    """
    strongest: dict[tuple[str, Where], float] = {}
    for clue in clues:
        key = (clue.unit, clue.where)
        strongest[key] = max(strongest.get(key, 0.0), clue.weight)
    doubt: dict[str, float] = {}
    for (unit, _), weight in strongest.items():
        doubt[unit] = doubt.get(unit, 1.0) * (1 - weight)
    ranked = sorted(((round(1 - left, 3), unit) for unit, left in doubt.items()), reverse=True)
    if not ranked:
        return Weighing()
    return Weighing(ranked[0][1], ranked[0][0], ranked[1][0] if ranked[1:] else 0.0)
