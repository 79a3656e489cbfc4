"""The real Dovecot that everything is measured against, with an account for each set of mails."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.corpus import Delivered
from tests.servers.certificates import make_certificates
from tests.servers.dovecot import Dovecot, DovecotAccount, start_dovecot

from mailbot.domain.server import Security


@contextmanager
def a_dovecot() -> Iterator[Dovecot]:
    """Start the server, and end it afterwards; its mail goes with it."""
    with tempfile.TemporaryDirectory(prefix="mailbot-bench-ca-") as folder:
        Path(folder).chmod(0o755)  # the server's helpers run as other users
        server = start_dovecot(make_certificates(Path(folder)))
        try:
            yield server
        finally:
            server.stop()


def filled(server: Dovecot, mails: Iterable[Delivered], security: Security = Security.PLAIN) -> DovecotAccount:
    """Return a new account with the mails in its INBOX, each with its time of arrival."""
    account = server.new_account(security)
    deliver(account, mails)
    return account


def deliver(account: DovecotAccount, mails: Iterable[Delivered]) -> int:
    """Put mails into the INBOX; return how many bytes they have."""
    size = 0
    for mail in mails:
        account.deliver("INBOX", mail.raw, mail.arrived)
        size += len(mail.raw)
    account.leave()
    return size
