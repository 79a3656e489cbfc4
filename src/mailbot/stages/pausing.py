"""When no mail at all is tried: for a time that passes by itself, or until a person has looked into it.

a server that takes nothing ──▶ a pause · one failure after another within an hour ──▶ a longer one
a mail judged spam, or one mail after another refused for good ──▶ stopped, until `mailbot outbox resume`
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from mailbot.domain.moments import shanghai
from mailbot.errors import Retry
from mailbot.outgoing.courier import Refused, Scope

if TYPE_CHECKING:
    from mailbot.stages.protocols import Books

CLOCK_SLACK = timedelta(minutes=1)  # what is noted for later than that was noted by a clock that was wrong
PAUSED = "smtp_paused"  # what the ledger remembers of a server that takes no mail at all: a `Pause` as JSON
FAILURES = "smtp_failures"  # likewise: when it failed since it last took a mail, a JSON list of moments
PAUSES = {Retry.SOON: timedelta(minutes=2), Retry.LATER: timedelta(minutes=30), Retry.NEEDS_PERSON: timedelta(hours=1)}
IN_A_ROW, WITHIN = 5, timedelta(hours=1)  # so many failures within that time are the server's matter, not a mail's
RESUME = "mailbot outbox resume"


@dataclass(frozen=True, slots=True)
class Pause:
    """The time for which no mail is tried, and why. Moments as ISO-8601; `until` is '' where a person has to say so."""

    since: str
    until: str
    why: str

    def told(self) -> str:
        """Return it in Chinese."""
        if not self.until:
            return f"为免账号受限，发送已全部停止：{self.why}。查明原因后请执行 {RESUME} 恢复发送"
        return f"邮件服务器暂不接收本邮箱发信：{self.why}；{shanghai(self.until):%m月%d日 %H:%M} 后自动再试"

    def holds(self, now: datetime) -> bool:
        """Tell whether it holds now; one that begins later was noted by a clock that was wrong, and ends at once."""
        return not self.until or (shanghai(self.since) - now <= CLOCK_SLACK and now < shanghai(self.until))


def again_after(refusal: Refused) -> timedelta:
    """Return how long to wait after a refusal before another try makes sense."""
    return max(PAUSES[refusal.retry], refusal.wait)


def pause_after(refusal: Refused, why: str, in_a_row: int, now: datetime) -> Pause | None:
    """Return the pause that a failure calls for, None where other mail may go on. `in_a_row` counts this one too.

    A refusal for good costs a mail each time, so that after some in a row, or one that judges our content, only a
    person lets the next one go.

    Source: NetEase's DT:SPM is about content or rate, and more of the same locks the account.
    """
    too_many, for_good = in_a_row >= IN_A_ROW, refusal.retry is Retry.NEVER
    since = now.isoformat(timespec="seconds")
    if for_good and (too_many or refusal.scope is Scope.CONTENT):
        return Pause(since, "", why)
    if too_many or refusal.scope in {Scope.SERVER, Scope.CONTENT}:
        wait = max(again_after(refusal), WITHIN if too_many else timedelta())
        return Pause(since, (now + wait).isoformat(timespec="seconds"), why)
    return None


def failed(books: Books, refusal: Refused, why: str, now: datetime) -> Pause | None:
    """Note a failure that is neither a recipient's nor the login's; return the pause that now holds, if any."""
    known = (shanghai(moment) for moment in json.loads(books.recall(FAILURES) or "[]"))
    row = [*(moment for moment in known if abs(now - moment) < WITHIN), now][-IN_A_ROW:]
    books.remember(FAILURES, json.dumps([moment.isoformat() for moment in row]))
    pause = pause_after(refusal, why, len(row), now)
    if pause is not None:
        books.remember(PAUSED, json.dumps(asdict(pause), ensure_ascii=False))
    return pause


def succeeded(books: Books) -> None:
    """Note that the server took a mail: failures are counted anew."""
    books.remember(FAILURES, "")


def pause_in_force(books: Books, now: datetime) -> Pause | None:
    """Return the pause that holds now."""
    pause = _kept(books)
    return pause if pause and pause.holds(now) else None


def end_pause(books: Books) -> None:
    """End a pause that would pass by itself, as a person wants mail to go now."""
    pause = _kept(books)
    if pause and pause.until:
        books.remember(PAUSED, "")


def resume(books: Books) -> bool:
    """End whatever pause there is, as a person has looked into it; return whether there was one."""
    there = _kept(books) is not None
    books.remember(PAUSED, "")
    books.remember(FAILURES, "")
    return there


def _kept(books: Books) -> Pause | None:
    kept = books.recall(PAUSED)
    return Pause(**json.loads(kept)) if kept else None
