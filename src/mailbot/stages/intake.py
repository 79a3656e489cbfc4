"""From the mailbox into the archive: every message in view, its bytes kept before anything is made of them.

look ──▶ unseen ──▶ fetch into the archive (durable) ──▶ sighting, one commit each ──▶ the folder's poll is complete
                      └── too large, or not given in several rounds ──▶ a stand-in takes its place

Afterwards, what a stand-in stands for, and what the archive lost, is asked for again.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import structlog

from mailbot.domain.mailbox import StandIn
from mailbot.errors import ConnectionLost, MailboxError, MessageTooLarge, MessageVanished, ProtocolRefused
from mailbot.stages.attending import Interrupted, Progress, never, silent
from mailbot.stages.gaps import words_of_ours

if TYPE_CHECKING:
    from mailbot.domain.mailbox import FolderMemory, FolderView, Sighting
    from mailbot.stages.protocols import Archive, Clock, Ledger, Mailbox, Unfinished

LOOKS = 3  # a message that vanishes between listing and fetching is looked for again so often
ROUNDS = 3  # in so many rounds it must have been listed and not given before a stand-in takes its place
ASKED_AGAIN = 500  # messages in a round, at most: a whole archive may be lost
NOT_HAD = "not_had:"  # what the ledger remembers of a folder: in how many rounds a message could not be had

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


def missing(folders: dict[str, str]) -> Intake:
    """Return what folders brought that are not there any more, each with what to tell of it."""
    return Intake(incomplete=tuple(folders), why=tuple(f"文件夹“{name}”：{told}" for name, told in folders.items()))


@dataclass(frozen=True, slots=True)
class Trip:
    """What one look at a folder brought: `left` were not fetched; `whole` unless it was broken off; `why` as above."""

    fetched: int
    new: int
    left: tuple[Sighting, ...]
    whole: bool
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
            if not trip.left or not trip.whole:
                break
            log.warning("messages could not be fetched", folder=folder, count=len(trip.left))
        left = self._stood_in_for(folder, trip.left) if trip.whole else trip.left
        if not left and not view.unlisted:
            self._note_complete(view)
            return carried + Intake(complete=(folder,))
        why = [*trip.why, *([view.unlisted] if view.unlisted else [])]
        return carried + Intake(incomplete=(folder,), why=tuple(f"文件夹“{folder}”：{each}" for each in why))

    def _carry_unseen(self, folder: str, unseen: tuple[Sighting, ...]) -> Trip:
        """Carry one message after another; what the server refuses keeps no other waiting, and comes last."""
        failed = self._rounds(folder)
        fetched = new = 0
        left: list[Sighting] = []
        why: dict[str, None] = {}
        for done, sighting in enumerate(sorted(unseen, key=lambda each: failed.get(_name(each), 0))):
            if self.interrupted():
                return Trip(fetched, new, unseen[done:], whole=False, why=tuple(why))
            try:
                outcome = self._carry_or_stand_in(sighting, given_up=failed.get(_name(sighting), 0) >= ROUNDS)
            except ProtocolRefused as error:
                log.warning("left in the mailbox", folder=folder, uid=sighting.uid, error=str(error))
                why[error.for_people()] = outcome = None
            if outcome is None:
                left.append(sighting)
            fetched += outcome is not None
            new += bool(outcome)
            self.progress(folder, done + 1, len(unseen))
        return Trip(fetched, new, tuple(left), whole=True, why=tuple(why))

    def _carry_or_stand_in(self, sighting: Sighting, *, given_up: bool) -> bool | None:
        """Carry one message, or a stand-in for one that is too large, or whose turn would end the connection again."""
        if given_up:
            return self._stand_in(sighting, StandIn.NOT_GIVEN)
        try:
            return self._carry_one(sighting)
        except MessageVanished:
            return None
        except MessageTooLarge as error:
            log.warning("too large", folder=sighting.folder, uid=sighting.uid, error=str(error))
            return self._stand_in(sighting, StandIn.TOO_LARGE)

    def _carry_one(self, sighting: Sighting) -> bool:
        """Carry one message, on from where an earlier round was cut off in it; tell whether it was new.

        Raises:
            MessageVanished, MessageTooLarge, ProtocolRefused: it cannot be had, or not now.
        """
        with self.archive.unfinished(f"{sighting.folder} {_name(sighting)}") as file:
            self._fetch(sighting, file)
            log.info("fetched", folder=sighting.folder, uid=sighting.uid, size=file.size)
            sha256 = file.keep()
        log.info("archived", sha256=sha256)
        with self.ledger.transaction() as books:
            new = books.sight(sighting, sha256, self.clock.now())
        log.info("sighted", sha256=sha256, folder=sighting.folder, uid=sighting.uid, new=new)
        return new

    def _fetch(self, sighting: Sighting, file: Unfinished) -> None:
        """Fetch a message to its end; a line that breaks at it is counted, unless it brought us on."""
        before = file.size
        try:
            for piece in self.mailbox.fetch(sighting, before):
                file.append(piece)
        except (MessageVanished, MessageTooLarge):
            file.discard()
            raise
        except ConnectionLost:
            if file.size == before:
                self._count(sighting.folder, (sighting,))
            raise

    def _stood_in_for(self, folder: str, left: tuple[Sighting, ...]) -> tuple[Sighting, ...]:
        """Put stand-ins for those that could not be had in so many rounds; return the others."""
        rounds = self._count(folder, left) if left else {}
        for sighting in left:
            if rounds[_name(sighting)] >= ROUNDS:
                self._stand_in(sighting, StandIn.NOT_GIVEN)
        return tuple(each for each in left if rounds[_name(each)] < ROUNDS)

    def _stand_in(self, sighting: Sighting, why: StandIn) -> bool:
        """Archive what can be had of a message, its headers at best, and note that it only stands for it."""
        try:
            headers = self.mailbox.headers(sighting)
        except ProtocolRefused:
            headers = None
        except ConnectionLost:
            if self._count(sighting.folder, (sighting,))[_name(sighting)] <= ROUNDS:
                raise
            headers = None
        sha256 = self.archive.put(headers if headers and headers.strip() else words_of_ours(sighting))
        with self.ledger.transaction() as books:
            new = books.stand_in(sighting, sha256, why, self.clock.now())
        log.warning("stood in for", folder=sighting.folder, uid=sighting.uid, size=sighting.size, why=why.value)
        return new

    def try_again(self, *, relist: bool) -> int:
        """Ask again for what only a stand-in is there of, and for what the archive lost; return how many came.

        It comes after everything else: what goes wrong with these is no news, and is only logged. With `relist`, the
        archive is looked through too.
        """
        if relist:
            self._look_through()
            self.archive.sweep(self.clock.now())
        came = 0
        for sighting in self._wanted():
            if self.interrupted():
                break
            try:
                self._carry_one(sighting)
                came += 1
            except MailboxError as error:
                log.warning("still not had", folder=sighting.folder, uid=sighting.uid, error=str(error))
        return came

    def _look_through(self) -> None:
        """Note which files are no longer in the archive, so that they are asked for again."""
        with self.ledger.reading() as books:
            gone = [sha256 for sha256 in books.whole() if not self.archive.has(sha256)]
        if gone:
            log.warning("archive files are missing", count=len(gone))
            with self.ledger.transaction() as books:
                books.lose(*gone)

    def _wanted(self) -> tuple[Sighting, ...]:
        with self.ledger.reading() as books:
            gaps = books.gaps()
        wanted = [gap for gap in gaps if gap.in_view and gap.message.stand_in is not StandIn.TOO_LARGE]
        wanted.sort(key=lambda gap: not gap.message.lost)
        return tuple(gap.sighting for gap in wanted if gap.sighting)[:ASKED_AGAIN]

    def _rounds(self, folder: str) -> dict[str, int]:
        """Return in how many rounds messages of a folder could not be had."""
        with self.ledger.reading() as books:
            counted: dict[str, int] = json.loads(books.recall(NOT_HAD + folder) or "{}")
        return counted

    def _count(self, folder: str, left: tuple[Sighting, ...]) -> dict[str, int]:
        """Count one more round in which messages could not be had; it is remembered over a restart."""
        rounds = self._rounds(folder)
        rounds |= {_name(each): rounds.get(_name(each), 0) + 1 for each in left}
        with self.ledger.transaction() as books:
            books.remember(NOT_HAD + folder, json.dumps(rounds))
        return rounds

    def _memory(self, folder: str) -> FolderMemory | None:
        with self.ledger.reading() as books:
            return books.folder_memory(folder)

    def _unseen(self, view: FolderView) -> tuple[Sighting, ...]:
        with self.ledger.reading() as books:
            return books.unseen(view)

    def _note_complete(self, view: FolderView) -> None:
        with self.ledger.transaction() as books:
            books.viewed(view, self.clock.now())
            books.remember(NOT_HAD + view.folder, "")
        log.info("folder polled", folder=view.folder, exists=view.exists, listing=view.listing.value)


def _name(sighting: Sighting) -> str:
    return f"{sighting.uidvalidity} {sighting.uid} {sighting.arrived} {sighting.size}"
