"""Mails byte for byte as the mail systems of clerks write them and as the office's own server takes them in.

Sources: public samples of Coremail, QQ and Foxmail headers. Coremail's receiving server adds its Received line at the
top and everything else, Authentication-Results too, at the *end* of the headers, folded anywhere.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from enum import Enum
from hashlib import sha256
from typing import TypeAlias
from urllib.parse import quote

from mailbot.domain.moments import shanghai

OFFICE = "ducha@mailbot.test"
CRLF = "\r\n"
ENCODED_WORD_LETTERS = 12
A_MORNING = shanghai("2021-04-20T09:30")

Header: TypeAlias = tuple[str, str]
Part: TypeAlias = tuple[list[Header], str]  # its headers, its encoded content


class Style(Enum):
    """Which mail system a letter was written in."""

    NETEASE = "163"
    QQ = "qq"
    COREMAIL = "coremail"
    FOXMAIL = "foxmail"


@dataclass(frozen=True, slots=True)
class File:
    """A file to attach."""

    name: str
    content: bytes
    media_type: str = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail before it is written down.

    `sent` is when the sender wrote it and, here, when it arrived. `envelope` is the envelope's sender where it differs.
    `spf` is the receiving server's verdict, '' for none given. `extra` are headers of the sender's own, before Date.
    """

    sender: str
    subject: str
    body: str = ""
    files: tuple[File, ...] = ()
    sent: datetime = A_MORNING
    style: Style = Style.NETEASE
    name: str = ""
    to: str = OFFICE
    envelope: str = ""
    spf: str = "pass"
    in_reply_to: str = ""
    extra: tuple[Header, ...] = ()


@dataclass(frozen=True, slots=True)
class _Habits:
    """How a mail system writes: charset as labelled and as encoded, Date's comment, X-Mailer, RFC 2231 names."""

    label: str
    codec: str
    zone: str
    mailer: str
    rfc2231: bool = False


_HABITS = {
    Style.NETEASE: _Habits("GBK", "gbk", " (CST)", "Coremail Webmail Server Version XT5.0.13 build 20210104 163com"),
    Style.QQ: _Habits("gb18030", "gb18030", "", "QQMail 2.x"),
    Style.COREMAIL: _Habits(
        "UTF-8",
        "utf-8",
        " (GMT+08:00)",
        "Coremail Webmail Server Version XT5.0.12 build 20200616 zhongyuan",
        rfc2231=True,
    ),
    Style.FOXMAIL: _Habits("gb2312", "gbk", "", "Foxmail 7.2.20.273[cn]"),
}


def report_mail(letter: Letter) -> bytes:
    """Return the mail as it lies in the mailbox: CRLF line ends, base64 bodies, the receiving server's headers."""
    habits, mark = _HABITS[letter.style], _mark(letter)
    text = _text_part(letter.body, habits)
    kind, content = (
        _multipart((text, *(_file_part(file, habits) for file in letter.files)), mark) if letter.files else text
    )
    transaction = f"x8mow{mark[:14]}{letter.sent:%S%M}--.{int(mark[:4], 16)}S2"
    headers = [
        *_received(letter, transaction),
        *_written(letter, habits, mark),
        *kind,
        *_verdict(letter, transaction),
    ]
    head = "".join(f"{name}: {value}{CRLF}" for name, value in headers)
    return f"{head}{CRLF}{content}".encode("ascii")


def message_id_of(letter: Letter) -> str:
    """Return the Message-ID that `report_mail` gives the letter, in angle brackets."""
    mark, domain = _mark(letter), letter.sender.rpartition("@")[2]
    match letter.style:
        case Style.QQ:
            return f"<tencent_{mark[:32].upper()}@{domain}>"
        case Style.FOXMAIL:
            return f"<{letter.sent:%Y%m%d%H%M%S}{int(mark[:9], 16)}@{domain}>"
        case Style.NETEASE | Style.COREMAIL:
            return f"<{mark[:8]}.{mark[8:12]}.{mark[12:23]}.Coremail.{letter.sender}>"


def encoded_word(text: str, label: str, codec: str) -> str:
    """Return a header's text as RFC 2047 words, folded; plain ASCII stays as it is.

    >>> encoded_word("4月", "GBK", "gbk")
    '=?GBK?B?NNTC?='
    """
    if text.isascii():
        return text
    pieces = [text[at : at + ENCODED_WORD_LETTERS] for at in range(0, len(text), ENCODED_WORD_LETTERS)]
    words = (base64.b64encode(piece.encode(codec)).decode() for piece in pieces)
    return f"{CRLF} ".join(f"=?{label}?B?{word}?=" for word in words)


