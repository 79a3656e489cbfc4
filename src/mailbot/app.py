"""Builds the rooms from the settings and hands them to the stages. The only place that knows them all."""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from mailbot.data import shipped
from mailbot.domain.books import OutgoingState
from mailbot.domain.message import Address
from mailbot.errors import ConfigurationError, LedgerError, Place, Problem, UsageError
from mailbot.settings import (
    Files,
    OutgoingMode,
    Settings,
    files_named,
    imap_password,
    ledger_password,
    load,
    password_files,
    smtp_password,
)
from mailbot.stages.attending import Interrupted, Progress, never, silent
from mailbot.stages.office_files import OfficeFiles
from mailbot.stages.patience import Patience

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from contextlib import AbstractContextManager
    from pathlib import Path

    from mailbot.clock import SetClock, SystemClock
    from mailbot.ledger.engine import SqlLedger
    from mailbot.mailbox.archive import Archive
    from mailbot.mailbox.kept import Kept
    from mailbot.mailbox.session import Session
    from mailbot.outgoing.smtp import SmtpCourier
    from mailbot.stages.alarming import Alarms
    from mailbot.stages.delivering import Postman
    from mailbot.stages.inspecting import Inspector
    from mailbot.stages.outcry import Outcry
    from mailbot.stages.protocols import Reader
    from mailbot.stages.recording import Clerk
    from mailbot.stages.reminding import Reminding
    from mailbot.stages.reporting import Report
    from mailbot.stages.rounds import Round
    from mailbot.stages.writing import Writer


