"""From the mailbox into the archive: every message in view, its bytes kept before anything is made of them.

look ──▶ unseen ──▶ fetch ──▶ archive (durable) ──▶ sighting, one commit each ──▶ the folder's poll is complete
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import structlog

from mailbot.errors import MessageTooLarge, ProtocolRefused
from mailbot.stages.attending import Interrupted, Progress, never, silent

if TYPE_CHECKING:
    from mailbot.domain.mailbox import FolderMemory, FolderView, Sighting
    from mailbot.stages.protocols import Archive, Clock, Ledger, Mailbox

LOOKS = 3  # a message that vanishes between listing and fetching is looked for again so often

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Intake:
    """What one round brought: messages fetched, new messages among them, and folders polled completely.

    `why` says in Chinese what kept the others from it, as far as a person can do something about it.
    """

    fetched: int = 0
    new: int = 0
    complete: tuple[str, ...] = ()
    incomplete: tuple[str, ...] = ()
    why: tuple[str, ...] = ()

    def __add__(self, other: Intake) -> Intake:
        """Return both together."""
        return Intake(
            self.fetched + other.fetched,
            self.new + other.new,
            (*self.complete, *other.complete),
            (*self.incomplete, *other.incomplete),
            (*self.why, *other.why),
        )


@dataclass(frozen=True, slots=True)
class Trip:
    """What one look at a folder brought; `left` messages are not fetched, `why` as in `Intake`."""

    fetched: int
    new: int
    left: int
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Porter:
    """Carries mail from one open mailbox into the archive and notes where it was seen.

    `interrupted` is asked between two messages; `progress` is told how many of how many were carried.
    """

    mailbox: Mailbox
    archive: Archive
    ledger: Ledger
    clock: Clock
    interrupted: Interrupted = never
    progress: Progress = silent

    def carry_all(self, *, relist: bool) -> Intake:
        """Carry what is new in every watched folder; `relist` lists them whole instead of trusting what is remembered.

        What the server refuses of one folder or message keeps no other waiting.

        Raises:
            MailboxError: the connection failed; what was carried until then is kept.
            ArchiveError, LedgerError: the disk or the ledger failed; the message stays in the mailbox.
        """
        total = Intake()
        for folder in self.mailbox.folders():
            try:
                total += self._carry(folder, relist=relist)
            except ProtocolRefused as error:
                log.warning("folder not polled", folder=folder, error=str(error))
                total += Intake(incomplete=(folder,), why=(f"文件夹“{folder}”：{error.for_people()}",))
        return total

    def _carry(self, folder: str, *, relist: bool) -> Intake:
        """Carry one folder; its poll is complete once nothing that is in it is missing in the ledger."""
        carried = Intake()
        for look in range(LOOKS):
            view = self.mailbox.look(folder, self._memory(folder) if look == 0 and not relist else None)
            trip = self._carry_unseen(folder, self._unseen(view))
            carried += Intake(trip.fetched, trip.new)
            if not trip.left and not view.unlisted:
                self._note_complete(view)
                return carried + Intake(complete=(folder,))
            if not trip.left or self.interrupted():
                break
            log.warning("messages could not be fetched", folder=folder, count=trip.left)
        why = [*trip.why, *([view.unlisted] if view.unlisted else [])]
        return carried + Intake(incomplete=(folder,), why=tuple(f"文件夹“{folder}”：{each}" for each in why))

    def _carry_unseen(self, folder: str, unseen: tuple[Sighting, ...]) -> Trip:
        """Carry one message after another; what the server refuses, or what is too large, keeps no other waiting."""
        fetched = new = 0
        why: dict[str, None] = {}
        for done, sighting in enumerate(unseen, 1):
            if self.interrupted():
                break
            try:
                outcome = self._carry_one(sighting)
            except (MessageTooLarge, ProtocolRefused) as error:
                log.warning("left in the mailbox", folder=folder, uid=sighting.uid, error=str(error))
                why[error.for_people()] = outcome = None
            fetched += outcome is not None
            new += bool(outcome)
            self.progress(folder, done, len(unseen))
        return Trip(fetched, new, len(unseen) - fetched, tuple(why))

    def _carry_one(self, sighting: Sighting) -> bool | None:
        """Carry one message; tell whether it was new, None where it is no longer there."""
        raw = self.mailbox.fetch(sighting)
        if raw is None:
            return None
        log.info("fetched", folder=sighting.folder, uid=sighting.uid, size=len(raw))
        sha256 = self.archive.put(raw)
        log.info("archived", sha256=sha256)
        with self.ledger.transaction() as books:
            new = books.sight(sighting, sha256, self.clock.now())
        log.info("sighted", sha256=sha256, folder=sighting.folder, uid=sighting.uid, new=new)
        return new

    def _memory(self, folder: str) -> FolderMemory | None:
        with self.ledger.reading() as books:
            return books.folder_memory(folder)

    def _unseen(self, view: FolderView) -> tuple[Sighting, ...]:
        with self.ledger.reading() as books:
            return books.unseen(view)

    def _note_complete(self, view: FolderView) -> None:
        with self.ledger.transaction() as books:
            books.viewed(view, self.clock.now())
        log.info("folder polled", folder=view.folder, exists=view.exists, listing=view.listing.value)
