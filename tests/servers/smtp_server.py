"""aiosmtpd in this process: an SMTP server that records every mail and can be told what to answer."""

from __future__ import annotations

import ssl
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aiosmtpd.controller import Controller
from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword
from tests.servers.host import free_port

from mailbot.settings import Security, Server

if TYPE_CHECKING:
    from collections.abc import Callable

    from aiosmtpd.smtp import Envelope, Session
    from tests.servers.certificates import Certificates

USER = "bot@example.test"
PASSWORD = "an-authorisation-code"  # noqa: S105  # of an account on the loopback


@dataclass(frozen=True, slots=True)
class Delivered:
    """A mail as the server took it."""

    sender: str
    recipient: str
    raw: bytes
    recipients: tuple[str, ...] = ()


@dataclass(slots=True)
class Recorder:
    """What aiosmtpd asks at each command. `answers` says what to refuse: by MAIL, an address, or DATA."""

    mails: list[Delivered] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    logins: list[tuple[str, str]] = field(default_factory=list)
    peers: set[object] = field(default_factory=set)
    on_taken: Callable[[bytes], None] = lambda _raw: None  # what happens between taking a mail and saying so

    def login(self, _server: SMTP, _session: Session, _envelope: Envelope, _how: str, given: object) -> AuthResult:
        """Take the one account that there is."""
        assert isinstance(given, LoginPassword)
        user, code = given.login.decode(), given.password.decode()
        self.logins.append((user, code))
        return AuthResult(success=(user, code) == (USER, PASSWORD), handled=False)

    async def handle_MAIL(  # noqa: N802  # aiosmtpd's name
        self, _server: SMTP, session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Take the sender, unless told otherwise."""
        self.peers.add(session.peer)
        envelope.mail_from = address
        return self.answers.get("MAIL", "250 OK")

    async def handle_RCPT(  # noqa: N802  # aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Take the recipient, unless told otherwise."""
        answer = self.answers.get(address, "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802  # its name
        """Take the mail, unless told otherwise."""
        answer = self.answers.get("DATA", f"250 Mail OK queued as smtp11,D8Cow{len(self.mails)}")
        if answer.startswith("250"):
            assert isinstance(envelope.content, bytes)
            to = tuple(envelope.rcpt_tos)
            self.mails.append(Delivered(envelope.mail_from or "", to[0], envelope.content, to))
            self.on_taken(envelope.content)
        return answer


@dataclass(slots=True)
class SmtpServer:
    """The running server, and the settings with which the bot reaches it."""

    recorder: Recorder
    server: Server
    password: str
    controller: Controller

    def stop(self) -> None:
        """End it."""
        self.controller.stop()


def start_smtp(certificates: Certificates, security: Security, *, login: bool = True) -> SmtpServer:
    """Start one, protected as asked; without `login` it offers none."""
    recorder = Recorder()
    options: dict[str, Any] = {"hostname": "127.0.0.1", "port": free_port()}
    if login:
        options |= {"authenticator": recorder.login, "auth_required": True, "auth_require_tls": False}
    match security:
        case Security.TLS:
            options["ssl_context"] = _context(certificates)
        case Security.STARTTLS:
            options |= {"tls_context": _context(certificates), "require_starttls": True}
        case Security.PLAIN:
            pass
    controller = Controller(recorder, **options)
    controller.start()
    server = Server("127.0.0.1", options["port"], security, USER, certificates.ca_file)
    return SmtpServer(recorder, server, PASSWORD, controller)


def start_lmtp() -> tuple[Recorder, Controller]:
    """Start a recorder that speaks LMTP, for a real mail server to deliver to."""
    recorder = Recorder()
    controller = _LmtpController(recorder, hostname="127.0.0.1", port=free_port())
    controller.start()
    return recorder, controller


class _LmtpController(Controller):
    def factory(self) -> SMTP:
        return LMTP(self.handler, **self.SMTP_kwargs)


def _context(certificates: Certificates) -> ssl.SSLContext:
    return certificates.server_context()