def _written(letter: Letter, habits: _Habits, mark: str) -> list[Header]:
    """Return what the sender's mail system writes."""
    named = encoded_word(letter.name, habits.label, habits.codec)
    return [
        ("Date", f"{format_datetime(letter.sent)}{habits.zone}"),
        ("From", f'"{named}" <{letter.sender}>' if letter.name else letter.sender),
        ("To", letter.to),
        ("Subject", encoded_word(letter.subject, habits.label, habits.codec)),
        ("X-Priority", "3"),
        ("X-Mailer", habits.mailer),
        *letter.extra,
        *_own(letter.style, mark),
        ("Message-ID", message_id_of(letter)),
        *([("In-Reply-To", letter.in_reply_to), ("References", letter.in_reply_to)] if letter.in_reply_to else []),
        ("MIME-Version", "1.0"),
    ]


def _received(letter: Letter, transaction: str) -> list[Header]:
    host = (letter.envelope or letter.sender).rpartition("@")[2]
    at = f"{letter.sent:%a, %d %b %Y %H:%M:%S} +0800 (CST)"
    taken = (
        f"from mail.{host} (unknown [203.0.113.25]){CRLF}\tby mx19 (Coremail) with SMTP id {transaction};{CRLF}\t{at}"
    )
    if letter.style is not Style.NETEASE:
        return [("Received", taken)]
    clerk = letter.sender.replace("@", "$", 1).rpartition("$")[0]
    return [
        ("Received", taken),
        ("Received", f"from {clerk}${host} ( [198.51.100.7] ) by ajax-webmail-wmsvr17{CRLF}\t(Coremail) ; {at}"),
    ]


def _own(style: Style, mark: str) -> list[Header]:
    """Return the headers that only this mail system writes."""
    match style:
        case Style.NETEASE:
            return [("X-Originating-IP", "[198.51.100.7]"), ("X-NTES-SC", f"AL:Qu2{mark[:30]}")]
        case Style.QQ:
            return [
                ("X-QQ-mid", f"webmail{mark[:3]}t16189"),
                ("X-QQ-MIME", "TCMime 1.0 by Tencent"),
                ("X-HAS-ATTACH", "no"),
            ]
        case Style.COREMAIL:
            return [("X-CM-HeaderCharset", "UTF-8"), ("X-CM-SenderInfo", f"{mark[:12]}/1tbi{mark[12:30]}")]
        case Style.FOXMAIL:
            return [("X-GUID", f"{mark[:8]}-{mark[8:12]}-{mark[12:16]}".upper())]


def _verdict(letter: Letter, transaction: str) -> list[Header]:
    """Return what the receiving server adds at the end, folded in the middle of words as it does."""
    envelope = letter.envelope or letter.sender
    verdict = f"mx19; spf={letter.spf} smtp.mail={envelope}; dkim=none"
    folded = f"{CRLF}\t".join(verdict[at : at + 60] for at in range(0, len(verdict), 60))
    given = [("Authentication-Results", folded)] if letter.spf else []
    return [
        ("X-CM-TRANSID", transaction),
        *given,
        ("X-Coremail-Antispam", "1Uf129KBjDUn29KB7ZKAUJUUUUU529EdanIXcx71UUUUU"),
    ]


def _text_part(text: str, habits: _Habits) -> Part:
    kind = [("Content-Type", f"text/plain; charset={habits.label}"), ("Content-Transfer-Encoding", "base64")]
    return kind, _base64(text.replace("\n", CRLF).encode(habits.codec))


def _file_part(file: File, habits: _Habits) -> Part:
    word = encoded_word(file.name, habits.label, habits.codec)
    plain, starred = f'filename="{word}"', f"filename*={habits.label}''{quote(file.name.encode(habits.codec))}"
    kind = [
        ("Content-Type", f'{file.media_type}; {CRLF}\tname="{word}"'),
        ("Content-Transfer-Encoding", "base64"),
        ("Content-Disposition", f"attachment; {CRLF}\t{starred if habits.rfc2231 else plain}"),
    ]
    return kind, _base64(file.content)


def _multipart(parts: tuple[Part, ...], mark: str) -> Part:
    boundary = f"----=_Part_{mark[:6].upper()}_{int(mark[:7], 16)}.{int(mark[7:16], 16)}"
    content = ""
    for kind, inner in parts:
        head = "".join(f"{name}: {value}{CRLF}" for name, value in kind)
        content += f"--{boundary}{CRLF}{head}{CRLF}{inner}"
    return [("Content-Type", f'multipart/mixed; {CRLF}\tboundary="{boundary}"')], f"{content}--{boundary}--{CRLF}"


def _base64(content: bytes) -> str:
    return base64.encodebytes(content).decode().replace("\n", CRLF)


def _mark(letter: Letter) -> str:
    """Return 64 hex digits that stand for the letter: what a mail system draws by lot comes from them."""
    words = (letter.sender, letter.to, letter.subject, letter.body, letter.sent.isoformat(), letter.style.value)
    contents = "".join(sha256(file.content).hexdigest() for file in letter.files)
    return sha256("\0".join((*words, contents)).encode()).hexdigest()
