"""Whether a message gets an acknowledgement (回执), and whether it still may. Whom we may answer is may_reply's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import TYPE_CHECKING

from mailbot.domain.decision import Verdict
from mailbot.rules.ledger_rows import row_of
from mailbot.rules.standing import lacking
from mailbot.rules.superseding import repeated_parts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mailbot.domain.books import LedgerRow, Receipt
    from mailbot.domain.decision import Decision


class Answer(Enum):
    """What becomes of the acknowledgement. EXPIRED: it is shown, and not sent."""

    NONE = "none"
    QUEUE = "queue"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Service:
    """What the office set: since when mail is answered (None: not yet), and for how many days an answer may wait."""

    answer_after: datetime | None
    answer_within_days: int

    def answers_since(self, now: datetime) -> datetime | None:
        """Return the earliest arrival that may still be answered; None where nothing is."""
        return max(self.answer_after, now - timedelta(days=self.answer_within_days)) if self.answer_after else None


@dataclass(frozen=True, slots=True)
class AcknowledgementDue:
    """What is to be done, why in Chinese, and the moment after which it is too late to send it."""

    answer: Answer
    why: str = ""
    expires: datetime | None = None


def acknowledgement_key(sha256: str, nth: int = 0) -> str:
    """Return the outbox key of a message's acknowledgement: identical bytes again have the same, so get none.

    Args:
        sha256: the message.
        nth: which of its acknowledgements it is, where a person's word may bring forth several.

    >>> acknowledgement_key("ab12")
    'ack:ab12'
    >>> acknowledgement_key("ab12", 2)
    'ack:ab12:2'
    """
    return f"ack:{sha256}" if nth < 2 else f"ack:{sha256}:{nth}"


def acknowledgement_due(
    decision: Decision, arrived: datetime | None, service: Service, now: datetime
) -> AcknowledgementDue:
    """Tell whether a message gets an acknowledgement.

    Only what was recorded is acknowledged; what waits for a person is, once it was settled and if it is not too late.

    Source: the office: older mail is recorded silently, and an answer that comes days later only confuses.

    >>> from mailbot.domain.decision import Decision, MailKind
    >>> from mailbot.domain.moments import shanghai
    >>> service = Service(answer_after=shanghai("2021-04-01"), answer_within_days=3)
    >>> def tell(verdict: Verdict, arrived: str, now: str, *reasons: str) -> str:
    ...     decision = Decision(MailKind.REPORT, verdict, answer_to="a@b.cn", reasons_not_to_answer=reasons)
    ...     return acknowledgement_due(decision, shanghai(arrived), service, shanghai(now)).answer.value
    >>> tell(Verdict.RECORD, "2021-04-20T09:00", "2021-04-20T09:05")
    'queue'
    >>> tell(Verdict.RECORD, "2021-04-20T09:00", "2021-04-23T09:01")  # settled after more than three days
    'expired'
    >>> tell(Verdict.RECORD, "2021-03-31T23:59", "2021-04-01T09:00")  # from before the service began
    'none'
    >>> tell(Verdict.RECORD, "2021-04-20T09:00", "2021-04-20T09:05", "auto_submitted")
    'none'
    >>> tell(Verdict.TRIAGE, "2021-04-20T09:00", "2021-04-20T09:05")
    'none'
    """
    if arrived is None or service.answer_after is None:
        return AcknowledgementDue(Answer.NONE, "到件时间不明或未设置启用时间")
    why = _why_none(decision, arrived, service.answer_after)
    if why:
        return AcknowledgementDue(Answer.NONE, why)
    expires = arrived + timedelta(days=service.answer_within_days)
    if expires < now:
        return AcknowledgementDue(Answer.EXPIRED, f"到件已超过{service.answer_within_days}天，不再发送回执", expires)
    return AcknowledgementDue(Answer.QUEUE, "", expires)


def is_echo(receipts: Sequence[Receipt], confirmed: Sequence[Receipt], rows: Sequence[LedgerRow]) -> bool:
    """Tell whether a mail that answers an acknowledgement only says again what had come: another robot, most likely.

    A unit that still lacks something is told so once more, as it may be a person who attached the wrong file.

    Source: RFC 3834 section 2, on responders that answer each other.

    Args:
        receipts: the mail's own.
        confirmed: those that the acknowledgement confirmed; none where the mail answers none.
        rows: the ledger's, with the mail booked.
    """
    if not confirmed or not _all_repeated(receipts, rows):
        return False
    nothing_to_ask_for = all(not lacking(row.obligation, row.parts) for row in _rows_of(receipts, rows))
    return nothing_to_ask_for or _all_repeated(confirmed, rows)


def _all_repeated(receipts: Sequence[Receipt], rows: Sequence[LedgerRow]) -> bool:
    """Tell whether receipts rest on nothing but files that had come before."""
    found = [(receipt, row_of(receipt, rows)) for receipt in receipts]
    return all(row and receipt.parts and repeated_parts(receipt, row) == receipt.parts for receipt, row in found)


def _rows_of(receipts: Sequence[Receipt], rows: Sequence[LedgerRow]) -> list[LedgerRow]:
    return [row for receipt in receipts if (row := row_of(receipt, rows))]


def _why_none(decision: Decision, arrived: datetime, answer_after: datetime) -> str:
    """Return why a message gets no acknowledgement, '' where it may."""
    if decision.verdict is not Verdict.RECORD:
        return "尚未登记"
    if arrived < answer_after:
        return "到件早于启用时间"
    if decision.reasons_not_to_answer or not decision.answer_to:
        return "不宜回复：" + "、".join(decision.reasons_not_to_answer or ("无可信的回复地址",))
    return ""
