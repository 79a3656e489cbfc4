"""Where months are named: in a file's name, titles and sheets, in the subject, in the body."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from mailbot.chinese.fold import fold
from mailbot.chinese.periods import Mention, mentions
from mailbot.domain.decision import About, Evidence
from mailbot.domain.period import Period
from mailbot.matching.case import Case
from mailbot.matching.leaves import Leaf, Sheet

_REPORT_WORDS = r"(?:重点|民生|实事|进展|情况|报表|报告|月报|台账|材料|统计|汇总|完成|数据|盖章|扫描|电子|工作|的)"
_ABOUT_THE_REPORT = re.compile(rf"^\W{{0,3}}(?:份|度)?\W{{0,3}}{_REPORT_WORDS}")
_PLANNED = re.compile(r"(?:计划|预计|拟|力争|争取|(?<!关)于)$")
_HEAD_LINES = 4
SAID_OF_THE_REPORT = 0.6  # the weight of a month that the body says of the report itself


@dataclass(frozen=True, slots=True)
class MonthClue:
    """A month that a place names; `cut_off` is the day up to which the data go, where it says only that."""

    period: Period
    source: str
    quote: str
    weight: float
    cut_off: date | None = None

    def evidence(self) -> Evidence:
        """Return the clue as people are shown it."""
        return Evidence(About.PERIOD, str(self.period), self.source, self.quote[:200], self.weight)


def months_of_file(case: Case, leaf: Leaf) -> tuple[MonthClue, ...]:
    """Return the months that a file's name and first lines name, and its data cut-offs; its sheets apart."""
    found = [*_clues(case, leaf.file, leaf.stem, 0.8)]
    for text in _first_lines(leaf):
        found += _clues(case, leaf.file, text, 0.85)
    return tuple(dict.fromkeys(found))


def months_of_sheet(case: Case, leaf: Leaf, sheet: Sheet) -> tuple[MonthClue, ...]:
    """Return the months that a sheet's name and titles name, and its data cut-offs."""
    found = [*_clues(case, leaf.file, sheet.name, 0.7)]
    for text in sheet.titles:
        found += _clues(case, leaf.file, text, 0.85)
    return tuple(dict.fromkeys(found))


def months_of_subject(case: Case) -> tuple[MonthClue, ...]:
    """Return the months that the subject names."""
    return tuple(_clues(case, "subject", case.subject, 0.4 if case.answers_somebody else 0.75))


def months_of_body(case: Case) -> tuple[MonthClue, ...]:
    """Return the months that the sender's own lines name: those said of the report, else any that is no plan."""
    text = fold(case.body[:4000])
    found = [m for m in mentions(text) if not _PLANNED.search(text[: m.start])]
    of_report = [m for m in found if _ABOUT_THE_REPORT.match(text[m.start + len(m.quote) :])]
    return tuple(_resolved(case, "body", of_report or found, SAID_OF_THE_REPORT if of_report else 0.45))


def named(clues: Iterable[MonthClue]) -> tuple[Period, ...]:
    """Return the months named outright, each once, cut-offs left out."""
    return tuple(dict.fromkeys(clue.period for clue in clues if clue.cut_off is None))


def cut_offs(clues: Iterable[MonthClue]) -> tuple[Period, ...]:
    """Return the months of the data cut-offs, each once."""
    return tuple(dict.fromkeys(clue.period for clue in clues if clue.cut_off is not None))


def _clues(case: Case, source: str, text: str, weight: float) -> Iterator[MonthClue]:
    """Yield the months that a short text names."""
    short = fold(text[:500])
    return _resolved(case, source, (m for m in mentions(short) if not _PLANNED.search(short[: m.start])), weight)


def _resolved(case: Case, source: str, found: Iterable[Mention], weight: float) -> Iterator[MonthClue]:
    """Yield mentions as months of a year, the year taken from the arrival where none was written."""
    for mention in found:
        period = mention.period(case.month)
        if period is not None:
            day = period.day(mention.day) if mention.day else None
            yield MonthClue(period, source, mention.quote, 0.3 if day else weight, day)


def _first_lines(leaf: Leaf) -> list[str]:
    """Return the first lines of a document's text, where its title stands."""
    lines = [line.strip() for line in leaf.attachment.document.text[:2000].splitlines() if line.strip()]
    return [line for line in lines[:_HEAD_LINES] if len(line) <= 60]
