"""Reading and deciding one message so that nothing in it can stop the work: what nobody foresaw goes to a person.

read whole ──▶ decide
       └──▶ else from its headers: what is lacking counts as an attachment that nobody read ──▶ triage, with a guess
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import structlog

from mailbot.domain.decision import Decision, Doubt, MailKind, Verdict
from mailbot.domain.message import Address, Attachment, Facts, FileKind, Mail
from mailbot.errors import ArchiveError, Problem
from mailbot.matching import decide

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from mailbot.domain.decision import Situation
    from mailbot.stages.protocols import Reader

UNREADABLE = Doubt("reading_failed", "程序未能读懂这封来件，请人工查看原件")
LOST = Doubt("message_lost", "这封来件的存档文件不见了或已损坏，无法读取；请从备份恢复，或请报送单位重新发送")
LACKING = "（未能收取或读取的正文和附件）"
LARGEST_HEADERS = 256 * 1024  # bytes
NOTHING = Facts(Mail((), "", Address("", ""), (), "", (), None, "", ""))
_UNDECIDABLE = Decision(MailKind.OTHER, Verdict.TRIAGE, reasons_not_to_answer=(UNREADABLE.code,))

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read of a message, and why it is not the whole of it; None where it is."""

    facts: Facts
    lacking: Doubt | None = None

    @property
    def final(self) -> bool:
        """Tell whether nothing more will ever be had of it, so that a person may book what there is."""
        return self.lacking not in {None, UNREADABLE, LOST}


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


def read_headers(reader: Reader, message: Path) -> Reading:
    """Return what the headers of a message tell, where reading the whole of it failed.

    Raises:
        ArchiveError: as in `read`.
    """
    with message.open("rb") as file:
        headers = file.read(LARGEST_HEADERS).partition(b"\r\n\r\n")[0]
    return Reading(read(partial(reader.read_bytes, headers + b"\r\n\r\n")) or NOTHING, UNREADABLE)


def judge(reading: Reading, situation: Situation, arrived: datetime | None) -> Decision:
    """Decide on a message; what was not read whole, or breaks the deciding, waits for a person with its reason."""
    if reading.lacking is None:
        decision = _decided(reading.facts, situation, arrived)
        if decision:
            return decision
    lacking = reading.lacking or UNREADABLE
    decision = _decided(_without_content(reading.facts, lacking), situation, arrived) or _UNDECIDABLE
    if (reading.final and situation.rulings) or any(ruling.holds for ruling in situation.rulings):
        return decision  # a person knows what it holds, or that nobody ever will
    return replace(decision, verdict=Verdict.TRIAGE, submissions=(), doubts=(lacking, *decision.doubts))


def is_unread(decision: Decision) -> bool:
    """Tell whether a message waits for a person for no other reason than that it could not be read or decided on."""
    return decision.doubts[:1] in {(UNREADABLE,), (LOST,)}


def _decided(facts: Facts, situation: Situation, arrived: datetime | None) -> Decision | None:
    """Return the decision, None where deciding breaks."""
    try:
        return decide(facts, situation, arrived=arrived)
    except Exception:  # never fatal to the round
        log.exception("deciding failed")
        return None


def _without_content(facts: Facts, lacking: Doubt) -> Facts:
    """Return what the headers tell, with all that is lacking as one attachment that nobody read."""
    attachment = Attachment(LACKING, FileKind.OTHER, 0, "", problems=(Problem(lacking.code, lacking.text),))
    return replace(facts, mail=replace(facts.mail, text="", html=""), attachments=(attachment,), problems=())
