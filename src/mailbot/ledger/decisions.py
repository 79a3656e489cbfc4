"""Booking what was made of a message: into its one place, with the event that says so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select, update

from mailbot.domain.books import Event, MessageStanding, Receipt, StoredMessage
from mailbot.domain.decision import Decision, Verdict
from mailbot.domain.labels import label
from mailbot.errors import UsageError
from mailbot.ledger import events, receipts, triage
from mailbot.ledger.schema import messages
from mailbot.ledger.sightings import arrived_earlier

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.engine import Connection

    from mailbot.domain.message import Facts

STANDINGS = {
    Verdict.RECORD: MessageStanding.RECEIPTS,
    Verdict.TRIAGE: MessageStanding.TRIAGE,
    Verdict.IGNORE: MessageStanding.IGNORED,
}
IGNORED_BY_A_PERSON = "人工判定不予登记"

_IS_IT = messages.c.sha256 == bindparam("of")
_HELD = select(messages).where(_IS_IT)
_DECIDE = update(messages).where(_IS_IT)


def decided(
    connection: Connection, message: StoredMessage, facts: Facts, decision: Decision, *, at: datetime, pattern: str
) -> tuple[Receipt, ...]:
    """Book a decision; a message decided before leaves its old place, but a receipt once issued stays.

    What is recorded with doubts waits in triage all the same: a person has settled part of it.

    Raises:
        ValueError: the message is not in the ledger, is to be recorded without an arrival or a submission, or has
            receipts and is to lose them. The caller is wrong, not the mail.
    """
    kept = _settled(connection, message, decision, at)
    standing = MessageStanding.TRIAGE if decision.doubts else STANDINGS[decision.verdict]
    values = {"standing": standing, "decided": at, **_described(facts), **_explained(decision)}
    connection.execute(_DECIDE, {"of": kept.sha256, **values})
    issued = _record(connection, kept, decision, at, pattern) if decision.verdict is Verdict.RECORD else ()
    match standing:
        case MessageStanding.TRIAGE:
            triage.put(connection, kept.sha256, decision, at)
            _note(connection, at, "put_in_triage", kept.sha256, _why(decision))
        case MessageStanding.IGNORED:
            triage.close(connection, kept.sha256, at)
            _note(connection, at, "ignored", kept.sha256, _why(decision))
        case _:
            triage.close(connection, kept.sha256, at)
    return issued


def ignore(connection: Connection, sha256: str, event: Event) -> None:
    """Put a message in triage among the ignored, as a person decided; what has receipts among the recorded again.

    Raises:
        UsageError: it does not wait in triage.
    """
    if not triage.close(connection, sha256, event.at):
        raise UsageError(
            f"not in triage: {sha256}", chinese="这封来件不在待处理之列", remedy="请用 mailbot triage 查看。"
        )
    if receipts.of_message(connection, sha256):  # only what a person had left of it waited still
        values = {"standing": MessageStanding.RECEIPTS, "why": "", "decided": event.at}
    else:
        values = {"standing": MessageStanding.IGNORED, "why": event.detail or IGNORED_BY_A_PERSON, "decided": event.at}
    connection.execute(_DECIDE, {"of": sha256, **values})
    events.note(connection, event)


def revoke(connection: Connection, sha256: str, event: Event) -> None:
    """Take a message's receipts back, as a person decided: it waits in triage again, for whatever is booked next."""
    receipts.revoke(connection, sha256, event.at)
    connection.execute(_DECIDE, {"of": sha256, "standing": MessageStanding.TRIAGE, "decided": event.at})
    events.note(connection, event)


def _settled(connection: Connection, message: StoredMessage, decision: Decision, at: datetime) -> StoredMessage:
    """Return the message as the ledger has it, with the arrival that a person may have given it; refuse nonsense."""
    row = connection.execute(_HELD, {"of": message.sha256}).one_or_none()
    if row is None:
        raise ValueError(f"not in the ledger: {message.sha256}")
    recording = decision.verdict is Verdict.RECORD
    if row.standing is MessageStanding.RECEIPTS and not recording:
        raise ValueError(f"has receipts, which are never taken back: {message.sha256}")
    if recording and (message.arrived is None or not decision.submissions):
        raise ValueError(f"nothing to record, or no arrival: {message.sha256}")
    if row.arrived is None and message.arrived is not None:
        arrived_earlier(connection, message.sha256, None, message.arrived, at)
    return StoredMessage(row.sha256, row.size, row.arrived or message.arrived, row.folder)


def _record(
    connection: Connection, message: StoredMessage, decision: Decision, at: datetime, pattern: str
) -> tuple[Receipt, ...]:
    """Issue a receipt for each submission; return them in that order."""
    booked = []
    for submission in decision.submissions:
        receipt, new = receipts.book(connection, message, submission, pattern)
        what = "receipt_issued" if new else "receipt_renewed"
        _note(connection, at, what, message.sha256, f"{receipt.number} {receipt.unit} {receipt.period}")
        booked.append(receipt)
    return tuple(booked)


def _described(facts: Facts) -> dict[str, Any]:
    """Return what the ledger keeps of the mail's headers."""
    return {
        "message_id": facts.mail.message_id,
        "sender": facts.mail.sender.spec,
        "sender_as_written": facts.mail.header("from") or "",
        "subject": facts.mail.subject,
    }


def _explained(decision: Decision) -> dict[str, Any]:
    """Return what the ledger keeps of the decision's grounds."""
    evidence = [
        {
            "about": one.about.value,
            "points_to": one.points_to,
            "from": one.source,
            "quote": one.quote,
            "weight": one.weight,
        }
        for one in decision.evidence
    ]
    return {"kind": decision.kind, "why": _why(decision), "evidence": evidence}


def _why(decision: Decision) -> str:
    """Return in Chinese why the message is where it is; a receipt speaks for itself."""
    if decision.verdict is Verdict.IGNORE:
        return label(decision.kind)
    return "；".join(doubt.text for doubt in decision.doubts)


def _note(connection: Connection, at: datetime, what: str, sha256: str, detail: str) -> None:
    events.note(connection, Event(at, "mailbot", what, sha256, detail))
