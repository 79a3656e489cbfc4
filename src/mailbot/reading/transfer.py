"""How a leaf was made fit for mail, undone in a stream: base64, quoted-printable, uuencode, or as it is.

Source: RFC 2045 §6. Tolerant: broken padding, line noise and a missing end cost the bytes they spoil, nothing more.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Callable, Iterable, Iterator

import pybase64

_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_NOISE = bytes(set(range(256)) - set(_ALPHABET))
_BLANK = b"\r\n\t "
_ONLY_BASE64 = re.compile(rb"[A-Za-z0-9+/=]*\Z")


def base64_chunks(chunks: Iterable[bytes]) -> Iterator[bytes]:
    r"""Decode base64. Blocks that each end in padding are joined; anything else after the padding (a footer) is left.

    >>> b"".join(base64_chunks([b"5oql6KGo\r\n", b"LnhscxYQ"]))
    b'\xe6\x8a\xa5\xe8\xa1\xa8.xls\x16\x10'
    """
    rest = b""
    for chunk in chunks:
        data = rest + chunk.translate(None, _BLANK)
        ended = b"=" in data
        if ended and not _ONLY_BASE64.match(data[data.index(b"=") :]):
            yield _decoded(data[: data.index(b"=")])
            return
        whole = len(data) if ended else len(data) - len(data) % 4
        rest = data[whole:]
        yield from map(_decoded, data[:whole].split(b"=") if ended else (data[:whole],))
    yield _decoded(rest)


def _decoded(data: bytes) -> bytes:
    if len(data) % 4 == 0:
        try:
            return pybase64.b64decode(data, validate=True)
        except binascii.Error:
            pass
    letters = data.translate(None, _NOISE)
    spare = len(letters) % 4
    letters = letters[:-1] if spare == 1 else letters + b"=" * (-spare % 4)
    return pybase64.b64decode(letters)


def quoted_printable_chunks(chunks: Iterable[bytes]) -> Iterator[bytes]:
    r"""Decode quoted-printable.

    >>> b"".join(quoted_printable_chunks([b"a=E6=8A", b"=A5=\r\nb\r\n"]))
    b'a\xe6\x8a\xa5b\r\n'
    """
    rest = b""
    for chunk in chunks:
        data = rest + chunk
        escape = data.rfind(b"=", max(0, len(data) - 2))  # one that may go on in the next chunk
        whole = len(data) if escape < 0 else escape
        rest = data[whole:]
        yield binascii.a2b_qp(data[:whole])
    yield binascii.a2b_qp(rest)


def uu_chunks(chunks: Iterable[bytes]) -> Iterator[bytes]:
    r"""Decode uuencoded lines between 'begin' and 'end'.

    >>> b"".join(uu_chunks([b"begin 644 a.txt\n#86", b")C\n`\nend\n"]))
    b'abc'
    """
    begun = False
    for line in _lines(chunks):
        if not begun:
            begun = line.startswith(b"begin ")
        elif line.strip() == b"end":
            return
        else:
            yield _uu_line(line.rstrip(b"\r\n"))


def _uu_line(line: bytes) -> bytes:
    try:
        return binascii.a2b_uu(line)
    except binascii.Error:  # trailing noise: take as much as the length byte says
        wanted = (((line[0] - 32) & 63) * 4 + 5) // 3 if line else 0
        try:
            return binascii.a2b_uu(line[:wanted])
        except binascii.Error:
            return b""


def _lines(chunks: Iterable[bytes]) -> Iterator[bytes]:
    rest = b""
    for chunk in chunks:
        *whole, rest = (rest + chunk).split(b"\n")
        yield from whole
    yield rest


def as_it_is(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Pass the bytes on (7bit, 8bit, binary, and names nobody knows)."""
    yield from chunks


DECODERS: dict[str, Callable[[Iterable[bytes]], Iterator[bytes]]] = {
    "base64": base64_chunks,
    "quoted-printable": quoted_printable_chunks,
    **dict.fromkeys(("x-uuencode", "uuencode", "x-uue", "uue"), uu_chunks),
}


def decoded(chunks: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    """Undo the transfer encoding of that name."""
    return DECODERS.get(encoding, as_it_is)(chunks)
