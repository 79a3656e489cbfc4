"""The demo's IMAP server: pymap in memory, on the loopback. The only importer of pymap."""

from __future__ import annotations

import asyncio
from argparse import Namespace
from collections.abc import Mapping
from datetime import datetime

from proxyprotocol.reader import ProxyProtocolReader
from proxyprotocol.version import ProxyProtocolVersion
from pymap.backend.dict import Config, DictBackend, Login
from pymap.backend.dict.mailbox import MailboxSet
from pymap.imap import IMAPServer
from pymap.parsing.message import AppendMessage
from pysasl.hashing import Cleartext

LOOPBACK = "127.0.0.1"


class _Config(Config):
    """pymap's configuration, without its look-up of the machine's name."""

    @property
    def greeting(self) -> bytes:
        """Return what the server says first."""
        return b"IMAP4 ready"

    @property
    def id_response(self) -> Mapping[bytes, bytes]:
        """Return the answer to ID (RFC 2971)."""
        return {b"name": b"mailbot demo"}


class ImapServer:
    """One account's folders, listening. To be used in its event loop."""

    def __init__(self, boxes: MailboxSet, server: asyncio.Server) -> None:
        """Take what `start` made."""
        self._boxes = boxes
        self._server = server

    @classmethod
    async def start(cls, user: str, password: str, folders: tuple[str, ...]) -> ImapServer:
        """Listen on a free port with INBOX and the folders named."""
        # what pymap reads from its command line; the password is compared in clear, as a hash costs 0.1 s a login
        arguments = Namespace(
            **dict.fromkeys(("cert", "key", "proxy_protocol", "passlib_cfg", "inherited_sockets")),
            **dict.fromkeys(("debug", "tls", "demo_data"), False),
            host=LOOPBACK,
            port=0,
            demo_user=user,
            demo_password=password,
        )
        config = _Config.from_args(arguments, reject_dnsbl=False, hash_context=Cleartext())
        config.apply_context()
        login = Login(config)
        await DictBackend._add_demo_user(config, login)  # noqa: SLF001 - pymap has no public way; its version is pinned
        async with login.demo_user_identity.new_session() as session:
            boxes = session.mailbox_set
        for folder in folders:
            await boxes.add_mailbox(folder)
        reader = ProxyProtocolReader(ProxyProtocolVersion.get(None))
        server = await asyncio.start_server(reader.get_callback(IMAPServer(login, config)), LOOPBACK, 0)
        return cls(boxes, server)

    @property
    def port(self) -> int:
        """Return the port it listens on."""
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    async def add(self, folder: str, raw: bytes, arrived: datetime) -> None:
        """Put a message into a folder with its time of arrival (INTERNALDATE)."""
        box = await self._boxes.get_mailbox(folder)
        await box.append(AppendMessage(raw, arrived, frozenset()), recent=True)

    def close(self) -> None:
        """Stop listening."""
        self._server.close()
