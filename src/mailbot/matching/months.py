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
from mailbot.matching.bearing import Bearing, bearing, is_aside
from mailbot.matching.case import Case
from mailbot.matching.leaves import Leaf, Sheet

_RELATIVE = re.compile(r"上个?月|本月|当月|这个月")
_SHORT, _BODY = 500, 4000  # characters
_HEAD_LINES = 4
SAID_OF_THE_REPORT = 0.6  # the weight of a month that the body says of the report itself
_STANDS_SOMEWHERE = 0.2  # of one that only stands in the body


@dataclass(frozen=True, slots=True)
class MonthClue:
    """A month that a place names.

    `cut_off` is the day up to which the data go, where it says only that; `is_span` as of a `Mention`.
    """

    period: Period
    source: str
    quote: str
    weight: float
    cut_off: date | None = None
    is_span: bool = False

    @property
    def only_counts(self) -> bool:
        """Tell whether it says no more than up to when something is counted."""
        return self.is_span or self.cut_off is not None

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
    clues = tuple(_clues(case, "subject", case.subject, 0.4 if case.answers_somebody else 0.75))
    short = fold(case.subject[:_SHORT])
    return clues or tuple(_relative(case, "subject", (m for m in _relatives(short) if not is_aside(short, m)), 0.7))


def months_of_body(case: Case) -> tuple[MonthClue, ...]:
    """Return the months that the sender's own lines say of the report. Other months may stand there for any reason."""
    text = fold(case.body[:_BODY])
    outright = _said(text, mentions(text), Bearing.REPORT)
    relative = _said(text, _relatives(text), Bearing.REPORT)
    return tuple(_resolved(case, "body", outright, SAID_OF_THE_REPORT)) or tuple(
        _relative(case, "body", relative, SAID_OF_THE_REPORT)
    )


def stray_months(case: Case) -> tuple[MonthClue, ...]:
    """Return the months in the body of which nobody can tell what they are said of."""
    text = fold(case.body[:_BODY])
    found = _said(text, mentions(text), Bearing.UNCLEAR)
    return tuple(_resolved(case, "body", found, _STANDS_SOMEWHERE))


def _said(text: str, found: Iterable[Mention], of: Bearing) -> list[Mention]:
    """Return those of a text's months that are said of one thing."""
    return [mention for mention in found if bearing(text, mention) is of]


def _relative(case: Case, source: str, found: Iterable[Mention], weight: float) -> Iterator[MonthClue]:
    """Yield the months that 上月 and 本月 mean, the arrival being known."""
    for mention in found:
        if case.month:
            period = case.month.previous() if mention.quote.startswith("上") else case.month
            yield MonthClue(period, source, mention.quote, weight)


def _relatives(text: str) -> Iterator[Mention]:
    """Yield where a text says 上月 or 本月; the month's number is not known yet."""
    return (Mention(1, None, found[0], found.start()) for found in _RELATIVE.finditer(text))


def named(clues: Iterable[MonthClue]) -> tuple[Period, ...]:
    """Return the months named outright, each once, cut-offs left out."""
    return tuple(dict.fromkeys(clue.period for clue in clues if clue.cut_off is None))


def each_named(clues: Iterable[MonthClue]) -> tuple[Period, ...]:
    """Return the months named outright, and each of a span that does not count from January (3-4月)."""
    return tuple(dict.fromkeys(month for clue in clues if clue.cut_off is None for month in _each_of(clue)))


def _each_of(clue: MonthClue) -> Iterator[Period]:
    first = re.match(r"\d{1,2}", clue.quote) if clue.is_span else None
    begins = int(first[0]) if first else clue.period.month
    if begins > 1:
        yield from (Period(clue.period.year, month) for month in range(begins, clue.period.month))
    yield clue.period


def plain(clues: Iterable[MonthClue]) -> tuple[Period, ...]:
    """Return the months named for themselves, each once: neither cut-offs nor the last of several (1-3月)."""
    return tuple(dict.fromkeys(clue.period for clue in clues if not clue.only_counts))


def spans(clues: Iterable[MonthClue]) -> tuple[Period, ...]:
    """Return the last months of spans, each once."""
    return tuple(dict.fromkeys(clue.period for clue in clues if clue.is_span and clue.cut_off is None))


def cut_offs(clues: Iterable[MonthClue]) -> tuple[Period, ...]:
    """Return the months of the data cut-offs, each once."""
    return tuple(dict.fromkeys(clue.period for clue in clues if clue.cut_off is not None))


def _clues(case: Case, source: str, text: str, weight: float) -> Iterator[MonthClue]:
    """Yield the months that a short text names."""
    short = fold(text[:_SHORT])
    found = (mention for mention in mentions(short) if not is_aside(short, mention))
    return _resolved(case, source, found, weight)


def _resolved(case: Case, source: str, found: Iterable[Mention], weight: float) -> Iterator[MonthClue]:
    """Yield mentions as months of a year, the year taken from the arrival where none was written."""
    for mention in found:
        period = _meant(case, mention)
        if period is not None:
            day = period.day(mention.day) if mention.day else None
            yield MonthClue(period, source, mention.quote, 0.3 if day else weight, day, mention.is_span)


def _meant(case: Case, mention: Mention) -> Period | None:
    """Return the month of a year that a mention means, None where nobody can tell the year.

    Without a year it is the latest not after the arrival, 12月 in January being last year's; but no notice asks for 5月
    of last year in the April of its first: then it is this year's, still to come.
    """
    period = mention.period(case.month)
    if mention.year is None and period and case.month and period.year < case.month.year:
        asked = any(notice.covers(period) for notice in case.situation.notices)
        return period if asked else Period(case.month.year, period.month)
    return period


def _first_lines(leaf: Leaf) -> list[str]:
    """Return the first lines of a document's text, where its title stands."""
    lines = [line.strip() for line in leaf.attachment.document.text[:2000].splitlines() if line.strip()]
    return [line for line in lines[:_HEAD_LINES] if len(line) <= 60]
