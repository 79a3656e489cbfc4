"""What persons said of a message, as its events keep it: whose it is, that it waits again, that no more is in it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from mailbot.domain.books import Event
from mailbot.domain.decision import Ruling

if TYPE_CHECKING:
    from mailbot.domain.books import StoredMessage
    from mailbot.stages.protocols import Books

ASSIGNED = "assigned"  # the event of a person's word on a message
IGNORED = "ignored"  # the event of a person's word that there is nothing (more) to book
REOPENED = "reopened"  # the event of a person's wish to look again at what was ignored


@dataclass(frozen=True, slots=True)
class Word:
    """What a person said of a message, with the event that keeps it."""

    ruling: Ruling
    event: Event


def said_before(books: Books, message: StoredMessage) -> tuple[Ruling, ...]:
    """Return what a person said of a message since he last let it wait again, in that order."""
    events = _since_reopened(books, message.sha256)
    return tuple(Ruling.parse(event.detail) for event in events if event.what == ASSIGNED)


def note(books: Books, message: StoredMessage, word: Word) -> None:
    """Keep a person's word; before his first one, what we booked of the message as if he had said that too."""
    if not said_before(books, message):
        for ruling in _booked_before(books, message):
            books.note(replace(word.event, actor="mailbot", detail=str(ruling)))
    books.note(word.event)


def said_so_far(books: Books, message: StoredMessage, word: Word | None) -> tuple[Ruling, ...]:
    """Return what a person said of a message; to his first word on a recorded one, what we booked of it."""
    said = said_before(books, message)
    return said if said or word is None else _booked_before(books, message)


def _booked_before(books: Books, message: StoredMessage) -> tuple[Ruling, ...]:
    """Return what is booked of a message as a person would have said it, file by file."""
    return tuple(
        Ruling(receipt.unit, receipt.period, tuple(part.file or "" for part in receipt.parts))
        for receipt in books.receipts_of(message.sha256)
    )


def rest_is_nothing(books: Books, sha256: str) -> bool:
    """Tell whether a person said, since he last let a message wait again, that nothing more of it is to be booked."""
    return any(event.what == IGNORED for event in _since_reopened(books, sha256))


def _since_reopened(books: Books, sha256: str) -> tuple[Event, ...]:
    events = books.events(sha256)
    reopened = [place for place, event in enumerate(events, start=1) if event.what == REOPENED]
    return events[max(reopened, default=0) :]


def was_reopened(books: Books, sha256: str) -> bool:
    """Tell whether a person ever let a settled message wait again."""
    return any(event.what == REOPENED for event in books.events(sha256))
