"""What a person's words on a message settle: for each file the word that it falls under, and which files are left.

A file that clearly names another unit or month than those the person said is not meant by him, so long as there are
files that are: a mail may hold the reports of two units. The same word said again means all that was left.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from mailbot.domain.decision import Doubt, Ruling
from mailbot.domain.period import Period
from mailbot.errors import Place, Problem
from mailbot.matching.periods import Dating


@dataclass(frozen=True, slots=True)
class Named:
    """What one file names of itself: its unit, None where it names none, and the months that it may be of."""

    unit: str | None
    months: tuple[Period, ...]

    def may_fall_under(self, ruling: Ruling) -> bool:
        """Tell whether nothing in the file speaks against a person's word."""
        return self.is_of_unit(ruling) and (not self.months or ruling.period in self.months)

    def is_of_unit(self, ruling: Ruling) -> bool:
        """Tell whether the file names the word's unit or none."""
        return self.unit in {None, ruling.unit}


@dataclass(frozen=True, slots=True)
class Settled:
    """For each file the unit and month that it is booked for, or that it names, if it is left."""

    units: dict[str, str | None]
    periods: dict[str, Period | None]
    left: tuple[str, ...]


def settle(rulings: tuple[Ruling, ...], says: Mapping[str, str], dating: Dating) -> Settled:
    """Say what a person's words do to each file.

    Args:
        rulings: his words, in the order in which he said them.
        says: the unit that each file names clearly, of those that owe reports.
        dating: the month of each file.
    """
    files = {file: Named(says.get(file), dating.named[file]) for file in dating.periods}
    under = {file: _ruling_for(named, rulings, files.values()) for file, named in files.items()}
    units: dict[str, str | None] = {file: ruling.unit if ruling else files[file].unit for file, ruling in under.items()}
    periods = {file: ruling.period if ruling else dating.periods[file] for file, ruling in under.items()}
    return Settled(units, periods, tuple(file for file, ruling in under.items() if ruling is None))


def _ruling_for(file: Named, rulings: tuple[Ruling, ...], files: Iterable[Named]) -> Ruling | None:
    """Return the word that a file falls under, None if it is left."""
    fitting = next((ruling for ruling in rulings if file.may_fall_under(ruling)), None)
    if fitting:
        return fitting
    if rulings[-1] in rulings[:-1]:
        return rulings[-1]
    of_unit = [ruling for ruling in rulings if file.is_of_unit(ruling)]
    if of_unit:
        meant = any(ruling.period in other.months and other.is_of_unit(ruling) for ruling in of_unit for other in files)
    else:
        meant = any(other.unit == ruling.unit for ruling in rulings for other in files)
    return None if meant else (*of_unit, *rulings)[0]


def doubts_of_left(settled: Settled) -> tuple[Doubt, ...]:
    """Return why a message still waits: what no word of a person's has settled yet."""
    return tuple(
        Doubt("left_over", f"附件“{file}”写的是{_named(settled, file)}，尚未登记；如无须另行登记，请用 ignore")
        for file in settled.left
    )


def problems_of_left(settled: Settled) -> tuple[Problem, ...]:
    """Return what the sender is told of the files that were left."""
    return tuple(
        Problem("left_over", f"写的是{_named(settled, file)}，未计入本次登记，正在核实", Place(file))
        for file in settled.left
    )


def _named(settled: Settled, file: str) -> str:
    unit, period = settled.units[file], settled.periods[file]
    return (f"“{unit}”" if unit else "") + (period.chinese() if period else "")
