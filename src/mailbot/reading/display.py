"""A number as a workbook shows it: percent, thousands, decimals, words of the format such as 万人. Dates as ISO text.

Not the whole format language of Excel: what monthly tables use, and the plain number where a format says more.
Source: ECMA-376 part 1 §18.8.31 (number formats).
"""

from __future__ import annotations

import re
from datetime import date, datetime, time

_LITERAL = re.compile(r'"([^"]*)"|\\(.)|_.|\*.|\[[^\]]*\]')
_DIGITS = re.compile(r"[#0?,]*[#0?](?:\.[0#?]+)?(?:,+(?![#0?]))?")


def shown(value: object, number_format: str) -> str:
    """Return a cell's value as text.

    >>> shown(0.855, "0.0%"), shown(1.2, '0.0"万人"'), shown(12000, "#,##0"), shown(3.0, "General")
    ('85.5%', '1.2万人', '12,000', '3')
    """
    match value:
        case None:
            return ""
        case bool():
            return "TRUE" if value else "FALSE"
        case int() | float():
            return _number(float(value), number_format)
        case datetime():
            return value.date().isoformat() if value.time() == time() else value.isoformat(timespec="seconds")
        case date() | time():
            return value.isoformat()
        case _:
            return str(value)


def _number(value: float, number_format: str) -> str:
    section = _section(value, number_format)
    skeleton = _LITERAL.sub(lambda literal: "\0" * len(literal.group()), section)
    digits = _DIGITS.search(skeleton)
    if number_format in {"General", "@", ""} or digits is None or "E+" in skeleton or "/" in skeleton:
        return plain(value)
    percent = skeleton.count("%")
    number = _placed(abs(value) * 100**percent, digits.group())
    before, after = _words(section[: digits.start()]), _words(section[digits.end() :])
    sign = "-" if value < 0 and ";" not in number_format else ""
    return sign + before + number + after


def _section(value: float, number_format: str) -> str:
    """Return the part of the format that holds for the value: positive; negative; zero."""
    sections = number_format.split(";")
    if value < 0 and len(sections) > 1:
        return sections[1]
    return sections[2] if value == 0 and len(sections) > 2 else sections[0]


def _placed(value: float, digits: str) -> str:
    whole, _, decimals = digits.rstrip(",").partition(".")
    thousands = len(digits) - len(digits.rstrip(","))
    text = f"{value / 1000**thousands:{',' if ',' in whole else ''}.{min(len(decimals), 15)}f}"
    optional = len(decimals) - len(decimals.rstrip("#?"))
    for _ in range(optional):
        text = text.removesuffix("0")
    return text.rstrip(".") if decimals else text


def _words(text: str) -> str:
    literal = _LITERAL.sub(lambda m: m.group(1) or m.group(2) or ("¥" if m.group().startswith("[$¥") else ""), text)
    return literal.strip()


def plain(value: float) -> str:
    """Return a number without a format, as Excel's General does: at most 15 digits that count.

    >>> plain(12000.0), plain(0.1 + 0.2), plain(-1.5)
    ('12000', '0.3', '-1.5')
    """
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    return f"{value:.15g}"
