"""A refused login is not hammered: NetEase locks accounts that try too often with a wrong code.

The ledger remembers the refusal, as every `mailbot poll` is a process of its own; and of what was refused only a slow,
salted hash, from which nothing can be read, but by which another authorisation code is known and tried at once.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from hashlib import scrypt
from secrets import token_hex
from typing import TYPE_CHECKING

from mailbot.domain.moments import shanghai
from mailbot.errors import LoginRefused

if TYPE_CHECKING:
    from collections.abc import Callable

    from mailbot.stages.protocols import Books, Ledger

WAITS = (timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=6))
REFUSED_LOGIN = "refused_login"  # what the ledger remembers of the way in for mail: a `Refusal` as JSON
REFUSED_SENDING = "refused_smtp_login"  # likewise of the way out
OTHERWISE = "更换授权码后立即重试；授权码未变、已在网页邮箱中处理好的，请运行 mailbot check。"


@dataclass(frozen=True, slots=True)
class Refusal:
    """A login that was refused so many times in a row, in what words, and until when (ISO-8601) it is not tried again.

    `mark` is made of `salt` and what was refused.
    """

    salt: str
    mark: str
    times: int
    until: str
    words: str
    remedy: str

    def holds(self, now: datetime) -> bool:
        """Tell whether it is too early to try again; what is farther off than we ever wait, a wrong clock left."""
        return now < datetime.fromisoformat(self.until) <= now + WAITS[-1]

    def told(self) -> LoginRefused:
        """Return the refusal with what becomes of the next try."""
        return LoginRefused(
            f"{self.words}, not tried again until {self.until}",
            chinese=f"{self.words}；为免账号被锁定，{shanghai(self.until):%m月%d日 %H:%M}前不再用同一授权码登录",
            remedy=f"{self.remedy}{OTHERWISE}",
        )


@dataclass(frozen=True, slots=True)
class Patience:
    """Keeps a refused login from being tried too often. `login` returns host, user and password as they are now.

    `memory` is the name under which the ledger remembers its refusal.
    """

    ledger: Ledger
    login: Callable[[], tuple[str, ...]]
    memory: str = REFUSED_LOGIN

    def ask(self, now: datetime) -> None:
        """Let a login be tried, or not yet.

        Raises:
            LoginRefused: the same one was refused, and it is too early to try again.
        """
        refusal = self._refusal()
        if refusal is None or not self._is_the_same(refusal):
            return
        if refusal.holds(now):
            raise refusal.told()

    def refused(self, error: LoginRefused, now: datetime) -> LoginRefused:
        """Learn that a login was refused, and wait longer each time; return what to tell of it."""
        before = self._refusal()
        times = before.times + 1 if before is not None and self._is_the_same(before) else 1
        salt, until = token_hex(16), now + WAITS[min(times, len(WAITS)) - 1]
        refusal = Refusal(salt, self._mark(salt), times, until.isoformat(), error.chinese, error.remedy)
        self._remember(json.dumps(asdict(refusal), ensure_ascii=False))
        return refusal.told()

    def accepted(self) -> None:
        """Learn that a login was accepted."""
        if self._refusal() is not None:
            self._remember("")

    def _refusal(self) -> Refusal | None:
        with self.ledger.reading() as books:
            return _kept(books, self.memory)

    def _remember(self, value: str) -> None:
        with self.ledger.transaction() as books:
            books.remember(self.memory, value)

    def _is_the_same(self, refusal: Refusal) -> bool:
        return self._mark(refusal.salt) == refusal.mark

    def _mark(self, salt: str) -> str:
        """Return the slow hash (RFC 7914; a twentieth of a second, 16 MB) of what is logged in with."""
        return scrypt("\0".join(self.login()).encode(), salt=bytes.fromhex(salt), n=2**14, r=8, p=1).hex()


def refusal_in_force(books: Books, memory: str, now: datetime) -> LoginRefused | None:
    """Return the refusal for which a login is not tried now, as far as the ledger tells."""
    refusal = _kept(books, memory)
    return refusal.told() if refusal and refusal.holds(now) else None


def _kept(books: Books, memory: str) -> Refusal | None:
    known = books.recall(memory)
    return Refusal(**json.loads(known)) if known else None
