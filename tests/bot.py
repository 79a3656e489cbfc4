"""The bot as its user has it: the console script in a process of its own, with passwords in the environment."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.loopback import guarded_path
from tests.office import Rules, write_configuration

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tests.servers.host import MailHost

    from mailbot.domain.server import Server

MAILBOT = Path(sys.executable).with_name("mailbot")
PATIENCE = 180.0  # seconds: never waited for, unless something hangs or the machine is very busy


@dataclass(frozen=True, slots=True)
class Bot:
    """A configuration, and the environment in which its commands run."""

    config: Path
    environment: Mapping[str, str] = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        """Return where everything lies."""
        return self.config.parent

    def __call__(self, *words: str, now: str = "", code: int = 0, cwd: Path | None = None) -> str:
        """Run a command, hold it to its exit code, and return what it said on standard output and error."""
        done = self.run(*words, now=now, cwd=cwd)
        assert done.returncode == code, (done.returncode, done.stdout, done.stderr)
        return done.stdout + done.stderr

    def json(self, *words: str, now: str = "", code: int = 0) -> Any:
        """Run a command with --json and return what it printed."""
        done = self.run(*words, "--json", now=now)
        assert done.returncode == code, (done.returncode, done.stdout, done.stderr)
        return json.loads(done.stdout)

    def run(self, *words: str, now: str = "", cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        return subprocess.run(  # noqa: S603 - our own program
            self.command(*words),
            env=self.surroundings(now),
            cwd=cwd or self.folder,
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=PATIENCE,
        )

    def starts(self, *words: str, now: str = "") -> subprocess.Popen[str]:
        """Start a command and return its process."""
        return subprocess.Popen(  # noqa: S603 - our own program
            self.command(*words),
            env=self.surroundings(now),
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
        )

    @contextmanager
    def serving(self, *, now: str, patience: float) -> Iterator[subprocess.Popen[str]]:
        """Lend `mailbot run`; told to end afterwards, and killed where a test takes longer than so many seconds."""
        process = self.starts("run", now=now)
        timer = threading.Timer(patience, process.kill)
        timer.start()
        yield process
        timer.cancel()
        process.terminate()
        process.communicate(timeout=60)

    def command(self, *words: str) -> list[str]:
        """Return the command line."""
        return [str(MAILBOT), "--config", str(self.config), *words]

    def surroundings(self, now: str) -> dict[str, str]:
        """Return the environment: nothing of mailbot's but what the test says, and the guard of the loopback."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("MAILBOT_")}
        return {**kept, "PYTHONPATH": guarded_path(), **self.environment, **({"MAILBOT_NOW": now} if now else {})}


def a_bot(folder: Path, host: MailHost, smtp: Server, code: str, rules: Rules | None = None) -> Bot:
    """Return the bot of an office with that mailbox and mail server."""
    config = write_configuration(folder, host.server, smtp, rules=rules or Rules())
    return Bot(config, {"MAILBOT_IMAP_PASSWORD": host.password, "MAILBOT_SMTP_PASSWORD": code})
