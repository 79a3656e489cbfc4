"""What goes out: every mail of ours, from the moment it was composed, whatever became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, case, func, insert, or_, select, update

from mailbot.domain.books import Event, OutboxItem, Outgoing, OutgoingKind, OutgoingState
from mailbot.domain.period import Period
from mailbot.errors import UsageError
from mailbot.ledger import asides, events
from mailbot.ledger.schema import outbox

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.engine import Connection

ORDER = (OutgoingKind.ACKNOWLEDGEMENT, OutgoingKind.REMINDER, OutgoingKind.DIGEST)  # whoever reported waits least
MAY_HAVE_LEFT = (OutgoingState.SENDING, OutgoingState.SENT, OutgoingState.UNKNOWN)
RELEASABLE = (OutgoingState.HELD, OutgoingState.QUEUED, OutgoingState.FAILED, OutgoingState.UNKNOWN)

_THERE = select(outbox.c.id).where(
    or_(outbox.c.key == bindparam("key"), outbox.c.message_id == bindparam("message_id"))
)
_QUEUE = insert(outbox)
_KEYS = select(outbox.c.key)
_ANSWERED = (
    select(outbox)
    .where(outbox.c.message_id.in_(bindparam("message_ids", expanding=True)))
    .order_by(outbox.c.id.desc())
    .limit(1)
)


def queue(connection: Connection, mail: Outgoing, state: OutgoingState, at: datetime, reason: str) -> bool:
    """Put a mail in the outbox unless its key or Message-ID was ever there; return whether it was put."""
    if connection.execute(_THERE, {"key": mail.key, "message_id": mail.message_id}).first() is not None:
        return False
    values = {"state": state, "tries": 0, "created": at, "reason": reason, "released": False}
    connection.execute(_QUEUE, _values(mail) | values)
    _note(connection, mail.key, state, at, reason)
    return True


def items(connection: Connection, states: tuple[OutgoingState, ...]) -> tuple[OutboxItem, ...]:
    """Return the mails in the states named, or all: acknowledgements, reminders, digests, each oldest first."""
    rank = case(*((outbox.c.kind == kind, place) for place, kind in enumerate(ORDER)))
    chosen = select(outbox).order_by(rank, outbox.c.id)
    if states:
        chosen = chosen.where(outbox.c.state.in_(states))
    return tuple(_item(row) for row in connection.execute(chosen))


def keys(connection: Connection) -> frozenset[str]:
    """Return the key of every mail that was ever put there."""
    return frozenset(connection.execute(_KEYS).scalars())


def answered(connection: Connection, message_ids: tuple[str, ...]) -> OutboxItem | None:
    """Return the newest mail of ours whose Message-ID is among those."""
    if not message_ids:
        return None
    row = connection.execute(_ANSWERED, {"message_ids": message_ids}).one_or_none()
    return None if row is None else _item(row)


def answers_to(connection: Connection, sha256: str) -> int:
    """Return how many acknowledgements of a message were ever composed."""
    return connection.execute(select(func.count()).where(outbox.c.answers == sha256)).scalar_one()


def confirmed(connection: Connection, sha256: str) -> frozenset[tuple[str, Period]]:
    """Return the units and months of which an acknowledgement of a message was composed and not taken back."""
    composed = (outbox.c.answers == sha256) & (outbox.c.state != OutgoingState.CANCELLED)
    about = connection.execute(select(outbox.c.about).where(composed)).scalars()
    return frozenset((unit, Period.parse(period)) for each in about for _, unit, period in each)


def move(
    connection: Connection, item: int, state: OutgoingState, *, at: datetime, reason: str, not_before: datetime | None
) -> None:
    """Move a mail to a state; moving it to SENDING counts a try."""
    values: dict[str, Any] = {"state": state, "reason": reason, "not_before": not_before}
    if state is OutgoingState.SENDING:
        values |= {"tries": outbox.c.tries + 1, "tried": at}
    changed = update(outbox).where(outbox.c.id == item).values(values).returning(outbox.c.key)
    _note(connection, connection.execute(changed).scalar_one(), state, at, reason)


def renew(connection: Connection, item: int, mail: Outgoing) -> None:
    """Let a mail say what it would say if it were composed now; its key, Message-ID and state stay."""
    fresh = {"recipient": mail.to, "subject": mail.subject, "raw": mail.raw}
    connection.execute(update(outbox).where(outbox.c.id == item).values(fresh))


def release(connection: Connection, item: int, event: Event) -> None:
    """Let a mail go that was held, or try one again that failed, as a person decided.

    Raises:
        UsageError: there is no such mail, or it was sent, is being sent or will not be sent any more.
    """
    waiting = (outbox.c.id == item) & outbox.c.state.in_(RELEASABLE)
    values = {"state": OutgoingState.QUEUED, "released": True, "not_before": None, "reason": event.detail}
    if connection.execute(update(outbox).where(waiting).values(values)).rowcount == 0:
        raise UsageError(
            f"no mail to release: {item}",
            chinese=f"发件箱中没有可发送的第 {item} 号邮件",
            remedy="请用 mailbot outbox 查看。",
        )
    events.note(connection, event)


def sent_between(connection: Connection, since: datetime, until: datetime, to: str | None) -> int:
    """Return how many mails left, or may have left, in that time: in all, or to one address alone or among others."""
    in_time = outbox.c.tried.between(since, until)
    chosen = select(func.count()).where(outbox.c.state.in_(MAY_HAVE_LEFT), in_time)
    if to is not None:
        listed = ", " + func.lower(outbox.c.recipient) + ", "
        chosen = chosen.where(listed.contains(f", {to.lower()}, ", autoescape=True))
    return connection.execute(chosen).scalar_one()


def states(connection: Connection) -> dict[OutgoingState, int]:
    """Return how many mails are in each state."""
    counted = select(outbox.c.state, func.count()).group_by(outbox.c.state)
    found = {row[0]: row[1] for row in connection.execute(counted)}
    return {state: found.get(state, 0) for state in OutgoingState}


def _note(connection: Connection, key: str, state: OutgoingState, at: datetime, reason: str) -> None:
    events.note(connection, Event(at, "mailbot", f"mail_{state.value}", key, reason))


def _item(row: Any) -> OutboxItem:
    return OutboxItem(
        id=row.id,
        mail=_mail(row),
        state=row.state,
        tries=row.tries,
        created=row.created,
        tried=row.tried,
        not_before=row.not_before,
        reason=row.reason,
        released=row.released,
    )


def _mail(row: Any) -> Outgoing:
    return Outgoing(
        key=row.key,
        kind=row.kind,
        to=row.recipient,
        subject=row.subject,
        message_id=row.message_id,
        in_reply_to=row.in_reply_to,
        raw=row.raw,
        about=tuple((notice, unit, Period.parse(period)) for notice, unit, period in row.about),
        answers=row.answers,
        rung=row.rung,
        expires=row.expires,
        aside=asides.read(row.aside),
    )


def _values(mail: Outgoing) -> dict[str, Any]:
    return {
        "key": mail.key,
        "kind": mail.kind,
        "recipient": mail.to,
        "subject": mail.subject,
        "message_id": mail.message_id,
        "in_reply_to": mail.in_reply_to,
        "raw": mail.raw,
        "about": [[notice, unit, str(period)] for notice, unit, period in mail.about],
        "answers": mail.answers,
        "rung": mail.rung,
        "expires": mail.expires,
        "aside": asides.written(mail.aside),
    }
