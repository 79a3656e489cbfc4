"""The mails of the samples, as a clerk's mail program writes them and a Coremail server takes them in.

What a sample does not say is ordinary: 区教育局's bound address, GBK, a passed check, 22 April 2021.
"""

from __future__ import annotations

import base64
from datetime import datetime
from email.utils import format_datetime
from zlib import crc32

from tests.raw_mails import CRLF, RawPart, a_file, a_text, multipart
from tests.samples.files import Spec, content_of

OFFICE = "dcs@office.example.test"
CLERK = "jyj@163.example.test"
TRANSACTION = "_____wD3X00001"


def raw_mail(spec: Spec, arrived: datetime) -> bytes:
    """Return the message's bytes."""
    content = _content(spec, arrived)
    top = [(name, value) for name, value in _headers(spec, arrived) if name not in spec.get("without", ())]
    lines = [*_encoded(top, spec), *content.headers, *_encoded(_verdict(spec), spec), b"", content.body]
    return CRLF.join(lines)


def _headers(spec: Spec, arrived: datetime) -> list[tuple[str, str]]:
    address, date = spec.get("from", CLERK), format_datetime(arrived)
    name = _word(spec["sender"], spec) if "sender" in spec else ""
    received = f"from mail.example.test (unknown [203.0.113.7]) by mx25 (Coremail) with SMTP id {TRANSACTION}; {date}"
    written = {
        "From": f"{name} <{address}>" if name else address,
        "To": OFFICE,
        "Subject": _word(spec.get("subject", ""), spec),
        "Date": date,
        "Message-ID": "<1.1786@clerks.example.test>",
        "MIME-Version": "1.0",
    }
    written.update(spec.get("instead", {}))
    above = [(name, value) for name, value in spec.get("above", ())]
    hop = [("Received", received)] if spec.get("received", True) else []
    return [*above, *hop, *written.items(), *((name, value) for name, value in spec.get("headers", ()))]


def _verdict(spec: Spec) -> list[tuple[str, str]]:
    """Return what 163 writes at the bottom of the header."""
    result = spec.get("spf", "pass")
    if not spec.get("received", True):
        return []
    if result == "unsaid":
        return [("X-CM-TRANSID", TRANSACTION)]
    address = spec.get("from", CLERK)
    signed = f"pass header.i=@{address.rpartition('@')[2]}" if result == "pass" else "none"
    verdict = f"mx25; spf={result} smtp.mail={address}; dkim={signed}"
    return [("X-CM-TRANSID", TRANSACTION), ("Authentication-Results", verdict), ("X-Coremail-Antispam", "1Uf129KBj")]


def _charset(spec: Spec) -> str:
    return str(spec.get("charset", "gbk")).removeprefix("raw ")


def _is_raw(spec: Spec) -> bool:
    return str(spec.get("charset", "")).startswith("raw ")


def _word(text: str, spec: Spec) -> str:
    """Return an encoded-word, or the text as it is where the mail program writes raw bytes."""
    if text.isascii() or _is_raw(spec):
        return text
    label = _charset(spec)
    codec = "gb18030" if label.startswith("gb") else label
    return f"=?{label}?B?{base64.b64encode(text.encode(codec)).decode()}?="


def _encoded(headers: list[tuple[str, str]], spec: Spec) -> list[bytes]:
    codec = _charset(spec) if _is_raw(spec) else "utf-8"
    return [f"{name}: {value}".encode(codec) for name, value in headers]


def _content(spec: Spec, arrived: datetime) -> RawPart:
    parts = _texts(spec) + [_enclosed(file, spec, arrived) for file in spec.get("files", ())]
    kind = spec.get("type", "multipart/mixed").partition("/")[2]
    if len(parts) == 1 and "type" not in spec:
        return parts[0]
    subtype, _, parameters = kind.partition("; ")
    boundary = b"=_%d" % crc32(repr(spec).encode())  # enclosed mails have their own
    whole = multipart(*(parts or [a_text("")]), boundary=boundary, subtype=subtype.encode())
    return RawPart((whole.headers[0] + (b"; " + parameters.encode() if parameters else b""),), whole.body)


def _texts(spec: Spec) -> list[RawPart]:
    charset = _charset(spec)
    forms = [a_text(spec["body"].replace("\n", "\r\n"), charset)] if "body" in spec else []
    forms += [a_text(spec["html"], charset, "html")] if "html" in spec else []
    return [multipart(*forms, boundary=b"=_a", subtype=b"alternative")] if len(forms) > 1 else forms


def _enclosed(file: Spec, spec: Spec, arrived: datetime) -> RawPart:
    kind = file.get("type", "application/octet-stream")
    if "mail" in file:
        return RawPart((f"Content-Type: {kind}".encode(),), raw_mail(file["mail"], arrived))
    if kind.startswith("message/"):
        return RawPart((f"Content-Type: {kind}".encode(),), content_of(file))
    headers = [("Content-Type", kind)]
    if name := file.get("name"):
        disposition = "inline" if "inline" in file else "attachment"
        headers += [("Content-Disposition", f'{disposition}; filename="{_word(name, spec)}"')]
    if "inline" in file:
        headers += [("Content-ID", f"<{file['inline']}>")]
    return a_file(content_of(file), *_encoded(headers, spec))
