"""Text of strangers made fit for one line of ours, in a header or in a sentence."""

from __future__ import annotations

import re

_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ud800-\udfff\ufeff]+")


def one_line(text: str) -> str:
    r"""Return text fit for a header: line ends, control and direction marks become one space, ends trimmed.

    >>> one_line("区教育局\r\nBcc: x@y.z\x00")
    '区教育局 Bcc: x@y.z'
    """
    return " ".join(_UNPRINTABLE.sub(" ", text).split())
