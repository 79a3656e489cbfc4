"""What number a cell of a progress table holds, in base units: its text, its number format, its column, its row."""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import isfinite

from mailbot.chinese.numerals import Quantity, measure, quantity
from mailbot.domain.message import Cell

_DATE_FORMAT = re.compile(r"[ymdhs]{2,}|年|月|日", re.IGNORECASE)
_LITERAL = re.compile(r'"([^"]*)"|\\(.)|([\u3400-\u9fff]+)')
_MAGNITUDE = re.compile(r"[百千万亿]")


@dataclass(frozen=True, slots=True)
class Amount:
    """A value in base units and its unit of measure ('' where nobody says)."""

    value: float
    unit_of_measure: str


def amount(cell: Cell, *measures: tuple[float, str] | None) -> Amount | None:
    """Return what a cell holds, None where it holds no single number.

    The unit of measure is the cell's own, else its number format's, else the first of `measures` that is known.

    >>> amount(Cell("1.2", 1.2, '0.0"万人"')), amount(Cell("0.855", 0.855, "0.0%"))
    (Amount(value=12000.0, unit_of_measure='人'), Amount(value=85.5, unit_of_measure='%'))
    >>> amount(Cell("1.2万"), (10000, "人")), amount(Cell("3", 3.0), None, (10000, "人"))
    (Amount(value=12000.0, unit_of_measure='人'), Amount(value=30000.0, unit_of_measure='人'))
    >>> amount(Cell("过半")), amount(Cell("2021/3/24", 44279.0, "yyyy/m/d"))
    (None, None)
    """
    given = next((known for known in measures if known), (1.0, ""))
    if cell.value is None:
        found = quantity(cell.text)
        return _written(found, given) if found else None
    if not isfinite(cell.value) or _DATE_FORMAT.search(re.sub(r'"[^"]*"|\[[^\]]*\]', "", cell.number_format)):
        return None
    if "%" in cell.number_format:
        return Amount(round(cell.value * 100, 6), "%")
    factor, unit_of_measure = _of_format(cell.number_format) or given
    return Amount(round(cell.value * factor, 6), unit_of_measure or given[1])


def rate(cell: Cell, head: str) -> Amount | None:
    """Return the percentage that a cell under a rate's head holds, None where it holds none.

    >>> rate(Cell("0.65", 0.65), "完成率")
    Amount(value=65.0, unit_of_measure='%')
    >>> rate(Cell("85％"), "完成率").value, rate(Cell("130.26", 130.26), "完成率（%）").value
    (85.0, 130.26)
    """
    found = amount(cell)
    if found is None or found.unit_of_measure not in {"", "%"}:
        return None
    is_share = found.unit_of_measure == "" and 0 < found.value <= 1 and "%" not in head and "％" not in head
    return Amount(round(found.value * 100, 6) if is_share else found.value, "%")


def _written(found: Quantity, given: tuple[float, str]) -> Amount:
    """Return a number written as text; a magnitude or measure in the text itself stands above what its column says."""
    if found.unit_of_measure:
        return Amount(found.value, found.unit_of_measure)
    factor = 1.0 if _MAGNITUDE.search(found.quote) else given[0]
    return Amount(round(found.value * factor, 6), given[1])


def _of_format(number_format: str) -> tuple[float, str] | None:
    """Return the measure that a number format shows beside the number (0"万人")."""
    words = "".join("".join(literal) for literal in _LITERAL.findall(number_format.split(";", maxsplit=1)[0]))
    return measure(words) if words.strip() else None
