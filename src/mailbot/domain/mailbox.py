"""What is seen of the mailbox: folders, and messages in them before anything is known of their contents."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum


@dataclass(frozen=True, slots=True)
class Sighting:
    """A message as listed: UID and UIDVALIDITY (unsigned 32 bit), time of arrival (INTERNALDATE), size in bytes."""

    folder: str
    uidvalidity: int
    uid: int
    arrived: datetime
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
    """A folder as it was just seen; `exists` is the server's count."""

    folder: str
    uidvalidity: int
    uidnext: int | None
    exists: int
    listing: Listing
    sightings: tuple[Sighting, ...] = ()


class Origin(Enum):
    """How a message came to us."""

    IMAP = "imap"
    INGEST = "ingest"
