"""SMTP lines whose answers come to an end: each whole, within its time and its size.

smtplib reads an answer for as long as the server sends something, and takes `250 que` and then nothing for a yes. What
is said over such a line is the connection's.
"""

from __future__ import annotations

import smtplib
from time import monotonic
from typing import TYPE_CHECKING

from mailbot.errors import ConnectionLost

if TYPE_CHECKING:
    import socket

LONGEST_ANSWER = 64 * 1024  # bytes; an answer line may have 512 (RFC 5321 §4.5.3.1.5), and EHLO's has some twenty
ONCE = 4096


class Answers:
    """The server's answers, line by line. Half a line is none."""

    def __init__(self, line: socket.socket) -> None:
        self._line = line
        self._ahead = b""

    def expect(self, seconds: float) -> None:
        """Begin a new answer, to be whole within that time.

        Raises:
            ConnectionLost: something came that nobody had asked for; it must not pass for the answer to what comes now.
        """
        if self._ahead:
            raise ConnectionLost("the server answered before it was asked")
        self._until = monotonic() + seconds
        self._room = LONGEST_ANSWER

    def readline(self, _limit: int) -> bytes:
        """Return the next line of the answer, b'' where it did not come whole.

        Raises:
            ConnectionLost: the answer takes too long, or is too long.
            OSError: the line was cut.
        """
        while b"\n" not in self._ahead:
            if not (came := self._more()):
                return b""
            self._ahead += came
            self._room -= len(came)
            if self._room < 0:
                raise ConnectionLost("an answer without end", chinese="邮件服务器的答复过长，已断开连接")
        line, end, self._ahead = self._ahead.partition(b"\n")
        return line + end

    def close(self) -> None:
        """Forget what was read; the socket is smtplib's to close."""
        self._ahead = b""

    def _more(self) -> bytes:
        left = self._until - monotonic()
        if left <= 0:
            raise ConnectionLost("an answer took too long", chinese="邮件服务器的答复迟迟不结束，已断开连接")
        self._line.settimeout(left)
        return self._line.recv(ONCE)


class Line(smtplib.SMTP):
    """SMTP with such answers. `timeout` is how many seconds the next one may take, `secret` what none may quote."""

    secret = ""

    def getreply(self) -> tuple[int, bytes]:
        """Return the next answer.

        Raises:
            ConnectionLost, OSError: none came whole; the line is closed.
        """
        if self.sock is None:
            raise ConnectionLost("it was closed before")
        if self.file is None:  # a new line, or TLS has begun: what came before it is not read (RFC 3207 §6)
            self.file = Answers(self.sock)
        try:
            self.file.expect(self.timeout)
            return super().getreply()
        except ConnectionLost:
            self.close()
            raise


class TlsLine(smtplib.SMTP_SSL, Line):
    """The same over TLS from the first byte."""
