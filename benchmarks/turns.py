"""Counted on the wire: round trips of a poll that finds nothing new, on a new TLS connection and on a kept one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from benchmarks.corpus import small_messages
from benchmarks.host import filled
from benchmarks.office import Office
from benchmarks.proxy import a_proxy
from benchmarks.service import logging_to
from tests.servers.certificates import Certificates
from tests.servers.dovecot import Dovecot
from tests.servers.netease import NetEase

from mailbot.app import App
from mailbot.domain.server import Security, Server
from mailbot.stages.intake import Porter
from mailbot.stages.protocols import Mailbox


@dataclass(frozen=True, slots=True)
class Turns:
    """Round trips in a poll of so many folders with nothing new: on a new connection, again on the same one."""

    where: str
    folders: int
    new: int
    kept: int


def measured(dovecot: Dovecot, folder: Path) -> list[Turns]:
    """Count for INBOX alone and with further folders, and where UIDNEXT is of no use."""
    account = filled(dovecot, small_messages(20), Security.TLS)
    netease = _like_163(dovecot.certificates).start()
    try:
        return [
            _counted("Dovecot", account.server, account.password, folder / "inbox", ("INBOX",)),
            _counted("Dovecot", account.server, account.password, folder / "folders", ()),
            _counted("like 163", netease.server, netease.password, folder / "163-inbox", ("INBOX",)),
            _counted("like 163", netease.server, netease.password, folder / "163-folders", ()),
        ]
    finally:
        netease.stop()


def _like_163(certificates: Certificates) -> NetEase:
    netease = NetEase(certificates, Security.TLS)
    for mail in small_messages(20):
        netease.deliver("INBOX", mail.raw, mail.arrived)
    return netease


def _counted(where: str, server: Server, password: str, folder: Path, folders: tuple[str, ...]) -> Turns:
    with a_proxy(server) as (proxy, through):
        office = Office.make(folder, through, password, folders)
        app = office.app()
        with logging_to(folder / "log"), app.only_instance(), app.reader() as reader:
            app.round(reader, relist=True).make()
            before = proxy.turns()
            app.round(reader, relist=False).make()
            new = proxy.turns() - before
            with app.mailbox() as mailbox:
                watched = len(mailbox.folders())
                _polled(app, mailbox)
                before = proxy.turns()
                _polled(app, mailbox)
                kept = proxy.turns() - before
        app.ledger.close()
    return Turns(where, watched, new, kept)


def _polled(app: App, mailbox: Mailbox) -> None:
    """Poll once on an open connection, as a round does."""
    Porter(mailbox, app.archive, app.ledger, app.clock).carry_all(relist=False)
