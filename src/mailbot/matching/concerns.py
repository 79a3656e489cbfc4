"""For which units and months a mail in doubt may be: what a person is shown first, who is not reminded meanwhile."""

from __future__ import annotations

from collections.abc import Iterator

from mailbot.domain.period import Period
from mailbot.matching.case import Case
from mailbot.matching.periods import Dating
from mailbot.matching.units import Attribution


def concerns_of(case: Case, attribution: Attribution, dating: Dating) -> tuple[tuple[str, Period], ...]:
    """Return every unit and month that a mail may be for: what is still owed first, then the likelier month."""
    pairs = tuple(dict.fromkeys(_pairs(case, attribution, dating)))
    return tuple(sorted(pairs, key=lambda pair: pair not in case.situation.incomplete))


def best_guess(
    case: Case, attribution: Attribution, dating: Dating, concerns: tuple[tuple[str, Period], ...]
) -> tuple[str | None, Period | None]:
    """Return the first of the concerns; where there are none, as much as is known."""
    if concerns:
        return concerns[0]
    unit = attribution.guess if attribution.guess in case.lead_units else None
    return unit, next((months[0] for months in dating.possible.values() if months), None)


def _pairs(case: Case, attribution: Attribution, dating: Dating) -> Iterator[tuple[str, Period]]:
    """Yield the pairs file by file, all units of a month before those of the next."""
    for file, months in dating.possible.items():
        units = (attribution.units.get(file) or attribution.guess, attribution.says.get(file), *attribution.candidates)
        yield from ((unit, month) for month in months for unit in units if unit in case.lead_units)
