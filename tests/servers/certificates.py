"""A throw-away certificate authority and server certificates for the loopback, of each kind a client can meet."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import trustme

if TYPE_CHECKING:
    from pathlib import Path

NAMES = ("localhost", "127.0.0.1")
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Certificates:
    """The authority's certificate, and a server's chain with its key, as PEM files."""

    ca_file: Path
    chain_file: Path
    key_file: Path

    def server_context(self) -> ssl.SSLContext:
        """Return what a server needs to prove itself with."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.chain_file, self.key_file)
        return context


def make_certificates(folder: Path) -> Certificates:
    """Make an authority that clients may trust and a certificate by it for this machine."""
    return _written(folder, "valid", trustme.CA(key_type=trustme.KeyType.ECDSA), NAMES)


def make_expired(folder: Path) -> Certificates:
    """Make a certificate that was good once."""
    return _written(folder, "expired", trustme.CA(key_type=trustme.KeyType.ECDSA), NAMES, not_after=LONG_AGO)


def make_for_another_host(folder: Path) -> Certificates:
    """Make a certificate that is good for another host only."""
    return _written(folder, "other", trustme.CA(key_type=trustme.KeyType.ECDSA), ("mail.example.test",))


def _written(
    folder: Path, stem: str, authority: trustme.CA, names: tuple[str, ...], not_after: datetime | None = None
) -> Certificates:
    issued = authority.issue_cert(*names, not_after=not_after, key_type=trustme.KeyType.ECDSA)
    found = Certificates(folder / f"{stem}-ca.pem", folder / f"{stem}.pem", folder / f"{stem}.key")
    authority.cert_pem.write_to_path(found.ca_file)
    issued.private_key_pem.write_to_path(found.key_file)
    for number, pem in enumerate(issued.cert_chain_pems):
        pem.write_to_path(found.chain_file, append=number > 0)
    return found
