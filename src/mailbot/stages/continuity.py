"""Whether the ledger is still the one under which the archive was filled. A lost one must not answer everything anew.

The archive carries a mark: which ledger noted its messages, and how many. A ledger that is another, or knows fewer, was
made anew or restored from a backup: what it does not know of may have been answered, so such answers wait for a person.
"""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import uuid4

import structlog

from mailbot.domain.books import Event, OutgoingState
from mailbot.errors import ArchiveError

if TYPE_CHECKING:
    from mailbot.stages.protocols import Archive, Books, Ledger

IDENTITY = "ledger_identity"
RESTORED = "ledger_restored_at"  # what the ledger remembers of the last time that it fell behind the archive
PERHAPS_ANSWERED = "台账曾重建或从备份恢复，无法确定此前是否已发送，请人工核对后再发"

log = structlog.get_logger(__name__)


def look_back(ledger: Ledger, archive: Archive, now: datetime) -> None:
    """Compare the ledger with the archive's mark, and remember where it has fallen behind. Call it with the lock held.

    Raises:
        ArchiveError, LedgerError: the mark cannot be read, or the ledger not written.
    """
    mark = archive.mark()
    with ledger.transaction() as books:
        if not books.recall(IDENTITY):
            books.remember(IDENTITY, uuid4().hex)
        if _has_fallen_behind(books, mark, archive):
            log.warning("the ledger is not the one that the archive was filled under, or an older state of it")
            books.remember(RESTORED, now.isoformat())
            books.note(Event(now, "mailbot", "ledger_restored", "ledger", mark))
    with suppress(ArchiveError):  # without room for the mark there is work to do all the same; the round tells it
        keep_up(ledger, archive)


def keep_up(ledger: Ledger, archive: Archive) -> None:
    """Let the archive's mark say what the ledger knows now.

    Raises:
        ArchiveError: there is no room for it; the old one stands.
    """
    with ledger.reading() as books:
        mark = json.dumps({"ledger": books.recall(IDENTITY), "messages": _known(books)})
    if archive.mark() != mark:
        archive.set_mark(mark)


def restored_at(books: Books) -> datetime | None:
    """Return when the ledger was last found to have fallen behind the archive, None where it never was."""
    moment = books.recall(RESTORED)
    return datetime.fromisoformat(moment) if moment else None


def entering(books: Books, state: OutgoingState, since: datetime) -> tuple[OutgoingState, str]:
    """Return in which state a mail enters the outbox, and why: one that may have gone out before waits for a person.

    `since` is the moment from which on there was a reason to send it.
    """
    restored = restored_at(books)
    if restored is not None and since <= restored:
        return OutgoingState.HELD, PERHAPS_ANSWERED
    return state, ""


def _has_fallen_behind(books: Books, mark: str, archive: Archive) -> bool:
    try:
        seen = json.loads(mark)
        return bool(seen["ledger"] != books.recall(IDENTITY) or seen["messages"] > _known(books))
    except (ValueError, KeyError, TypeError):  # never set, or lost with the ledger
        return not _known(books) and not archive.is_empty()


def _known(books: Books) -> int:
    """Return how many messages the ledger knows: they only ever become more."""
    return sum(books.standings().values())
