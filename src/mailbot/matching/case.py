"""What every step of a decision looks at: the facts, the situation, the arrival, and the names to look for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

from mailbot.chinese.names import District, NameBook, name_book
from mailbot.chinese.quotation import is_answer, own_words, without_prefixes
from mailbot.domain.decision import Situation
from mailbot.domain.message import Facts, Mail
from mailbot.domain.moments import in_shanghai
from mailbot.domain.notice import Notice
from mailbot.domain.period import Period
from mailbot.domain.unit import Unit

_LONGEST_SUBJECT = 500
_LONGEST_BODY = 50_000  # characters; a cover note has a few hundred


@dataclass(frozen=True, slots=True)
class Case:
    """One message on the desk.

    `lead_units` are those that owe reports under any notice in force, `bound` the units that the sender's address is
    bound to; `subject` is without 回复: and the like, `body` what the sender wrote, without quotations.
    """

    facts: Facts
    situation: Situation
    arrived: datetime | None
    names: NameBook
    lead_units: tuple[str, ...]
    bound: tuple[str, ...]
    subject: str
    body: str

    @property
    def mail(self) -> Mail:
        """Return the message's headers and text."""
        return self.facts.mail

    @property
    def month(self) -> Period | None:
        """Return the month of arrival, None where nobody knows it."""
        return Period.of(self.arrived) if self.arrived else None

    @property
    def answers_somebody(self) -> bool:
        """Tell whether the subject is that of an answered or forwarded mail."""
        return is_answer(self.mail.subject)

    def notice_of(self, unit: str | None, period: Period | None = None) -> Notice | None:
        """Return the notice under which a unit reports, one that covers the period before one that does not."""
        under = [notice for notice in self.situation.notices if unit is None or unit in notice.lead_units()]
        covering = [notice for notice in under if period and notice.covers(period)]
        return next(iter(covering or under), None)


def open_case(facts: Facts, situation: Situation, arrived: datetime | None) -> Case:
    """Return the case, with a name book of every unit that the directory or a notice knows."""
    mail = facts.mail
    return Case(
        facts=facts,
        situation=situation,
        arrived=in_shanghai(arrived) if arrived else None,
        names=_names(situation.directory.units, situation.notices),
        lead_units=_leads(situation.notices),
        bound=situation.directory.bound_to(mail.sender.spec) if mail.sender.spec else (),
        subject=without_prefixes(mail.subject[:_LONGEST_SUBJECT]),
        body=own_words(mail.text[:_LONGEST_BODY]),
    )


def _leads(notices: tuple[Notice, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(unit for notice in notices for unit in notice.lead_units()))


@lru_cache(maxsize=16)  # it follows from the office's files and bindings, and each message asks for it
def _names(listed: tuple[Unit, ...], notices: tuple[Notice, ...]) -> NameBook:
    others = (unit for notice in notices for task in notice.tasks for unit in task.responsible_units)
    known = {unit.name for unit in listed}
    unlisted = tuple(Unit(name) for name in dict.fromkeys((*_leads(notices), *others)) if name not in known)
    units = tuple(replace(unit, addresses=()) for unit in (*listed, *unlisted))
    return name_book(units, District.of_issuer(notices[0].issuer if notices else ""))
