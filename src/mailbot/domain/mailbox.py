"""What is seen of the mailbox: folders, and messages in them before anything is known of their contents."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

LARGEST = 100 * 1024 * 1024  # bytes; NetEase takes 71,680,000


@dataclass(frozen=True, slots=True)
class Sighting:
    """A message as listed: UID and UIDVALIDITY (unsigned 32 bit), time of arrival (INTERNALDATE), size in bytes.

    `arrived` is None where the server tells no date that can be one, `size` 0 where it tells none.
    """

    folder: str
    uidvalidity: int
    uid: int
    arrived: datetime | None
    size: int


class Listing(Enum):
    """How much of a folder was listed."""

    FULL = "full"  # these and no others are in view
    ADDED = "added"  # what was in view still is, and these came
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class FolderMemory:
    """What the ledger remembers of a folder's last complete poll. `uidnext` is None where it is of no use."""

    uidvalidity: int
    uidnext: int | None
    in_view: int


@dataclass(frozen=True, slots=True)
class FolderView:
    """A folder as it was just seen; `exists` is the server's count.

    `unlisted` says in Chinese what could not be listed: the poll is not complete then, though what is listed holds.
    """

    folder: str
    uidvalidity: int
    uidnext: int | None
    exists: int
    listing: Listing
    sightings: tuple[Sighting, ...] = ()
    unlisted: str = ""


class StandIn(Enum):
    """Why no more than a stand-in of a message is archived: its headers, or a few words of ours in place of those."""

    TOO_LARGE = "too_large"  # never fetched
    NOT_GIVEN = "not_given"  # the server did not give it in several rounds; asked for again with each poll


class Origin(Enum):
    """How a message came to us."""

    IMAP = "imap"
    INGEST = "ingest"
