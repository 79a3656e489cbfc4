"""Who gets a reminder, and who does not and why not: a table of reasons, read from top to bottom.

What was planned may have changed by the time a mail leaves, so the same plan is asked again then (`still_planned`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from typing import TYPE_CHECKING

from mailbot.domain.books import Completeness
from mailbot.domain.ladder import Side
from mailbot.rules.deadline import last_day, printed_day
from mailbot.rules.ladder import lapses_at, live_period, may_remind_now, newest_rung, next_rung

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date, datetime

    from mailbot.domain.books import FolderPoll, LedgerRow, Outgoing
    from mailbot.domain.calendar import WorkingCalendar
    from mailbot.domain.ladder import Rung
    from mailbot.domain.notice import Notice
    from mailbot.domain.period import Period
    from mailbot.domain.unit import Directory
    from mailbot.rules.ladder import Ladder

POLLED_WITHIN = timedelta(minutes=15)
NOTHING_OWED = frozenset({Completeness.COMPLETE, Completeness.EXEMPT})


class Go(Enum):
    """Whether a reminder may leave now. CANCEL: this rung is settled for the unit, and the mail never goes."""

    SEND = "send"
    WAIT = "wait"
    CANCEL = "cancel"


@dataclass(frozen=True, slots=True)
class Scene:
    """All that a reminder may look at besides the ledger row.

    `keys` are the outbox keys ever queued; `watched` the folders that the mailbox has and we watch, `polls` their last
    complete polls; `undecided` how many fetched messages are not decided yet; `guesses` the units and periods that
    messages in triage may be for.
    """

    now: datetime
    directory: Directory
    keys: frozenset[str]
    watched: tuple[str, ...]
    polls: tuple[FolderPoll, ...]
    undecided: int
    guesses: frozenset[tuple[str, Period]]


@dataclass(frozen=True, slots=True)
class Case:
    """One unit's row under the ladder: what the reasons are asked about. `rung` and its times as in `Reminder`."""

    row: LedgerRow
    ladder: Ladder
    scene: Scene
    to: tuple[str, ...]
    rung: Rung | None
    moment: datetime | None
    lapses: datetime | None


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason not to send, what it does to a mail already composed, and when it applies."""

    code: str
    text: str
    effect: Go
    applies: Callable[[Case], bool]


@dataclass(frozen=True, slots=True)
class Reminder:
    """What is planned for a unit: sent where `reasons` is empty. `coming` is the rung that comes next, and when.

    `rung` is the newest that has passed, `moment` when it did, `lapses` when it is over; all None before the first.
    """

    row: LedgerRow
    rung: Rung | None
    moment: datetime | None
    to: tuple[str, ...]
    reasons: tuple[Reason, ...]
    warnings: tuple[str, ...]
    coming: tuple[Rung, datetime] | None
    lapses: datetime | None

    @property
    def key(self) -> str:
        """The outbox key of the one mail to send now, to all addresses of the unit; '' where none is sent."""
        return "" if self.rung is None or self.reasons else reminder_key(self.row, self.rung)


def reminder_key(row: LedgerRow, rung: Rung) -> str:
    """Return the outbox key of a reminder: once for a notice, unit, period and rung, for ever."""
    owed = row.obligation
    return f"reminder:{owed.notice}:{owed.unit}:{owed.period}:{rung}"


def owes_nothing(case: Case) -> bool:
    """Tell whether all is there, or nothing is asked."""
    return case.row.standing.completeness in NOTHING_OWED


def has_no_address(case: Case) -> bool:
    """Tell whether nobody knows where to write."""
    return not case.to


def has_not_begun(case: Case) -> bool:
    """Tell whether the service has not begun, or the office has not said when it does."""
    return case.ladder.since is None or case.scene.now < case.ladder.since


def is_too_early(case: Case) -> bool:
    """Tell whether no rung of the period has passed."""
    return case.rung is None


def is_still_in_time(case: Case) -> bool:
    """Tell whether the rung is one for late units, and this one was told a later moment than the calendar now says."""
    return case.rung is not None and case.rung.side is Side.AFTER and case.scene.now < case.row.obligation.due


def is_from_before_service(case: Case) -> bool:
    """Tell whether the rung's moment lies before the day the service began."""
    return case.moment is not None and case.ladder.since is not None and case.moment < case.ladder.since


def has_lapsed(case: Case) -> bool:
    """Tell whether the rung's time is over."""
    return case.lapses is not None and case.scene.now >= case.lapses


def was_queued(case: Case) -> bool:
    """Tell whether the rung's mail was put in the outbox before."""
    return case.rung is not None and reminder_key(case.row, case.rung) in case.scene.keys


def may_be_in_triage(case: Case) -> bool:
    """Tell whether a mail that waits for a person may be what the unit owes."""
    owed = case.row.obligation
    in_doubt = case.row.standing.completeness is Completeness.IN_DOUBT
    return in_doubt or (owed.unit, owed.period) in case.scene.guesses


def is_outside_hours(case: Case) -> bool:
    """Tell whether the office does not work now."""
    return not may_remind_now(case.scene.now, case.ladder.calendar, case.ladder.hours)


