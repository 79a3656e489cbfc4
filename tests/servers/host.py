"""What every IMAP server of the tests offers, and a person at the mailbox who delivers, moves and deletes over IMAP."""

from __future__ import annotations

import re
import socket
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from imaplib import IMAP4, Time2Internaldate
from typing import Protocol, TypeVar

from imapclient.imap_utf7 import encode

from mailbot.settings import Server

T = TypeVar("T")


class MailHost(Protocol):
    """A fresh account on a mail server on the loopback. Messages are named by their number in the folder, 1 first."""

    @property
    def server(self) -> Server:
        """Return the settings with which the bot reaches it."""

    @property
    def password(self) -> str:
        """Return the account's password."""

    def add_folder(self, name: str) -> None:
        """Make a folder."""

    def deliver(self, folder: str, raw: bytes, arrived: datetime) -> None:
        """Put a message (CRLF) into a folder with that INTERNALDATE."""

    def remove(self, folder: str, number: int) -> None:
        """Delete a message for good."""

    def move(self, folder: str, number: int, to: str) -> None:
        """Move a message to another folder."""

    def mark(self, folder: str, number: int, flag: str) -> None:
        """Set a flag, as a person's mail program does."""

    def flags(self, folder: str) -> tuple[frozenset[str], ...]:
        """Return every message's flags (without Recent), in order."""


def free_port() -> int:
    """Return a port on the loopback that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(slots=True)
class Account:
    """An account on a real server, used by the bot through `server` and by a person through IMAP on `plain_port`."""

    server: Server
    password: str
    plain_port: int
    _connection: IMAP4 | None = field(default=None, init=False)

    def add_folder(self, name: str) -> None:
        """Make a folder."""
        _done(self._person().create(_wire(name)))

    def deliver(self, folder: str, raw: bytes, arrived: datetime) -> None:
        """Put a message (CRLF) into a folder with that INTERNALDATE."""
        _done(self._person().append(_wire(folder), "", Time2Internaldate(arrived), raw))

    def remove(self, folder: str, number: int) -> None:
        """Delete a message for good."""
        person = self._opened(folder)
        _done(person.store(str(number), "+FLAGS", r"(\Deleted)"))
        _done(person.expunge())
        _done(person.close())

    def move(self, folder: str, number: int, to: str) -> None:
        """Move a message to another folder, as clients do that know no MOVE."""
        _done(self._opened(folder).copy(str(number), _wire(to)))
        self.remove(folder, number)

    def mark(self, folder: str, number: int, flag: str) -> None:
        """Set a flag, as a person's mail program does."""
        person = self._opened(folder)
        _done(person.store(str(number), "+FLAGS", f"({flag})"))
        _done(person.close())

    def flags(self, folder: str) -> tuple[frozenset[str], ...]:
        """Return every message's flags (without Recent), in order."""
        person = self._opened(folder, readonly=True)
        found = _done(person.fetch("1:*", "(FLAGS)")) if person.untagged_responses["EXISTS"] != [b"0"] else []
        return tuple(_flags(each) for each in found if isinstance(each, bytes))

    def leave(self) -> None:
        """Log the person out."""
        if self._connection is not None:
            with suppress(IMAP4.error, OSError):
                self._connection.logout()
            self._connection = None

    def _person(self) -> IMAP4:
        if self._connection is None:
            self._connection = IMAP4("127.0.0.1", self.plain_port, timeout=20)
            _done(self._connection.login(self.server.user, self.password))
        return self._connection

    def _opened(self, folder: str, *, readonly: bool = False) -> IMAP4:
        person = self._person()
        _done(person.select(_wire(folder), readonly=readonly))
        return person


def _wire(folder: str) -> str:
    return f'"{encode(folder).decode("ascii")}"'


def _done(answer: tuple[str, T]) -> T:
    typ, data = answer
    assert typ == "OK", answer
    return data


def _flags(row: bytes) -> frozenset[str]:
    found = re.search(rb"FLAGS \(([^)]*)\)", row)
    assert found, row
    return frozenset(found[1].decode("ascii").split()) - {r"\Recent"}
