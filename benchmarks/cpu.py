"""Measured: CPU from poll to queued reply, the product beside its unavoidable parts and beside the straightforward way.

A round runs each in a fresh process, one after another, so that what else the machine does falls on all of them; every
ratio is within one round.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.corpus import reports
from benchmarks.end_state import assert_the_same
from benchmarks.fresh import measure
from benchmarks.host import filled
from benchmarks.office import Office
from tests.servers.dovecot import Dovecot, DovecotAccount

WARMING = 5  # mails polled before the watch runs


@dataclass(frozen=True, slots=True)
class Round:
    """One round: milliseconds of CPU a message, of the whole and by part or stage; `rows` were the same at the end."""

    service: float
    straightforward: float
    parts: dict[str, float]
    stages: dict[str, float]
    rows: int

    @property
    def unavoidable(self) -> float:
        """Return the sum of the parts."""
        return sum(self.parts.values())


def measured(server: Dovecot, account: DovecotAccount, rounds: int, folder: Path) -> Iterator[Round]:
    """Make so many rounds over the account's mails."""
    warm = filled(server, reports(WARMING))
    for number in range(rounds):
        here = folder / str(number)
        yield _round(account, warm, here)
        shutil.rmtree(here)  # an archive of each way


def _round(account: DovecotAccount, warm: DovecotAccount, folder: Path) -> Round:
    def product(name: str) -> tuple[dict[str, Any], Path]:
        office = Office.make(folder / name, account.server, account.password)
        warming = Office.make(folder / f"{name}-warm", warm.server, warm.password)
        found = measure(name, folder=str(office.folder), warm=str(warming.folder), password=account.password)
        return found, office.folder

    server = account.server
    access = {"host": server.host, "port": server.port, "user": server.user, "password": account.password}
    service, ours = product("service")
    plain = measure("straightforward", **access, folder=str(folder / "straightforward"))
    stages, done = product("stages")
    parts = measure("parts", **access, done=str(done), folder=str(folder / "parts"))
    rows = assert_the_same(ours, folder / "straightforward")
    return Round(
        service=_a_message(service, service["cpu"]),
        straightforward=_a_message(plain, plain["cpu"]),
        parts={name: _a_message(parts, spent) for name, spent in parts["parts"].items()},
        stages={name: _a_message(stages, spent) for name, spent in stages["stages"].items()},
        rows=rows,
    )


def _a_message(found: dict[str, Any], seconds: float) -> float:
    """Return milliseconds a message."""
    return float(seconds * 1000 / found["messages"])
