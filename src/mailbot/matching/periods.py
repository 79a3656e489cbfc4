"""For which month a file reports: what the file says, else the subject, else the body, else by arrival.

Source: the issue's 'Rules, exactly'. A month in the subject of an answer to our own mail is our word, not the
unit's, and counts only where that month is still owed. A data cut-off says least of all words.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from mailbot.domain.decision import About, Doubt, Evidence
from mailbot.domain.notice import Notice
from mailbot.domain.period import Period
from mailbot.matching.case import Case
from mailbot.matching.leaves import Leaf
from mailbot.matching.months import (
    SAID_OF_THE_REPORT,
    MonthClue,
    cut_offs,
    months_of_body,
    months_of_file,
    months_of_sheet,
    months_of_subject,
    named,
    stray_months,
)


@dataclass(frozen=True, slots=True)
class Finding:
    """A month, what it rests on, and what stays in doubt about it; with a doubt it is only the best guess."""

    period: Period | None
    evidence: tuple[Evidence, ...] = ()
    doubts: tuple[Doubt, ...] = ()


@dataclass(frozen=True, slots=True)
class Dating:
    """The month of each file (None: nobody can tell), the best guess, and what stays in doubt."""

    periods: dict[str, Period | None]
    guess: Period | None
    evidence: tuple[Evidence, ...]
    doubts: tuple[Doubt, ...]


def date_files(case: Case, leaves: tuple[Leaf, ...], units: dict[str, str | None], guess: str | None) -> Dating:
    """Say for which month each file is."""
    said = {leaf.file: _said_by(case, leaf) for leaf in leaves}
    around = _around(case, guess)
    findings = {file: _one_file(case, file, said, units, around) for file in said} or {"": around}
    checked = {file: _in_range(case, units.get(file) or guess, finding) for file, finding in findings.items()}
    periods = {file: checked[file].period for file in said}
    evidence = tuple(dict.fromkeys(item for finding in checked.values() for item in finding.evidence))
    doubts = tuple(dict.fromkeys(doubt for finding in checked.values() for doubt in finding.doubts))
    best = next((finding.period for finding in checked.values() if finding.period), None)
    return Dating(periods, best, evidence, doubts)


def _said_by(case: Case, leaf: Leaf) -> tuple[tuple[MonthClue, ...], Finding]:
    """Return a file's month clues and the one month they come to, None where it names none."""
    of_name = months_of_file(case, leaf)
    of_sheets = [months_of_sheet(case, leaf, sheet) for sheet in leaf.sheets]
    clues = tuple(dict.fromkeys((*of_name, *(clue for clues in of_sheets for clue in clues))))
    outright = named(clues)
    if not outright:
        return clues, Finding(None)
    if len(outright) == 1:
        return clues, _of_one(case, leaf, outright[0], clues)
    each_month_a_sheet = len({named(sheet) for sheet in of_sheets if named(sheet)}) > 1
    if each_month_a_sheet and all(len(named(sheet)) <= 1 for sheet in of_sheets):
        return clues, _of_sheets(case, leaf, named(of_name), tuple(p for sheet in of_sheets for p in named(sheet)))
    latest = max(outright)
    best = case.month if case.month in outright else latest
    return clues, Finding(best, (), (_contradiction(f"附件“{leaf.file}”", outright),))


def _of_one(case: Case, leaf: Leaf, month: Period, clues: tuple[MonthClue, ...]) -> Finding:
    """Return the one month a file names, in doubt where it only counts up to there and the mail is of a later one."""
    spoken = _spoken(case)
    counts_up_to = all(clue.is_span for clue in clues if clue.cut_off is None)
    if spoken is None or spoken <= month or not counts_up_to:
        return Finding(month)
    return Finding(spoken, (), (_contradiction(f"附件“{leaf.file}”和邮件", (month, spoken)),))


def _of_sheets(case: Case, leaf: Leaf, of_name: tuple[Period, ...], of_sheets: tuple[Period, ...]) -> Finding:
    """Return the month of a workbook that keeps a sheet for each month: the named one, else the latest that can be."""
    possible = [period for period in of_sheets if case.month is None or period <= case.month]
    if not of_name:
        return Finding(max(possible, default=max(of_sheets)))
    if len(of_name) == 1 and of_name[0] in of_sheets:
        return Finding(of_name[0])
    return Finding(of_name[0], (), (_contradiction(f"附件“{leaf.file}”", (*of_name, *of_sheets)),))


