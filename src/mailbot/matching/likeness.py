"""How much two wordings have in common, by pairs of neighbouring characters; names also character by character."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from difflib import SequenceMatcher
from functools import lru_cache
from typing import TypeVar

from mailbot.chinese.fold import bare

Item = TypeVar("Item")
_SHORT = 20


@lru_cache(maxsize=4096)
def pairs(text: str) -> frozenset[str]:
    """Return the pairs of neighbouring characters of a text, punctuation and spaces aside.

    >>> sorted(pairs("公 租房"))
    ['公租', '租房']
    """
    plain = bare(text)
    return frozenset(plain[i : i + 2] for i in range(len(plain) - 1))


@lru_cache(maxsize=16384)
def covered(part: str, whole: str) -> float:
    """Return how much of a wording another one covers, from 0 to 1.

    >>> covered("分配公租房", "建成安置房4万套，分配公租房7000套"), covered("加装电梯", "分配公租房")
    (1.0, 0.0)
    """
    mine = pairs(part)
    return len(mine & pairs(whole)) / len(mine) if mine else 0.0


@lru_cache(maxsize=16384)
def likeness(one: str, other: str) -> float:
    """Return how alike two wordings are, from 0 to 1: what they share, over the mean of what each has.

    Short names are also compared character by character, as people leave some out in the middle.

    >>> likeness("新开工安置房", "新开工安置房"), round(likeness("肺癌筛查", "肺癌早期筛查"), 2)
    (1.0, 0.8)
    """
    mine, others = pairs(one), pairs(other)
    shared = 2 * len(mine & others) / (len(mine) + len(others)) if mine and others else 0.0
    if max(len(one), len(other)) > _SHORT or set(one).isdisjoint(other):
        return shared
    return max(shared, SequenceMatcher(None, bare(one), bare(other), autojunk=False).ratio())


def best(items: Iterable[Item], rate: Callable[[Item], float], *, least: float, margin: float) -> Item | None:
    """Return the item rated highest, None where it is rated too low or another comes too near.

    >>> best(["aa", "ab"], lambda item: item.count("a"), least=1, margin=1)
    'aa'
    """
    ranked = sorted(((rate(item), position, item) for position, item in enumerate(items)), key=lambda r: (-r[0], r[1]))
    if not ranked or ranked[0][0] < least:
        return None
    if len(ranked) > 1 and ranked[0][0] - ranked[1][0] < margin:
        return None
    return ranked[0][2]
