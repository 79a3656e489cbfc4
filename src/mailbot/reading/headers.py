"""Headers as people meant them: raw 8-bit bytes, lying labels, encoded-words cut inside a character, parameters.

Everything here takes time linear in the length of the header; `compat32` messages only, whose values are text with the
raw bytes as surrogate escapes. Source: RFC 2047, RFC 2231.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from email.message import Message
from itertools import groupby
from urllib.parse import unquote_to_bytes

from mailbot.reading.charsets import decode, tidy

MAX_VALUE = 64 * 1024

_WORD = re.compile(r"=\?([^?*\s]{1,40})(?:\*[^?\s]*)?\?([bBqQ])\?([^?\r\n]*)\?=")
_FOLD = re.compile(r"\r?\n(?=[ \t])|\r|\n|\x00")
_PARAMETER = re.compile(r';\s*([^=;\s"]{1,80})\s*=\s*("(?:[^"\\]|\\.)*"|[^;]*)')
_SEGMENT = re.compile(r"(.+?)\*(\d{1,4})(\*?)\Z")
_ESCAPED = re.compile(r'\\(["\\])')


def raw_values(message: Message, name: str) -> tuple[str, ...]:
    """Return the values of every header of that name, as they stand, unfolded."""
    wanted = name.lower()
    return tuple(unfolded(value) for key, value in message.raw_items() if key.lower() == wanted)


def raw_value(message: Message, name: str) -> str:
    """Return the value of the first header of that name, '' where there is none."""
    return next(iter(raw_values(message, name)), "")


def unfolded(value: str) -> str:
    """Return the value on one line, at most 64 Ki characters of it."""
    return _FOLD.sub("", str(value)[:MAX_VALUE]).strip(" \t")


def text_of(value: str) -> str:
    """Return a header value as text: encoded-words decoded, raw bytes too.

    >>> text_of("=?gb2312?B?1qO33cjZ?= =?utf-8?q?_4=E6=9C=88?=")
    '郑份荣 4月'
    >>> text_of("四月报表".encode("gbk").decode("ascii", "surrogateescape"))
    '四月报表'
    """
    return tidy("".join(text for _encoded, text in _texts(value))).replace("\n", " ").strip()


def reworded(value: str) -> str:
    """Return an address header in well-formed words; what was encoded stays so: a name must not become an address.

    >>> reworded("=?gb2312?B?1cXI/Q?= <zhang@example.cn>")
    '=?utf-8?b?5byg5LiJ?= <zhang@example.cn>'
    """
    words = (_word(text) if encoded else text for encoded, text in _texts(value))
    return "".join(words)


def _word(text: str) -> str:
    return f"=?utf-8?b?{binascii.b2a_base64(tidy(text).encode(), newline=False).decode()}?="


def _texts(value: str) -> Iterator[tuple[bool, str]]:
    """Give the text of the value in pieces, and whether each was encoded-words."""
    for encoded, run in groupby(_pieces(value), key=lambda piece: isinstance(piece, re.Match)):
        same = list(run)
        words = [piece for piece in same if isinstance(piece, re.Match)]
        yield encoded, _words(words) if words else "".join(map(_plain, same))


def _pieces(value: str) -> Iterator[str | re.Match[str]]:
    """Give plain text and encoded-words in turn; blanks between two encoded-words do not count (RFC 2047 §6.2)."""
    at = 0
    after_word = False
    for word in _WORD.finditer(value):
        between = value[at : word.start()]
        if between and not (after_word and between.isspace()):
            yield between
        yield word
        at, after_word = word.end(), True
    if at < len(value):
        yield value[at:]


def _plain(piece: str | re.Match[str]) -> str:
    text = piece if isinstance(piece, str) else piece.group()
    if text.isascii():
        return text
    return decode(text.encode("utf-8", "surrogateescape"))


def _words(words: list[re.Match[str]]) -> str:
    """Return the text of adjacent encoded-words: those of one charset are joined as bytes before they are decoded."""
    return "".join(
        decode(b"".join(_word_bytes(list(run))), charset)
        for charset, run in groupby(words, key=lambda word: word.group(1).lower())
    )


def _word_bytes(words: list[re.Match[str]]) -> Iterator[bytes]:
    for base64, run in groupby(words, key=lambda word: word.group(2) in "bB"):
        texts = [word.group(3).encode("utf-8", "surrogateescape") for word in run]
        if base64 and any(len(text) % 4 for text in texts[:-1]):  # one base64 text cut anywhere
            texts = [b"".join(texts)]
        yield from map(_unbase64 if base64 else _unquoted, texts)


def _unbase64(text: bytes) -> bytes:
    letters = re.sub(rb"[^A-Za-z0-9+/]", b"", text)
    spare = len(letters) % 4
    return binascii.a2b_base64(letters[:-1] if spare == 1 else letters + b"=" * (-spare % 4))


def _unquoted(text: bytes) -> bytes:
    return binascii.a2b_qp(text, header=True)


# parameters ---------------------------------------------------------------------------------------------------------


def token(value: str) -> str:
    """Return what stands before the parameters, in lower case.

    >>> token('Application/PDF; name="a.pdf"')
    'application/pdf'
    """
    return value.partition(";")[0].strip().lower()


def content_type(message: Message) -> str:
    """Return the media type; text/plain where none is named or it is no type (RFC 2045 §5.2)."""
    value = token(raw_value(message, "content-type"))
    return value if value.count("/") == 1 else "text/plain"


def transfer_encoding(message: Message) -> str:
    """Return the name of the transfer encoding, '' where none is named."""
    return token(raw_value(message, "content-transfer-encoding")).partition(" ")[0].strip("\"'")


def boundary_of(message: Message) -> bytes | None:
    """Return the boundary of a multipart, raw."""
    value = parameters(raw_value(message, "content-type")).get("boundary", "").rstrip()
    return value.encode("utf-8", "surrogateescape") or None


def parameters(value: str) -> dict[str, str]:
    """Return the parameters of a structured header. One in RFC 2231 form goes before a plain one of the same name.

    >>> parameters("attachment; filename=___.xlsx; filename*=GBK''%CB%C4%D4%C2.xlsx")["filename"]
    '四月.xlsx'
    >>> parameters("a/b; name*0*=gb2312''%CB%C4; name*1*=%D4%C2; name*2=.pdf")["name"]
    '四月.pdf'
    """
    plain: dict[str, str] = {}
    extended: dict[str, str] = {}
    segments: dict[str, dict[int, tuple[str, bool]]] = {}
    for name, raw in ((m.group(1).lower(), _unquote(m.group(2))) for m in _PARAMETER.finditer(value)):
        if segment := _SEGMENT.match(name):
            segments.setdefault(segment.group(1), {}).setdefault(int(segment.group(2)), (raw, bool(segment.group(3))))
        elif name.endswith("*"):
            extended.setdefault(name[:-1], _extended([(raw, True)]))
        else:
            plain.setdefault(name, raw)
    joined = {name: _extended([parts[number] for number in sorted(parts)]) for name, parts in segments.items()}
    return {**plain, **joined, **extended}


def _unquote(raw: str) -> str:
    raw = raw.strip()
    if len(raw) >= 2 and raw.startswith('"') and raw.endswith('"'):
        return _ESCAPED.sub(r"\1", raw[1:-1])
    return raw.strip('"')


def _extended(parts: list[tuple[str, bool]]) -> str:
    """Return the value of an RFC 2231 parameter from its segments (text, and whether it is percent-encoded)."""
    charset, first = "", parts[0][0]
    if parts[0][1] and first.count("'") >= 2:
        charset, _language, first = first.split("'", 2)
    texts = [(first, parts[0][1]), *parts[1:]]
    if not charset and not any("%" in text for text, encoded in texts if encoded):
        return "".join(text for text, _ in texts)
    raw = [text.encode("utf-8", "surrogateescape") for text, _ in texts]
    return decode(b"".join(unquote_to_bytes(r) if e else r for r, (_, e) in zip(raw, texts, strict=True)), charset)


def name_of(message: Message) -> str:
    """Return the file name that a part gives itself, as text; '' where it gives none."""
    for header, parameter in (("content-disposition", "filename"), ("content-type", "name")):
        raw = parameters(raw_value(message, header)).get(parameter, "")
        if raw:
            return _percent_decoded(text_of(raw))
    return ""


def _percent_decoded(name: str) -> str:
    """Return a plain name that was percent-encoded without saying so; any other as it is."""
    if not re.search(r"%[89A-Fa-f][0-9A-Fa-f]", name):
        return name
    try:
        return unquote_to_bytes(name).decode("utf-8")
    except UnicodeDecodeError:
        return name
