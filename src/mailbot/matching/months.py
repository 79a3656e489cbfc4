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
_HANDED_IN = re.compile(
    r"(?:现将|现报|报送|上报|补报|报上|报来|呈报|提交|送上|附件)[为是:]?(?:我|本)?[局委办会单位中心]{0,3}的?$"
)
_PLANNED = re.compile(r"(?:计划|预计|拟|力争|争取|(?<!关)于)$")
_PLAN = re.compile(r"^的?(?:工作)?(?:计划|打算|安排|思路|要点)")
_COMPARED = re.compile(r"(?:与|较|比|跟|同|和|按|按照|根据|-|\d)(?:贵办|贵室|你办|我局)?$")
_OF_ANOTHER_TIME = re.compile(r"^(?:的)?(?:相比|已|就已|会议|例会|文件|通知)")
_CERTAIN = re.compile(r"\d|份")  # 三月 may be a street's or a person's name
_RELATIVE = re.compile(r"(?P<before>上个?月)|本月|当月|这个月")
_HEAD_LINES = 4
SAID_OF_THE_REPORT = 0.6  # the weight of a month that the body says of the report itself
_STANDS_SOMEWHERE = 0.2  # of one that only stands in the body


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
    clues = tuple(_clues(case, "subject", case.subject, 0.4 if case.answers_somebody else 0.75))
    return clues or tuple(_relative(case, "subject", fold(case.subject[:500]), 0.7))


def months_of_body(case: Case) -> tuple[MonthClue, ...]:
    """Return the months that the sender's own lines say of the report. Other months may stand there for any reason."""
    text = fold(case.body[:4000])
    of_report = [m for m in mentions(text) if _is_of_the_report(text, m)]
    named_outright = tuple(_resolved(case, "body", of_report, SAID_OF_THE_REPORT))
    return named_outright or tuple(_relative(case, "body", text, SAID_OF_THE_REPORT))


def stray_months(case: Case) -> tuple[MonthClue, ...]:
    """Return the months that stand in the body, said neither of the report nor of a plan, a comparison, a meeting."""
    text = fold(case.body[:4000])
    found = (
        m
        for m in mentions(text)
        if not _is_of_the_report(text, m)
        and _CERTAIN.search(m.quote)
        and not m.is_cut_off
        and not _PLANNED.search(text[: m.start])
        and not _COMPARED.search(text[: m.start])
        and not _OF_ANOTHER_TIME.match(text[m.start + len(m.quote) :])
    )
    return tuple(_resolved(case, "body", found, _STANDS_SOMEWHERE))


def _is_of_the_report(text: str, mention: Mention) -> bool:
    """Tell whether a month is said of what is handed in: 现将3月进展…, 补报3月, 4月材料, or a line of its own."""
    before, after = text[: mention.start], text[mention.start + len(mention.quote) :]
    if _PLANNED.search(before) or _PLAN.match(after) or _COMPARED.search(before):
        return False
    alone = before[-1:] in {"", "\n"} and re.match(r"\W*(?:\n|$)", after)
    return bool(mention.is_cut_off or alone or _ABOUT_THE_REPORT.match(after) or _HANDED_IN.search(before))


def _relative(case: Case, source: str, text: str, weight: float) -> Iterator[MonthClue]:
    """Yield the month that 上月 or 本月 means, where it is said of the report."""
    for found in _RELATIVE.finditer(text):
        mention = Mention(1, None, found[0], found.start())
        if case.month and _is_of_the_report(text, mention):
            yield MonthClue(case.month.previous() if found["before"] else case.month, source, found[0], weight)


def named(clues: Iterable[MonthClue]) -> tuple[Period, ...]:
    """Return the months named outright, each once, cut-offs left out."""
    return tuple(dict.fromkeys(clue.period for clue in clues if clue.cut_off is None))


def cut_offs(clues: Iterable[MonthClue]) -> tuple[Period, ...]:
    """Return the months of the data cut-offs, each once."""
    return tuple(dict.fromkeys(clue.period for clue in clues if clue.cut_off is not None))


def _clues(case: Case, source: str, text: str, weight: float) -> Iterator[MonthClue]:
    """Yield the months that a short text names."""
    short = fold(text[:500])
    found = (
        m
        for m in mentions(short)
        if not _PLANNED.search(short[: m.start]) and not _PLAN.match(short[m.start + len(m.quote) :])
    )
    return _resolved(case, source, found, weight)


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
