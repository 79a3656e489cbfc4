"""What the ledger needs of a database, of whichever kind; sqlite.py and postgresql.py alone know which it is."""

from __future__ import annotations

from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Any, Protocol

from sqlalchemy.exc import StatementError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from sqlalchemy.engine import Connection, Engine

    from mailbot.errors import LedgerError


class Database(Protocol):
    """A database that holds a ledger. Every error of its driver has become one of ours."""

    @property
    def engine(self) -> Engine:
        """Return where connections come from."""

    def making(self) -> AbstractContextManager[None]:
        """Keep others waiting who would make or migrate the ledger too."""

    def reading(self) -> AbstractContextManager[Connection]:
        """Begin a transaction that sees one consistent state and keeps nobody waiting."""

    def writing(self) -> AbstractContextManager[Connection]:
        """Begin a transaction while no other writes; rolled back unless committed."""

    def lock(self) -> AbstractContextManager[None]:
        """Hold the instance lock, gone with the process.

        Raises:
            AlreadyRunning: another instance holds it.
        """


@contextmanager
def begun(
    engine: Engine, options: Mapping[str, Any], meaning_of: Callable[[StatementError], LedgerError]
) -> Iterator[Connection]:
    """Hold a connection in a transaction, rolled back unless committed; turn the driver's errors into ours."""
    try:
        with engine.connect().execution_options(**options) as connection:
            connection.begin()
            yield connection
    except StatementError as error:
        raise meaning_of(error) from error
