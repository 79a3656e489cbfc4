"""The demo's SMTP server: aiosmtpd on the loopback, with 163's manners. The only importer of aiosmtpd."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

LOOPBACK = "127.0.0.1"
SIZE_LIMIT = 71_680_000


class SmtpServer:
    """Takes mail of one account and hands each to `take`, which returns the server's own words of it."""

    def __init__(self, user: str, password: str, take: Callable[[bytes], Awaitable[str]]) -> None:
        """Know the account and where mails go."""
        self._user = user
        self._password = password
        self._take = take
        self._server: asyncio.Server | None = None

    async def start(self) -> int:
        """Listen on a free port and return it."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: self._session(loop), LOOPBACK, 0)
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    def close(self) -> None:
        """Stop listening."""
        if self._server is not None:
            self._server.close()

    def _session(self, loop: asyncio.AbstractEventLoop) -> SMTP:
        return SMTP(
            self,
            hostname="mailbot.test",
            data_size_limit=SIZE_LIMIT,
            auth_require_tls=False,
            authenticator=self._login,
            loop=loop,
        )

    def _login(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, given: object
    ) -> AuthResult:
        right = isinstance(given, LoginPassword) and (given.login, given.password) == (
            self._user.encode(),
            self._password.encode(),
        )
        return AuthResult(success=right, handled=False)

    async def handle_AUTH(self, server: SMTP, session: Session, _envelope: Envelope, arguments: list[str]) -> str:  # noqa: N802 - aiosmtpd's name
        """Answer AUTH, in place of aiosmtpd's own answer, which uses what it itself calls deprecated."""
        mechanism = {"PLAIN": server.auth_PLAIN, "LOGIN": server.auth_LOGIN}[arguments[0]]
        result = await mechanism(server, arguments)
        session.authenticated = isinstance(result, AuthResult) and result.success
        return "235 Authentication successful" if session.authenticated else "535 Error: authentication failed"

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Answer MAIL FROM: only the account itself may send."""
        if not session.authenticated:
            return "530 Authentication required"
        if address != self._user:
            return "553 Mail from must equal authorized user"
        envelope.mail_from = address
        return "250 Mail OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        """Answer the final dot, once the mail is kept."""
        content = envelope.original_content or b""
        return f"250 Mail OK queued as {await self._take(content)}"
