"""Measured on the wire: body bytes downloaded for the bytes of new mail, over restarts and one kill.

`mailbot poll` is started as a process of its own each time: killed in the middle of a body, started again, once more
with nothing new, then after new mail came, and once more.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.corpus import reports
from benchmarks.host import deliver
from benchmarks.office import Office
from benchmarks.proxy import Proxy, a_proxy
from tests.servers.dovecot import DovecotAccount

MAILBOT = Path(sys.executable).with_name("mailbot")


@dataclass(frozen=True, slots=True)
class Poll:
    """What one `mailbot poll` downloaded: bytes of bodies, and new mail that was there for it."""

    what: str
    bodies: int
    new: int


def measured(account: DovecotAccount, new: int, more: int, folder: Path) -> list[Poll]:
    """Poll an account that holds `new` bytes of mail five times, with so many more reports before the fourth."""
    with a_proxy(account.server) as (proxy, through):
        office = Office.make(folder, through, account.password)
        first = _counted(proxy, "killed in the middle of a body", new, lambda: _killed(office, proxy, new // 2))
        again = _counted(proxy, "started again", 0, lambda: _polled(office))
        idle = _counted(proxy, "nothing new", 0, lambda: _polled(office))
        came = deliver(account, reports(more, first=1_000_000))
        later = _counted(proxy, f"{more} more mails", came, lambda: _polled(office))
        last = _counted(proxy, "nothing new", 0, lambda: _polled(office))
    return [first, again, idle, later, last]


def _counted(proxy: Proxy, what: str, new: int, poll: Callable[[], None]) -> Poll:
    before = proxy.bodies.count
    poll()
    return Poll(what, proxy.bodies.count - before, new)


def _polled(office: Office) -> None:
    subprocess.run([*_command(office)], env=_environment(office), check=True, stdout=subprocess.DEVNULL)  # noqa: S603  # ours


def _killed(office: Office, proxy: Proxy, after: int) -> None:
    """Start a poll and kill it with its worker as soon as so many bytes of bodies came, in the middle of one."""
    poll = subprocess.Popen(  # noqa: S603  # ours
        _command(office), env=_environment(office), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )

    def kill() -> None:
        if proxy.bodies.count > after and proxy.bodies.is_in_one and poll.returncode is None:
            poll.send_signal(signal.SIGKILL)

    proxy.listening = kill
    poll.wait()
    proxy.listening = lambda: None
    if poll.returncode != -signal.SIGKILL:
        raise RuntimeError(f"the poll ended by itself: {poll.returncode}")


def _command(office: Office) -> list[str]:
    return [str(MAILBOT), "--config", str(office.settings), "poll"]


def _environment(office: Office) -> dict[str, str]:
    return {**os.environ, **office.environment()}
