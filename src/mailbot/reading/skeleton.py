"""Headers and text of a message, by mail-parser, from the skeleton: what is left when the attachments are cut out.

The one importer of mailparser. Before it sees the skeleton its known defects are worked round: raw 8-bit headers and
lying charsets (it drops characters without a word), body text in undeclared charsets, `CST` taken for American time.
"""

from __future__ import annotations

import re
from datetime import datetime
from email.errors import MessageError
from email.message import Message
from pathlib import Path

from mailparser import MailParser

from mailbot.domain.message import Address, Mail
from mailbot.domain.moments import in_shanghai
from mailbot.errors import Problem
from mailbot.reading.addresses import only_spec
from mailbot.reading.carver import is_body_text
from mailbot.reading.charsets import decode, tidy
from mailbot.reading.foreign import Refused, foreign
from mailbot.reading.headers import (
    content_type,
    parameters,
    raw_value,
    raw_values,
    reworded,
    text_of,
    transfer_encoding,
    unfolded,
)
from mailbot.reading.html import text_of_html
from mailbot.reading.jobs import MailReading
from mailbot.reading.problems import problem
from mailbot.reading.source import RawSource, opened
from mailbot.reading.structure import Budget, Part, walk
from mailbot.reading.transfer import decoded
from mailbot.reading.uuencoded import without_files

MAX_TEXT = 1 << 20
MAX_REFERENCES = 100

_ADDRESS_HEADERS = frozenset({"from", "to", "cc", "bcc", "sender", "reply-to", "delivered-to"})
_NOT_FOR_THE_PARSER = frozenset({"content-type", "content-transfer-encoding", "received"})
_MESSAGE_ID = re.compile(r"<[^<>\s]{1,900}>")
_CHINESE_TIME = re.compile(r"\s(?:CST|GMT\+0?8(?::?00)?|UTC\+0?8(?::?00)?)\s*\Z", re.IGNORECASE)


def read_mail(message: Path, folder: Path) -> MailReading:
    """Return headers and text of the raw message in a file, and what was wrong with them; the folder is its own."""
    with opened(message, folder) as source:
        root = walk(source, Budget())
        texts, problems = _texts(source, root)
    parser, more = _parsed(root.headers, texts)
    plain = tidy("\n".join(parser.text_plain)).strip("\n")
    html = tidy("\n".join(parser.text_html))
    headers = _headers(root.headers)
    mail = Mail(
        headers=headers,
        subject=_one_line(parser.subject) if not more else text_of(raw_value(root.headers, "subject")),
        sender=_sender(root.headers, parser),
        recipients=tuple(Address(tidy(name), spec.lower()) for name, spec in (*parser.to, *parser.cc) if spec),
        message_id=_message_id(raw_value(root.headers, "message-id")),
        references=_references(root.headers),
        return_path=_return_path(root.headers),
        content_type=content_type(root.headers),
        text=plain if plain.strip() else text_of_html(html),
        html=html,
        sent=_sent(parser.date),
    )
    return MailReading(mail, problems + more)


# the skeleton -------------------------------------------------------------------------------------------------------


def _texts(source: RawSource, root: Part) -> tuple[list[Message], tuple[Problem, ...]]:
    """Return the body texts as small parts in UTF-8, and a problem where they are longer than is read."""
    parts, left = [], MAX_TEXT
    for part in root.leaves():
        if not is_body_text(part):
            continue
        data = _first_bytes(source, part, left + 1)
        left -= len(data)
        parts.append(_text_part(data[: left + len(data)], part.headers))
        if left < 0:
            return parts, (problem("text_too_long"),)
    return parts, ()


def _first_bytes(source: RawSource, part: Part, limit: int) -> bytes:
    data = b""
    for chunk in decoded(source.chunks(part.start, part.end), transfer_encoding(part.headers)):
        data += chunk
        if len(data) >= limit:
            break
    return data[:limit]


def _text_part(data: bytes, headers: Message) -> Message:
    part = Message()
    subtype = "html" if content_type(headers) == "text/html" else "plain"
    part["Content-Type"] = f"text/{subtype}; charset=utf-8"
    part["Content-Transfer-Encoding"] = "8bit"
    text = without_files(tidy(decode(data, parameters(raw_value(headers, "content-type")).get("charset", ""))))
    part.set_payload(_raw_utf8(text))
    return part


def _parsed(headers: Message, texts: list[Message]) -> tuple[MailParser, tuple[Problem, ...]]:
    """Let mail-parser read the skeleton; without its headers where it stumbles over them."""
    try:
        with foreign(MessageError):
            return MailParser(_skeleton(headers, texts)), ()
    except Refused:
        return MailParser(_skeleton(Message(), texts)), (problem("headers_unreadable"),)


def _skeleton(headers: Message, texts: list[Message]) -> Message:
    """Return a flat message of the repaired headers and the body texts."""
    skeleton = Message()
    for name, value in headers.raw_items():
        if name.lower() not in _NOT_FOR_THE_PARSER:
            skeleton[name] = _repaired(name.lower(), unfolded(value))
    skeleton["Content-Type"] = "multipart/mixed"
    skeleton.set_payload(list[Message | str](texts))
    return skeleton


def _repaired(name: str, value: str) -> str:
    """Return a value that mail-parser reads right: addresses stay encoded (a name must not become an address)."""
    if name == "date":
        return _CHINESE_TIME.sub(" +0800", value)
    if name in _ADDRESS_HEADERS:
        return _raw_utf8(reworded(value))
    return _raw_utf8(text_of(value))


def _raw_utf8(text: str) -> str:
    """Return text as a parser would have read it from raw UTF-8: bytes beyond ASCII as surrogate escapes."""
    return text.encode("utf-8", "replace").decode("ascii", "surrogateescape")


# what is taken from it ----------------------------------------------------------------------------------------------


def _headers(message: Message) -> tuple[tuple[str, str], ...]:
    return tuple((name.lower(), text_of(unfolded(value))) for name, value in message.raw_items())


def _one_line(subject: str | list[str]) -> str:
    """Return the subject; mail-parser gives a list where the header repeats: the first counts."""
    text = subject if isinstance(subject, str) else next(iter(subject), "")
    return " ".join(tidy(text).split("\n")).strip()


def _sender(headers: Message, parser: MailParser) -> Address:
    """Return From with its addr-spec only where mail-parser and our strict reader agree on exactly one."""
    values = raw_values(headers, "from")
    theirs = parser.from_
    name = tidy(theirs[0][0]) if theirs else ""
    spec = only_spec(values[0]) if len(values) == 1 else ""
    agreed = len(theirs) == 1 and theirs[0][1].lower() == spec
    return Address(name or ("" if agreed else text_of(next(iter(values), ""))), spec if agreed else "")


def _message_id(value: str) -> str:
    found = _MESSAGE_ID.search(value)
    return found.group() if found else ""


def _references(headers: Message) -> tuple[str, ...]:
    """Return In-Reply-To, then References, each once."""
    found = (
        identity
        for name in ("in-reply-to", "references")
        for value in raw_values(headers, name)
        for identity in _MESSAGE_ID.findall(value)
    )
    return tuple(dict.fromkeys(found))[:MAX_REFERENCES]


def _return_path(headers: Message) -> str | None:
    values = raw_values(headers, "return-path")
    return values[0].strip(" <>").lower() if values else None


def _sent(date: datetime | str | None) -> datetime | None:
    return in_shanghai(date) if isinstance(date, datetime) else None
