"""A rendered mail as the bytes that go on the wire: headers for threads and against loops, two bodies, all ASCII."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address as HeaderAddress
from email.headerregistry import BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, Policy
from typing import TYPE_CHECKING

from mailbot.domain.books import OutgoingKind

if TYPE_CHECKING:
    from mailbot.domain.message import Address
    from mailbot.outgoing.rendering import Rendered

LONGEST_ID = 500  # a line may be 998 long (RFC 5322 §2.1.1); what is longer was not made by a mail program
MOST_REFERENCES = 20
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252}[A-Za-z0-9])?")
_MESSAGE_ID = re.compile(r"<[!-;=?-~]+>")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ud800-\udfff\ufeff]+")


@dataclass(frozen=True, slots=True)
class Envelope:
    """Everything of a mail but its words. `sender` is the account that logs in; `references` are oldest first."""

    kind: OutgoingKind
    sender: Address
    to: str
    date: datetime
    message_id: str
    in_reply_to: str = ""
    references: tuple[str, ...] = ()


def new_message_id(key: str, mailbox: str) -> str:
    """Return the Message-ID of the mail with that outbox key: always the same, and another one for another mailbox.

    >>> new_message_id("reminder:zhongyuan-2021-8:区教育局:2021-04:before-3", "bot@example.test")
    '<mailbot.46e5da7efd0375447ac0f061c8e10dde@example.test>'
    """
    digest = hashlib.sha256(f"{mailbox.lower()}\n{key}".encode()).hexdigest()
    return f"<mailbot.{digest[:32]}@{mailbox.rpartition('@')[2].lower()}>"


def is_sendable(address: str) -> bool:
    r"""Tell whether an address can stand in an SMTP command without SMTPUTF8, quoting or harm.

    >>> is_sendable("clerk@qq.com"), is_sendable("张三@qq.com"), is_sendable("a@b.c>\r\nDATA")
    (True, False, False)
    """
    return _ADDRESS.fullmatch(address) is not None


def one_line(text: str) -> str:
    r"""Return text fit for a header: line ends, control and direction marks become one space, ends trimmed.

    >>> one_line("区教育局\r\nBcc: x@y.z\x00")
    '区教育局 Bcc: x@y.z'
    """
    return " ".join(_UNPRINTABLE.sub(" ", text).split())


def build(rendered: Rendered, envelope: Envelope) -> bytes:
    """Return the mail as bytes with CRLF, ready to be stored and sent as they are.

    Source: RFC 3834 §3.1.7 and §5 (Auto-Submitted, In-Reply-To); 163 refuses a From that is not the login (554 DT:SUM).

    Raises:
        ValueError: the sender's or the recipient's address cannot be sent to.
    """
    for address in (envelope.sender.spec, envelope.to):
        if not is_sendable(address):
            message = f"not a sendable address: {address!r}"
            raise ValueError(message)
    mail = EmailMessage(policy=_POLICY)
    mail["From"] = HeaderAddress(one_line(envelope.sender.name), addr_spec=envelope.sender.spec)
    mail["To"] = envelope.to
    mail["Subject"] = one_line(rendered.subject)
    mail["Date"] = envelope.date
    for name, value in _thread(envelope):
        mail[name] = value
    answers = envelope.kind is OutgoingKind.ACKNOWLEDGEMENT
    mail["Auto-Submitted"] = "auto-replied" if answers else "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    mail.set_content(rendered.text, cte="base64")
    mail.add_alternative(rendered.html, subtype="html", cte="base64")
    mail.set_boundary(f"=_{hashlib.sha256(envelope.message_id.encode()).hexdigest()[:32]}")
    return mail.as_bytes()


def _thread(envelope: Envelope) -> list[tuple[str, str]]:
    """Return the headers that keep the thread. An identifier of theirs that is none is left out, never repaired."""
    answered = _good_ids((envelope.in_reply_to,))
    chain = dict.fromkeys((*_good_ids(envelope.references), *answered))
    headers = [
        ("Message-ID", envelope.message_id),
        ("In-Reply-To", " ".join(answered)),
        ("References", " ".join(list(chain)[-MOST_REFERENCES:])),
    ]
    return [(name, value) for name, value in headers if value]


def _good_ids(candidates: tuple[str, ...]) -> list[str]:
    return [text for text in candidates if len(text) <= LONGEST_ID and _MESSAGE_ID.fullmatch(text)]


class _MessageIds(UnstructuredHeader, BaseHeader):
    """Message identifiers, folded between them only: the library would encode a long one, which breaks the thread."""

    def fold(self, *, policy: Policy) -> str:
        """Return the header, one identifier a line."""
        return f"{self.name}: " + f"{policy.linesep} ".join(str(self).split()) + policy.linesep


def _registry() -> HeaderRegistry:
    registry = HeaderRegistry()
    for name in ("message-id", "in-reply-to", "references"):
        registry.map_to_type(name, _MessageIds)
    return registry


_POLICY = SMTP.clone(header_factory=_registry())
