"""A folder with the product's configuration for one measurement: its ledger and archive are made in it."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import yaml
from benchmarks.corpus import UNITS, address_of

from mailbot.app import App
from mailbot.clock import SetClock
from mailbot.data import shipped
from mailbot.domain.moments import shanghai
from mailbot.domain.server import Server

NOW = shanghai("2021-12-18T23:00")  # after the last report, and at night: no reminder is due
SETTINGS = """\
[imap]
host = "{server.host}"
port = {server.port}
security = "{server.security.value}"
user = "{server.user}"
ca_file = "{ca_file}"
folders = {folders}

[smtp]
host = "127.0.0.1"
port = 465
security = "plain"
user = "office@example.test"
from_name = "中原区政府督查室"

[mail]
answer_after = 2021-03-01
answer_within_days = 366

[archive]
path = "archive"

[ledger]
url = "sqlite:///ledger.db"

[files]
units = "units.yaml"
holidays = "holidays.yaml"
notices = "notices"
"""


@dataclass(frozen=True, slots=True)
class Office:
    """The folder of one measurement, and the account's password."""

    folder: Path
    password: str

    @classmethod
    def make(cls, folder: Path, server: Server, password: str, folders: tuple[str, ...] = ("INBOX",)) -> Office:
        """Write the configuration into a new folder.

        Raises:
            ValueError: the server is not on the loopback; nothing is ever measured on a real office's mailbox.
        """
        if not server.is_local():
            raise ValueError(f"{server.host} is not this machine")
        folder.mkdir(parents=True)
        ours = shipped("config")
        named = "[" + ", ".join(f'"{name}"' for name in folders) + "]"
        text = SETTINGS.format(server=server, ca_file=server.ca_file or "", folders=named)
        (folder / "mailbot.toml").write_text(text, "utf-8")
        units = yaml.safe_load((ours / "units.yaml").read_text("utf-8"))
        for unit in units:
            unit["addresses"] = [address_of(unit["name"])] if unit["name"] in UNITS else []
        (folder / "units.yaml").write_text(yaml.safe_dump(units, allow_unicode=True), "utf-8")
        shutil.copy(ours / "holidays.yaml", folder)
        shutil.copytree(ours / "notices", folder / "notices")
        return cls(folder, password)

    @property
    def settings(self) -> Path:
        """Return where the configuration is."""
        return self.folder / "mailbot.toml"

    @property
    def ledger(self) -> Path:
        """Return the ledger's file."""
        return self.folder / "ledger.db"

    @property
    def archive(self) -> Path:
        """Return the archive's folder."""
        return self.folder / "archive"

    def environment(self) -> dict[str, str]:
        """Return what the product finds in its environment."""
        return {"MAILBOT_IMAP_PASSWORD": self.password, "MAILBOT_NOW": NOW.isoformat()}

    def app(self) -> App:
        """Return the product on this configuration, at the measurement's moment."""
        return App.build(self.settings, SetClock(NOW), self.environment())
