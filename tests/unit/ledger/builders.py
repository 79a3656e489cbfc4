"""What the ledger is given, with defaults, so that a test says only what matters: 区教育局's report for April 2021."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from mailbot.domain.books import Event, MessageStanding, Outgoing, OutgoingKind, StoredMessage
from mailbot.domain.decision import About, Decision, Doubt, Evidence, MailKind, Submission, Verdict
from mailbot.domain.mailbox import FolderView, Listing, Sighting
from mailbot.domain.message import Address, Facts, Mail
from mailbot.domain.moments import shanghai
from mailbot.domain.period import Period
from mailbot.domain.report import Figure, Meaning, Part, PartKind, Progress, Seal, Source

if TYPE_CHECKING:
    from mailbot.stages.protocols import Books, Ledger

APRIL, MAY = Period(2021, 4), Period(2021, 5)
NOON = shanghai("2021-04-20T12:00:00")
LATER = shanghai("2021-04-21T12:00:00")
NUMBERS = "登记号 {year}-{month:02d}-{serial:04d}"
BIGGEST = 2**32 - 1  # UID and UIDVALIDITY are unsigned 32 bit

PART = Part(PartKind.SEALED_SCAN, "扫描件.pdf", "ab" * 32, 65536, "区教育局", APRIL, 2, Seal.PRESENT)
FIGURE = Figure(10, "幼儿园", 12000.5, "所", Meaning.CUMULATIVE, Source("进展表.xlsx", "4月", "F3"), "区教育局", APRIL)
PROGRESS = Progress(10, "已开工3所。", Source("进展表.pdf", page=2), "资金未到位", "加快建设", "区教育局", APRIL)


def sha(name: str) -> str:
    return sha256(name.encode()).hexdigest()


def a_sighting(
    uid: int = 1, *, folder: str = "INBOX", arrived: str = "2021-04-20T09:00", size: int = 1000, uidvalidity: int = 1
) -> Sighting:
    return Sighting(folder, uidvalidity, uid, shanghai(arrived), size)


def a_view(
    *sightings: Sighting, folder: str = "INBOX", listing: Listing = Listing.FULL, uidvalidity: int = 1, exists: int = 0
) -> FolderView:
    return FolderView(folder, uidvalidity, None, exists or len(sightings), listing, sightings)


def facts(sender: str = "zhang@example.cn", *, subject: str = "4月份进展情况", from_header: str | None = None) -> Facts:
    return Facts(
        Mail(
            headers=(("from", from_header or f"张三 <{sender}>"),),
            subject=subject,
            sender=Address("张三", sender),
            recipients=(),
            message_id="<1@example.cn>",
            references=(),
            return_path=None,
            content_type="text/plain",
            text="",
        )
    )


def a_submission(unit: str = "区教育局", period: Period = APRIL, *, parts: tuple[Part, ...] = (PART,)) -> Submission:
    return Submission("zhongyuan-2021-8", unit, period, parts, (10, 11), (FIGURE,), (PROGRESS,))


def recorded(*submissions: Submission) -> Decision:
    return Decision(
        MailKind.REPORT,
        Verdict.RECORD,
        submissions or (a_submission(),),
        evidence=(Evidence(About.UNIT, "区教育局", "sender", "zhang@example.cn", 1.0),),
    )


def doubted(
    unit: str | None = "区教育局",
    period: Period | None = APRIL,
    *besides: tuple[str, Period],
    doubts: tuple[str, ...] = ("报送期不明",),
    may_deliver: bool = True,
) -> Decision:
    """Return a doubt that is guessed as a unit's and month's, and may be for others `besides`."""
    return Decision(
        MailKind.REPORT,
        Verdict.TRIAGE,
        doubts=tuple(Doubt("period", text) for text in doubts),
        guess=(unit, period),
        concerns=((unit, period), *besides) if unit and period else (),
        may_deliver=may_deliver,
    )


def ignored(kind: MailKind = MailKind.BOUNCE) -> Decision:
    return Decision(kind, Verdict.IGNORE)


def a_mail(
    key: str = "ack:1",
    *,
    to: str = "zhang@example.cn",
    kind: OutgoingKind = OutgoingKind.ACKNOWLEDGEMENT,
    message_id: str | None = None,
) -> Outgoing:
    return Outgoing(
        key=key,
        kind=kind,
        to=to,
        subject="收件回执",
        message_id=message_id or f"<{key}@mailbot>",
        in_reply_to="<1@example.cn>",
        raw=b"From: x\r\n\r\n\x00\xff",
        about=(("zhongyuan-2021-8", "区教育局", APRIL),),
        answers=sha("a"),
        rung="",
        expires=shanghai("2021-04-23T09:00"),
    )


def by_a_person(what: str = "ruled", subject: str = "", detail: str = "") -> Event:
    return Event(LATER, "张三", what, subject, detail)


def received(books: Books, name: str = "a", uid: int = 1, *, arrived: str = "2021-04-20T09:00") -> StoredMessage:
    """Sight a message whose bytes are its name."""
    books.sight(a_sighting(uid, arrived=arrived), sha(name), NOON)
    message = books.message(sha(name))
    assert message is not None
    return message


def messages_and_places(ledger: Ledger) -> tuple[int, int]:
    """Return how many messages were sighted, and how many are in one of the four places."""
    with ledger.reading() as books:
        places = books.standings()
        return len({row.sha256 for row in books.messages()}), sum(places[one] for one in MessageStanding)
