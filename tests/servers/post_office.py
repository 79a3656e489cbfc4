"""A whole mail provider: Postfix delivers into Dovecot, and one of its two users has an automatic answer (Pigeonhole).

It answers every mail at once, but for those that are marked as a machine's. A careless provider takes off every such
mark, from our mails and from its own answers, so that it answers everything and nobody sees that a machine did.
"""

from __future__ import annotations

import os
import smtplib
import subprocess
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.servers.dovecot import NOBODY, Dovecot, DovecotAccount, start_dovecot
from tests.servers.host import free_port
from tests.servers.postfix import Postfix, start_postfix
from tests.servers.smtp_server import USER

if TYPE_CHECKING:
    from pathlib import Path

    from tests.servers.certificates import Certificates

AWAY = "clerk@example.test"
SIEVEC = "/usr/bin/sievec"
CARELESS = """
header_checks = regexp:{ {/^(Auto-Submitted|X-Auto-Response-Suppress|Precedence|X-Mailbot|X-Loop):/ IGNORE} }
"""
SCRIPT = """
require ["vacation", "vacation-seconds", "envelope"];
if envelope :is "to" "{away}" {{
  vacation :seconds 0 :addresses ["{away}"] :subject "外出" "您好，来信收悉，我近期外出，回来后处理。";
}}
"""
MORE = """
protocols = imap lmtp
submission_host = 127.0.0.1:{open_port}
service lmtp {{
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {lmtp_port}
  }}
}}
protocol lmtp {{
  mail_plugins = sieve
}}
plugin {{
  sieve_before = {folder}/before.sieve
  sieve_extensions = +vacation-seconds
  sieve_vacation_min_period = 0
  sieve_vacation_send_from_recipient = yes
}}
"""


@dataclass(frozen=True, slots=True)
class PostOffice:
    """The running servers, with the bot's account and that of the clerk who is away."""

    postfix: Postfix
    dovecot: Dovecot
    bot: DovecotAccount
    away: DovecotAccount

    def posts(self, raw: bytes, sender: str = AWAY, to: str = USER) -> None:
        """Let somebody send a mail, and see it delivered."""
        box = self.bot if to == USER else self.away
        before = count(box)
        with smtplib.SMTP("127.0.0.1", self.postfix.open_port, timeout=20) as line:
            line.sendmail(sender, [to], raw)
        self.await_mails(box, before + 1)

    def await_mails(self, box: DovecotAccount, number: int) -> None:
        """Wait until a mailbox holds so many mails: Postfix delivers after its answer."""
        pause = threading.Event()
        for _ in range(200):
            if count(box) >= number:
                return
            pause.wait(0.05)
        message = f"{count(box)} instead of {number} mails of {box.server.user}"
        raise TimeoutError(message)

    def stop(self) -> None:
        """End both."""
        self.postfix.stop()
        self.dovecot.stop()


def count(box: DovecotAccount) -> int:
    """Return how many mails a mailbox holds."""
    return len(box.flags("INBOX"))


def start_post_office(certificates: Certificates, *, careless: bool) -> PostOffice:
    """Start Postfix, then Dovecot, which needs to know where answers are handed over."""
    lmtp_port = free_port()
    postfix = start_postfix(certificates, lmtp_port, CARELESS if careless else "")
    dovecot = start_dovecot(certificates, lambda folder: _answering(folder, lmtp_port, postfix.open_port))
    bot, away = (dovecot.new_account(user=user) for user in (USER, AWAY))
    return PostOffice(postfix, dovecot, bot, away)


def _answering(folder: Path, lmtp_port: int, open_port: int) -> str:
    """Write and compile the script; return the configuration that makes Dovecot deliver by it."""
    home = folder / "home" / AWAY  # where it notes whom it answered
    home.mkdir()
    os.chown(home, NOBODY, NOBODY)
    script = folder / "before.sieve"
    script.write_text(SCRIPT.format(away=AWAY), "utf-8")
    subprocess.run([SIEVEC, "-x", "+vacation-seconds", script], check=True, capture_output=True)  # noqa: S603 - ours
    script.with_suffix(".svbin").chmod(0o644)
    return MORE.format(folder=folder, lmtp_port=lmtp_port, open_port=open_port)
