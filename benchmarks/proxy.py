"""A TCP proxy of ours on the loopback that counts what goes over the wire; it changes nothing.

A turn is a change of direction from the server to the client: as often as that, the client waited for an answer and
spoke again. It is counted on the wire, so that TLS and its handshake count as well.
"""

from __future__ import annotations

import re
import socket
import socketserver
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import cast

from mailbot.domain.server import Server

PIECE = 1 << 16
LONGEST_ANNOUNCEMENT = 200  # bytes before the number of a literal's bytes that belong to it
_BODY = re.compile(rb"BODY\[[^\]]*\](?:<\d+>)? \{(\d+)\}\r\n")


@dataclass(slots=True)
class Conversation:
    """One connection as it was heard. Not frozen: it goes on."""

    turns: int = 0
    down: int = 0  # bytes to the client
    clients_turn: bool = False


@dataclass(slots=True)
class Bodies:
    """Counts the bytes of bodies in what an unencrypted server says. Not frozen: it counts."""

    count: int = 0
    _left: int = 0
    _before: bytes = b""

    @property
    def is_in_one(self) -> bool:
        """Tell whether the rest of a body is still to come."""
        return self._left > 0

    def begin(self) -> None:
        """Forget where the last connection ended."""
        self._left, self._before = 0, b""

    def hear(self, data: bytes) -> None:
        """Take what came next."""
        while data:
            if self._left:
                taken = min(self._left, len(data))
                self.count, self._left, data = self.count + taken, self._left - taken, data[taken:]
                continue
            heard = self._before + data
            found = _BODY.search(heard)
            self._left = int(found[1]) if found else 0
            self._before = b"" if found else heard[-LONGEST_ANNOUNCEMENT:]
            data = heard[found.end() :] if found else b""


@dataclass(slots=True)
class Proxy:
    """The proxy. `bodies` of all connections, one after another; `listening` is told after each piece. Not frozen."""

    to: tuple[str, int]
    conversations: list[Conversation] = field(default_factory=list)
    bodies: Bodies = field(default_factory=Bodies)
    listening: Callable[[], None] = lambda: None
    port: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def turns(self) -> int:
        """Return how many turns there were in all."""
        return sum(each.turns for each in self.conversations)

    def down(self) -> int:
        """Return how many bytes came down in all."""
        return sum(each.down for each in self.conversations)

    def carry(self, client: socket.socket) -> None:
        """Carry one connection until either side ends it."""
        heard = Conversation()
        self.conversations.append(heard)
        self.bodies.begin()
        with socket.create_connection(self.to) as server:
            up = threading.Thread(target=self._up, args=(client, server, heard), daemon=True)
            up.start()
            self._down(server, client, heard)
            up.join()

    def _up(self, client: socket.socket, server: socket.socket, heard: Conversation) -> None:
        for piece in _pieces(client):
            with self._lock:
                heard.turns += not heard.clients_turn
                heard.clients_turn = True
            if not _passed_on(server, piece):
                break
        _end(server)

    def _down(self, server: socket.socket, client: socket.socket, heard: Conversation) -> None:
        for piece in _pieces(server):
            with self._lock:
                heard.clients_turn = False
                heard.down += len(piece)
                self.bodies.hear(piece)
            self.listening()
            if not _passed_on(client, piece):
                break
        _end(client)
        _end(server)


class _Listener(socketserver.ThreadingTCPServer):
    daemon_threads = True
    proxy: Proxy


class _Handler(socketserver.BaseRequestHandler):
    def handle(self) -> None:
        cast("_Listener", self.server).proxy.carry(self.request)


@contextmanager
def a_proxy(server: Server) -> Iterator[tuple[Proxy, Server]]:
    """Lend a proxy before a server, and the server as it is reached through the proxy."""
    with _Listener(("127.0.0.1", 0), _Handler) as listener:
        listener.proxy = Proxy((server.host, server.port))
        threading.Thread(target=listener.serve_forever, args=(0.05,), daemon=True).start()
        try:
            yield listener.proxy, replace(server, port=listener.server_address[1])
        finally:
            listener.shutdown()


def _pieces(source: socket.socket) -> Iterator[bytes]:
    with suppress(OSError):
        while piece := source.recv(PIECE):
            yield piece


def _passed_on(target: socket.socket, piece: bytes) -> bool:
    with suppress(OSError):
        target.sendall(piece)
        return True
    return False


def _end(side: socket.socket) -> None:
    with suppress(OSError):
        side.shutdown(socket.SHUT_RDWR)
