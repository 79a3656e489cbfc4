"""What was made of a message: whose it is, for which month, why, and what stays in doubt."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING, TypeAlias

from mailbot.domain.message import Mail
from mailbot.domain.period import Period
from mailbot.domain.report import PartKind

if TYPE_CHECKING:
    from mailbot.domain.calendar import WorkingCalendar
    from mailbot.domain.notice import Notice
    from mailbot.domain.report import Figure, Part, Progress
    from mailbot.domain.unit import Directory
    from mailbot.errors import Problem


class MailKind(Enum):
    """What sort of mail it is."""

    REPORT = "report"
    EXPLANATION = "explanation"
    INQUIRY = "inquiry"
    BOUNCE = "bounce"
    AUTO_REPLY = "auto_reply"
    READ_RECEIPT = "read_receipt"
    BULK = "bulk"
    OTHER = "other"


class Verdict(Enum):
    """Where the message goes."""

    RECORD = "record"
    TRIAGE = "triage"
    IGNORE = "ignore"


class About(Enum):
    """What a piece of evidence is about."""

    UNIT = "unit"
    PERIOD = "period"
    KIND = "kind"
    PART = "part"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One reason (依据): what it is about, what it points to, where it stood, its words, and its weight from 0 to 1."""

    about: About
    points_to: str
    source: str  # such as 'sender', 'subject', 'body', 'arrival', or a file's name
    quote: str
    weight: float


@dataclass(frozen=True, slots=True)
class Doubt:
    """One reason (存疑) why a person has to look, as a code and a Chinese sentence."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Ruling:
    """What a person decided of a message: whose it is and for which month. It overrides every guess.

    `files` are those he named, none for what is clearly that unit's and month's, `every` for all. `holds` are the parts
    that he found in files which the program could not read, or took for something else.
    """

    unit: str
    period: Period
    files: tuple[str, ...] = ()
    every: bool = False
    holds: tuple[PartKind, ...] = ()

    @property
    def pair(self) -> tuple[str, Period]:
        """Return the unit and the month."""
        return self.unit, self.period

    def __str__(self) -> str:
        """Return it as its event keeps it."""
        more: dict[str, object] = {}
        if self.files:
            more["files"] = self.files
        if self.every:
            more["every"] = True
        if self.holds:
            more["holds"] = [kind.value for kind in self.holds]
        return f"{self.unit} {self.period}" + (f" {json.dumps(more, ensure_ascii=False)}" if more else "")

    @classmethod
    def parse(cls, text: str) -> Ruling:
        """Return what an event keeps.

        >>> Ruling.parse('区教育局 2021-04 {"files": ["1.zip"], "holds": ["sealed_scan"]}').files
        ('1.zip',)
        """
        unit, period, *more = text.split(" ", 2)
        said = json.loads(more[0]) if more else {}
        holds = tuple(PartKind(kind) for kind in said.get("holds", ()))
        return cls(unit, Period.parse(period), tuple(said.get("files", ())), bool(said.get("every")), holds)


# From the mail, the units its address is bound to and our own addresses: the codes of the reasons not to answer.
ReplyPolicy: TypeAlias = Callable[[Mail, tuple[str, ...], frozenset[str]], tuple[str, ...]]


def no_policy(_mail: Mail, _bound_units: tuple[str, ...], _own_addresses: frozenset[str]) -> tuple[str, ...]:
    """Forbid any answer: what holds until somebody says whom we may answer."""
    return ("no_policy",)


@dataclass(frozen=True, slots=True)
class Situation:
    """All that a decision may look at besides the message: configuration, bindings, and what is still owed.

    `incomplete` holds the (unit, period) pairs that still lack a part; `answers` is the unit and period of our own mail
    that this one answers, if it does. `rulings` are what a person said of the message, in that order, and
    `rest_is_nothing` that no more of it is to be booked. `due` are the first moments that are too late, for each
    notice's key and period (the period rule 'by arrival' needs the months about the arrival; without them the month
    stays in doubt).
    `reply_policy` is the rule whom we may answer (`rules.may_reply.codes_not_to_answer`), handed in because the
    rooms of rules and of matching do not know each other.
    """

    notices: tuple[Notice, ...]
    directory: Directory
    calendar: WorkingCalendar
    own_addresses: frozenset[str]
    incomplete: frozenset[tuple[str, Period]] = frozenset()
    answers: tuple[str, Period] | None = None
    rulings: tuple[Ruling, ...] = ()
    rest_is_nothing: bool = False
    due: tuple[tuple[str, Period, datetime], ...] = ()
    reply_policy: ReplyPolicy = no_policy

    def due_at(self, notice: str, period: Period) -> datetime | None:
        """Return the first moment that is too late for a notice's period, None where nobody said."""
        return next((moment for key, month, moment in self.due if (key, month) == (notice, period)), None)


@dataclass(frozen=True, slots=True)
class Submission:
    """What one message delivers for one unit and period (报送)."""

    notice: str
    unit: str
    period: Period
    parts: tuple[Part, ...]
    tasks: tuple[int, ...]
    figures: tuple[Figure, ...]
    progress: tuple[Progress, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """What was made of a message.

    Parts, figures and progress name their unit and period as far as they are known; `submissions` is what RECORD books.
    `guess` is the best guess while in doubt, the first of `concerns`: all units and months that it may be for or about;
    none of them is reminded while it waits. They count as received (待核) only if it `may_deliver`: who asks for delay
    hands in nothing. What is recorded has doubts where a person settled part of it only: the rest waits on.
    `reasons_not_to_answer` is empty where an acknowledgement may go to `answer_to`.
    """

    kind: MailKind
    verdict: Verdict
    submissions: tuple[Submission, ...] = ()
    parts: tuple[Part, ...] = ()
    figures: tuple[Figure, ...] = ()
    progress: tuple[Progress, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    problems: tuple[Problem, ...] = ()
    guess: tuple[str | None, Period | None] = (None, None)
    concerns: tuple[tuple[str, Period], ...] = ()
    may_deliver: bool = True
    reasons_not_to_answer: tuple[str, ...] = ()
    answer_to: str = ""
