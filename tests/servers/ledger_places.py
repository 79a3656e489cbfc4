"""Where ledgers of the tests are made: what a folder and a PostgreSQL server have in common."""

from __future__ import annotations

from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class LedgerPlaces(Protocol):
    """Somewhere with room for many ledgers."""

    def new_database(self) -> str:
        """Return the URL of a ledger that is to be made."""

    def lent(self) -> AbstractContextManager[str]:
        """Lend the URL of a ledger that is empty, or is to be made."""


@dataclass(slots=True)
class FilePlaces:
    """A folder."""

    folder: Path
    _numbers: count[int] = field(default_factory=count)

    def new_database(self) -> str:
        """Return the URL of a file that is to be made, its folder too."""
        return f"sqlite:///{self.folder}/new/ledger{next(self._numbers)}.db"

    @contextmanager
    def lent(self) -> Iterator[str]:
        """Lend the URL of a file that is to be made."""
        yield self.new_database()
