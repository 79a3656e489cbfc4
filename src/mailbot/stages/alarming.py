"""From what is wrong to a mail to the office, by the other path: one mail when it lasts, one when it is over.

troubles ──▶ lasts too long? ──▶ alarm, once ──▶ well again ──▶ all-clear, or the alarm is taken back unsent
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog

from mailbot.domain.books import OutgoingState
from mailbot.domain.moments import shanghai
from mailbot.rules.alarming import alarm_addresses, to_be_told

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from mailbot.domain.trouble import Trouble
    from mailbot.stages.protocols import Books, Ledger
    from mailbot.stages.viewing import Desk
    from mailbot.stages.writing import Writer

ALARMED = "alarmed"  # what the ledger remembers: a JSON object, part → since when the trouble told of lasts
OVER = "已恢复正常，不再发出"
NOT_GONE = (OutgoingState.HELD, OutgoingState.QUEUED)
NEVER_GONE = (*NOT_GONE, OutgoingState.FAILED, OutgoingState.EXPIRED, OutgoingState.CANCELLED)

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Alarms:
    """Tells the office. `office` are its addresses, `own` gives ours, `after` is how long a trouble may last."""

    ledger: Ledger
    writer: Writer
    desk: Callable[[], Desk]
    office: tuple[str, ...]
    own: Callable[[], frozenset[str]]
    after: timedelta

    def tell(self, troubles: Mapping[str, Trouble], now: datetime) -> None:
        """Queue what the office has to hear now. It leaves in either mode, as it concerns nobody outside."""
        with self.ledger.reading() as books:
            if not troubles and not books.recall(ALARMED):
                return
        with self.ledger.transaction() as books:
            to = self.recipients(books)
            told: dict[str, str] = json.loads(books.recall(ALARMED) or "{}")
            for part in told.keys() - troubles.keys():
                self._all_clear(books, part, told.pop(part), to, now)
            for trouble in to_be_told(troubles.values(), self.after, now):
                if to and trouble.part not in told:
                    books.queue(self.writer.alarm(trouble, to, now), OutgoingState.QUEUED, now)
                    told[trouble.part] = trouble.since.isoformat()
                    log.warning("alarm", part=trouble.part, since=told[trouble.part])
            books.remember(ALARMED, json.dumps(told) if told else "")

    def _all_clear(self, books: Books, part: str, since: str, to: tuple[str, ...], now: datetime) -> None:
        """Say that it is over, to whoever heard of it; an alarm that never left is taken back instead."""
        began = shanghai(since)
        alarm = next((one for one in books.outbox() if one.mail.key == self.writer.alarm_key(part, began)), None)
        if alarm is not None and alarm.state in NOT_GONE:
            books.move(alarm.id, OutgoingState.CANCELLED, now, OVER)
        if alarm is not None and alarm.state not in NEVER_GONE and to:
            books.queue(self.writer.all_clear(part, began, to, now), OutgoingState.QUEUED, now)
        log.info("all clear", part=part, since=since)

    def recipients(self, books: Books | None = None) -> tuple[str, ...]:
        """Return who hears of it; without the ledger, as far as the office's own files tell."""
        desk = self.desk().with_bindings(books) if books else self.desk()
        return alarm_addresses(self.office, self.own(), desk.directory)
