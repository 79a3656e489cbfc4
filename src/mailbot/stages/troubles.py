"""What the ledger remembers of what is wrong: each part of the work that fails, since when and why."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from mailbot.domain.moments import shanghai
from mailbot.domain.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from mailbot.stages.protocols import Books, Ledger

TROUBLE = "trouble"  # a JSON object, part → since and text


def known(books: Books) -> dict[str, Trouble]:
    """Return what was wrong when a round was last made, by part."""
    kept = json.loads(books.recall(TROUBLE) or "{}")
    return {part: Trouble(part, shanghai(each["since"]), each["text"]) for part, each in kept.items()}


def lasting(books: Books, trouble: Mapping[str, str], now: datetime) -> dict[str, Trouble]:
    """Return what is wrong now, by part, with the moment it began: rounds ago, or now where a wrong clock noted it."""
    since = {part: min(each.since, now) for part, each in known(books).items()}
    return {part: Trouble(part, since.get(part, now), text) for part, text in trouble.items()}


def note(ledger: Ledger, trouble: Mapping[str, str], now: datetime) -> None:
    """Keep what is wrong, and since when; what is well again is forgotten."""
    with ledger.transaction() as books:
        kept = {
            each.part: {"since": each.since.isoformat(timespec="seconds"), "text": each.text}
            for each in lasting(books, trouble, now).values()
        }
        books.remember(TROUBLE, json.dumps(kept, ensure_ascii=False) if kept else "")
