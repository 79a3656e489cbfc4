"""What number a cell of a progress table holds, in base units: its text, its number format, its column, its row."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from math import isfinite

from mailbot.chinese.numerals import Quantity, measure, quantity
from mailbot.domain.message import Cell

_DATE_FORMAT = re.compile(r"[ymdhs]{2,}|年|月|日", re.IGNORECASE)
_NOT_OF_A_DATE = re.compile(r'"[^"]*"|\[[^\]]*\]')
_LITERAL = re.compile(r'"([^"]*)"|[\\!](.)|([\u3400-\u9fff]+)')
_GENERAL = re.compile(r"G/通用格式", re.IGNORECASE)
_ESCAPED_POINT = re.compile(r'[0#?](?:[\\!]\.|"\.")([0#?]+)')
_SCALING_COMMAS = re.compile(r"(?<=[0#?,]),+(?![0#?,])|(?<=[0#?]),+(?=\.)")
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
    >>> amount(Cell("0.4万人", 3900.0, '0!.0,"万人"')), amount(Cell("4千人", 3900.0, '0,"千人"'))
    (Amount(value=3900.0, unit_of_measure='人'), Amount(value=3900.0, unit_of_measure='人'))
    >>> amount(Cell("过半")), amount(Cell("2021/3/24", 44279.0, "yyyy/m/d"))
    (None, None)
    """
    given = next((known for known in measures if known), (1.0, ""))
    if cell.value is None:
        found = quantity(cell.text)
        return _written(found, given) if found else None
    form = _form(cell.number_format)
    if form.is_date or not isfinite(cell.value):
        return None
    if form.is_share:
        return Amount(round(cell.value * 100, 6), "%")
    factor, unit_of_measure = form.measure or given
    return Amount(round(cell.value * max(factor / form.scale, 1.0), 6), unit_of_measure or given[1])


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


@dataclass(frozen=True, slots=True)
class _Form:
    """What a number format says of the numbers that it shows."""

    is_date: bool
    is_share: bool
    measure: tuple[float, str] | None
    scale: float


@lru_cache(maxsize=512)  # a workbook has a few for all of its cells
def _form(number_format: str) -> _Form:
    """Return what a number format says."""
    shown = _GENERAL.sub("General", number_format.split(";", maxsplit=1)[0])
    return _Form(
        is_date=bool(_DATE_FORMAT.search(_NOT_OF_A_DATE.sub("", number_format))),
        is_share="%" in _LITERAL.sub("", shown),
        measure=_of_format(shown),
        scale=_scale(shown),
    )


def _written(found: Quantity, given: tuple[float, str]) -> Amount:
    """Return a number written as text; a magnitude or measure in the text itself stands above what its column says."""
    if found.unit_of_measure:
        return Amount(found.value, found.unit_of_measure)
    factor = 1.0 if _MAGNITUDE.search(found.quote) else given[0]
    return Amount(round(found.value * factor, 6), given[1])


def _of_format(shown: str) -> tuple[float, str] | None:
    """Return the measure that a number format shows beside the number (0"万人")."""
    words = "".join("".join(literal) for literal in _LITERAL.findall(shown)).replace(".", "")
    return measure(words) if words.strip() else None


def _scale(shown: str) -> float:
    r"""Return by how much a number format makes the number smaller before it is shown.

    A comma behind the last digit stands for a thousand; a point that is mere text parts the digits of a whole number.
    Both exist to show persons as 万人, so a measure is only worth what they do not already account for.
    Source: ECMA-376 part 1, 18.8.31 (scaling by the thousands separator, literal characters).

    >>> _scale('0!.0,"万人"'), _scale('0,"千人"'), _scale("0.0,,"), _scale(r'0\.0000"万"'), _scale("#,##0.00")
    (10000.0, 1000.0, 1000000.0, 10000.0, 1.0)
    """
    point = _ESCAPED_POINT.search(shown)
    commas = _SCALING_COMMAS.search(_LITERAL.sub("", shown))
    return 10.0 ** ((len(point[1]) if point else 0) + (3 * len(commas[0]) if commas else 0))
