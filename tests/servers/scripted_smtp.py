"""A server that says, line for line, what a test wrote down, and hangs up or goes silent where it says so."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Self, TypeAlias

from mailbot.settings import Security, Server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from io import BufferedReader

USER = "bot@example.test"


class Fault(Enum):
    """What is done in place of an answer."""

    HANG_UP = "hang up"
    SAY_NOTHING = "say nothing"


@dataclass(frozen=True, slots=True)
class Endless:
    """An answer that never ends: the same bytes again and again, with a pause between, until the bot hangs up."""

    again: bytes
    pause: float = 0


Script: TypeAlias = list["bytes | Fault | Endless"]

READY = b"220 ready\r\n"
HELLO = b"250 hello\r\n"
OK = b"250 OK\r\n"
GO_ON = b"354 go on\r\n"
QUEUED = b"250 Mail OK queued as smtp11,D8Cow\r\n"
LET_IN: Script = [READY, HELLO]  # plain, and no login wanted
TAKEN: Script = [OK, OK, GO_ON, QUEUED]


@dataclass(slots=True)
class ScriptedSmtp:
    """Follows one script a connection: the first entry is the greeting, each further one answers what the bot says.

    After an answer 354 the bot's mail up to the final dot counts as one thing said. A script that ends hangs up. An
    entry that is half a line, then a hang-up, is written as bytes without a line end before `Fault.HANG_UP`; the two
    are played as one.
    """

    scripts: tuple[Script, ...]
    said: list[bytes] = field(default_factory=list)
    connections: int = 0
    reads_mail: bool = True  # False: the line stays open and nothing of a mail is read
    _listener: socket.socket = field(default_factory=lambda: socket.create_server(("127.0.0.1", 0)))
    _thread: threading.Thread | None = None
    _stopped: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Self:
        """Begin to listen."""
        self._listener.settimeout(20)
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop listening."""
        self._stopped.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        if self._thread is not None:
            self._thread.join(20)

    def server(self, security: Security = Security.PLAIN, user: str = USER) -> Server:
        """Return the settings with which the bot reaches it."""
        return Server("127.0.0.1", int(self._listener.getsockname()[1]), security, user)

    def _serve(self) -> None:
        for script in self.scripts:
            with suppress(OSError):
                line, _ = self._listener.accept()
                self.connections += 1
                with line:
                    line.settimeout(20)
                    self._follow(line, script)

    def _follow(self, line: socket.socket, script: Script) -> None:
        heard = self._things_said(line)
        last: bytes | Fault | Endless = b""
        for number, step in enumerate(script):
            if number and not _is_half(last) and next(heard, None) is None:
                return
            if step is Fault.HANG_UP:
                return
            if step is Fault.SAY_NOTHING:
                for _ in heard:
                    pass
                return
            while isinstance(step, Endless):
                line.sendall(step.again)
                self._stopped.wait(step.pause)
            line.sendall(step)
            last = step

    def _things_said(self, line: socket.socket) -> Iterator[bytes]:
        with line.makefile("rb") as stream:
            while command := stream.readline():
                self.said.append(command)
                yield command
                if command == b"DATA\r\n" and not self.reads_mail:
                    self._stopped.wait(20)
                elif command == b"DATA\r\n":
                    yield from self._mail(stream)

    def _mail(self, stream: BufferedReader) -> Iterator[bytes]:
        text = b""
        while not (b"\r\n" + text).endswith(b"\r\n.\r\n"):
            more = stream.readline()
            if not more:
                return
            text += more
        self.said.append(text)
        yield text


def _is_half(step: bytes | Fault | Endless) -> bool:
    return isinstance(step, bytes) and step != b"" and not step.endswith(b"\n")
