"""Put on PYTHONPATH, this ends a Python program that makes a socket or asks for a name: exit code 99."""

from __future__ import annotations

import os
import sys

FORBIDDEN = {
    "socket.__new__", "socket.bind", "socket.connect", "socket.getaddrinfo", "socket.gethostbyaddr",
    "socket.gethostbyname", "socket.sendto",
}  # fmt: skip


def forbid(event: str, arguments: tuple[object, ...]) -> None:
    """End the program at once."""
    if event in FORBIDDEN:
        os.write(2, f"FORBIDDEN: {event} {arguments!r}\n".encode())
        os._exit(99)


sys.addaudithook(forbid)
