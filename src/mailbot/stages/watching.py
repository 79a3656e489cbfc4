"""Which folders have to be polled before anything is concluded, those included that are suddenly not there any more.

What was renamed or removed may hide a report, so reminders wait for it and the office is told. Removing a folder is the
office's right, though: after `GRACE`, or at once where mailbot.toml names the folders to watch, it counts as removed.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import structlog

from mailbot.domain.books import Event
from mailbot.domain.mailbox import FolderView, Listing

if TYPE_CHECKING:
    from mailbot.domain.books import FolderPoll
    from mailbot.stages.protocols import Books, Ledger

GRACE = timedelta(days=3)
WATCHED = "watched_folders"  # what the ledger remembers: a JSON list of the folders that must be polled
GONE = "gone_folders"  # likewise: a JSON object, folder → since when it is missing

log = structlog.get_logger(__name__)


def watch(ledger: Ledger, there: tuple[str, ...], now: datetime, *, chosen: bool) -> dict[str, str]:
    """Remember which folders must be polled; return those of them that are gone, each with what to do, in Chinese.

    `there` are the folders that will be polled, `chosen` tells whether they are the ones that mailbot.toml names.
    """
    with ledger.transaction() as books:
        since: dict[str, str] = json.loads(books.recall(GONE) or "{}")
        missing = {poll.folder: poll for poll in books.polls() if poll.in_view and poll.folder not in there}
        # what is missing since a moment in the future was missed by a clock that was wrong
        until = {name: min(datetime.fromisoformat(since.get(name, now.isoformat())), now) + GRACE for name in missing}
        gone = {name: _told(poll, until[name]) for name, poll in missing.items() if now < until[name] and not chosen}
        for name in missing.keys() - gone.keys():
            _let_go(books, name, now)
        still = {name: (until[name] - GRACE).isoformat() for name in gone}
        books.remember(GONE, json.dumps(still, ensure_ascii=False) if still else "")
        books.remember(WATCHED, json.dumps([*there, *gone], ensure_ascii=False))
    return gone


def watched(books: Books) -> tuple[str, ...]:
    """Return the folders that must be polled, as far as the mailbox was ever opened."""
    return tuple(json.loads(books.recall(WATCHED) or "[]"))


def _told(poll: FolderPoll, until: datetime) -> str:
    return (
        f"邮箱中已没有这个文件夹，台账中有 {poll.in_view} 封来件在其中。如已改名，请把现在的名称和其他要收取的文件夹"
        "（如 INBOX）一并写入 mailbot.toml 的 [imap] folders；如已删除，"
        f"无需处理，{until:%m月%d日 %H:%M}起不再等待。在此之前暂缓提醒。"
    )


def _let_go(books: Books, folder: str, now: datetime) -> None:
    """Count a folder as removed: nothing of it is in view. If it ever comes back, so do its messages."""
    memory = books.folder_memory(folder)
    if memory is not None:
        books.viewed(FolderView(folder, memory.uidvalidity, None, 0, Listing.FULL), now)
        books.note(Event(now, "mailbot", "folder_gone", folder, f"{memory.in_view} messages were in view"))
        log.warning("folder counts as removed", folder=folder, in_view=memory.in_view)
