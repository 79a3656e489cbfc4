"""holidays.yaml: the State Council's arrangement of days off and days worked instead, year by year."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Annotated

from pydantic import Field, RootModel

from mailbot.checking import Document, Loc, MaybeLine, Several, Table, check
from mailbot.domain.calendar import SATURDAY, WorkingCalendar
from mailbot.errors import Problem
from mailbot.notices.days import Day

DECEMBER = 12
YEARS = "20[0-9]{2}"


class YearEntry(Table):
    """One year's arrangement."""

    off: Annotated[Several[Day], Field(min_length=1, examples=["off: [2021-04-03]"])]
    work: Annotated[Several[Day], Field(examples=["work: [2021-04-25]"])] = ()
    source: Annotated[MaybeLine | None, Field(examples=["source: 国办发明电〔2020〕27号"])] = ""


Year = Annotated[int, Field(ge=2000, le=2099)]


class HolidayFile(RootModel[dict[Year, YearEntry]]):
    """holidays.yaml: a year's arrangement under each year."""


def read_calendar(document: Document) -> tuple[WorkingCalendar | None, tuple[Problem, ...]]:
    """Return the calendar, and every mistake in its file."""
    entries, problems = check(document, HolidayFile)
    problems += tuple(_days_out_of_place(document))
    if entries is None:
        return None, problems
    years = entries.root.values()
    off = frozenset(day for year in years for day in year.off)
    work = frozenset(day for year in years for day in year.work)
    return WorkingCalendar(off, work, frozenset(entries.root)), problems


def _days_out_of_place(document: Document) -> Iterator[Problem]:
    """Find days of another year, days worked that are no weekend, and days both off and worked."""
    off = {_day_or_none(written) for _, written in document.leaves(None, "off", None)}
    for (year,), _ in document.leaves(None):
        days = [
            (loc, day)
            for kind in ("off", "work")
            for loc, written in document.leaves(year, kind, None)
            if (day := _day_or_none(written))  # what is no day, the model has told already
        ]
        astray = [day for _, day in days if not _belongs(day, year)]
        if len(astray) > 1 and 2 * len(astray) > len(days):  # the mistake is one: the year's, or that of copying
            meant = Counter(day.year for day in astray).most_common(1)[0][0]
            text = f"这一段的日子大多属于 {meant} 年；请把年份改成 {meant}，或改正各个日子"
            yield document.problem("wrong_year", text, (year,))
        else:
            yield from (
                document.problem("wrong_year", f"{day} 不属于这一年的安排；请核对年份", loc)
                for loc, day in days
                if day in astray
            )
        yield from _not_worked(
            document, [(loc, day) for loc, day in days if loc[1] == "work" and day not in astray], off
        )


def _not_worked(document: Document, days: list[tuple[Loc, date]], off: set[date | None]) -> Iterator[Problem]:
    for loc, day in days:
        if day in off:
            yield document.problem("off_and_work", f"{day} 同时写在放假和上班里；请删去一处", loc)
        elif day.weekday() < SATURDAY:
            yield document.problem("no_weekend", f"{day} 不是周六、周日；调休上班的只能是周末，请核对", loc)


def _day_or_none(written: object) -> date | None:
    try:
        return date.fromisoformat(written) if isinstance(written, str) else None
    except ValueError:
        return None


def _belongs(day: date, year: str | int) -> bool:
    """Tell whether a year's arrangement may name the day: New Year's days off may begin in the December before."""
    if not re.fullmatch(YEARS, str(year)):
        return True  # what is no year is told as such
    return int(year) == day.year or (int(year) == day.year + 1 and day.month == DECEMBER)
