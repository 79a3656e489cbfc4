"""How every command gets at the program: which configuration, which clock, and the app built on them."""

from __future__ import annotations

import os
import shlex
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Callable

    from mailbot.app import App

as_json = click.option("--json", "as_json", is_flag=True, help="输出 JSON，供其他程序使用。")


def examples(*commands: str) -> str:
    """Return the end of a command's help: how it is used, each example on a line of its own."""
    return "\b\n例如：\n" + "\n".join(f"  {command}" for command in commands)


LOOKED_FOR = (Path("config/mailbot.toml"), Path("mailbot.toml"))


@dataclass(frozen=True, slots=True)
class Caller:
    """Who called: the configuration named (or none), whether on the command line, and whether every step is logged."""

    config: Path | None
    verbose: bool
    on_the_command_line: bool = False

    def path(self) -> Path:
        """Return the configuration to use: the one named, else one lying here, else the one that came along."""
        from mailbot.data import shipped

        named = self.config or next((path for path in LOOKED_FOR if os.access(path, os.F_OK)), None)
        return named or shipped("config") / "mailbot.toml"

    def program(self) -> str:
        """Return how a command that goes with this one begins."""
        return f"mailbot --config {shlex.quote(str(self.path().absolute()))}" if self.on_the_command_line else "mailbot"

    def app(self) -> App:
        """Build the app. Reads mailbot.toml and the office's files; connects nowhere."""
        app = self.app_as_it_is()
        app.desk()
        return app

    def app_as_it_is(self) -> App:
        """Build the app for a command that has something to say even where the office's files are wrong."""
        from mailbot.app import App
        from mailbot.clock import clock_from_environment
        from mailbot.logs import configure

        configure(verbose=self.verbose)
        return App.with_settings(self.path(), clock_from_environment())


def progress_bars() -> Callable[[str, int, int], None]:
    """Return what shows a bar on a terminal while many messages are carried or read, and nothing elsewhere."""
    if not sys.stderr.isatty():
        return lambda _what, _done, _of: None
    from rich.console import Console
    from rich.progress import Progress, TaskID

    bars = Progress(console=Console(stderr=True), transient=True)
    shown: dict[str, TaskID] = {}

    def show(what: str, done: int, of: int) -> None:
        if what not in shown:
            bars.start()
            shown[what] = bars.add_task(what, total=of)
        bars.update(shown[what], completed=done, total=of)
        if done >= of:
            bars.remove_task(shown.pop(what))
        if not shown:
            bars.stop()

    return show


def actor() -> str:
    """Return who is at the keyboard, for the events: behind sudo the person, not the service's account."""
    import getpass

    try:
        return os.environ.get("SUDO_USER") or getpass.getuser()
    except (KeyError, OSError):
        return "unknown"
