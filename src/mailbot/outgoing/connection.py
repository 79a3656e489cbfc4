"""A protected, logged-in SMTP connection. Only this and the wire below it know smtplib.

smtplib is used for its commands only: its `sendmail` does not tell on which side of the final dot a connection was
lost, its `login` tries every mechanism in turn (so that one wrong code counts as several), its own contexts verify
nothing, and its debug output shows the login: it is never switched on.
"""

from __future__ import annotations

import base64
import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass

from mailbot.domain.server import Security, Server
from mailbot.errors import CertificateRefused, ConnectionLost, LoginRefused, MailboxError, ProtocolRefused, Retry
from mailbot.outgoing.answers import Phase, decoded, judge
from mailbot.outgoing.courier import Refused, Scope
from mailbot.outgoing.wire import Line, TlsLine
from mailbot.redacting import redacted

OUR_NAME = "[127.0.0.1]"  # smtplib would ask the resolver for this machine's name


@dataclass(frozen=True, slots=True)
class Timeouts:
    """How long a whole answer may take, in seconds. Source: RFC 5321 §4.5.3.2, ten minutes after the dot."""

    connect: float = 30
    command: float = 300
    content: float = 180
    verdict: float = 600
    farewell: float = 5


class TurnedAway(MailboxError):
    """The server did not let us in: what that means for every mail, and the error for whoever only wanted to log in."""

    code = "turned_away"

    def __init__(self, refusal: Refused, error: type[MailboxError]) -> None:
        super().__init__(refusal.answer, chinese=refusal.reason, remedy=error.remedy)
        self.refusal = refusal
        self.error = error(refusal.answer, chinese=refusal.reason)


class Connection:
    """A connection that may send. Every loss of it is a ConnectionLost."""

    def __init__(self, smtp: Line, timeouts: Timeouts) -> None:
        self._smtp = smtp
        self._timeouts = timeouts

    def ask(self, command: str) -> tuple[int, str]:
        """Send one command and return the answer.

        Raises:
            ConnectionLost: there is none.
        """
        _wait_at_most(self._smtp, self._timeouts.command)
        return _command(self._smtp, command)

    def pour(self, raw: bytes) -> None:
        """Send a mail's bytes, dots doubled, and the final dot.

        Raises:
            ConnectionLost: not all of it left this machine, and so the final dot, its end, did not.
        """
        _wait_at_most(self._smtp, self._timeouts.content)
        ended = raw if raw.endswith(b"\r\n") else raw + b"\r\n"
        doubled = (b"\r\n" + ended).replace(b"\r\n.", b"\r\n..")[2:]  # RFC 5321 §4.5.2
        try:
            self._smtp.send(doubled + b".\r\n")
        except OSError as error:
            raise ConnectionLost(f"while sending the text: {error}") from error

    def verdict(self) -> tuple[int, str]:
        """Return the answer to the final dot.

        Raises:
            ConnectionLost: there is none.
        """
        _wait_at_most(self._smtp, self._timeouts.verdict)
        return _answer(self._smtp)

    def leave(self) -> None:
        """Say goodbye if the server still listens, and close."""
        with suppress(OSError, MailboxError):
            _wait_at_most(self._smtp, self._timeouts.farewell)
            _command(self._smtp, "QUIT")
        self._smtp.close()


def connect(server: Server, password: str, timeouts: Timeouts) -> Connection:
    """Return a connection that is protected as configured and logged in.

    Raises:
        ConnectionLost: the server cannot be reached, or went silent.
        TurnedAway: it could not prove who it is, offers no protection, or does not want us.
    """
    smtp = _reach(server, password, timeouts)
    smtp.secret = password
    try:
        _wait_at_most(smtp, timeouts.command)
        if server.security is Security.STARTTLS:
            _protect(smtp, server)
        _log_in(smtp, server, password)
    except MailboxError:
        smtp.close()
        raise
    return Connection(smtp, timeouts)


def _reach(server: Server, password: str, timeouts: Timeouts) -> Line:
    """Connect and read the greeting; with TLS from the first byte where it is so configured."""
    if server.security is Security.PLAIN and not server.is_local():
        raise _away(ProtocolRefused, "未加密的连接只允许用于本机", "plain is for the loopback only")
    try:
        if server.security is Security.TLS:
            return TlsLine(
                server.host,
                server.port,
                OUR_NAME,
                timeout=timeouts.connect,
                context=_trust(server),
            )
        return Line(server.host, server.port, OUR_NAME, timeout=timeouts.connect)
    except smtplib.SMTPResponseException as error:
        raise TurnedAway(judge(Phase.GREETING, error.smtp_code, _words(error, password)), ProtocolRefused) from error
    except ssl.SSLCertVerificationError as error:
        raise _unproven(error, password) from error
    except (OSError, UnicodeError) as error:  # UnicodeError: a host name that cannot be looked up
        raise ConnectionLost(f"cannot reach {server.host}:{server.port}: {error}") from error