def _one_file(
    case: Case,
    file: str,
    said: dict[str, tuple[tuple[MonthClue, ...], Finding]],
    units: dict[str, str | None],
    around: Finding,
) -> Finding:
    """Return a file's month: its own word, else that of the unit's other files, else that of the mail."""
    clues, own = said[file]
    evidence = tuple(clue.evidence() for clue in clues)
    if own.period is not None:
        return Finding(own.period, evidence, own.doubts + _against_mail(case, file, own.period, cut_offs(clues)))
    siblings = {
        finding.period for other, (_, finding) in said.items() if finding.period and units[other] == units[file]
    }
    if len(siblings) > 1:
        text = f"同一单位报了{'、'.join(p.chinese() for p in sorted(siblings))}的材料，附件“{file}”看不出属于哪个月"
        return Finding(max(siblings), evidence, (Doubt("whose_period", text),))
    if siblings:
        (period,) = siblings
        source = next(other for other, (_, finding) in said.items() if finding.period == period)
        same = Evidence(About.PERIOD, str(period), source, f"同一邮件中的附件“{source}”", 0.5)
        return Finding(period, (*evidence, same), _against_mail(case, file, period, ()))
    spoken = _spoken(case)
    if spoken is not None or not cut_offs(clues):
        return Finding(
            around.period, (*evidence, *around.evidence), around.doubts + _late_data(cut_offs(clues), spoken)
        )
    return _by_cut_off(case, units[file], cut_offs(clues), evidence, around)


def _spoken(case: Case) -> Period | None:
    """Return the one month that the sender's own subject or body names."""
    subject = () if case.answers_somebody else named(months_of_subject(case))
    months = subject or named(months_of_body(case))
    return months[0] if len(months) == 1 else None


def _around(case: Case, unit: str | None) -> Finding:
    """Return the month for a file that says nothing: subject, body, the mail answered, arrival."""
    subject, body = months_of_subject(case), months_of_body(case)
    if named(subject) and not case.answers_somebody:
        body_says = named(clue for clue in body if clue.weight >= SAID_OF_THE_REPORT)
        gainsaid = body_says and not set(body_says) & set(named(subject))
        return _only((*named(subject), *(body_says if gainsaid else ())), subject, "邮件主题和正文")
    if named(body):
        return _only(named(body), body, "邮件正文")
    by_arrival = _by_arrival(case, unit)
    answered = named(subject) or ((case.situation.answers[1],) if case.situation.answers else ())
    if answered and by_arrival.period != answered[0]:
        return _answering(case, unit, answered[0], subject, by_arrival)
    evidence = tuple(clue.evidence() for clue in subject)
    return _beside_strays(case, Finding(by_arrival.period, evidence + by_arrival.evidence, by_arrival.doubts))


def _beside_strays(case: Case, by_arrival: Finding) -> Finding:
    """Add a doubt where the body speaks of other months than that of arrival, for whatever reason."""
    strays = stray_months(case)
    if by_arrival.period is None or not strays or by_arrival.period in named(strays):
        return by_arrival
    doubt = _contradiction("邮件正文和收到时间", (by_arrival.period, *named(strays)))
    evidence = (*by_arrival.evidence, *(clue.evidence() for clue in strays))
    return Finding(by_arrival.period, evidence, (*by_arrival.doubts, doubt))


def _only(months: tuple[Period, ...], clues: Iterable[MonthClue], place: str) -> Finding:
    """Return the only month a place names; several are a doubt."""
    evidence = tuple(clue.evidence() for clue in clues)
    doubts = () if len(months) == 1 else (_contradiction(place, months),)
    return Finding(max(months), evidence, doubts)


def _answering(case: Case, unit: str | None, month: Period, clues: Iterable[MonthClue], by_arrival: Finding) -> Finding:
    """Return the month of a mail that says nothing itself and answers one about another month than that of arrival."""
    quoted = Evidence(About.PERIOD, str(month), "thread", case.mail.subject[:200], 0.4)
    evidence = (*(clue.evidence() for clue in clues), quoted, *by_arrival.evidence)
    if (unit, month) in case.situation.incomplete and named(clues):
        return Finding(month, evidence)
    other = by_arrival.period or month
    return Finding(month, evidence, (_between(month, other, "来件是对以前邮件的回复，自己没有写明月份"),))