class App:
    """The program, built on one configuration. It connects nowhere until a room is asked to."""

    def __init__(self, settings: Settings, clock: SystemClock | SetClock, environment: Mapping[str, str]) -> None:
        self.settings = settings
        self._environment = environment
        self.clock = clock
        self.desk = OfficeFiles(settings.files)

    @classmethod
    def with_settings(
        cls, config: Path, clock: SystemClock | SetClock, environment: Mapping[str, str] = os.environ
    ) -> App:
        """Read mailbot.toml; the office's files are read when they are first asked for.

        Raises:
            ConfigurationError: mailbot.toml is wrong; with every mistake in it and in the office's files.
        """
        try:
            settings = load(config)
        except ConfigurationError as error:
            raise ConfigurationError((*error.problems, *_problems_of(files_named(config)))) from error
        return cls(settings, clock, environment)

    @classmethod
    def build(cls, config: Path, clock: SystemClock | SetClock, environment: Mapping[str, str] = os.environ) -> App:
        """Read mailbot.toml and the office's files.

        Raises:
            ConfigurationError: with every mistake in them.
        """
        app = cls.with_settings(config, clock, environment)
        app.desk()
        return app

    # what must be there before anything is connected to

    def must_have_passwords(self) -> None:
        """Refuse to go on without the password, before a socket is opened or a name looked up.

        Raises:
            ConfigurationError: it is not in the environment; or a file named there cannot be read.
        """
        if imap_password(self._environment) is None:
            text = "没有设置邮箱授权码；请写入授权码（不是登录密码），或用 MAILBOT_IMAP_PASSWORD_FILE 指明存放它的文件"
            raise ConfigurationError((Problem("password_missing", text, Place(key="MAILBOT_IMAP_PASSWORD")),))
        smtp_password(self._environment)
        ledger_password(self._environment)

    def must_know_the_beginning(self) -> None:
        """Refuse to answer mail before the office has said from which day on.

        Raises:
            ConfigurationError: `mail.answer_after` is not set.
        """
        if self.settings.answer_after is None:
            text = "没有设置启用日期；请写上服务开始的日期，如 answer_after = 2021-04-01：此前的来件只登记，不回复"
            place = Place(file=self.settings.path.name, key="mail.answer_after")
            raise ConfigurationError((Problem("answer_after_missing", text, place),))

    def must_have_a_true_clock(self) -> None:
        """Refuse to send by a clock that was set by hand, unless it is a rehearsal on the loopback.

        Raises:
            UsageError: the clock is set, and a mail server is not on the loopback.
        """
        servers = (self.settings.imap, self.settings.smtp)
        if self.clock.fixed and not all(server.is_local() for server in servers):
            raise UsageError(
                "MAILBOT_NOW is set",
                chinese="设置了 MAILBOT_NOW，不能连接真实的邮件服务器收发",
                remedy="演练请使用本机服务器；正式运行请取消 MAILBOT_NOW。",
            )

    # rooms

    @cached_property
    def ledger(self) -> SqlLedger:
        """Open the ledger."""
        from mailbot.ledger.engine import open_ledger

        return open_ledger(
            self.settings.ledger_url,
            receipt_number=self.settings.receipt_number,
            password=ledger_password(self._environment) or "",
        )

    @contextmanager
    def only_instance(self) -> Iterator[None]:
        """Work on the ledger as the only instance, after tidying what a killed one left.

        Raises:
            AlreadyRunning: another instance works on it.
        """
        from mailbot.reading.scratch import sweep
        from mailbot.stages.continuity import look_back
        from mailbot.stages.delivering import interrupted_sending

        with self.ledger.lock():
            sweep()
            self.archive.sweep(self.clock.now())
            look_back(self.ledger, self.archive, self.clock.now())
            interrupted_sending(self.ledger, self.clock.now())
            yield

    @cached_property
    def archive(self) -> Archive:
        """Return the archive."""
        from mailbot.mailbox.archive import Archive

        return Archive(self.settings.archive)

    def mailbox(self) -> AbstractContextManager[Session]:
        """Open one connection to the mailbox, for a command."""
        from mailbot.mailbox.session import open_mailbox

        return open_mailbox(self.settings.imap, self._imap_password(), self.settings.folders)

    def kept_mailbox(self, pause: Callable[[float], object]) -> Kept:
        """Return who keeps the service's connection; `pause` waits so many seconds, or until the service stops."""
        from mailbot.mailbox.kept import Kept
        from mailbot.mailbox.session import connected

        return Kept(lambda: connected(self.settings.imap, self._imap_password(), self.settings.folders), pause)

    def _imap_password(self) -> str:
        self.must_have_passwords()
        return imap_password(self._environment) or ""

    @contextmanager
    def _mailbox_again(self) -> Iterator[Session]:
        """Open the mailbox although its login was refused before: a person at the keyboard may have put that right."""
        with self.mailbox() as mailbox:
            with suppress(LedgerError):  # told by a step of its own
                self._patience.accepted()
            yield mailbox

    @cached_property
    def _patience(self) -> Patience:
        """Return who keeps a refused login from being tried too often."""
        imap = self.settings.imap
        return Patience(self.ledger, lambda: (imap.host, imap.user, imap_password(self._environment) or ""))

    @cached_property
    def _patience_in_sending(self) -> Patience:
        """Return the same for the way out."""
        from mailbot.stages.patience import REFUSED_SENDING

        smtp = self.settings.smtp
        return Patience(
            self.ledger, lambda: (smtp.host, smtp.user, smtp_password(self._environment) or ""), REFUSED_SENDING
        )

    def _log_in_to_send(self) -> None:
        """Log in to the way out and leave, although that was refused before, as with the mailbox."""
        from mailbot.outgoing.smtp import check_login

        check_login(self.settings.smtp, smtp_password(self._environment) or "")
        with suppress(LedgerError):  # told by a step of its own
            self._patience_in_sending.accepted()

    def courier(self) -> AbstractContextManager[SmtpCourier]:
        """Return a courier for one flush."""
        from mailbot.outgoing.smtp import open_courier

        self.must_have_passwords()
        return open_courier(self.settings.smtp, smtp_password(self._environment) or "")

    @contextmanager
    def reader(self) -> Iterator[Reader]:
        """Lend a reader with its worker, ended afterwards."""
        from mailbot.reading.reader import SandboxedReader

        with SandboxedReader() as reader:
            yield reader

    @cached_property
    def writer(self) -> Writer:
        """Return who writes our mails: with the office's templates, with ours where those are missing or broken."""
        from mailbot.outgoing.rendering import Renderer
        from mailbot.stages.writing import Writer

        settings, ours = self.settings, shipped("templates")
        office, plain = (
            Renderer(folders, signature=settings.from_name, contact=settings.office_contact)
            for folders in ((settings.files.templates, ours), (ours,))
        )
        closes = settings.office_hours.closes if self.sends_by_itself else None
        return Writer(office, plain, Address(settings.from_name, settings.smtp.user), closes)

    def templates_trouble(self) -> tuple[str, ...]:
        """Say what is wrong with the office's templates; in their place the shipped ones are used."""
        try:
            self.writer.office.check()
        except ConfigurationError as error:
            return (f"{error.for_people()}\n在改正之前，有关邮件用随程序提供的模板发出。",)
        return ()

    # stages

    def report(self) -> Report:
        """Return how everything stands."""
        from mailbot.stages.reporting import cannot_write, report

        trouble = (*cannot_write(self.ledger, self.clock.now()), *self.templates_trouble())
        with self.ledger.reading() as books:
            return report(
                books,
                self.reminding,
                every=timedelta(seconds=self.settings.every_seconds),
                holding=not self.sends_by_itself,
                files_trouble=self.desk.trouble,
                trouble=trouble,
            )

    @property
    def own_addresses(self) -> frozenset[str]:
        """Return the addresses that are ours: what comes from them is no report."""
        notices = (notice.mailbox for notice in self.desk().notices)
        return frozenset(each.lower() for each in (self.settings.imap.user, self.settings.smtp.user, *notices))

    @property
    def sends_by_itself(self) -> bool:
        """Tell whether mail leaves without a person letting it go."""
        return self.settings.mode is OutgoingMode.SEND

    @property
    def entering(self) -> OutgoingState:
        """Return in which state a mail enters the outbox."""
        return OutgoingState.QUEUED if self.sends_by_itself else OutgoingState.HELD

    def clerk(self, reader: Reader) -> Clerk:
        """Return who books messages."""
        from mailbot.rules.acknowledging import Service
        from mailbot.stages.recording import Clerk, Replies

        replies = Replies(Service(self.settings.answer_after, self.settings.answer_within_days), self.entering)
        return Clerk(self.archive, reader, self.ledger, self.clock, self.desk, self.writer, self.own_addresses, replies)

    @property
    def reminding(self) -> Reminding:
        """Return who plans reminders."""
        from mailbot.stages.reminding import Reminding

        settings = self.settings
        return Reminding(
            self.ledger,
            self.clock,
            self.desk,
            self.writer,
            settings.ladder,
            settings.office_hours,
            settings.answer_after,
            self.entering,
        )

    @property
    def alarms(self) -> Alarms:
        """Return who tells the office of what is wrong."""
        from mailbot.stages.alarming import Alarms

        office, after = self.settings.office_addresses, self.settings.alarm_after
        return Alarms(self.ledger, self.writer, self.desk, office, lambda: self.own_addresses, after)

    @property
    def outcry(self) -> Outcry:
        """Return who tells the office that the ledger takes nothing."""
        from mailbot.stages.outcry import Outcry

        return Outcry(self.courier, self.alarms)

    @property
    def inspector(self) -> Inspector:
        """Return who looks at everything for `mailbot check`."""
        from mailbot.stages.inspecting import Inspector

        return Inspector(
            settings=self.settings,
            clock=self.clock,
            desk=self.desk,
            renderer=self.writer.office,
            open_mailbox=self._mailbox_again,
            smtp_login=self._log_in_to_send,
            open_ledger=lambda: self.ledger,
            archive=self.archive,
            secrets=password_files(self._environment),
            own_addresses=lambda: self.own_addresses,
        )

    @contextmanager
    def postman(self, interrupted: Interrupted = never) -> Iterator[Postman]:
        """Lend who delivers the outbox, for one flush."""
        from mailbot.stages.delivering import Postman
        from mailbot.stages.renewing import Renewing

        with self.courier() as courier:
            yield Postman(
                self.ledger,
                courier,
                self.clock,
                self.settings.caps,
                Renewing(self.reminding).latest,
                self._patience_in_sending,
                interrupted,
            )

    def round(
        self,
        reader: Reader,
        *,
        relist: bool,
        kept: Kept | None = None,
        interrupted: Interrupted = never,
        progress: Progress = silent,
    ) -> Round:
        """Return one waking, of the service where it has a connection that is kept, else of a command."""
        from mailbot.stages.rounds import Round

        return Round(
            open_mailbox=kept.lend if kept else self.mailbox,
            archive=self.archive,
            ledger=self.ledger,
            clock=self.clock,
            clerk=self.clerk(reader),
            reminding=self.reminding,
            alarms=self.alarms,
            postman=lambda: self.postman(interrupted),
            files_trouble=lambda: self.desk.trouble,
            patience=self._patience,
            holding=not self.sends_by_itself,
            folders_are_chosen=bool(self.settings.folders),
            relist=relist,
            interrupted=interrupted,
            progress=progress,
        )


def _problems_of(files: Files | None) -> tuple[Problem, ...]:
    """Return the mistakes in the office's files, where mailbot.toml itself is wrong: all are told at once."""
    try:
        if files is not None:
            OfficeFiles(files)()
    except ConfigurationError as error:
        return error.problems
    return ()