def is_mailbox_unknown(case: Case) -> bool:
    """Tell whether some watched folder was not polled completely a short time ago: the report may lie there."""
    now = case.scene.now  # a poll later than that was noted by a clock that was wrong
    fresh = {poll.folder for poll in case.scene.polls if now - POLLED_WITHIN <= poll.completed <= now}
    return not case.scene.watched or not fresh.issuperset(case.scene.watched)


def is_something_undecided(case: Case) -> bool:
    """Tell whether a fetched message was not read yet: it may be the report."""
    return case.scene.undecided > 0


REASONS_NOT_TO_REMIND: tuple[Reason, ...] = (
    Reason("complete", "本期已报齐或免报", Go.CANCEL, owes_nothing),
    Reason("no_address", "尚未登记该单位的邮箱地址，请督查室另行联系", Go.WAIT, has_no_address),
    Reason("service_not_begun", "未设置启用时间，或尚未到启用时间", Go.WAIT, has_not_begun),
    Reason("not_yet", "尚未到提醒时间", Go.WAIT, is_too_early),
    Reason("in_time", "该单位的报送时限未到", Go.WAIT, is_still_in_time),
    Reason("before_service", "该次提醒的时间早于启用时间，不补发", Go.CANCEL, is_from_before_service),
    Reason("lapsed", "该次提醒的时间已过，不补发", Go.CANCEL, has_lapsed),
    Reason("already_sent", "该次提醒已在发件箱中或已发出", Go.SEND, was_queued),
    Reason("in_doubt", "待处理中有可能是该单位本期的来件", Go.WAIT, may_be_in_triage),
    Reason("outside_hours", "现在不是工作日办公时间", Go.WAIT, is_outside_hours),
    Reason("mailbox_not_polled", "最近15分钟内没有完整收取过邮箱", Go.WAIT, is_mailbox_unknown),
    Reason("undecided", "有已收取但尚未处理完的来件", Go.WAIT, is_something_undecided),
)


def why_not(case: Case) -> tuple[Reason, ...]:
    """Collect every reason not to remind; none means that the mail goes."""
    return tuple(reason for reason in REASONS_NOT_TO_REMIND if reason.applies(case))


def reminders(
    rows: Iterable[LedgerRow], notices: Sequence[Notice], ladder: Ladder, scene: Scene
) -> tuple[Reminder, ...]:
    """Return the plan of the moment: a line for each unit and notice over the one period that the ladder is about."""
    by_key = {notice.key: notice for notice in notices}
    live = {notice.key: live_period(ladder, notice, scene.now) for notice in notices}
    return tuple(
        _planned(row, by_key[row.obligation.notice], ladder, scene)
        for row in rows
        if row.obligation.period == live.get(row.obligation.notice)
    )


def still_planned(mail: Outgoing, plan: Iterable[Reminder]) -> Reminder | None:
    """Return what is planned now for a reminder composed earlier; None where its rung does not stand any more."""
    return next((each for each in plan if _is_about(each, mail)), None)


def may_still_go(reminder: Reminder | None) -> tuple[Go, str]:
    """Tell whether a reminder composed earlier may leave now, with the reason in Chinese where not.

    It may where the same rung still stands for the unit and period; that it lies in the outbox is no reason.
    """
    if reminder is None:
        return Go.CANCEL, "该次提醒的时间已过，不补发"
    for effect in (Go.CANCEL, Go.WAIT):
        texts = [reason.text for reason in reminder.reasons if reason.effect is effect]
        if texts:
            return effect, "；".join(texts)
    return Go.SEND, ""


def calendar_warnings(days: Iterable[date], calendar: WorkingCalendar) -> tuple[str, ...]:
    """Return a warning for each year whose holiday arrangement is not entered: it stops nothing.

    >>> from datetime import date
    >>> from mailbot.domain.calendar import WorkingCalendar
    >>> calendar_warnings([date(2026, 12, 31), date(2027, 1, 1)], WorkingCalendar(years=frozenset({2026})))
    ('2027年放假安排尚未录入，暂按周末推算工作日',)
    """
    years = sorted({day.year for day in days if not calendar.is_entered(day)})
    return tuple(f"{year}年放假安排尚未录入，暂按周末推算工作日" for year in years)


def _planned(row: LedgerRow, notice: Notice, ladder: Ladder, scene: Scene) -> Reminder:
    """Return the plan for one row."""
    period, rule = row.obligation.period, notice.deadline
    rung, moment = newest_rung(ladder, period, rule, scene.now) or (None, None)
    lapses = lapses_at(rung, ladder, period, rule) if rung else None
    unit = scene.directory.unit(row.obligation.unit)
    case = Case(row, ladder, scene, to=unit.addresses if unit else (), rung=rung, moment=moment, lapses=lapses)
    days = (scene.now.date(), printed_day(period, rule), last_day(row.obligation.due))
    return Reminder(
        row=row,
        rung=rung,
        moment=moment,
        to=case.to,
        reasons=why_not(case),
        warnings=calendar_warnings(days, ladder.calendar),
        coming=next_rung(ladder, period, rule, scene.now),
        lapses=lapses,
    )


def _is_about(reminder: Reminder, mail: Outgoing) -> bool:
    """Tell whether a plan and a composed mail are the same rung of the same obligation."""
    owed = reminder.row.obligation
    return (owed.notice, owed.unit, owed.period) in mail.about and str(reminder.rung) == mail.rung
