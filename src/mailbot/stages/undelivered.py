"""Which of our mails reached nobody, or not yet, in plain words: for `mailbot status`.

What reached nobody is told until a person settles it, or a later mail of ours to the same address has said the same:
docs/decisions/outgoing-undelivered.md.
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING

from mailbot.domain.books import Event, OutgoingKind, OutgoingState
from mailbot.domain.labels import label
from mailbot.rules.leaving import may_leave

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

    from mailbot.domain.books import OutboxItem, Outgoing
    from mailbot.domain.unit import Directory
    from mailbot.stages.protocols import Books

UNREACHED = "mail_unreached"  # the event of a refusal or bounce: about our mail's key, its detail the addresses
NEVER_FORGOTTEN = (OutgoingState.UNKNOWN, OutgoingState.FAILED)
TOLD_FOR = timedelta(days=31)  # an answer that came too late to be sent is no matter of another month
COMES_WITHIN = timedelta(days=7)  # servers give up after four or five days (RFC 5321 section 4.5.4.1)
MOST_NAMED = 5
LARGEST_RETURN = 2 * 1024 * 1024  # bytes; our mails have some thousands, and this is held in memory several times

_OUR_ID = re.compile(rb"<mailbot\.[0-9a-f]{32}@[!-=?-~]{1,255}>")
_DELAYED = re.compile(rb"^action:[ \t]*delayed", re.IGNORECASE | re.MULTILINE)
_FAILED = re.compile(rb"^action:[ \t]*failed", re.IGNORECASE | re.MULTILINE)


def note_return(books: Books, bounce: Path, text: str, now: datetime) -> None:
    """Note which mail of ours a bounce brings back, and for which of its addresses; nothing where it names none.

    Which addresses failed is read from the whole bounce: Coremail and QQ Mail write them into the text, others into the
    delivery status. A report of a mere delay brings nothing back (RFC 3464 section 2.3.3).
    """
    with bounce.open("rb") as file:
        raw = file.read(LARGEST_RETURN)
    if _DELAYED.search(raw) and not _FAILED.search(raw):
        return
    everything = text.lower() + raw.decode("latin-1").lower()
    ours = books.answered(tuple({found.decode() for found in _OUR_ID.findall(raw)}))
    ours = ours or _newest_to_one_named(books, text.lower(), now)
    if ours is not None:
        named = [address for address in ours.mail.recipients if address.lower() in everything]
        note_unreached(books, ours.mail, named or ours.mail.recipients, now)


def note_unreached(books: Books, mail: Outgoing, addresses: Sequence[str], now: datetime) -> None:
    """Note which addresses a mail of ours did not reach."""
    if addresses:
        books.note(Event(now, "mailbot", UNREACHED, mail.key, ", ".join(addresses)))


def _newest_to_one_named(books: Books, text: str, now: datetime) -> OutboxItem | None:
    """Return the newest mail of ours to an address in the text, as not every bounce quotes what it brings back."""
    lately = [item for item in books.outbox(OutgoingState.SENT) if item.tried and abs(now - item.tried) < COMES_WITHIN]
    to_one_named = [item for item in lately if any(address.lower() in text for address in item.mail.recipients)]
    return max(to_one_named, key=_when_sent, default=None)


def undelivered(books: Books, directory: Directory, now: datetime) -> Iterator[str]:
    """Say which mails reached nobody, each with what to do."""
    sent = books.outbox(OutgoingState.SENT)
    yield from _unreached(books, sent, directory)
    for item in books.outbox(*NEVER_FORGOTTEN):
        if not _was_said_later(item, sent):
            yield (
                f"发件箱第 {item.id} 封（{item.mail.subject}，致 {item.mail.to}）{label(item.state)}：{item.reason}。"
                f"核实后可重发（mailbot outbox send {item.id}），不必再发的请销去（mailbot outbox cancel {item.id}）"
            )
    expired = [item for item in books.outbox(OutgoingState.EXPIRED) if _is_told(item, now)]
    missed = [item for item in expired if not _was_said_later(item, sent)]
    if missed:
        named = "、".join(f"第 {item.id} 封（致 {item.mail.to}）" for item in missed[:MOST_NAMED])
        more = "等" if len(missed) > MOST_NAMED else ""
        yield (
            f"{len(missed)} 封回执超过答复期限，没有发出：{named}{more}。请用其他方式告知对方已收到，"
            "然后销去（mailbot outbox cancel 编号）"
        )


def waiting(books: Books, *, holding: bool) -> Iterator[str]:
    """Say how many mails could leave and do not yet, by reason."""
    queued = (item for item in books.outbox(OutgoingState.QUEUED) if may_leave(item, holding=holding))
    for reason, count in Counter(item.reason for item in queued if item.reason).items():
        yield f"{count} 封邮件等待发出：{reason}"


def _unreached(books: Books, sent: Sequence[OutboxItem], directory: Directory) -> Iterator[str]:
    """Say to which addresses of units the newest mail came back."""
    newest = {to.lower(): item for item in sorted(sent, key=_when_sent) for to in item.mail.recipients}
    unreached = {
        (event.subject, to): event.at for event in books.events(what=UNREACHED) for to in event.detail.split(", ")
    }
    for (key, address), at in unreached.items():
        item, units = newest.get(address.lower()), directory.bound_to(address)
        if units and item and item.mail.key == key:
            yield (
                f"{'、'.join(units)}的邮箱 {address} 收不到邮件：{at:%m月%d日}被退回的是第 {item.id} 封"
                f"（{item.mail.subject}）。请向该单位核实，并在 units.yaml 中更正"
                "（用 mailbot bind 登记的，请用 mailbot unbind 解除）"
            )


def _was_said_later(item: OutboxItem, sent: Sequence[OutboxItem]) -> bool:
    """Tell whether a later mail told one of the same addresses how the same returns stand."""
    about, to = set(item.mail.about), set(item.mail.recipients)
    return any(
        each.id > item.id and about and about <= set(each.mail.about) and to & set(each.mail.recipients)
        for each in sent
    )


def _is_told(item: OutboxItem, now: datetime) -> bool:
    """Tell whether a mail that was not sent in time is an answer, and not long ago."""
    over = item.mail.expires or item.created
    return item.mail.kind is OutgoingKind.ACKNOWLEDGEMENT and now - over < TOLD_FOR


def _when_sent(item: OutboxItem) -> datetime:
    return item.tried or item.created
