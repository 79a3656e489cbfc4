"""Which bytes are which characters: labels that lie, and bytes without a label.

Source: WHATWG Encoding Standard (the labels gb2312 and gbk mean one gb18030-compatible decoder).
"""

from __future__ import annotations

import codecs
import re

GB = frozenset(
    {"gb2312", "gb-2312", "gb_2312", "gb_2312-80", "gbk", "x-gbk", "cp936", "ms936", "windows-936", "gb18030"}
)
# Chinese in UTF-8 takes three bytes a character; short GBK text is sometimes valid UTF-8, but of two-byte letters only.
_THREE_BYTES = re.compile(rb"[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def relabel(charset: str) -> str:
    """Return the charset that is meant by a label.

    >>> relabel("GB2312"), relabel("Big5")
    ('gb18030', 'big5')
    """
    name = charset.strip().strip("'\"").lower()
    return "gb18030" if name in GB else name


def decode(data: bytes, label: str = "") -> str:
    """Return the text of bytes that are labelled so, or not at all; what no charset explains becomes U+FFFD.

    >>> decode("郑堃镕11月报表".encode("gb18030"), "gb2312")
    '郑堃镕11月报表'
    >>> decode("四月报表".encode(), "gbk"), decode("四月报表".encode("gbk"))
    ('四月报表', '四月报表')
    """
    for candidate in _candidates(data, relabel(label)):
        text = _strictly(data, candidate)
        if text is not None:
            return text
    return data.decode("gb18030" if label and relabel(label) == "gb18030" else "utf-8", "replace")


def _candidates(data: bytes, charset: str) -> tuple[str, ...]:
    marked = next((name for bom, name in _BOMS if data.startswith(bom)), None)
    if marked:
        return (marked, charset, "utf-8", "gb18030")
    if charset in {"", "gb18030", "us-ascii", "ascii", "utf-8", "utf8", "unknown-8bit", "default"}:
        labelled_utf8 = charset in {"utf-8", "utf8"}
        utf8_first = labelled_utf8 or _THREE_BYTES.search(data) is not None
        return ("utf-8", "gb18030") if utf8_first else ("gb18030", "utf-8")
    return (charset, "utf-8", "gb18030")


def _strictly(data: bytes, charset: str) -> str | None:
    try:
        text = data.decode(charset)
    except (LookupError, UnicodeError, ValueError):  # an unknown label, wrong bytes, a NUL in the label
        return None
    return text if isinstance(text, str) else None


def tidy(text: str) -> str:
    r"""Return the text without lone surrogates and control characters; line ends become LF.

    >>> tidy("a\r\nb\x00\udc80c")
    'a\nb�c'
    """
    if _UNTIDY.search(text) is None:
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text.translate(_NO_CONTROLS)


_UNTIDY = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")  # nearly every text is tidy
_NO_CONTROLS = {code: None for code in (*range(32), *range(127, 160)) if chr(code) not in "\n\t"}
