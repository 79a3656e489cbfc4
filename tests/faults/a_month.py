"""The demo's month, lived through by the real commands as processes that can be killed; the world is outside of them.

story ──▶ mailbox like 163's ──▶ `mailbot poll` at each moment, a process of its own ──▶ mail server, Sent folder

A process is forked from one that has everything imported, so that a kill falls into work and not into imports.
"""

from __future__ import annotations

import asyncio
import io
import json
import multiprocessing
import os
import signal
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from tests.faults.endings import End, ended
from tests.loopback import end
from tests.office import Rules, write_configuration
from tests.servers.certificates import make_certificates
from tests.servers.netease import NetEase
from tests.servers.smtp_server import SmtpServer, start_smtp

from mailbot.cli import main
from mailbot.demo.play import READING_TIME, _moments
from mailbot.demo.story import ADDRESSES, ARRIVALS, BEGINS, BINDINGS, HISTORY
from mailbot.settings import Security

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from multiprocessing.connection import Connection

    from mailbot.demo.mailing import Arrival
    from mailbot.demo.story import Binding

WATCHED = ("INBOX", "垃圾邮件", "广告邮件", "订阅邮件")
AFTER_A_KILL = timedelta(seconds=61)  # until it is started again, by the clock that it goes by
FILED = 0.05  # seconds in which the mail server deals with all that reached it
IMPORTED_ONCE = [  # so that no process has to
    "alembic.command",
    "openpyxl",
    "sqlalchemy.dialects.sqlite",
    "mailbot.cli.books",
    "mailbot.cli.service",
    "mailbot.ledger.engine",
    "mailbot.ledger.sqlite",
    "mailbot.mailbox.session",
    "mailbot.outgoing.rendering",
    "mailbot.outgoing.smtp",
    "mailbot.reading.reader",
    "mailbot.stages.alarming",
    "mailbot.stages.recording",
    "mailbot.stages.rounds",
    "tests.faults.a_month",
]


@dataclass(frozen=True, slots=True)
class Waking:
    """A moment of the story, and what happened since the one before."""

    moment: datetime
    arrivals: tuple[Arrival, ...]
    bindings: tuple[Binding, ...]


@dataclass(frozen=True, slots=True)
class Ran:
    """What became of one process: its exit code (-9: killed), how long it lived, and the steps that it logged."""

    code: int
    seconds: float
    steps: tuple[str, ...]

    @property
    def killed(self) -> bool:
        """Tell whether it was killed."""
        return self.code == -signal.SIGKILL

    @property
    def last(self) -> str:
        """Return the name of its last step."""
        return str(json.loads(self.steps[-1])["event"]) if self.steps else "the ledger was opened"


def wakings() -> Iterator[Waking]:
    """Return the moments of the story; what lay in the mailbox before it begins comes with the first."""
    last = HISTORY[0].moment - timedelta(days=1)
    for moment in _moments():
        came = [each for each in (*HISTORY, *ARRIVALS) if last < each.moment + READING_TIME <= moment]
        yield Waking(moment, tuple(came), tuple(each for each in BINDINGS if last < each.moment <= moment))
        last = moment


class Fuse(io.StringIO):
    """Standard error that ends its process at each step once: a step known to the note was one before."""

    def __init__(self, note: Path) -> None:
        super().__init__()
        self._note = note

    def write(self, text: str) -> int:
        """Pass on what is logged."""
        os.write(2, text.encode("utf-8", "backslashreplace"))
        if text.startswith("{"):
            self._burn(step_of(text))
        return len(text)

    def _burn(self, step: str) -> None:
        known = self._note.read_text("utf-8").splitlines() if self._note.exists() else []
        if step not in known:
            with self._note.open("a", encoding="utf-8") as note:
                note.write(f"{step}\n")
            os.kill(os.getpid(), signal.SIGKILL)


def step_of(line: str) -> str:
    """Return what makes a step that was logged this one and no other: all of it but the time.

    What concerns a mail of ours is one step however often it is tried: the second try is the last.
    """
    said = {name: value for name, value in json.loads(line).items() if name != "timestamp"}
    return json.dumps({name: said[name] for name in ("event", "item") if name in said} if "item" in said else said)


@dataclass(frozen=True, slots=True)
class Errand:
    """A command of the program with its environment, where it logs, and the note of a fuse, if it has one."""

    words: tuple[str, ...]
    environment: Mapping[str, str]
    log: Path
    note: Path | None


