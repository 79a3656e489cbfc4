"""A real Postfix on the loopback (root only), with Dovecot to ask for passwords and a recorder to deliver to."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tests.servers.host import free_port
from tests.servers.smtp_server import PASSWORD, USER, Recorder, start_lmtp

from mailbot.settings import Security, Server

if TYPE_CHECKING:
    from aiosmtpd.controller import Controller
    from tests.servers.certificates import Certificates

POSTFIX = Path("/usr/sbin/postfix")
DOVECOT = Path("/usr/sbin/dovecot")
PATIENCE = 20.0

MAIN = """
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
maillog_file_prefixes = {folder}
maillog_file = {folder}/log
myhostname = mx.example.test
mydestination =
mynetworks =
alias_maps =
local_recipient_maps =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
smtp_dns_support_level = disabled
disable_dns_lookups = yes
lmtp_host_lookup = native
smtpd_peername_lookup = no
virtual_mailbox_domains = example.test
virtual_mailbox_maps = inline:{{ clerk@example.test=clerk {user}=bot }}
virtual_transport = lmtp:inet:127.0.0.1:{lmtp_port}
default_transport = error:5.1.2 only loopback
relay_transport = error:5.1.2 only loopback
smtpd_tls_chain_files = {key}, {chain}
smtpd_tls_security_level = may
smtpd_tls_auth_only = yes
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = inet:127.0.0.1:{sasl_port}
smtpd_recipient_restrictions = reject_unlisted_recipient, permit_sasl_authenticated, reject
message_size_limit = 1048576
"""
MASTER = """
127.0.0.1:{starttls_port} inet n - n - - smtpd
127.0.0.1:{tls_port} inet n - n - - smtpd
  -o smtpd_tls_wrappermode=yes
127.0.0.1:{open_port} inet n - n - - smtpd
  -o smtpd_recipient_restrictions=permit
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
lmtp unix - - n - - lmtp
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
showq unix n - n - - showq
pickup unix n - n 60 1 pickup
postlog unix-dgram n - n - 1 postlogd
"""
PASSWORDS = """
base_dir = {folder}/sasl
state_dir = {folder}/sasl-state
log_path = {folder}/sasl-log
protocols =
ssl = no
disable_plaintext_auth = no
auth_mechanisms = plain login
auth_failure_delay = 0
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid=65534 gid=65534 home=/nonexistent
}}
service auth {{
  inet_listener {{
    address = 127.0.0.1
    port = {sasl_port}
  }}
}}
service anvil {{
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
"""


@dataclass(slots=True)
class Postfix:
    """The running servers. `recorder` holds what was delivered."""

    folder: Path
    certificates: Certificates
    recorder: Recorder
    tls_port: int
    starttls_port: int
    open_port: int  # without login, for whoever else sends mail to example.test
    _lmtp: Controller
    _passwords: subprocess.Popen[bytes]

    password = PASSWORD

    def server(self, security: Security) -> Server:
        """Return the settings with which the bot reaches it."""
        port = self.tls_port if security is Security.TLS else self.starttls_port
        return Server("127.0.0.1", port, security, USER, self.certificates.ca_file)

    def stop(self) -> None:
        """End all three and remove what they wrote."""
        _postfix(self.folder, "stop")
        self._passwords.send_signal(signal.SIGTERM)
        self._passwords.wait(PATIENCE)
        self._lmtp.stop()
        shutil.rmtree(self.folder)


def start_postfix(certificates: Certificates, lmtp_port: int = 0, more: str = "") -> Postfix:
    """Start the recorder, then the passwords, then Postfix: its smtpd dies where nobody answers for passwords.

    It delivers to the recorder, or to whoever speaks LMTP on a port. `more` is further configuration.
    """
    folder = Path(tempfile.mkdtemp(prefix="mailbot-postfix-", dir="/tmp"))  # its daemons drop root
    folder.chmod(0o755)
    recorder, lmtp = start_lmtp()
    ports = {name: free_port() for name in ("tls_port", "starttls_port", "open_port", "sasl_port")}
    passwords = _start_passwords(folder, ports["sasl_port"])
    _write_configuration(folder, certificates, {**ports, "lmtp_port": lmtp_port or lmtp.port}, more)
    _postfix(folder, "start")
    _await(ports["starttls_port"], b"220")
    listens = (ports["tls_port"], ports["starttls_port"], ports["open_port"])
    return Postfix(folder, certificates, recorder, *listens, lmtp, passwords)


def _start_passwords(folder: Path, port: int) -> subprocess.Popen[bytes]:
    configuration = folder / "sasl.conf"
    configuration.write_text(PASSWORDS.format(folder=folder, password=PASSWORD, sasl_port=port), encoding="utf-8")
    process = subprocess.Popen([DOVECOT, "-F", "-c", configuration], stderr=subprocess.DEVNULL)  # noqa: S603  # ours
    _await(port, b"VERSION")
    return process


def _write_configuration(folder: Path, certificates: Certificates, ports: dict[str, int], more: str) -> None:
    for name in ("etc", "queue", "data"):
        (folder / name).mkdir(mode=0o755)
    os.chown(folder / "data", pwd.getpwnam("postfix").pw_uid, -1)
    main = MAIN.format(folder=folder, key=certificates.key_file, chain=certificates.chain_file, user=USER, **ports)
    (folder / "etc" / "main.cf").write_text(main + more, encoding="utf-8")
    (folder / "etc" / "master.cf").write_text(MASTER.format(**ports), encoding="utf-8")


def _postfix(folder: Path, command: str) -> None:
    subprocess.run(  # noqa: S603  # ours
        [POSTFIX, "-c", folder / "etc", command], check=True, timeout=PATIENCE, capture_output=True
    )


def _await(port: int, greeting: bytes) -> None:
    pause = threading.Event()
    for _ in range(int(PATIENCE / 0.05)):
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as line:
            if line.recv(100).startswith(greeting):
                return
        pause.wait(0.05)
    message = f"no greeting on port {port}"
    raise TimeoutError(message)
