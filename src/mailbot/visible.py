"""Making the invisible visible: what a stranger wrote must not move the cursor, turn a line round or forge another."""

from __future__ import annotations

import unicodedata

INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})  # controls (C0, C1), formats (direction, zero width), line ends


def visible(text: str) -> str:
    r"""Return the text with an escape, as JSON writes it, for every character that acts on a terminal unseen.

    >>> visible("区教育局\x9b31m\u202e4月")
    '区教育局\\u009b31m\\u202e4月'
    >>> visible("\U000e0041")
    '\\udb40\\udc41'
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(_escaped(one) if unicodedata.category(one) in INVISIBLE else one for one in text)


def _escaped(character: str) -> str:
    """Return the escape, of two halves beyond the first 65,536 characters, as in JSON (RFC 8259 §7)."""
    units = character.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[start : start + 4]}" for start in range(0, len(units), 4))
