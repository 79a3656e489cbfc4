"""Plays one reporting month of the real notice on loopback servers, by the very code that `mailbot run` runs.

story ──▶ mailbox ──▶ App.round() at each moment of a set clock ──▶ what came, what was booked, what was sent
"""

from __future__ import annotations

import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mailbot.app import App
from mailbot.clock import SetClock
from mailbot.demo.enclosures import MONTH
from mailbot.demo.leaflet import write_index
from mailbot.demo.servers import MailServers
from mailbot.demo.stage_set import PASSWORD, StageSet
from mailbot.demo.story import ARRIVALS, BEGINS, BINDINGS, ENDS, HISTORY, MAILBOX
from mailbot.demo.telling import Seen, line, tell_end, tell_new
from mailbot.logs import configure
from mailbot.stages.exporting import export
from mailbot.stages.ruling import Bench
from mailbot.stages.undelivered import undelivered
from mailbot.stages.viewing import view

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mailbot.stages.protocols import Reader

WAKING = timedelta(hours=3)
READING_TIME = timedelta(minutes=2)  # from a mail's arrival to the round that finds it


def play(out: Path, *, pausing: bool, verbose: bool = False) -> None:
    """Play the month, and leave everything in the folder.

    Raises:
        UsageError: something lies in the folder that no play made.
    """
    configure(verbose=verbose)
    stage = StageSet(out)
    begin = stage.prepare()
    clock = SetClock(begin)
    with MailServers((MAILBOX, PASSWORD), sent=stage.sent, now=clock.now) as servers:
        stage.write_settings(servers.imap_port, servers.smtp_port)
        app = App.build(stage.settings, clock, {"MAILBOT_IMAP_PASSWORD": PASSWORD})
        Play(stage, servers, app, clock).perform(begin)
        if pausing and sys.stdin.isatty():
            click.pause("\n收发信服务器仍在运行，可在另一个终端试用；按任意键结束。")


class Play:
    """One performance: the servers, the program, and the clock that both go by."""

    def __init__(self, stage: StageSet, servers: MailServers, app: App, clock: SetClock) -> None:
        self._stage = stage
        self._servers = servers
        self._app = app
        self._clock = clock

    def perform(self, begin: datetime) -> None:
        """Play from a moment to the end."""
        app = self._app
        if begin == BEGINS:
            line(begin, "来件", f"启用之前邮箱中已有 {len(HISTORY)} 封来件：只登记，不回复")
        with app.only_instance(), app.reader() as reader:
            self._deliver(lambda arrival: arrival + READING_TIME < begin, quietly=True)
            for moment in _moments():
                if moment >= begin:
                    self._advance(moment, reader)
        self._leave()

    def _advance(self, moment: datetime, reader: Reader) -> None:
        """Let the clock go on to a moment, and everything happen that happens then."""
        last, self._clock.moment = self._clock.moment, moment
        self._stage.note(moment)
        self._deliver(lambda arrival: arrival + READING_TIME == moment, quietly=False)
        with self._app.ledger.reading() as books:
            before = Seen.in_books(books)
        for binding in BINDINGS:
            if last < binding.moment <= moment or (last == moment == binding.moment):
                line(moment, "办公室", binding.note)
                Bench(self._app.clerk(reader), "督查室").bind(binding.address, binding.unit)
        self._app.round(reader, relist=False).make()
        with self._app.ledger.reading() as books:
            tell_new(moment, before, Seen.in_books(books))

    def _deliver(self, chosen: Callable[[datetime], bool], *, quietly: bool) -> None:
        """Put into the mailbox what arrives then."""
        for arrival in (*HISTORY, *ARRIVALS):
            if not chosen(arrival.moment):
                continue
            sent = tuple(mail.raw for mail in self._servers.sent() if mail.taken <= arrival.moment)
            raw = arrival.build(sent)
            if raw is not None:
                self._servers.deliver(arrival.folder, raw, arrival.moment)
            if raw is not None and not quietly:
                line(arrival.moment, "来件", arrival.note)

    def _leave(self) -> None:
        """Leave the workbook, the index of sent mails and the note that the play has ended."""
        app, folder = self._app, self._stage.folder
        now = self._clock.now()
        with app.ledger.reading() as books:
            desk = app.desk().with_bindings(books)
            export(folder / "ledger.xlsx", app.settings.archive, books, desk, view(books, desk, now), now)
            rows = view(books, desk, now, {MONTH})
            wrong = tuple(undelivered(books, desk.directory, now))
        write_index(self._stage.sent, [mail.raw for mail in self._servers.sent()])
        self._stage.note(now, ended=True)
        tell_end(rows, wrong, folder, now)


def _moments() -> Iterator[datetime]:
    """Return the moments at which the service wakes: every few hours, and soon after each arrival."""
    wakings = []
    moment = BEGINS
    while moment <= ENDS:
        wakings.append(moment)
        moment += WAKING
    yield from sorted({*wakings, *(a.moment + READING_TIME for a in ARRIVALS), *(b.moment for b in BINDINGS)})
