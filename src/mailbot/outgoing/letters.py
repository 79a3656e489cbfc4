"""What a mail of ours says, as values. Its wording is the templates' (templates/mails/), who gets it the stages'."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from mailbot.domain.books import ReceivedPart, Standing
    from mailbot.domain.ladder import Rung
    from mailbot.domain.message import Attachment
    from mailbot.domain.notice import Notice
    from mailbot.domain.period import Period
    from mailbot.domain.report import Figure, Part, PartKind
    from mailbot.domain.trouble import Trouble
    from mailbot.errors import Problem


@dataclass(frozen=True, slots=True)
class Deadline:
    """Until when: the day as the notice prints it, the first moment that is too late, and what a late unit is asked.

    `asked_by` is the moment by which we ask for what lacks once `due` has passed; None says 尽快.
    """

    printed: date
    due: datetime
    asked_by: datetime | None = None


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """One submission of the message, as booked.

    `standing` is the obligation's after this mail. `parts` came with it; `earlier` are those in force that had come
    before; `superseded` are those which these replaced; `repeated` came again with the very same bytes.
    """

    notice: Notice
    unit: str
    period: Period
    receipt_number: str
    deadline: Deadline
    standing: Standing
    parts: tuple[Part, ...] = ()
    tasks: tuple[int, ...] = ()
    figures: tuple[Figure, ...] = ()
    missing: tuple[PartKind, ...] = ()
    earlier: tuple[ReceivedPart, ...] = ()
    superseded: tuple[ReceivedPart, ...] = ()
    repeated: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class AcknowledgementLetter:
    """The answer to one message (回执、缺件告知): every submission in it, and the files that count for none.

    `other_files` are archived but no part of a report; `problems` name their file in `place.file`.
    """

    arrived: datetime
    submissions: tuple[Acknowledged, ...]
    other_files: tuple[Attachment, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class ReminderLetter:
    """One step of the ladder for one unit (提醒、催报). `as_of` is the moment for which it is true."""

    notice: Notice
    unit: str
    period: Period
    rung: Rung
    as_of: datetime
    deadline: Deadline
    missing: tuple[PartKind, ...]
    present: tuple[ReceivedPart, ...] = ()
    days_late: int = 0
    workdays_late: int = 0


@dataclass(frozen=True, slots=True)
class AlarmLetter:
    """To the office: a part of the work fails (故障). `as_of` is the moment for which it is true."""

    trouble: Trouble
    as_of: datetime


@dataclass(frozen=True, slots=True)
class AllClearLetter:
    """To the office: what an alarm told of is over (恢复). `part` failed from `since` until `over`."""

    part: str
    since: datetime
    over: datetime


Letter: TypeAlias = AcknowledgementLetter | ReminderLetter | AlarmLetter | AllClearLetter
