"""A mail server and the account on it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from ipaddress import ip_address
from pathlib import Path


class Security(Enum):
    """How a connection is protected. PLAIN only to the loopback."""

    TLS = "tls"
    STARTTLS = "starttls"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class Server:
    """A mail server and the account on it. `ca_file` is None for the machine's own certificates."""

    host: str
    port: int
    security: Security
    user: str
    ca_file: Path | None = None

    def is_local(self) -> bool:
        """Tell whether it is on this machine."""
        return is_loopback(self.host)


def is_loopback(host: str) -> bool:
    """Tell whether a host is this machine, without asking a name server.

    >>> is_loopback("localhost"), is_loopback("127.0.0.1"), is_loopback("::1"), is_loopback("imap.163.com")
    (True, True, True, False)
    """
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower().rstrip(".") == "localhost"
