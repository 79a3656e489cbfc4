"""Counted on the wire: round trips of a round that finds nothing new, on a new TLS connection and on a kept one."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from benchmarks.corpus import small_messages
from benchmarks.host import filled
from benchmarks.office import Office
from benchmarks.proxy import Proxy, a_proxy
from benchmarks.service import logging_to
from tests.servers.dovecot import Dovecot
from tests.servers.netease import Manners, NetEase

from mailbot.domain.server import Security, Server
from mailbot.mailbox.kept import QUIET, Kept


@dataclass(frozen=True, slots=True)
class Turns:
    """Round trips in a round over so many folders with nothing new: on a new connection, on the one that was kept.

    `waited` is the same with IDLE before it. Either is None where the service does not do so.
    """

    where: str
    folders: int
    new: int
    kept: int | None
    waited: int | None


def measured(dovecot: Dovecot, folder: Path) -> list[Turns]:
    """Count for INBOX alone and with further folders, and where UIDNEXT is of no use."""
    account = filled(dovecot, small_messages(20), Security.TLS)
    servers: dict[str, tuple[Server, str]] = {"Dovecot": (account.server, account.password)}
    others = {"like 163": Manners(), "without UIDNEXT": Manners("IMAP4rev1 ID", wants_id=False)}
    with ExitStack() as running:
        for where, manners in others.items():
            other = _filled(NetEase(dovecot.certificates, Security.TLS, manners)).start()
            running.callback(other.stop)
            servers[where] = (other.server, other.password)
        return [
            _counted(where, server, password, folder / f"{where} {len(folders)}", folders)
            for where, (server, password) in servers.items()
            for folders in (("INBOX",), ())
        ]


def _filled(netease: NetEase) -> NetEase:
    for mail in small_messages(20):
        netease.deliver("INBOX", mail.raw, mail.arrived)
    return netease


def _counted(where: str, server: Server, password: str, folder: Path, folders: tuple[str, ...]) -> Turns:
    with a_proxy(server) as (proxy, through):
        app = Office.make(folder, through, password, folders).app()
        with logging_to(folder / "log"), app.only_instance(), app.reader() as reader:
            app.round(reader, relist=True).make()
            new = _turns_of(proxy, lambda: app.round(reader, relist=False).make())
            with app.mailbox() as mailbox:
                watched = len(mailbox.folders())
            kept = app.kept_mailbox(pause=threading.Event().wait)
            again = app.round(reader, relist=False, kept=kept).make
            again()
            connections = len(proxy.conversations)
            on_kept = _turns_of(proxy, again)
            is_kept = len(proxy.conversations) == connections
            waiting = _turns_of(proxy, lambda: _wait_in_idle(kept)) if is_kept else 0
            ended = _turns_of(proxy, again) if waiting else 0
            kept.close()
        app.ledger.close()
    return Turns(where, watched, new, on_kept if is_kept else None, waiting + ended if waiting else None)


def _turns_of(proxy: Proxy, work: Callable[[], object]) -> int:
    before = proxy.turns()
    work()
    return proxy.turns() - before


def _wait_in_idle(kept: Kept) -> None:
    """Listen, as the service does, for some seconds: nothing comes."""
    until = monotonic() + QUIET + 2
    while monotonic() < until:
        kept.listen()
