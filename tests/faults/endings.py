"""How a play or a month ended, as far as it may not depend on how often the program was killed on the way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.office import parsed

from mailbot.app import App
from mailbot.cli.views import ledger_row
from mailbot.clock import SetClock
from mailbot.domain.period import Period
from mailbot.stages.viewing import view

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime
    from pathlib import Path

    from mailbot.domain.books import OutboxItem


@dataclass(frozen=True, slots=True)
class End:
    """How it ended: the ledger, the places of the messages, and what was sent."""

    ledger: tuple[object, ...]
    messages: tuple[tuple[str, str, tuple[str, ...]], ...]
    answers: tuple[str, ...]
    reminders: tuple[tuple[str, str], ...]
    repeated: tuple[str, ...]  # Message-IDs that went out more than once


def ended(config: Path, mails: Iterable[bytes], now: datetime) -> End:
    """Look at what is left: the ledger of that configuration, and the mails that the mail server took."""
    app = App.build(config, SetClock(now), {})
    with app.ledger.reading() as books:
        desk = app.desk().with_bindings(books)
        rows = view(books, desk, now, {Period(2021, 3), Period(2021, 4)})
        messages = sorted((row.sha256, row.standing.value, row.receipts) for row in books.messages() if row.in_view)
        items = books.outbox()
    app.ledger.close()
    sent = [parsed(raw) for raw in mails]
    ids = [str(mail["Message-ID"]) for mail in sent]
    return End(
        ledger=tuple(ledger_row(row, desk.notice(row.obligation.notice)) for row in rows),
        messages=tuple(messages),
        answers=tuple(sorted(str(mail["In-Reply-To"]) for mail in sent if mail["In-Reply-To"])),
        reminders=tuple(sorted(_reminders(items))),
        repeated=tuple(sorted({one for one in ids if ids.count(one) > 1})),
    )


def _reminders(items: tuple[OutboxItem, ...]) -> Iterator[tuple[str, str]]:
    return ((item.mail.key, item.state.value) for item in items if item.mail.rung)
