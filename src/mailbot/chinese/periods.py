"""Months as offices write them: 2021年3月, 三月份, 1-4月, 一季度, 202103; and what looks like a month and is none."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from mailbot.chinese.fold import fold
from mailbot.chinese.numerals import spoken_number
from mailbot.domain.period import Period

_LONG = 200  # characters; longer texts are not kept in memory
_YEAR = r"(?:(?P<year>(?:20)?\d{2}|二[〇零]..)年度?)?"
_MONTH = r"(?P<month>(?<!\d)(?:1[0-2]|0?[1-9])(?!\d)|(?<![一二三四五六七八九十])(?:十[一二]?|[一二三四五六七八九]))"
_OTHER = _MONTH.replace("month", "other")
_IN_A_LINE = r"(?:(?<=[^\n])(?<![附图])(?<!附[件表])|\A(?=\d))"  # 三、四月份… at the head of a line is its third item
_TO = r"(?:-+|至|到|~)"
_FIRST_OF_A_SPAN = (  # 张三-4月 is a name and a month
    r"(?<!\d)(?:1[0-2]|0?[1-9])月?|[一二三四五六七八九十](?:月|(?=份?[至到]))"
    r"|(?:(?<![\u3400-\u9fff])|(?<=[年度]))[一二三四五六七八九十]"
)
_SPAN = rf"{_YEAR}(?:{_FIRST_OF_A_SPAN})(?:份)?{_TO}(?:20\d\d年)?{_MONTH}月(?:份)?"
_DAY = r"(?:[12]\d|3[01]|0?[1-9])"
_FULL_DATE = (
    r"(?:(?P<year>20\d\d|\d\d(?=年))[年./-])?"
    rf"(?:(?P<month>(?<!\d)(?:1[0-2]|0?[1-9]))[月./-])(?P<day>{_DAY})(?:[日号]|(?!\d))"
)
_ROUND_ZERO = re.compile(r"(?<=[一二三四五六七八九〇零○◯])[○◯О0](?=[一二三四五六七八九〇零○◯])")  # 二○二一
_CALENDAR = re.compile(
    r"(?:(?:20)?\d\d|二[〇零]..)年度?|(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])月份?[初底末]?"
    r"|[上中下]旬|月[初底末]|[上下]半年|\d{1,2}[日号]|截[至止](?:到|目前)?"
)
_NOT_A_PLAN = r"(?!份?[底末]?(?:以前|之前|前|起|初|以来))"
_NO_NAME = r"(?!亮|饼|球|嫂|季花|[花巷]|街(?!道)|路(?![灯网面段]))"  # 五月花小区, 三月街, 月亮


@dataclass(frozen=True, slots=True)
class Mention:
    """A month that a text names.

    `day` is set for a data cut-off (截至3月25日, 1-3月累计), which says less than a month named; `is_span` where it is
    the last of several (1-3月, 一季度): data counted up to there, which a report for a later month may hold too.
    """

    month: int
    year: int | None
    quote: str
    start: int
    day: int | None = None
    is_span: bool = False

    @property
    def is_cut_off(self) -> bool:
        """Tell whether it only says up to which day the data go."""
        return self.day is not None

    def period(self, arrived: Period | None) -> Period | None:
        """Return the month meant: without a year, the latest such month not after the one of arrival.

        >>> Mention(12, None, "12月", 0).period(Period(2022, 1))
        Period(year=2021, month=12)
        >>> Mention(4, 2021, "2021年4月", 0).period(None)
        Period(year=2021, month=4)
        """
        if self.year is not None:
            return Period(self.year, self.month)
        if arrived is None:
            return None
        return Period(arrived.year if self.month <= arrived.month else arrived.year - 1, self.month)


def mentions(text: str) -> tuple[Mention, ...]:
    """Return the months a text names, in order; dates of writing and plans are passed over.

    >>> text = "2021年3月进展、三月份、1—4月、一季度、上半年、202103、2021.03"
    >>> [(mention.year, mention.month) for mention in mentions(text)]
    [(2021, 3), (None, 3), (None, 4), (None, 3), (None, 6), (2021, 3), (2021, 3)]
    >>> [(m.month, m.day) for m in mentions("截至3月25日；3月1日至3月20日；截至四月底")]
    [(3, 25), (3, 20), (4, 30)]
    >>> mentions("2021年3月24日、3月24日、20210324、2021.3.24、每月25日前、3个月、5月底前、IMG_202103241530")
    ()
    >>> [m.month for m in mentions("现将3、4月份进展报上")], mentions("五月花小区、三月街8号、0371-3月亮大厦")
    ([3, 4], ())
    """
    found, _ = _read(text)
    return tuple(sorted(found, key=lambda mention: mention.start))


def without_dates(text: str) -> str:
    """Return the folded text with a blank for each month, date and part of a year, whatever it says of them.

    >>> without_dates("二○二一年四月份、4月25日、四月上旬、2021.4、一季度、截至4月底、5月底前、少年宫").split()
    ['、', '、', '、', '、', '、', '、', '前、少年宫']
    """
    _, rest = _read(text)
    return _CALENDAR.sub(" ", rest.replace("\0", " "))


def _read(text: str) -> tuple[tuple[Mention, ...], str]:
    """Return the months a text names, and the text with all that was read hidden, each rule hiding it from the next."""
    return _read_anew(text) if len(text) > _LONG else _remembered(text)


def _read_anew(text: str) -> tuple[tuple[Mention, ...], str]:
    rest = _ROUND_ZERO.sub("〇", fold(text))
    found: list[Mention] = []
    for pattern, make in _GRAMMAR:
        found += [mention for mention in map(make, pattern.finditer(rest)) if mention]
        rest = pattern.sub(lambda match: "\0" * len(match[0]), rest)
    return tuple(found), rest


_remembered = lru_cache(maxsize=4096)(_read_anew)  # heads and names are asked several times, and are much alike


def _month(match: re.Match[str]) -> Mention:
    """Return the month named."""
    return Mention(_number(match["month"]), _year(match["year"]), match[0], match.start())


def _span(match: re.Match[str]) -> Mention:
    """Return the last month of several."""
    return replace(_month(match), is_span=True)


def _first_of_two(match: re.Match[str]) -> Mention | None:
    """Return the first of two months in a row that share one 月 (3、4月), with both in its quote."""
    if _number(match["month"]) + 1 != _number(match["other"]):
        return None
    return Mention(_number(match["month"]), _year(match["year"]), match[0] + match["rest"], match.start())


def _cut_off(match: re.Match[str]) -> Mention:
    """Return the month of a data cut-off."""
    month, day = _number(match["month"]), match.groupdict().get("day")
    last = Period(_year(match["year"]) or 2001, month).last_day().day
    return Mention(month, _year(match["year"]), match[0], match.start(), min(int(day), last) if day else last)


def _quarter(match: re.Match[str]) -> Mention:
    """Return the last month of a quarter or half-year."""
    part = match["quarter"]
    month = 6 if part is None else 3 * (_number(part) or 1)
    return Mention(month, _year(match["year"]), match[0], match.start(), is_span=True)


def _nothing(_match: re.Match[str]) -> None:
    """Pass over what is no period."""


def _number(text: str) -> int:
    """Return a month or quarter number in Arabic or Chinese figures."""
    return int(text) if text.isdecimal() else spoken_number(text) or 0


def _year(text: str | None) -> int | None:
    """Return the year, 21 read as 2021."""
    if text is None:
        return None
    year = _number(text)
    return 2000 + year if 0 < year < 100 else year if date.min.year + 1999 <= year <= 2100 else None


_GRAMMAR: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Mention | None]], ...] = tuple(
    (re.compile(pattern), make)
    for pattern, make in (
        (rf"截[至止](?:到|目前)?{_FULL_DATE}", _cut_off),
        (rf"截[至止](?:到)?{_YEAR}{_MONTH}月(?:份)?(?:底|末)?", _cut_off),
        (rf"(?:20\d\d年)?\d{{1,2}}月\d{{1,2}}[日号]?{_TO}{_FULL_DATE}", _cut_off),
        (rf"(?:(?P<year>20\d\d)年)?(?P<month>(?<!\d)(?:1[0-2]|0?[1-9]))月{_DAY}日?{_TO}(?P<day>{_DAY})日", _cut_off),
        (rf"(?<!\d)20\d\d(?:年(?:1[0-2]|0?[1-9])月{_DAY}|([./-])(?:1[0-2]|0?[1-9])\1{_DAY})(?!\d)[日号]?", _nothing),
        (r"(?<!\d)20\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?!\d)", _nothing),
        (rf"(?:{_YEAR})?{_OTHER}月{_DAY}[日号]", _nothing),
        (rf"{_SPAN}(?=累计)", _cut_off),
        (_SPAN, _span),
        (rf"{_YEAR}(?:第|前)?(?P<quarter>[一二三四1-4])个?季度", _quarter),
        (rf"{_YEAR}(?P<quarter>\0)?上半年", _quarter),
        (r"(?<!\d)(?P<year>20\d\d)[./-](?P<month>1[0-2]|0?[1-9])(?![\d./-]\d)(?!\d)", _month),
        (r"(?<!\d)(?P<year>20\d\d)(?P<month>1[0-2]|0[1-9])(?!\d)", _month),
        (rf"{_IN_A_LINE}{_YEAR}{_MONTH}(?=(?P<rest>[、和及]{_OTHER}月(?:份)?{_NO_NAME}))", _first_of_two),
        (rf"{_YEAR}{_MONTH}月(?:份)?{_NO_NAME}{_NOT_A_PLAN}", _month),
    )
)
