"""Raw mails as senders really write them, put together from parts: for tests of whoever reads them."""

from __future__ import annotations

import base64
from dataclasses import dataclass

CRLF = b"\r\n"


@dataclass(frozen=True, slots=True)
class RawPart:
    """A part: its header lines as they stand, and its body as it stands."""

    headers: tuple[bytes, ...]
    body: bytes

    def lines(self) -> bytes:
        """Return it as it is written."""
        return CRLF.join([*self.headers, b"", self.body])


def a_text(text: str = "您好，报表见附件。", charset: str = "utf-8", subtype: str = "plain") -> RawPart:
    return RawPart(
        (f"Content-Type: text/{subtype}; charset={charset}".encode(), b"Content-Transfer-Encoding: base64"),
        base64.encodebytes(text.encode({"gb2312": "gb18030"}.get(charset, charset))).replace(b"\n", CRLF),
    )


def a_file(content: bytes, *headers: bytes) -> RawPart:
    """Return an attachment; without headers a bare octet-stream that names nothing."""
    return RawPart(
        (*(headers or (b"Content-Type: application/octet-stream",)), b"Content-Transfer-Encoding: base64"),
        base64.encodebytes(content).replace(b"\n", CRLF),
    )


def named(name: str, content: bytes) -> RawPart:
    """Return an attachment with a raw UTF-8 file name."""
    return a_file(
        content,
        b"Content-Type: application/octet-stream",
        f'Content-Disposition: attachment; filename="{name}"'.encode(),
    )


def multipart(*parts: RawPart, boundary: bytes = b"=_b", subtype: bytes = b"mixed", closed: bool = True) -> RawPart:
    body = b"".join(b"--" + boundary + CRLF + part.lines() + CRLF for part in parts)
    end = b"--" + boundary + b"--" + CRLF if closed else b""
    return RawPart((b'Content-Type: multipart/%b; boundary="%b"' % (subtype, boundary),), body + end)


def a_mail(*parts: RawPart, headers: tuple[bytes, ...] = ()) -> bytes:
    """Return a whole mail: of one part as it is, of several in a multipart/mixed."""
    content = parts[0] if len(parts) == 1 else multipart(*(parts or (a_text(),)))
    top = headers or (b"From: zhang@example.cn", b"To: zydc697@163.com", b"Subject: report")
    return CRLF.join([*top, b"MIME-Version: 1.0", content.lines()])
