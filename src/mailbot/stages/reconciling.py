"""At each complete poll: as many messages in the folder as `mailbot messages` has in view there. Else it is told."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from mailbot.rules.reconciling import LASTS, in_a_row

if TYPE_CHECKING:
    from collections.abc import Collection

    from mailbot.domain.books import FolderPoll
    from mailbot.stages.protocols import Ledger

DIFFERENCES = "count_differences"  # what the ledger remembers: a JSON object, folder → complete polls in a row


def reconcile(ledger: Ledger, polled: Collection[str]) -> str:
    """Count what was polled completely; return in Chinese which counts are wrong for longer than one poll."""
    with ledger.reading() as books:
        polls = {poll.folder: poll for poll in books.polls()}
        before: dict[str, int] = json.loads(books.recall(DIFFERENCES) or "{}")
    now = in_a_row(before, [polls[folder] for folder in polled])
    if now != before:
        with ledger.transaction() as books:
            books.remember(DIFFERENCES, json.dumps(now, ensure_ascii=False) if now else "")
    return "".join(_told(polls[folder]) for folder, times in now.items() if times >= LASTS)


def _told(poll: FolderPoll) -> str:
    return (
        f"文件夹“{poll.folder}”中有 {poll.exists} 封邮件，台账所见为 {poll.in_view} 封，连续两次收取都不相符。"
        "请将网页邮箱中的邮件与 mailbot messages 逐封核对，并联系维护人员。"
    )
