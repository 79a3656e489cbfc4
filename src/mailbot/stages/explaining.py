"""`mailbot explain`: what would be made of a message, without ledger, recording or sending.

Without a ledger nothing is complete and no mail of ours is known, so a mail that only those could settle is in doubt.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from mailbot.domain.decision import Situation
from mailbot.mailbox.mail_files import Skipped, messages_in
from mailbot.rules.may_reply import codes_not_to_answer
from mailbot.stages.ingesting import arrival_by_received
from mailbot.stages.judging import NOTHING, UNREADABLE, Reading, judge, read

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from mailbot.domain.decision import Decision
    from mailbot.stages.protocols import Reader
    from mailbot.stages.viewing import Desk


def explain_all(
    path: Path, desk: Desk, own_addresses: frozenset[str], reader: Reader, skipped: Skipped, arrived: datetime | None
) -> Iterator[tuple[Path, datetime | None, Decision]]:
    """Return for each message at or below a path its file, its arrival as far as known, and the decision."""
    owed = desk.owed()
    situation = Situation(
        notices=desk.notices,
        directory=desk.directory,
        calendar=desk.calendar,
        own_addresses=own_addresses,
        incomplete=frozenset((each.unit, each.period) for each in owed),
        due=tuple({(each.notice, each.period, each.due) for each in owed}),
        reply_policy=codes_not_to_answer,
    )
    for file, raw in messages_in(path, skipped):
        when = arrived or arrival_by_received(raw)
        facts = read(partial(reader.read_bytes, raw))
        yield file, when, judge(Reading(facts) if facts else Reading(NOTHING, UNREADABLE), situation, when)
