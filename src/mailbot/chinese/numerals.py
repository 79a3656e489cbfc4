"""Numbers as offices write them: 1.2万人, １２０, 65％, 一百二十套, 约3亿元. A mere word (过半) is no number."""

from __future__ import annotations

import re
from dataclasses import dataclass

from mailbot.chinese.fold import fold

_DIGITS = {**{character: value for value, character in enumerate("零一二三四五六七八九")}, "〇": 0, "两": 2}
_TENS = {"十": 10, "百": 100, "千": 1000}
_MYRIADS = {"万": 10_000, "亿": 100_000_000}
_MAGNITUDES = {"": 1, **_TENS, **_MYRIADS, "万亿": 1_000_000_000_000}
_SAME_MEASURE = {"m2": "平方米", "平米": "平方米", "平方": "平方米", "km": "公里", "m": "米"}
_OF_ONE_CHARACTER = "人名户套部个所家条场台件处座米亩元项批次辆间张份吨栋幢支组例对株棵盏根块片期班m"
_OF_SEVERAL = tuple(re.split(" ", "百分点 平方米 平方公里 平方 平米 公里 立方米 人次 人份 车次 件次 m2 km"))
_MEASURE = "|".join((*sorted(_OF_SEVERAL, key=len, reverse=True), *_OF_ONE_CHARACTER))
_ARABIC = r"[+-]?(?:\d{1,3}(?:,\d{3}){1,5}|[1-9]\d{0,2}(?: \d{3}){1,5}(?!\d)|\d{1,15})(?:\.\d{1,15})?"
_LONGEST = 20  # characters of a number that anybody would write
_LONGEST_CELL = 60
_LONGEST_TEXT = 2000
_SPOKEN = "[零〇一二两三四五六七八九十百千万亿]+"
_OF = "(?:个(?=百分点|人))?"
_QUANTITY = re.compile(
    rf"百分之(?P<share>{_ARABIC}|{_SPOKEN})"
    rf"|(?<![\dA-Za-z.])(?P<number>{_ARABIC})(?P<magnitude>万亿|[百千万亿])?{_OF}(?P<measure>{_MEASURE}|%)?(?![\dA-Za-z.])"
    rf"|(?<![第{_SPOKEN[1:-2]}])(?P<spoken>{_SPOKEN}){_OF}(?P<spoken_measure>{_MEASURE})(?!体)"
)
_DATE = re.compile(r"(?<!\d)20\d\d([/.-])\d{1,2}\1\d{1,2}(?!\d)")
_NO_AMOUNT = re.compile(r"[年月日号岁时点分秒]|[-~至]\d+(?:\.\d+)?[年月日号岁]")
_RANGE_GOES_ON = re.compile(r"[-~至±]约?\d")  # 3800-3900人, 1300±20人: nobody can tell which
_RANGE_CAME_BEFORE = re.compile(rf"(?:\d|{_MEASURE}|[%万千百])[-~至±]约?$")
_BROKEN_LINE = re.compile(r"\s*\n\s*(?!\d)|(?<!\d)\s*\n\s*")  # between two numbers it parts them
_HEDGES = re.compile(
    r"^(?:大约|约|近|超过|超|已|完成|累计|共|合计|不少于|达到|达)*+|(?:以上|左右|余|多|整|\([^()]*\)|[。,;])*+$"
)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number in base units with its unit of measure ('' if none was written), its words and where they began."""

    value: float
    unit_of_measure: str
    quote: str
    start: int = 0


def spoken_number(text: str) -> int | None:
    """Return the value of a number in Chinese characters, None where it is none.

    >>> spoken_number("一百二十"), spoken_number("两千零五"), spoken_number("十二"), spoken_number("一万二千")
    (120, 2005, 12, 12000)
    >>> spoken_number("二〇二一"), spoken_number("过半")
    (2021, None)
    """
    if not text or len(text) > _LONGEST or any(character not in _DIGITS | _TENS | _MYRIADS for character in text):
        return None
    if all(character in _DIGITS for character in text):
        return int("".join(str(_DIGITS[character]) for character in text))
    for character, factor in reversed(_MYRIADS.items()):
        before, parted, after = text.partition(character)
        if parted:
            return (spoken_number(before) or 1) * factor + (spoken_number(after) or 0)
    total = digit = 0
    for character in text:
        if character in _TENS:
            total += (digit or 1) * _TENS[character]
            digit = 0
        else:
            digit = _DIGITS[character]
    return total + digit


def measure(text: str) -> tuple[float, str] | None:
    """Return the factor and base unit that a unit of measure stands for, None where the text is none.

    >>> measure("万人"), measure("套"), measure("%"), measure("㎡"), measure("亿元"), measure("区教育局")
    ((10000, '人'), (1, '套'), (1, '%'), (1, '平方米'), (100000000, '元'), None)
    """
    found = re.fullmatch(rf"(万亿|[百千万亿])?({_MEASURE}|%)?", fold(text).strip("()[]:/"))
    if not found or not found[0]:
        return None
    return _MAGNITUDES[found[1] or ""], _SAME_MEASURE.get(found[2] or "", found[2] or "")


def quantities(text: str) -> tuple[Quantity, ...]:
    """Return the quantities in a text, in order. Years, dates, ages and ranges are none; spaces may group digits too.

    >>> [(q.value, q.unit_of_measure) for q in quantities("新开工 1.2万 套，建成八百套，开工率65％")]
    [(12000.0, '套'), (800.0, '套'), (65.0, '%')]
    >>> [q.value for q in quantities("3 900人，12,000人，130 90 0人")]
    [3900.0, 12000.0, 130.0, 90.0, 0.0]
    >>> quantities("2021年3月24日，30—64岁，完成过半，3800—3900人，1300±20人，2至3所")
    ()
    """
    folded = _DATE.sub(lambda date: "\0" * len(date[0]), fold(text[:_LONGEST_TEXT]))
    return tuple(_quantity(found) for found in _QUANTITY.finditer(folded) if _is_amount(folded, found))


def _is_amount(folded: str, found: re.Match[str]) -> bool:
    """Tell whether a number is one amount: no date or age, and neither end of a range."""
    if _NO_AMOUNT.match(folded, found.end()) or _RANGE_GOES_ON.match(folded, found.end()):
        return False
    return not _RANGE_CAME_BEFORE.search(folded[max(0, found.start() - 8) : found.start()])


def quantity(text: str) -> Quantity | None:
    r"""Return the one quantity that a cell holds and nothing besides it but 约, 以上 and the like.

    >>> quantity("约1.2万人")
    Quantity(value=12000.0, unit_of_measure='人', quote='1.2万人', start=0)
    >>> quantity("１２０").value
    120.0
    >>> quantity("一百二十所").value, quantity("百分之六十五").value, quantity("12,000").value
    (120.0, 65.0, 12000.0)
    >>> quantity("32.5\n%").value, quantity("3900\n1300")
    (32.5, None)
    >>> quantity("过半"), quantity("已开工8个、开工率80%"), quantity("3月24日")
    (None, None, None)
    """
    if len(text) > _LONGEST_CELL:
        return None
    plain = _HEDGES.sub("", _BROKEN_LINE.sub("", fold(text).strip()))
    found = _QUANTITY.fullmatch(plain)
    if found:
        return _quantity(found)
    spoken = spoken_number(plain)
    return None if spoken is None else Quantity(float(spoken), "", plain)


def _quantity(found: re.Match[str]) -> Quantity:
    """Return what was matched, in base units."""
    if found["share"]:
        return Quantity(_plain(found["share"]), "%", found[0], found.start())
    if found["spoken"]:
        return Quantity(_plain(found["spoken"]), _base(found["spoken_measure"]), found[0], found.start())
    value = round(_plain(found["number"]) * _MAGNITUDES[found["magnitude"] or ""], 6)
    return Quantity(value, _base(found["measure"] or ""), found[0], found.start())


def _plain(number: str) -> float:
    """Return the value of Arabic or Chinese figures."""
    spoken = spoken_number(number)
    return float(spoken) if spoken is not None else float(re.sub("[, ]", "", number))


def _base(word: str) -> str:
    """Return the one spelling of a unit of measure."""
    return _SAME_MEASURE.get(word, word)