def _protect(smtp: Line, server: Server) -> None:
    """Begin TLS. A server that does not offer it is left, never spoken to in the clear (RFC 3207 §6)."""
    try:
        _greet(smtp)
        if not smtp.has_extn("starttls"):
            raise _away(ProtocolRefused, "服务器未提供 STARTTLS 加密", "STARTTLS is not offered")
        smtp.starttls(context=_trust(server))
    except smtplib.SMTPResponseException as error:
        raise _away(ProtocolRefused, "服务器未能开始加密", _words(error, smtp.secret)) from error
    except ssl.SSLCertVerificationError as error:
        raise _away(
            CertificateRefused, CertificateRefused.chinese, redacted(error.verify_message, smtp.secret)
        ) from error
    except OSError as error:
        raise ConnectionLost(f"while beginning TLS: {error}") from error


def _log_in(smtp: Line, server: Server, password: str) -> None:
    """Log in, once, by the first mechanism that both sides know. A loopback server may want none."""
    _greet(smtp)
    offered = smtp.esmtp_features.get("auth", "").upper().split()
    if not offered and server.security is Security.PLAIN:
        return
    user, code = _base64(server.user), _base64(password)
    if "PLAIN" in offered:
        words = [f"AUTH PLAIN {_base64(f'{chr(0)}{server.user}{chr(0)}{password}')}"]
    elif "LOGIN" in offered:
        words = ["AUTH LOGIN", user, code]
    else:
        raise _away(ProtocolRefused, "服务器未提供可用的登录方式", "neither AUTH PLAIN nor AUTH LOGIN is offered")
    number, answer = 334, ""
    for word in words:
        if number != 334:
            break
        number, answer = _command(smtp, word)
    if number != 235:
        refusal = judge(Phase.LOGIN, number, answer)
        raise TurnedAway(refusal, LoginRefused if refusal.scope is Scope.LOGIN else ProtocolRefused)


def _greet(smtp: Line) -> None:
    """Say EHLO. What offers nothing because it refuses us (421, too many connections) is told in its own words."""
    try:
        code, words = smtp.ehlo()
    except OSError as error:
        raise ConnectionLost(f"in EHLO: {error}") from error
    if not 200 <= code <= 599:
        raise ConnectionLost("what came is no SMTP answer")
    if code // 100 != 2:
        raise TurnedAway(judge(Phase.GREETING, code, decoded(words, smtp.secret)), ProtocolRefused)


def _wait_at_most(smtp: Line, seconds: float) -> None:
    if smtp.sock is None:
        raise ConnectionLost("it was closed before")
    smtp.timeout = seconds
    smtp.sock.settimeout(seconds)


def _command(smtp: Line, command: str) -> tuple[int, str]:
    try:
        smtp.putcmd(command)
    except OSError as error:
        raise ConnectionLost(f"the connection was cut: {error}") from error
    return _answer(smtp)


def _answer(smtp: Line) -> tuple[int, str]:
    """Return the server's next answer; what is no whole answer counts as none."""
    try:
        code, words = smtp.getreply()
    except OSError as error:
        raise ConnectionLost(f"no answer: {error}") from error
    if not 200 <= code <= 599:
        raise ConnectionLost("what came is no SMTP answer")
    return code, decoded(words, smtp.secret)


def _words(error: smtplib.SMTPResponseException, secret: str) -> str:
    """Return what the server said in an answer that smtplib made an error of."""
    said = error.smtp_error if isinstance(error.smtp_error, bytes) else error.smtp_error.encode()
    return decoded(said, secret)


def _away(error: type[MailboxError], reason: str, answer: str) -> TurnedAway:
    return TurnedAway(Refused(Scope.SERVER, Retry.NEEDS_PERSON, reason, answer), error)


def _unproven(error: ssl.SSLCertVerificationError, secret: str) -> TurnedAway:
    return _away(CertificateRefused, CertificateRefused.chinese, redacted(error.verify_message, secret))


def _trust(server: Server) -> ssl.SSLContext:
    """Return a context that verifies the server: by the machine's roots, or by the one named and no other."""
    try:
        context = ssl.create_default_context(cafile=server.ca_file)
    except OSError as error:
        raise _away(CertificateRefused, "无法读取 ca_file 中的根证书", str(error)) from error
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()
