"""One way to write what can be written in many: widths, radicals, dashes, spaces. For matching, never for display."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# Radicals that PDF and OCR copies put for the character itself and that NFKC leaves alone.
_RADICALS = dict(zip("⺠⻅⻉⻋⻓⻔⻘⻚⻛⻜⻝⻢⻥⻩⻬⻰", "民见贝车长门青页风飞食马鱼黄齐龙", strict=True))
_DASHES = dict.fromkeys("‐‑‒–—―−﹘﹣─━", "-")
_TRANSLATED = str.maketrans(_RADICALS | _DASHES)
_TO_BE_TRANSLATED = re.compile(f"[{''.join((*_RADICALS, *_DASHES))}]")  # to look is cheap, to translate is not
_LONE_SPACE = re.compile(r"(?<![A-Za-z0-9])[ \t]+|[ \t]+(?![A-Za-z0-9])")
_LONG = 200  # characters; longer texts are not kept in memory
_BESIDES_CHINESE = re.compile(r"[^0-9A-Za-z\u3400-\u4dbf\u4e00-\u9fff]+")


def fold(text: str) -> str:
    """Return the text with compatibility forms folded and spaces kept only between two ASCII words; lines stay lines.

    Source: Unicode Standard Annex 15 (NFKC); the annex of the notice itself writes ``12 万人`` beside ``5万人``.

    >>> fold("每月 25 日前，１２０ 人（６５％）")
    '每月25日前,120人(65%)'
    >>> fold("魏　强"), fold("⼈⺠政府"), fold("1—4月"), fold("IMG 2021")
    ('魏强', '人民政府', '1-4月', 'IMG 2021')
    """
    if text.isascii() and " " not in text and "\t" not in text:
        return text
    return _folded(text) if len(text) > _LONG else _remembered(text)


def _folded(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text)
    if _TO_BE_TRANSLATED.search(folded):
        folded = folded.translate(_TRANSLATED)
    if not folded.isprintable():
        folded = "".join(character for character in folded if unicodedata.category(character) != "Cf")
    return unicodedata.normalize("NFKC", _LONE_SPACE.sub("", folded))


_remembered = lru_cache(maxsize=8192)(_folded)  # cells and names are folded several times on a message's way


def bare(text: str) -> str:
    """Return the folded text without any punctuation: what is left to compare two wordings by.

    >>> bare("“舞台艺术进乡村、进社区” 演出（场）")
    '舞台艺术进乡村进社区演出场'
    """
    return _BESIDES_CHINESE.sub("", fold(text))
