"""The folder a play leaves behind: its configuration, and the note of how far the play has come.

A play that was killed goes on where it stopped; one that ended is cleared away before the next. Nothing is ever
cleared from a folder that no play made.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from mailbot.data import shipped
from mailbot.demo.story import BEGINS, MAILBOX, units_yaml
from mailbot.domain.moments import shanghai
from mailbot.errors import Place, UsageError

NOTE = ".mailbot-demo.json"
PASSWORD = "demo-authorisation-code"  # noqa: S105 - of an account that lives on the loopback for a minute
SETTINGS = """\
# 演示所用的配置：邮箱服务器在本机，演示结束即关闭
[imap]
host = "127.0.0.1"
port = {imap}
security = "plain"
user = "{mailbox}"

[smtp]
host = "127.0.0.1"
port = {smtp}
security = "plain"
user = "{mailbox}"
from_name = "中原区政府督查室"

[mail]
answer_after = {begins:%Y-%m-%d}

[outgoing]
mode = "send"

[archive]
path = "archive"

[ledger]
url = "sqlite:///ledger.db"

[files]
units = "units.yaml"
holidays = "holidays.yaml"
notices = "notices"

[office]
contact = "区政府督查室（演示）"
"""


@dataclass(frozen=True, slots=True)
class StageSet:
    """The folder of one play."""

    folder: Path

    @property
    def settings(self) -> Path:
        """Return where the configuration is."""
        return self.folder / "mailbot.toml"

    @property
    def sent(self) -> Path:
        """Return where our mails are kept."""
        return self.folder / "sent"

    def prepare(self) -> datetime:
        """Make the folder ready, and return the moment at which the play begins or goes on.

        Raises:
            UsageError: something lies there that no play made.
        """
        note = self._note()
        if note is None and self.folder.exists() and any(self.folder.iterdir()):
            raise UsageError(
                f"{self.folder} is not empty",
                chinese="目录不是空的，也不是以前演示留下的",
                remedy="请用 --out 另选一个目录。",
                place=Place(file=str(self.folder)),
            )
        if note and not note.get("ended"):
            return shanghai(note["moment"])
        if note:
            shutil.rmtree(self.folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.note(BEGINS)
        ours = shipped("config")
        (self.folder / "units.yaml").write_text(units_yaml((ours / "units.yaml").read_text("utf-8")), "utf-8")
        shutil.copy(ours / "holidays.yaml", self.folder)
        shutil.copytree(ours / "notices", self.folder / "notices", dirs_exist_ok=True)
        return BEGINS

    def write_settings(self, imap_port: int, smtp_port: int) -> None:
        """Write the configuration with the servers' ports."""
        self.settings.write_text(
            SETTINGS.format(imap=imap_port, smtp=smtp_port, mailbox=MAILBOX, begins=BEGINS), "utf-8"
        )

    def note(self, moment: datetime, *, ended: bool = False) -> None:
        """Write down how far the play has come, so that it can go on after being killed."""
        unfinished = self.folder / f"{NOTE}.part"
        unfinished.write_text(json.dumps({"moment": moment.isoformat(), "ended": ended}))
        unfinished.replace(self.folder / NOTE)

    def _note(self) -> dict[str, str] | None:
        try:
            found: dict[str, str] = json.loads((self.folder / NOTE).read_text())
        except FileNotFoundError:
            return None
        return found
