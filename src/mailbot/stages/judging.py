"""Reading and deciding one message so that nothing in it can stop the work: what nobody foresaw goes to a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from mailbot.domain.decision import Decision, Doubt, MailKind, Verdict
from mailbot.domain.message import Address, Facts, Mail
from mailbot.errors import ArchiveError
from mailbot.matching import decide

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from mailbot.domain.decision import Situation

UNREAD = Facts(Mail((), "", Address("", ""), (), "", (), None, "", ""))
SET_ASIDE = Decision(
    MailKind.OTHER,
    Verdict.TRIAGE,
    doubts=(Doubt("reading_failed", "程序未能读懂这封来件，请人工查看原件"),),
    reasons_not_to_answer=("reading_failed",),
)

log = structlog.get_logger(__name__)


def read(reading: Callable[[], Facts]) -> Facts | None:
    """Return what reading a message found; None where it failed in a way that nobody foresaw.

    Raises:
        ArchiveError: the machine had no room to unpack it, or no worker to read it: it waits.
    """
    try:
        return reading()
    except OSError as error:
        raise ArchiveError(
            f"cannot unpack a message: {error}",
            chinese=f"本机存储空间或系统资源不足，来件暂时无法读取（{error.strerror or error}）",
            remedy="请检查磁盘空间，特别是临时文件夹（TMPDIR，一般为 /tmp）；来件已存档，恢复后自动继续。",
        ) from error
    except Exception:  # one message that breaks the reader must not keep the others waiting
        log.exception("reading failed")
        return None


def judge(facts: Facts | None, situation: Situation, arrived: datetime | None) -> Decision:
    """Decide on a message; one that broke the reading, or breaks the deciding, is set aside with its reason."""
    if facts is None:
        return SET_ASIDE
    try:
        return decide(facts, situation, arrived=arrived)
    except Exception:  # as above: never fatal to the round
        log.exception("deciding failed", message_id=facts.mail.message_id)
        return SET_ASIDE
