"""One waking of the service: everything that is due now, in order; what fails is noted and keeps nothing else waiting.

carry mail in ──▶ look for mails in doubt ──▶ count ──▶ record what waits ──▶ queue reminders and alarms ──▶ deliver
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import structlog

from mailbot.errors import LedgerError, LoginRefused, MailbotError, ProtocolRefused
from mailbot.stages import troubles
from mailbot.stages.attending import Interrupted, Progress, never, silent
from mailbot.stages.continuity import keep_up
from mailbot.stages.delivering import (
    Delivery,
    interrupted_sending,
    look_again,
    not_too_late_after_all,
    resolve_unknown,
    to_be_sent,
)
from mailbot.stages.intake import Intake, Porter, missing
from mailbot.stages.reconciling import reconcile
from mailbot.stages.renewing import Renewing
from mailbot.stages.watching import watch

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from datetime import datetime

    from mailbot.stages.alarming import Alarms
    from mailbot.stages.delivering import Postman
    from mailbot.stages.patience import Patience
    from mailbot.stages.protocols import Archive, Clock, Ledger, Mailbox
    from mailbot.stages.recording import Clerk
    from mailbot.stages.reminding import Reminding

T = TypeVar("T")
UNFORESEEN = "程序出现内部错误，其他工作照常进行。请查看日志，并联系维护人员。"

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class RoundResult:
    """What one round did. `trouble` says in Chinese what went wrong, by part."""

    intake: Intake
    recorded: int
    reminders: int
    delivery: Delivery
    trouble: dict[str, str]


@dataclass(frozen=True, slots=True)
class Round:
    """Everything a round needs.

    `holding` keeps back what no person let go; `folders_are_chosen` tells that mailbot.toml names the folders to watch;
    `relist` lists every folder whole.
    """

    open_mailbox: Callable[[], AbstractContextManager[Mailbox]]
    archive: Archive
    ledger: Ledger
    clock: Clock
    clerk: Clerk
    reminding: Reminding
    alarms: Alarms
    postman: Callable[[], AbstractContextManager[Postman]]
    files_trouble: Callable[[], str]
    patience: Patience
    holding: bool
    folders_are_chosen: bool = False
    relist: bool = False
    interrupted: Interrupted = never
    progress: Progress = silent

    def make(self) -> RoundResult:
        """Do what is due now.

        Raises:
            LedgerError: without the ledger nothing can be done.
        """
        trouble: dict[str, str] = {}
        intake = self._intake(trouble)
        recorded = self._part("recording", trouble, self._record) or 0
        reminders = self._part("reminding", trouble, self.reminding.queue_due) or 0
        self._part("archive", trouble, lambda: keep_up(self.ledger, self.archive))
        now = self.clock.now()
        self._part("alarms", trouble, lambda: self._alarm(trouble, now))
        delivery = self._part("outbox", trouble, self.deliver) or Delivery()
        recorded += self._part("recording", trouble, lambda: self.clerk.read_again(self.interrupted)) or 0
        if delivery.trouble:
            trouble["outbox"] = delivery.trouble
        if self.files_trouble():
            trouble["files"] = self.files_trouble()
        if not self.interrupted():  # what was broken off says nothing of what is well again
            troubles.note(self.ledger, trouble, now)
        return RoundResult(intake, recorded, reminders, delivery, trouble)

    def carry_and_record(self) -> dict[str, str]:
        """Only carry mail in and record it, as before a person sends; return what went wrong, by part."""
        trouble: dict[str, str] = {}
        self._intake(trouble)
        self._part("recording", trouble, self._record)
        return trouble

    def _intake(self, trouble: dict[str, str]) -> Intake:
        """Carry mail in; folders that were not polled completely are told, each with its reason."""
        intake = self._part("mailbox", trouble, self._carry) or Intake()
        if intake.incomplete:
            trouble["mailbox"] = f"文件夹未能完整收取：{'、'.join(intake.incomplete)}。{''.join(intake.why)}"
        if differs := self._part("count", trouble, lambda: reconcile(self.ledger, intake.complete)):
            trouble["count"] = differs
        return intake

    def _part(self, name: str, trouble: dict[str, str], work: Callable[[], T]) -> T | None:
        """Do one part; what stops it is noted and does not stop the next."""
        if self.interrupted():
            return None
        try:
            return work()
        except LedgerError:
            raise
        except MailbotError as error:
            log.warning("part failed", part=name, code=error.code, error=str(error))
            trouble[name] = error.for_people()
            return None
        except Exception:  # a fault of ours in one part must be told, and keep neither the others nor the next round
            log.exception("part failed in a way nobody foresaw", part=name)
            trouble[name] = UNFORESEEN
            return None

    def _carry(self) -> Intake:
        self.patience.ask(self.clock.now())
        try:
            return self._carry_all()
        except LoginRefused as refusal:
            raise self.patience.refused(refusal, self.clock.now()) from refusal

    def _carry_all(self) -> Intake:
        with self.open_mailbox() as mailbox:
            self.patience.accepted()
            gone = watch(self.ledger, mailbox.folders(), self.clock.now(), chosen=self.folders_are_chosen)
            porter = Porter(mailbox, self.archive, self.ledger, self.clock, self.interrupted, self.progress)
            intake = porter.carry_all(relist=self.relist) + missing(gone)
            self._resolve_unknown(mailbox)
            porter.try_again(relist=self.relist)
            return intake

    def _resolve_unknown(self, mailbox: Mailbox) -> None:
        """Look for mails in doubt; where the Sent folder is refused they stay in doubt, and `status` shows them."""
        try:
            resolve_unknown(mailbox, self.ledger, self.clock.now())
        except ProtocolRefused as error:
            log.warning("the Sent folder was not looked into", error=str(error))

    def _record(self) -> int:
        self.clerk.recover()
        self.clerk.reconsider()
        return self.clerk.record_backlog(self.interrupted, self.progress)

    def _alarm(self, trouble: dict[str, str], now: datetime) -> None:
        with self.ledger.reading() as books:
            found = troubles.lasting(books, trouble, now)
        self.alarms.tell(found, now)

    def deliver(self) -> Delivery:
        """Deliver what may leave now, after looking again at what waits, and giving back what expired by mistake."""
        interrupted_sending(self.ledger, self.clock.now())
        not_too_late_after_all(self.ledger, self.clerk.replies.state, self.clock.now())
        look_again(self.ledger, Renewing(self.reminding).latest, self.clock.now())
        with self.ledger.reading() as books:
            chosen = to_be_sent(books, holding=self.holding)
        if not chosen:
            return Delivery()
        with self.postman() as postman:
            return postman.flush(chosen)
