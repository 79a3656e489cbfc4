"""For which month the mail around the files reports: its words, the mail it answers, its arrival.

Source: the issue's 'Rules, exactly'. A month in the subject of an answer to our own mail is our word, not the
unit's, and counts only where that month is still owed. A data cut-off, or 1-3月, says least of all words.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from mailbot.domain.decision import About, Doubt, Evidence
from mailbot.domain.period import Period
from mailbot.matching.case import Case
from mailbot.matching.months import (
    MonthClue,
    cut_offs,
    months_of_body,
    months_of_subject,
    named,
    plain,
    spans,
    stray_months,
)


@dataclass(frozen=True, slots=True)
class Finding:
    """A month, what it rests on, and what stays in doubt about it.

    With a doubt the month is only the best guess, and `others` are those that it may be besides.
    """

    period: Period | None
    evidence: tuple[Evidence, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    others: tuple[Period, ...] = ()

    def doubted(self, doubt: Doubt, *others: Period) -> Finding:
        """Return it with one more doubt, and the months that this leaves open."""
        return replace(self, doubts=(*self.doubts, doubt), others=(*self.others, *others))


@dataclass(frozen=True, slots=True)
class Words:
    """The months in a mail's own words.

    `quoted` are those in the subject of an answer, which are ours; `strays` those in the body of which nobody can tell
    what they are said of.
    """

    subject: tuple[MonthClue, ...]
    body: tuple[MonthClue, ...]
    quoted: tuple[MonthClue, ...]
    strays: tuple[MonthClue, ...]

    @property
    def spoken(self) -> tuple[Period, ...]:
        """Return the months that the subject, else the body, names outright."""
        return plain(self.subject) or plain(self.body)

    @property
    def counted(self) -> tuple[MonthClue, ...]:
        """Return what only tells up to when something is counted."""
        return tuple(clue for clue in (*self.subject, *self.body) if clue.only_counts)


def words_of(case: Case) -> Words:
    """Return the months in the mail's words."""
    subject = months_of_subject(case)
    own, quoted = ((), subject) if case.answers_somebody else (subject, ())
    return Words(own, months_of_body(case), quoted, stray_months(case))


def around(case: Case, words: Words, unit: str | None, counted: tuple[MonthClue, ...] = ()) -> Finding:
    """Return the month for a file that names none: subject, body, what is counted up to when, thread, arrival.

    Args:
        case: the message.
        words: the months in its words.
        unit: whose file it is.
        counted: what the file itself tells of up to when its data go.
    """
    data = (*counted, *words.counted)
    evidence = tuple(clue.evidence() for clue in counted)
    said = _said(words)
    if said and said.period:
        return against_data(replace(said, evidence=evidence + said.evidence), said.period, data)
    silent = _thread_or_arrival(case, words, unit)
    if not data:
        return silent
    return _by_data(case, unit, data, silent)


def against_data(finding: Finding, period: Period, data: Iterable[MonthClue]) -> Finding:
    """Add a doubt where data go beyond the month reported, or end before it (a cut-off: more than a month before)."""
    clues = tuple(data)
    gainsaying = [month for month in cut_offs(clues) if month > period or month.next() < period]
    gainsaying += [month for month in spans(clues) if month != period]
    for month in dict.fromkeys(gainsaying):
        finding = finding.doubted(contradiction("数据截止时间与所报月份", (month, period)), month)
    return finding


def contradiction(place: str, months: Iterable[Period]) -> Doubt:
    """Return the doubt between months that are named side by side."""
    words = "、".join(period.chinese() for period in sorted(set(months)))
    return Doubt("period_contradiction", f"{place}写的月份不一致：{words}")


def _said(words: Words) -> Finding | None:
    """Return the month that subject and body name outright, None where they name none."""
    subject, body = plain(words.subject), plain(words.body)
    if not subject:
        return _only(body, words.body, "邮件正文") if body else None
    gainsaid = body and not set(body) & set(subject)
    return _only((*subject, *(body if gainsaid else ())), words.subject, "邮件主题和正文")


def _only(months: tuple[Period, ...], clues: Iterable[MonthClue], place: str) -> Finding:
    """Return the only month a place names; several are a doubt."""
    found = Finding(max(months), tuple(clue.evidence() for clue in clues))
    return found if len(months) == 1 else found.doubted(contradiction(place, months), *months)