def run(errand: Errand, begun: Connection) -> None:
    """Run a command in this process, which ends with it; tell once it has read its configuration and begins to work."""
    os.environ.update(errand.environment)
    sys.addaudithook(end)
    ledgers = count()

    def tell(event: str, _arguments: tuple[object, ...]) -> None:
        if event == "sqlite3.connect" and next(ledgers) == 0:
            begun.send_bytes(b"!")

    sys.addaudithook(tell)
    told = os.open(errand.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for stream in (1, 2):
        os.dup2(told, stream)
    if errand.note is not None:
        sys.stderr = Fuse(errand.note)
    main(list(errand.words))


@dataclass(slots=True)
class Month:
    """The world, and the program in it. `now` is what both go by."""

    folder: Path
    netease: NetEase
    smtp: SmtpServer
    now: datetime = BEGINS
    steps: list[str] = field(default_factory=list)  # of every process so far
    _forks: multiprocessing.context.ForkServerContext = field(
        default_factory=lambda: multiprocessing.get_context("forkserver")
    )

    @property
    def config(self) -> Path:
        """Return where the program's configuration is."""
        return self.folder / "mailbot.toml"

    def happens(self, waking: Waking) -> None:
        """Let everything come about that the next waking is to find."""
        self.now = max(self.now, waking.moment)
        for arrival in waking.arrivals:
            raw = arrival.build(tuple(mail.raw for mail in self.smtp.recorder.mails))
            if raw is not None:
                self.netease.deliver(arrival.folder, raw, arrival.moment)
        for binding in waking.bindings:
            self.runs("bind", binding.address, binding.unit)

    def polls(self, *, lives: float | None = None, note: Path | None = None) -> Ran:
        """Let the program wake: undisturbed, killed after so many seconds, or at the first step that is not noted."""
        ran = self.runs("-v", "poll", lives=lives, note=note)
        if ran.killed:
            self.now += AFTER_A_KILL
        self.steps += ran.steps
        return ran

    def runs(self, *words: str, lives: float | None = None, note: Path | None = None) -> Ran:
        """Run a command to its end, or to the end of its life, counted from where it opens the ledger."""
        errand = self._errand(words, note)
        hears, begun = self._forks.Pipe(duplex=False)
        process = self._forks.Process(target=run, args=(errand, begun))
        process.start()
        begun.close()
        hears.poll(30)  # its word, or its end
        since = time.monotonic()
        process.join(lives)
        process.kill()  # from outside; nobody is there any more, where it ended by itself
        process.join()
        lived = time.monotonic() - since
        self._let_the_server_finish()
        said = errand.log.read_text("utf-8") if errand.log.exists() else ""
        assert process.exitcode in {0, -signal.SIGKILL}, said
        steps = tuple(line for line in said.splitlines() if line.startswith("{") and line.endswith("}"))
        return Ran(process.exitcode or 0, lived, steps)

    def _errand(self, words: tuple[str, ...], note: Path | None) -> Errand:
        log = self.folder / "log"
        log.unlink(missing_ok=True)
        environment = {
            "MAILBOT_IMAP_PASSWORD": self.netease.password,
            "MAILBOT_SMTP_PASSWORD": self.smtp.password,
            "MAILBOT_NOW": self.now.isoformat(),
        }
        return Errand(("--config", str(self.config), *words), environment, log, note)

    def _let_the_server_finish(self) -> None:
        """Let the mail server file what it was just given, as in the minute until the program is started again."""
        asyncio.run_coroutine_threadsafe(asyncio.sleep(FILED), self.smtp.controller.loop).result(30)

    def ended(self) -> End:
        """Return how it ended."""
        return ended(self.config, [mail.raw for mail in self.smtp.recorder.mails], self.now)

    def lost_or_added(self) -> set[str]:
        """Return the SHA-256 of what is in the mailbox and not in the archive, or the other way round."""
        here = {sha256(kept.raw).hexdigest() for name in WATCHED for kept in self.netease.folders[name]}
        there = {path.stem: path for path in (self.folder / "archive").rglob("*.eml")}
        whole = {name for name, path in there.items() if sha256(path.read_bytes()).hexdigest() == name}
        return here ^ whole | set(there) - whole


@contextmanager
def a_month(folder: Path) -> Iterator[Month]:
    """Lend a month that has not begun, with its servers."""
    folder.mkdir()
    certificates = make_certificates(folder)
    netease, smtp = NetEase(certificates).start(), start_smtp(certificates, Security.TLS)
    month = Month(folder, netease, smtp)
    smtp.recorder.on_taken = lambda raw: netease.deliver("已发送", raw, month.now)
    write_configuration(
        folder, netease.server, smtp.server, rules=Rules(answer_after=f"{BEGINS:%Y-%m-%d}"), addresses=ADDRESSES
    )
    try:
        yield month
    finally:
        smtp.stop()
        netease.stop()


def be_ready_to_fork() -> None:
    """Import everything in the process from which the others are forked."""
    multiprocessing.get_context("forkserver").set_forkserver_preload(IMPORTED_ONCE)
