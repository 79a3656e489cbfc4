"""One attempt to send, and what became of it.

connect ─▶ TLS ─▶ login ─▶ MAIL ─▶ RCPT, each ─▶ DATA ─▶ text and final dot ─▶ answer
└──────────────── lost here: refused, nothing was handed over ──────────────┘ └ lost here: unknown
"""

from __future__ import annotations

from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import TYPE_CHECKING

import structlog

from mailbot.domain.server import Server
from mailbot.errors import ConnectionLost, Retry
from mailbot.outgoing.answers import Phase, judge
from mailbot.outgoing.connection import Connection, Timeouts, TurnedAway, connect
from mailbot.outgoing.courier import Outcome, Refused, Scope, Taken, Unknown
from mailbot.outgoing.envelope import is_sendable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mailbot.domain.books import Outgoing

log = structlog.get_logger(__name__)

MAILS_PER_CONNECTION = 5  # 163 counts them (MI:DMC); its number is not published
USUAL = Timeouts()


@contextmanager
def open_courier(server: Server, password: str, *, timeouts: Timeouts = USUAL) -> Iterator[SmtpCourier]:
    """Lend a courier for one flush; its connection is made with the first mail and closed at the end."""
    courier = SmtpCourier(server, password, timeouts)
    try:
        yield courier
    finally:
        courier.close()


def check_login(server: Server, password: str, *, timeouts: Timeouts = USUAL) -> None:
    """Connect, log in and leave; send nothing.

    Raises:
        ConnectionLost: the server cannot be reached or went silent.
        CertificateRefused: it could not prove who it is.
        LoginRefused: it does not take this account and code.
        ProtocolRefused: it refused for another reason, or offers no protection.
    """
    try:
        connect(server, password, timeouts).leave()
    except TurnedAway as away:
        raise away.error from away


class SmtpCourier:
    """The `Courier` of stages/protocols.py. Nothing raises for what the server says or does."""

    def __init__(self, server: Server, password: str, timeouts: Timeouts = USUAL) -> None:
        self._server = server
        self._password = password
        self._timeouts = timeouts
        self._connection: Connection | None = None
        self._carried = 0
        self._barred: Refused | None = None  # what needs a person is not tried again (163 locks accounts)

    def deliver(self, mail: Outgoing) -> Outcome:
        """Try once: the stored bytes, from the login, to the mail's recipients in one transaction."""
        if self._barred:
            return self._barred
        if not all(is_sendable(address) for address in mail.recipients):
            return Refused(Scope.RECIPIENT, Retry.NEVER, "收件人地址无法使用")
        try:
            return self._deliver(mail)
        except TurnedAway as away:
            if away.refusal.retry is Retry.NEEDS_PERSON:
                self._barred = away.refusal
            return away.refusal
        except ConnectionLost as error:
            log.warning("connection lost before the final dot", error=str(error))
            self.close()
            return Refused(Scope.SERVER, error.retry, error.chinese)

    def close(self) -> None:
        """Say goodbye, if there is anybody to say it to."""
        connection, self._connection, self._carried = self._connection, None, 0
        if connection is not None:
            connection.leave()

    def _deliver(self, mail: Outgoing) -> Outcome:
        if self._carried >= MAILS_PER_CONNECTION:
            self.close()
        if self._connection is not None:
            with suppress(ConnectionLost):  # cut while idle, before the final dot: a new connection is the same try
                return self._hand_over(self._connection, mail)
            self.close()
        self._connection = connect(self._server, self._password, self._timeouts)
        return self._hand_over(self._connection, mail)

    def _hand_over(self, connection: Connection, mail: Outgoing) -> Outcome:
        """Walk through the phases of one mail.

        Raises:
            ConnectionLost: before the final dot.
        """
        self._carried += 1
        refused = _announce(connection, self._server.user, mail)
        if isinstance(refused, Refused):
            return self._told_no(connection, refused)
        connection.pour(mail.raw)
        try:
            code, answer = connection.verdict()
        except ConnectionLost as error:
            log.warning("connection lost after the final dot", error=str(error))
            self.close()
            return Unknown(f"邮件内容已送出，但服务器没有给出完整答复（{error.chinese}），尚不清楚是否已发出")
        if code // 100 == 2:
            return Taken(f"{code} {answer}" + (f"；未送达：{_named(refused)}" if refused else ""), tuple(refused))
        return self._told_no(connection, judge(Phase.CONTENT, code, answer))

    def _told_no(self, connection: Connection, refusal: Refused) -> Refused:
        """Return the refusal, and leave the connection fit for the next mail or leave it."""
        if refusal.scope is Scope.SERVER:
            self.close()
            return refusal
        try:
            connection.ask("RSET")
        except ConnectionLost:
            self.close()
        return refusal


def _announce(connection: Connection, sender: str, mail: Outgoing) -> dict[str, Refused] | Refused:
    """Name sender and recipients and ask to begin; return the recipients refused, or why nothing may go at all."""
    if away := _refusal(connection, Phase.SENDER, f"MAIL FROM:<{sender}>"):
        return away
    refused: dict[str, Refused] = {}
    for address in mail.recipients:
        refusal = _refusal(connection, Phase.RECIPIENT, f"RCPT TO:<{address}>")
        if refusal is None:
            continue
        if refusal.scope is not Scope.RECIPIENT:
            return refusal
        refused[address] = refusal
    if len(refused) == len(mail.recipients):
        return _all_refused(refused)
    return _refusal(connection, Phase.CONTENT, "DATA", wanted=3) or refused


def _refusal(connection: Connection, phase: Phase, command: str, *, wanted: int = 2) -> Refused | None:
    """Send one command; return what a refusal of it means, None where the server is content."""
    code, answer = connection.ask(command)
    return None if code // 100 == wanted else judge(phase, code, answer)


def _all_refused(refused: dict[str, Refused]) -> Refused:
    """Return what it means that nobody was taken: tried again where that makes sense for one of them."""
    mildest = min(refused.values(), key=lambda refusal: refusal.retry is Retry.NEVER)
    return mildest if len(refused) == 1 else replace(mildest, reason=_named(refused), answer="")


def _named(refused: dict[str, Refused]) -> str:
    return "、".join(f"{address}（{refusal.reason}，{refusal.answer}）" for address, refusal in refused.items())
