"""What a person's words on a message settle: which files each word takes, and which are left.

A word that names files takes those. Any other takes what clearly is that unit's and month's, as a mail may hold the
reports of several; where no file speaks for it, and no more than one other is named, the person knows better.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from mailbot.domain.decision import Doubt, Ruling
from mailbot.domain.period import Period


@dataclass(frozen=True, slots=True)
class Named:
    """What one file names: its unit and months, itself or by its unit's only other month; `torn` between several.

    `holds` are the units of a file that clearly holds the reports of several.
    """

    unit: str | None
    months: tuple[Period, ...] = ()
    torn: bool = False
    holds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Settled:
    """The words that each file falls under, in order; those without one are left."""

    files: Mapping[str, Named]
    under: dict[str, tuple[Ruling, ...]]

    @property
    def left(self) -> tuple[str, ...]:
        """Return the files that no word took."""
        return tuple(file for file, words in self.under.items() if not words)

    @property
    def units(self) -> tuple[str, ...]:
        """Return the units that files name."""
        return tuple(dict.fromkeys(named.unit for named in self.files.values() if named.unit))

    def doubts(self) -> tuple[Doubt, ...]:
        """Return why a message still waits for a person."""
        return tuple(Doubt("left_over", f"附件“{file}”{self._why(self.files[file])}，尚未登记") for file in self.left)

    def doubts_of_held_back(self) -> tuple[Doubt, ...]:
        """Return why it waits though every file was taken."""
        found = (f"附件“{file}”中还有“{unit}”的材料，尚未登记" for file, unit, _ in self.held_back())
        return tuple(Doubt("left_over", text) for text in found)

    def held_back(self) -> Iterator[tuple[str, str, Period]]:
        """Yield each file that was taken for some of the units whose reports it holds, with each other one."""
        for file, words in self.under.items():
            if words and not any(word.every for word in words):
                said = {word.unit for word in words}
                yield from ((file, unit, words[-1].period) for unit in self.files[file].holds if unit not in said)

    def _why(self, file: Named) -> str:
        if file.unit is None and len(self.units) > 1:
            return "看不出是哪个单位的"
        if file.torn:
            return "看不出是哪个月的"
        return "写的是" + (f"“{file.unit}”" if file.unit else "") + "、".join(month.chinese() for month in file.months)


def settle(rulings: tuple[Ruling, ...], files: Mapping[str, Named]) -> Settled:
    """Say which files a person's words take, in the order in which he said them."""
    under: dict[str, tuple[Ruling, ...]] = dict.fromkeys(files, ())
    for ruling in dict.fromkeys(rulings):
        for file in _taken(ruling, files, under):
            under[file] = (*under[file], ruling)
    return Settled(files, under)


def takes_nothing(ruling: Ruling, settled: Settled) -> bool:
    """Tell whether a word is about none of a message's files, though there are some."""
    return bool(settled.files) and not ruling.holds and all(ruling not in words for words in settled.under.values())


def _taken(ruling: Ruling, files: Mapping[str, Named], under: Mapping[str, tuple[Ruling, ...]]) -> tuple[str, ...]:
    if ruling.files:
        return tuple(file for file in files if file in ruling.files)
    meant = set(files) if ruling.every else _of_month(ruling, files, _of_unit(ruling, files))
    return tuple(file for file, words in under.items() if file in meant and _is_free(ruling, files[file], words))


def _is_free(ruling: Ruling, file: Named, words: tuple[Ruling, ...]) -> bool:
    """Tell whether no earlier word took a file for another unit or month, or it holds what several of them report."""
    several = len(file.months) > 1 and not file.torn and ruling.period in file.months
    units = {ruling.unit, *(file.holds if ruling.unit in file.holds else ())}
    return all(word.unit in units and (word.period == ruling.period or several) for word in words)


def _of_unit(ruling: Ruling, files: Mapping[str, Named]) -> set[str]:
    """Return the files that are the word's unit's: that name it, or nobody where nobody else is named."""
    units = {named.unit for named in files.values()} - {None}
    if ruling.unit not in units and len(units) <= 1:
        return set(files)
    others = units - {ruling.unit}
    return {
        file for file, named in files.items() if ruling.unit in {named.unit, *named.holds} or not (named.unit or others)
    }


def _of_month(ruling: Ruling, files: Mapping[str, Named], of_unit: set[str]) -> set[str]:
    """Return those of the unit's files that are of the word's month: that name it, or none where no other is named."""
    months = {month for file in of_unit for month in files[file].months}
    if ruling.period not in months and len(months) <= 1:
        return of_unit
    fitting = {file for file in of_unit if ruling.period in files[file].months or not files[file].months}
    return {file for file in fitting if not files[file].torn}
