"""Files written into the text of a mail itself, as old mail systems do: `begin 644 name`, lines, `end`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.message import Message

from mailbot.reading.headers import transfer_encoding
from mailbot.reading.source import RawSource
from mailbot.reading.structure import Part

MAX_FILES = 20

_BEGIN = re.compile(rb"begin [0-7]{3,4} (\S[^\r\n]{0,200})\r?\n(?=[!-`][ -`]{0,90}\r?\n)")
_BLOCK = re.compile(r"^begin [0-7]{3,4} \S[^\n]*\n(?:[ -`]{1,91}\n)+?end[ \t]*$\n?", re.MULTILINE)
_AS_IT_IS = frozenset({"", "7bit", "8bit", "binary"})


def files_in_text(source: RawSource, part: Part) -> Iterator[Part]:
    """Give each uuencoded file in a body text as a part of its own, named as it says."""
    if transfer_encoding(part.headers) not in _AS_IT_IS:
        return
    at = part.start
    for _ in range(MAX_FILES):
        begin = source.find(b"begin ", at, part.end)
        if begin < 0:
            return
        head = _BEGIN.match(source.read(begin, min(part.end, begin + 400)))
        at = begin + len(b"begin ")
        if head is None or (begin > part.start and source.read(begin - 1, begin) != b"\n"):
            continue
        end = source.find(b"\nend", at, part.end)
        if end >= 0:
            yield Part(_headers(head.group(1)), begin, end)
            at = end


def without_files(text: str) -> str:
    r"""Return a text without the files written into it.

    >>> without_files("见附件\nbegin 644 a.txt\n#86)C\n`\nend\n谢谢")
    '见附件\n谢谢'
    """
    return _BLOCK.sub("", text)


def _headers(name: bytes) -> Message:
    headers = Message()
    headers["Content-Type"] = "application/octet-stream"
    headers["Content-Transfer-Encoding"] = "x-uuencode"
    quoted = name.decode("ascii", "surrogateescape").replace("\\", "").replace('"', "")
    headers["Content-Disposition"] = f'attachment; filename="{quoted}"'
    return headers
