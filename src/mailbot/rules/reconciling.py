"""Whether a folder holds as many messages as the ledger has in view there. One poll may meet a mail on its way."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from mailbot.domain.books import FolderPoll

LASTS = 2  # complete polls in a row; after the first the folder is listed whole again


def in_a_row(before: Mapping[str, int], polled: Iterable[FolderPoll]) -> dict[str, int]:
    """Return in how many complete polls in a row each folder's count was not the ledger's.

    Args:
        before: the same, before these polls; a folder that was not polled completely stays as it was.
        polled: the folders that were polled completely now.

    >>> from mailbot.domain.books import FolderPoll
    >>> from mailbot.domain.moments import shanghai
    >>> now = shanghai("2021-04-15T09:00")
    >>> polled = [FolderPoll("INBOX", now, 3, 2), FolderPoll("垃圾邮件", now, 1, 1)]
    >>> in_a_row({"INBOX": 1, "垃圾邮件": 1, "广告邮件": 1}, polled)
    {'广告邮件': 1, 'INBOX': 2}
    """
    polls = tuple(polled)
    names = {poll.folder for poll in polls}
    others = {folder: count for folder, count in before.items() if folder not in names}
    return others | {poll.folder: before.get(poll.folder, 0) + 1 for poll in polls if poll.exists != poll.in_view}
