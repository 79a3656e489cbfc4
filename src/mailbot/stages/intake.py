"""From the mailbox into the archive: every message in view, its bytes kept before anything is made of them.

look ──▶ unseen ──▶ fetch ──▶ archive (durable) ──▶ sighting, one commit each ──▶ the folder's poll is complete
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import structlog

from mailbot.errors import MessageTooLarge
from mailbot.stages.attending import Interrupted, Progress, never, silent

if TYPE_CHECKING:
    from mailbot.domain.mailbox import FolderMemory, FolderView, Sighting
    from mailbot.stages.protocols import Archive, Clock, Ledger, Mailbox

LOOKS = 3  # a message that vanishes between listing and fetching is looked for again so often

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Intake:
    """What one round brought: messages fetched, new messages among them, and folders polled completely."""

    fetched: int = 0
    new: int = 0
    complete: tuple[str, ...] = ()
    incomplete: tuple[str, ...] = ()


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

        Raises:
            MailboxError: the connection failed; what was carried until then is kept.
            ArchiveError, LedgerError: the disk or the ledger failed; the message stays in the mailbox.
        """
        total = Intake()
        for folder in self.mailbox.folders():
            fetched, new, complete = self._carry(folder, relist=relist)
            total = Intake(
                total.fetched + fetched,
                total.new + new,
                (*total.complete, folder) if complete else total.complete,
                total.incomplete if complete else (*total.incomplete, folder),
            )
        return total

    def _carry(self, folder: str, *, relist: bool) -> tuple[int, int, bool]:
        """Carry one folder; its poll is complete once nothing that is listed is missing in the ledger."""
        fetched = new = 0
        for look in range(LOOKS):
            view = self.mailbox.look(folder, self._memory(folder) if look == 0 and not relist else None)
            unseen = self._unseen(view)
            vanished = 0
            for done, sighting in enumerate(unseen, 1):
                if self.interrupted():
                    return fetched, new, False
                outcome = self._carry_one(sighting)
                vanished += outcome is None
                fetched += outcome is not None
                new += bool(outcome)
                self.progress(folder, done, len(unseen))
            if not vanished:
                self._note_complete(view)
                return fetched, new, True
            log.warning("messages vanished while being fetched", folder=folder, count=vanished)
        return fetched, new, False

    def _carry_one(self, sighting: Sighting) -> bool | None:
        """Carry one message; tell whether it was new, None where it is no longer there."""
        try:
            raw = self.mailbox.fetch(sighting)
        except MessageTooLarge as error:
            log.warning("left in the mailbox", folder=sighting.folder, uid=sighting.uid, error=str(error))
            return None
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
