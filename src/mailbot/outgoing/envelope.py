"""A rendered mail as the bytes that go on the wire: headers for threads and against loops, two bodies, all ASCII."""

from __future__ import annotations

import hashlib
import re
from base64 import encodebytes
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.utils import format_datetime
from typing import TYPE_CHECKING

from mailbot.domain.books import OutgoingKind
from mailbot.outgoing.one_line import one_line

if TYPE_CHECKING:
    from mailbot.domain.message import Address
    from mailbot.outgoing.rendering import Rendered

LONGEST_ID = 500  # a line may be 998 long (RFC 5322 §2.1.1); what is longer was not made by a mail program
MOST_REFERENCES = 20
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252}[A-Za-z0-9])?")
_MESSAGE_ID = re.compile(r"<[!-;=?-~]+>")


@dataclass(frozen=True, slots=True)
class Envelope:
    """Everything of a mail but its words. `sender` is the account that logs in; `references` are oldest first."""

    kind: OutgoingKind
    sender: Address
    to: tuple[str, ...]
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


def build(rendered: Rendered, envelope: Envelope) -> bytes:
    """Return the mail as bytes with CRLF, ready to be stored and sent as they are.

    Source: RFC 3834 §3.1.7 and §5 (Auto-Submitted, In-Reply-To); 163 refuses a From that is not the login (554 DT:SUM).

    Raises:
        ValueError: the sender's or a recipient's address cannot be sent to.
    """
    for address in (envelope.sender.spec, *envelope.to):
        if not is_sendable(address):
            message = f"not a sendable address: {address!r}"
            raise ValueError(message)
    headers = "".join(f"{name}: {value}\r\n" for name, value in _headers(rendered, envelope) if value)
    return headers.encode("ascii") + _bodies(rendered, envelope.message_id)


def _headers(rendered: Rendered, envelope: Envelope) -> list[tuple[str, str]]:
    """Return the headers as they stand on the wire; an empty one is left out.

    They are written here and not by `EmailMessage`, which decodes an encoded-word in a subject (a line end in it makes
    a header of its own), loses spaces between long words, and folds a long Message-ID into encoded-words.
    """
    answers = envelope.kind is OutgoingKind.ACKNOWLEDGEMENT
    answered = _good_ids((envelope.in_reply_to,))
    chain = list(dict.fromkeys((*_good_ids(envelope.references), *answered)))[-MOST_REFERENCES:]
    return [
        ("From", f"{_encoded(envelope.sender.name, 'From')} <{envelope.sender.spec}>".strip()),
        ("To", ",\r\n ".join(envelope.to)),
        ("Subject", _encoded(rendered.subject, "Subject")),
        ("Date", format_datetime(envelope.date)),
        ("Message-ID", envelope.message_id),
        ("In-Reply-To", "".join(answered)),
        ("References", "\r\n ".join(chain)),
        ("Auto-Submitted", "auto-replied" if answers else "auto-generated"),
        ("X-Auto-Response-Suppress", "All"),
    ]


def _bodies(rendered: Rendered, message_id: str) -> bytes:
    """Return both bodies in base64, and the headers that say so; the boundary follows from the Message-ID.

    Source: RFC 2045 §6.8, RFC 2046 §5.1.4.
    """
    boundary = f"=_{hashlib.sha256(message_id.encode()).hexdigest()[:32]}"
    written = (
        f'MIME-Version: 1.0\r\nContent-Type: multipart/alternative;\r\n boundary="{boundary}"\r\n\r\n'
        f"--{boundary}\r\n{_body('plain', rendered.text)}\r\n"
        f"--{boundary}\r\n{_body('html', rendered.html)}\r\n"
        f"--{boundary}--\r\n"
    )
    return written.encode("ascii")


def _body(subtype: str, text: str) -> str:
    """Return a body with its headers; half characters, which a name of theirs may hold and UTF-8 cannot, become '?'."""
    lines = b"\r\n".join(text.encode("utf-8", "replace").splitlines()) + b"\r\n"
    encoded = encodebytes(lines).decode("ascii").replace("\n", "\r\n")
    return f'Content-Type: text/{subtype}; charset="utf-8"\r\nContent-Transfer-Encoding: base64\r\n\r\n{encoded}'


def _encoded(text: str, name: str) -> str:
    """Return text as encoded-words, folded; ASCII too, lest it look like one itself."""
    return Header(one_line(text), "utf-8", header_name=name).encode(linesep="\r\n")


def _good_ids(candidates: tuple[str, ...]) -> list[str]:
    """Return the identifiers that are ones. What a mail of theirs has instead is left out, never repaired."""
    return [text for text in candidates if len(text) <= LONGEST_ID and _MESSAGE_ID.fullmatch(text)]
