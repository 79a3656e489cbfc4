"""pymap in this process, on an event loop of its own: an IMAP server that needs nothing installed."""

from __future__ import annotations

import asyncio
import threading
from argparse import Namespace
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, TypeVar

from proxyprotocol.reader import ProxyProtocolReader
from proxyprotocol.version import ProxyProtocolVersion
from pymap.backend.dict import Config, Identity, Login
from pymap.imap import IMAPServer
from pymap.parsing.message import AppendMessage
from pymap.user import Passwords, UserMetadata
from tests.servers.host import Account

from mailbot.settings import Security, Server

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from datetime import datetime

    from tests.servers.certificates import Certificates

PASSWORD = "an-authorisation-code"  # noqa: S105  # of accounts on the loopback
PATIENCE = 20.0
T = TypeVar("T")


@dataclass(slots=True)
class PymapAccount(Account):
    """An account on pymap, filled from within: its APPEND gets slower with each message."""

    pymap: PymapServer | None = None

    def deliver(self, folder: str, raw: bytes, arrived: datetime) -> None:
        """Put a message (CRLF) into a folder with that INTERNALDATE."""
        assert self.pymap is not None
        self.pymap.deliver(self.server.user, folder, raw, arrived)


@dataclass(slots=True)
class PymapServer:
    """The running server: the same mailboxes over implicit TLS and over a plain line with STARTTLS."""

    certificates: Certificates
    _loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)
    _servers: list[asyncio.Server] = field(default_factory=list)
    _accounts: list[Account] = field(default_factory=list)
    _names: count[int] = field(default_factory=count)
    _thread: threading.Thread | None = None
    _login: Login | None = None
    _hashed: str = ""

    def start(self) -> PymapServer:
        """Begin to listen; both ports are known on return."""
        self._thread = threading.Thread(target=self._loop.run_forever, name="pymap", daemon=True)
        self._thread.start()
        self._do(self._listen())
        return self

    def new_account(self, security: Security = Security.TLS) -> PymapAccount:
        """Return an account nobody has used."""
        user = f"clerk{next(self._names)}"
        self._do(self._add_user(user))
        port = self._port(1 if security is Security.TLS else 0)
        server = Server("127.0.0.1", port, security, user, self.certificates.ca_file)
        account = PymapAccount(server, PASSWORD, plain_port=self._port(0), pymap=self)
        self._accounts.append(account)
        return account

    def deliver(self, user: str, folder: str, raw: bytes, arrived: datetime) -> None:
        """Put a message into a user's folder."""
        self._do(self._append(user, folder, AppendMessage(raw, arrived, frozenset())))

    def stop(self) -> None:
        """Log everybody out, let every conversation end, and stop the loop."""
        for account in self._accounts:
            account.leave()
        self._do(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        if self._thread is not None:
            self._thread.join(PATIENCE)
        self._loop.close()

    def _port(self, index: int) -> int:
        return int(self._servers[index].sockets[0].getsockname()[1])

    def _do(self, work: Coroutine[object, object, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(PATIENCE)

    async def _listen(self) -> None:
        context = self.certificates.server_context()
        arguments = Namespace(
            debug=False,
            host="127.0.0.1",
            port=0,
            cert=None,
            key=None,
            tls=True,
            proxy_protocol=None,
            passlib_cfg=None,
            inherited_sockets=None,
            demo_data=False,
            demo_user="",
            demo_password="",
        )
        config = Config.from_args(arguments, reject_dnsbl=False, ssl_context=context, secure_auth=False)
        config.apply_context()
        self._login = Login(config)
        self._hashed = await Passwords(config).hash_password(PASSWORD)
        answer = ProxyProtocolReader(ProxyProtocolVersion.get(None)).get_callback(IMAPServer(self._login, config))
        for implicit in (None, context):
            self._servers.append(await asyncio.start_server(answer, "127.0.0.1", 0, ssl=implicit))

    def _identity(self, user: str) -> Identity:
        assert self._login is not None
        return Identity(user, self._login, None, frozenset())

    async def _add_user(self, user: str) -> None:
        identity = self._identity(user)
        await identity.set(UserMetadata(identity.config, user, password=self._hashed))

    async def _append(self, user: str, folder: str, message: AppendMessage) -> None:
        async with self._identity(user).new_session() as session:
            mailbox = await session.mailbox_set.get_mailbox(folder)
            await mailbox.append(message, recent=True)

    async def _end(self) -> None:
        for server in self._servers:
            server.close()
            await server.wait_closed()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
