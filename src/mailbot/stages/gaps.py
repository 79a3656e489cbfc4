"""Messages of which we have less than was sent: what is archived in their place, and what is made of it.

Too large, or not given by the server ──▶ a stand-in: the headers, or a few words of ours ──▶ triage, with a guess
read and lost from the archive ──▶ asked for again while the mailbox has it ──▶ triage, if it never comes back
whole, but nobody lives to see it read ──▶ triage by its headers, and once more when all else is done ──▶ as any other
"""

from __future__ import annotations

from base64 import b64encode
from contextlib import contextmanager
from email.utils import format_datetime
from functools import partial
from typing import TYPE_CHECKING

import structlog

from mailbot.domain.books import MessageStanding
from mailbot.domain.decision import Doubt
from mailbot.domain.mailbox import StandIn
from mailbot.errors import MailbotError, MessageLost
from mailbot.stages.judging import LOST, NOTHING, UNREADABLE, Reading, read, read_headers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mailbot.domain.books import Gap, StoredMessage
    from mailbot.domain.mailbox import Sighting
    from mailbot.stages.protocols import Archive, Books, Ledger, Reader

TRIES = 3  # a message is begun to be read; if we do not live to see the end of it so often, only its headers are
TRIES_OF_HEADERS = 4  # counted on; after that it waits for a person with nothing told of it
TRIES_IN_TRIAGE = 9  # likewise; until then it is read whole again, when nothing else waits for it
NAMED = 5  # lost ones in `status`: where a whole disk is gone, thousands of lines help nobody
WAITING = frozenset({MessageStanding.UNDECIDED, MessageStanding.TRIAGE})
REASONS = {
    StandIn.TOO_LARGE: Doubt(
        "message_too_large",
        "这封邮件超过100MB，只收存了邮件头，正文和附件没有收取；请在网页邮箱中查看，并请报送单位分次重新发送",
    ),
    StandIn.NOT_GIVEN: Doubt(
        "message_not_given",
        "邮件服务器多次没有给出这封邮件的内容，只收存了邮件头；系统每次收取时会再试，请同时在网页邮箱中查看",
    ),
}

log = structlog.get_logger(__name__)


def words_of_ours(sighting: Sighting) -> bytes:
    """Return what is archived of a message of which not even the headers could be had: where it lies in the mailbox."""
    subject = b64encode(f"未能收取的邮件：{where(sighting)}".encode()).decode("ascii")
    date = f"Date: {format_datetime(sighting.arrived)}\r\n" if sighting.arrived else ""
    uid = f"X-Mailbot-UID: {sighting.uidvalidity}/{sighting.uid}\r\n"
    return f"Subject: =?utf-8?b?{subject}?=\r\n{date}{uid}\r\n".encode("ascii")


def where(sighting: Sighting) -> str:
    """Return in Chinese which message of the mailbox it is.

    >>> from datetime import datetime
    >>> from mailbot.domain.mailbox import Sighting
    >>> where(Sighting("INBOX", 1, 5, datetime(2021, 4, 22, 8), 106000000))
    'INBOX，UID 5，2021年04月22日 08:00，101.1 MB'
    """
    arrived = f"{sighting.arrived:%Y年%m月%d日 %H:%M}" if sighting.arrived else "到达时间不明"
    return f"{sighting.folder}，UID {sighting.uid}，{arrived}，{sighting.size / 1024**2:.1f} MB"


def opened(message: StoredMessage, archive: Archive, reader: Reader, tries: int, whole_until: int) -> Reading:
    """Return what can be had of a message, begun to be read for the so manieth time: whole, else from its headers.

    Raises:
        MessageLost: its file is not there, or not what it was, and may still come back.
        ArchiveError: the machine had no room to unpack it, or no worker to read it: it waits.
    """
    if message.lost and tries > TRIES:
        return Reading(NOTHING, LOST)
    path = archive.checked(message.sha256)
    if tries <= whole_until and (facts := read(partial(reader.read, path))):
        return Reading(facts, REASONS[message.stand_in] if message.stand_in else None)
    log.warning("given up", sha256=message.sha256, tries=tries)
    return read_headers(reader, path) if tries <= TRIES_OF_HEADERS else Reading(NOTHING, UNREADABLE)


def to_be_read_again(books: Books) -> tuple[StoredMessage, ...]:
    """Return what waits in triage only because it was never read to its end, and will be tried again."""
    return tuple(message for message, tries in books.unread() if tries < TRIES_IN_TRIAGE)


@contextmanager
def counted(ledger: Ledger, sha256: str) -> Iterator[int]:
    """Count a reading before it begins, in the ledger; who ends it as foreseen forgets it again.

    So whatever kills the process, or breaks it in a way nobody foresaw, is known of at the next start.
    """
    with ledger.transaction() as books:
        tries = books.count_try(sha256)
    try:
        yield tries
    except MessageLost:
        with ledger.transaction() as books:
            books.lose(sha256)
        raise
    except MailbotError:  # the machine's trouble, which passes, is nothing that the message did
        with ledger.transaction() as books:
            books.forget_tries(sha256)
        raise


def told(gaps: tuple[Gap, ...]) -> Iterator[str]:
    """Say what is lacking, where it lies in the mailbox and what to do, for as long as nobody has settled it."""
    for gap in gaps:
        if gap.message.stand_in and gap.sighting and gap.standing in WAITING:
            yield f"{where(gap.sighting)}：{REASONS[gap.message.stand_in].text}；看过后用 mailbot triage 处理"
    lost = [gap for gap in gaps if gap.message.lost and gap.standing is not MessageStanding.IGNORED]
    for gap in lost[:NAMED]:
        yield f"“{gap.subject}”（{where(gap.sighting) if gap.sighting else '人工导入'}）：{_remedy_of_lost(gap)}"
    if len(lost) > NAMED:
        yield f"存档文件不见了或已损坏的来件还有 {len(lost) - NAMED} 封，请核对存档目录所在的磁盘，并运行 mailbot check"


def _remedy_of_lost(gap: Gap) -> str:
    name = f"{gap.message.sha256}.eml"
    if gap.in_view:
        return f"存档文件 {name} 不见了或已损坏；邮件仍在邮箱中，下次收取时自动补存"
    return f"存档文件 {name} 不见了或已损坏，邮箱中也已没有；请从备份恢复该文件，恢复后自动继续"
