"""From the ledger to the outbox: who still owes what, which rung is due, and why the others get nothing.

ledger + calendar ──▶ plan (a line for each unit, with its reasons) ──▶ outbox, one mail for a unit and rung
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import structlog

from mailbot.domain.books import OutgoingState
from mailbot.rules.ladder import Ladder, is_only_a_draft
from mailbot.rules.reminders import Reminder, Scene, reminders
from mailbot.stages.continuity import entering
from mailbot.stages.gaps import to_be_read_again
from mailbot.stages.viewing import Desk, outline
from mailbot.stages.watching import watched

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from mailbot.domain.ladder import OfficeHours, Rung
    from mailbot.stages.protocols import Books, Clock, Ledger
    from mailbot.stages.writing import Writer

ONLY_A_DRAFT = "再次催报，须经批准后发出"

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Reminding:
    """Plans and queues reminders. `since` is the day the service began, `state` how a reminder enters the outbox."""

    ledger: Ledger
    clock: Clock
    desk: Callable[[], Desk]
    writer: Writer
    rungs: tuple[Rung, ...]
    hours: OfficeHours
    since: datetime | None
    state: OutgoingState

    def queue_due(self) -> int:
        """Put what is due into the outbox; return how many mails."""
        now = self.clock.now()
        with self.ledger.transaction() as books:
            desk = self.desk().with_bindings(books)
            queued = 0
            for reminder in self.plan(books, desk, now):
                if reminder.key and reminder.rung and reminder.moment:
                    state, why = entering(books, self.state, reminder.moment)
                    if is_only_a_draft(reminder.rung, self.rungs):
                        state, why = OutgoingState.HELD, why or ONLY_A_DRAFT
                    queued += books.queue(self.writer.reminder(reminder, desk, now), state, now, why)
        log.info("reminders queued", count=queued)
        return queued

    def plan(self, books: Books, desk: Desk, now: datetime) -> tuple[Reminder, ...]:
        """Return who gets what now and why, and who does not and why not."""
        ladder = Ladder(self.rungs, desk.calendar, self.hours, self.since)
        return reminders(outline(books, desk, now), desk.notices, ladder, scene(books, desk, now))


def scene(books: Books, desk: Desk, now: datetime) -> Scene:
    """Return what a reminder may look at besides the ledger rows."""
    return Scene(
        now=now,
        directory=desk.directory,
        keys=books.outbox_keys(),
        watched=watched(books),
        polls=books.polls(),
        undecided=len(books.undecided()) + len(to_be_read_again(books)),
        guesses=books.concerned(),
    )
