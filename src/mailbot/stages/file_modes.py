"""Which files of the office are open to accounts that have no business with them, and the command that closes each."""

from __future__ import annotations

import shlex
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from mailbot.domain.ledger_url import file_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from mailbot.settings import Settings


@dataclass(frozen=True, slots=True)
class Rule:
    """What nobody else may do with a file: the bits that must not be set, and how chmod takes them away."""

    forbidden: int
    closing: str


OWNERS_ALONE = Rule(0o077, "go-rwx")  # what units wrote to the office
SECRET = Rule(0o037, "g-wx,o-rwx")  # a group may read it: a file of root's that the service's account reads
WRITTEN_BY_US = Rule(0o002, "o-w")  # whoever may write it decides where mail goes, or puts another in its place


@dataclass(frozen=True, slots=True)
class Loose:
    """A file or folder that is too open."""

    path: Path
    mode: int
    rule: Rule

    def told(self) -> str:
        """Return what it is."""
        return f"{self.path}（权限 {self.mode:04o}）"

    def remedy(self) -> str:
        """Return the command that closes it."""
        return f"chmod {self.rule.closing} {shlex.quote(str(self.path))}"


def loose(settings: Settings, secrets: Iterable[Path]) -> Iterator[Loose]:
    """Find what is too open; what is not there or cannot be looked at is told elsewhere."""
    files, file = settings.files, file_of(settings.ledger_url)
    ledger, its_folder = ((file,), (file.parent,)) if file else ((), ())
    ruled = (
        (OWNERS_ALONE, (settings.archive, *ledger)),
        (SECRET, secrets),
        (WRITTEN_BY_US, (settings.path, settings.path.parent, *its_folder, files.units, files.holidays)),
        (WRITTEN_BY_US, (files.notices, *sorted(files.notices.glob("*.y*ml")), files.templates)),
    )
    for rule, paths in ruled:
        for path in dict.fromkeys(paths):
            mode = _mode(path)
            if mode & rule.forbidden and not mode & stat.S_ISVTX:  # in a sticky folder each keeps his own
                yield Loose(path, mode, rule)


def _mode(path: Path) -> int:
    try:
        return stat.S_IMODE(path.stat().st_mode)
    except OSError:
        return 0