def _by_cut_off(
    case: Case, unit: str | None, months: tuple[Period, ...], evidence: tuple[Evidence, ...], around: Finding
) -> Finding:
    """Return the month of a file that only says up to which day its data go.

    Data up to before the last due moment, sent after it, prove nothing: the month they are of where that is still owed,
    else a doubt between it and the month by arrival.
    """
    month = max(months)
    if around.period == month and not around.doubts:
        return Finding(month, evidence + around.evidence)
    if (unit, month) in case.situation.incomplete:
        return Finding(month, evidence)
    best = around.period or month
    other = best if best != month else month.next()
    why = f"附件只写明数据截至{month.chinese()}，而该月材料已经报齐"
    return Finding(best, evidence + around.evidence, (_between(month, other, why),))


def _by_arrival(case: Case, unit: str | None) -> Finding:
    """Return the month that the time of arrival tells, for a mail that says nothing."""
    notice = case.notice_of(unit, case.month)
    if case.arrived is None or case.month is None or notice is None:
        return Finding(None, (), (Doubt("period_unknown", "邮件没有写明月份，也无法按收到时间推断"),))
    due = case.situation.due_at(notice.key, case.month)
    if due is None and notice.covers(case.month):
        return Finding(case.month, (), (Doubt("period_unknown", "邮件没有写明月份，应报时限未知，无法按收到时间推断"),))
    evidence = (Evidence(About.PERIOD, str(case.month), "arrival", case.arrived.isoformat(), 0.4),)
    earlier = case.month.previous()
    earlier_due = case.situation.due_at(notice.key, earlier)
    if earlier_due and notice.covers(earlier) and case.arrived < earlier_due:
        return Finding(earlier, evidence, (_between(earlier, case.month, "上月材料的报送时限尚未届满"),))
    if due is None or case.arrived < due:
        return Finding(case.month, evidence)
    return _after_due(case, unit, case.month, evidence)


def _after_due(case: Case, unit: str | None, just_due: Period, evidence: tuple[Evidence, ...]) -> Finding:
    """Return the month just due where the unit still owes it and the mail answers ours about it, else a doubt."""
    owed = (unit, just_due) in case.situation.incomplete
    if owed and case.situation.answers == (unit, just_due):
        return Finding(just_due, evidence)
    return Finding(just_due, evidence, (_between(just_due, just_due.next(), "邮件没有写明月份，收到时本月时限已过"),))


def _against_mail(case: Case, file: str, period: Period, data: tuple[Period, ...]) -> tuple[Doubt, ...]:
    """Return a doubt where subject or body name another month than a file, or the file's data go beyond its month."""
    subject = () if case.answers_somebody else named(months_of_subject(case))
    body = () if subject else named(clue for clue in months_of_body(case) if clue.weight >= SAID_OF_THE_REPORT)
    for place, months in (("邮件主题", subject), ("邮件正文", body)):
        if months and period not in months:
            return (_contradiction(f"附件“{file}”和{place}", (period, *months)),)
    return _late_data(data, period)


def _late_data(data: tuple[Period, ...], period: Period | None) -> tuple[Doubt, ...]:
    """Return a doubt where data go beyond the month reported, or end more than a month before it."""
    if period is None or not data:
        return ()
    latest = max(data)
    if latest > period or latest.next() < period:
        return (_contradiction("数据截止日与所报月份", (latest, period)),)
    return ()


def _in_range(case: Case, unit: str | None, finding: Finding) -> Finding:
    """Add a doubt where the month lies in the future or outside what the notice asks for."""
    notice = case.notice_of(unit, finding.period)
    period = finding.period
    if period is None or notice is None:
        return finding
    if case.month and period > case.month:
        doubt = Doubt("period_future", f"写的是{period.chinese()}，晚于收到的月份")
        return Finding(_guess_within(notice, case.month), finding.evidence, (*finding.doubts, doubt))
    if not notice.covers(period):
        span = f"{notice.first_period.chinese()}至{notice.last_period.chinese()}"
        doubt = Doubt("period_out_of_range", f"{period.chinese()}不在通知要求报送的{span}之内")
        return Finding(_guess_within(notice, case.month), finding.evidence, (*finding.doubts, doubt))
    return finding


def _guess_within(notice: Notice, month: Period | None) -> Period | None:
    """Return the month of arrival as a guess, where reports are owed for it."""
    return month if month and notice.covers(month) else None


def _contradiction(place: str, months: Iterable[Period]) -> Doubt:
    """Return the doubt between months that are named side by side."""
    words = "、".join(period.chinese() for period in sorted(set(months)))
    return Doubt("period_contradiction", f"{place}写的月份不一致：{words}")


def _between(one: Period, other: Period, why: str) -> Doubt:
    """Return the doubt between two months."""
    return Doubt("period_between", f"{why}，可能是{one.chinese()}，也可能是{other.chinese()}")
