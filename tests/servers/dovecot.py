"""A real Dovecot on the loopback: one for the whole test run, a fresh account for each test. As root or not."""

from __future__ import annotations

import grp
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from tests.servers.host import Account, free_port

from mailbot.settings import Security, Server

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.servers.certificates import Certificates

PROGRAM = Path("/usr/sbin/dovecot")
PASSWORD = "an-authorisation-code"  # noqa: S105  # of accounts on the loopback
NOBODY = 65534
PATIENCE = 10.0

CONFIGURATION = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
ssl_cert = <{chain}
ssl_key = <{key}
disable_plaintext_auth = no
auth_mechanisms = plain login
auth_failure_delay = 0
first_valid_uid = 1
mail_location = maildir:{folder}/mail/%u
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/home/%u
}}
namespace inbox {{
  inbox = yes
  separator = /
  mailbox 已发送 {{
    auto = subscribe
    special_use = \\Sent
  }}
  mailbox 垃圾邮件 {{
    auto = subscribe
    special_use = \\Junk
  }}
  mailbox 广告邮件 {{
    auto = subscribe
  }}
}}
service imap-login {{
  inet_listener imap {{
    address = 127.0.0.1
    port = {plain_port}
  }}
  inet_listener imaps {{
    address = 127.0.0.1
    port = {tls_port}
    ssl = yes
  }}
}}
service anvil {{
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
mail_max_userip_connections = 50
"""

UNPRIVILEGED = """
default_internal_user = {user}
default_login_user = {user}
default_internal_group = {group}
service anvil {{
  chroot =
}}
service imap-login {{
  chroot =
}}
service stats {{
  chroot =
}}
"""


@dataclass(slots=True)
class DovecotAccount(Account):
    """An account on Dovecot, whose files can be reached."""

    mail: Path = Path()

    def forget_uids(self) -> None:
        """Delete the folder's UID list and index, as a careless restore does: the next opening renumbers INBOX."""
        self.leave()
        for each in self.mail.iterdir():
            if each.name.startswith("dovecot"):
                each.unlink()


@dataclass(slots=True)
class Dovecot:
    """The running server."""

    folder: Path
    process: subprocess.Popen[bytes]
    certificates: Certificates
    plain_port: int
    tls_port: int
    _accounts: list[DovecotAccount] = field(default_factory=list)
    _names: count[int] = field(default_factory=count)

    def new_account(self, security: Security = Security.TLS, user: str = "") -> DovecotAccount:
        """Return an account nobody has used, or that of a user."""
        user = user or f"clerk{next(self._names)}@example.test"
        port = self.tls_port if security is Security.TLS else self.plain_port
        server = Server("127.0.0.1", port, security, user, self.certificates.ca_file)
        account = DovecotAccount(server, PASSWORD, self.plain_port, mail=self.folder / "mail" / user)
        self._accounts.append(account)
        return account

    def stop(self) -> None:
        """End the server cleanly and remove what it wrote."""
        for account in self._accounts:
            account.leave()
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(PATIENCE)
        shutil.rmtree(self.folder)


def start_dovecot(certificates: Certificates, more: Callable[[Path], str] = lambda _folder: "") -> Dovecot:
    """Start it and wait for its greeting. `more` is further configuration, made for its folder."""
    # Not under pytest's folders: those are 0700, and Dovecot's helpers run as other users.
    folder = Path(tempfile.mkdtemp(prefix="mailbot-dovecot-", dir="/tmp"))  # see above
    folder.chmod(0o755)
    plain_port, tls_port = free_port(), free_port()
    configuration = folder / "dovecot.conf"
    text = _configuration(folder, certificates, plain_port, tls_port)
    configuration.write_text(text + more(folder), encoding="utf-8")
    process = subprocess.Popen([PROGRAM, "-F", "-c", configuration], stderr=subprocess.DEVNULL)  # noqa: S603  # ours
    try:
        _await_greeting(plain_port)
    except BaseException:
        process.terminate()
        process.wait(PATIENCE)
        raise
    return Dovecot(folder, process, certificates, plain_port, tls_port)


def _configuration(folder: Path, certificates: Certificates, plain_port: int, tls_port: int) -> str:
    root = os.getuid() == 0
    uid, gid = (NOBODY, NOBODY) if root else (os.getuid(), os.getgid())
    for name in ("mail", "home"):
        (folder / name).mkdir()
        if root:
            os.chown(folder / name, uid, gid)
    text = CONFIGURATION.format(
        folder=folder,
        chain=certificates.chain_file,
        key=certificates.key_file,
        password=PASSWORD,
        uid=uid,
        gid=gid,
        plain_port=plain_port,
        tls_port=tls_port,
    )
    return text if root else text + UNPRIVILEGED.format(user=pwd.getpwuid(uid)[0], group=grp.getgrgid(gid)[0])


def _await_greeting(port: int) -> None:
    pause = threading.Event()
    for _ in range(int(PATIENCE / 0.05)):
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as line:
            if line.recv(100).startswith(b"* OK"):
                return
        pause.wait(0.05)
    message = f"no greeting on port {port}"
    raise TimeoutError(message)
