"""The guard of every test and of every command that a test runs: nothing but this machine is connected to or asked for.

The mailbox in the shipped configuration belongs to a real office.
"""

from __future__ import annotations

import os
import sys
from ipaddress import ip_address
from pathlib import Path

ROOT = Path(__file__).parents[1]
PUT_FIRST = Path(__file__).with_name("put_first")  # holds a sitecustomize.py
CONNECTS = {"socket.connect", "socket.sendto", "socket.sendmsg"}
ASKS = {"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"}
ITSELF = {None, "", "localhost", "localhost.localdomain"}
LEFT_THE_MACHINE = 98


def leaves_the_machine(event: str, arguments: tuple[object, ...]) -> bool:
    """Tell whether what Python is about to do (an audit event) goes beyond the loopback."""
    if event in CONNECTS:
        address = arguments[1]
        return isinstance(address, tuple) and not is_here(address[0])
    return event in ASKS and not is_here(arguments[0])


def is_here(host: object) -> bool:
    """Tell whether a host is this machine."""
    if host in ITSELF or host == os.uname().nodename:
        return True
    try:
        return ip_address(str(host)).is_loopback
    except ValueError:
        return False


def refuse(event: str, arguments: tuple[object, ...]) -> None:
    """Raise where this process is about to leave the machine; not an OSError, which would be handled."""
    if leaves_the_machine(event, arguments):
        message = f"a test is about to leave the loopback: {event} {arguments!r}"
        raise AssertionError(message)


def end(event: str, arguments: tuple[object, ...]) -> None:
    """End this process where it is about to leave the machine."""
    if leaves_the_machine(event, arguments):
        os.write(2, f"left the loopback: {event} {arguments!r}\n".encode())
        os._exit(LEFT_THE_MACHINE)


def guarded_path() -> str:
    """Return the PYTHONPATH with which a Python program is ended when it is about to leave the machine."""
    return os.pathsep.join((str(PUT_FIRST), str(ROOT)))


def guard_this_process() -> None:
    """Refuse from now on; an audit hook stays until the process ends."""
    sys.addaudithook(refuse)