def _by_data(case: Case, unit: str | None, data: tuple[MonthClue, ...], silent: Finding) -> Finding:
    """Return the month of what only says up to when its data go; `silent` is that of a mail which says nothing.

    Data prove nothing by themselves. They are of their own month where thread or arrival say the same, or where only
    that month is still owed; 1-3月 also where both are. Else there is a doubt between the two.
    """
    month = max(clue.period for clue in data)
    evidence = (*(clue.evidence() for clue in data), *silent.evidence)
    if silent.period == month and not silent.doubts:
        return Finding(month, evidence)
    owed = (unit, month) in case.situation.incomplete
    other_owed = (unit, silent.period) in case.situation.incomplete
    if owed and (silent.period == month or not other_owed or month in spans(data)):
        return Finding(month, evidence)
    best = month if owed else silent.period or month
    other = silent.period if silent.period not in {month, None} else month.next()
    why = f"只写明数据截至{month.chinese()}，{'尚不足以判断报送期' if owed else '而该月材料已经报齐'}"
    return Finding(best, evidence).doubted(_between(month, other, why), month, other)


def _thread_or_arrival(case: Case, words: Words, unit: str | None) -> Finding:
    """Return the month of a mail that says nothing: that of our mail which it answers, or that of its arrival."""
    by_arrival = _by_arrival(case, unit)
    answered = named(words.quoted) or ((case.situation.answers[1],) if case.situation.answers else ())
    if answered and (by_arrival.period != answered[0] or by_arrival.doubts):
        return _beside_strays(words, _answering(case, unit, answered[0], words.quoted, by_arrival))
    evidence = tuple(clue.evidence() for clue in words.quoted)
    return _beside_strays(words, replace(by_arrival, evidence=evidence + by_arrival.evidence))


def _beside_strays(words: Words, silent: Finding) -> Finding:
    """Add a doubt where the body speaks of other months than that of thread or arrival, for whatever reason."""
    strays = named(words.strays)
    if silent.period is None or not strays or silent.period in strays:
        return silent
    evidence = (*silent.evidence, *(clue.evidence() for clue in words.strays))
    doubt = contradiction("邮件正文和收到时间", (silent.period, *strays))
    return replace(silent, evidence=evidence).doubted(doubt, *strays)


def _answering(case: Case, unit: str | None, month: Period, clues: Iterable[MonthClue], by_arrival: Finding) -> Finding:
    """Return the month of a mail that says nothing itself and answers one, where the arrival does not tell that month.

    Our word counts while that month is owed by the unit we wrote to, and the subject still bears it; after the due
    moment of that very month it also counts without the subject.
    """
    quoted = Evidence(About.PERIOD, str(month), "thread", case.mail.subject[:200], 0.4)
    found = Finding(month, (*(clue.evidence() for clue in clues), quoted, *by_arrival.evidence))
    written_to = case.situation.answers[0] if case.situation.answers else unit
    just_due = case.situation.answers is not None and month == by_arrival.period
    if (unit, month) in case.situation.incomplete and written_to == unit and (named(clues) or just_due):
        return found
    other = by_arrival.period if by_arrival.period not in {month, None} else month.next()
    return found.doubted(_between(month, other, "来件是对以前邮件的回复，自己没有写明月份"), other)


def _by_arrival(case: Case, unit: str | None) -> Finding:
    """Return the month that the time of arrival tells, for a mail that says nothing."""
    notice = case.notice_of(unit, case.month)
    if case.arrived is None or case.month is None or notice is None:
        return Finding(None).doubted(Doubt("period_unknown", "邮件没有写明月份，也无法按收到时间推断"))
    due = case.situation.due_at(notice.key, case.month)
    if due is None and notice.covers(case.month):
        doubt = Doubt("period_unknown", "邮件没有写明月份，应报时限未知，无法按收到时间推断")
        return Finding(case.month).doubted(doubt)
    found = Finding(case.month, (Evidence(About.PERIOD, str(case.month), "arrival", case.arrived.isoformat(), 0.4),))
    earlier = case.month.previous()
    earlier_due = case.situation.due_at(notice.key, earlier)
    if earlier_due and notice.covers(earlier) and case.arrived < earlier_due:
        doubt = _between(earlier, case.month, "上月材料的报送时限尚未届满")
        return replace(found, period=earlier).doubted(doubt, case.month)
    if due is None or case.arrived < due:
        return found
    coming = case.month.next()
    return found.doubted(_between(case.month, coming, "邮件没有写明月份，收到时本月时限已过"), coming)


def _between(one: Period, other: Period, why: str) -> Doubt:
    """Return the doubt between two months."""
    return Doubt("period_between", f"{why}，可能是{one.chinese()}，也可能是{other.chinese()}")
