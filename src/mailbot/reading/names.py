"""File names for display: never a path, nothing that hides what it is, each once in a message."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field

from mailbot.domain.message import FileKind

MAX_NAME = 200
SUFFIXES = {
    FileKind.XLSX: ".xlsx",
    FileKind.DOCX: ".docx",
    FileKind.PDF: ".pdf",
    FileKind.PICTURE: ".jpg",
    FileKind.OFD: ".ofd",
    FileKind.ARCHIVE: ".zip",
    FileKind.MESSAGE: ".eml",
    FileKind.HTML: ".html",
    FileKind.TEXT: ".txt",
}


def shown(name: str) -> str:
    r"""Return a name fit to be shown: no control or direction marks (RLO), no path separators, NFC, not too long.

    >>> shown("报表\u202exslx.exe"), shown("2021/4月\\报表.xlsx")
    ('报表xslx.exe', '2021_4月_报表.xlsx')
    """
    kept = "".join(letter for letter in name if unicodedata.category(letter) not in {"Cc", "Cf", "Cs", "Zl", "Zp"})
    plain = unicodedata.normalize("NFC", kept).replace("/", "_").replace("\\", "_").strip()
    if len(plain) <= MAX_NAME:
        return plain
    stem, suffix = split(plain)
    return stem[: MAX_NAME - len(suffix)] + suffix


def split(name: str) -> tuple[str, str]:
    """Return a name's stem and its suffix with the dot, '' where there is none.

    >>> split("报表.xlsx"), split(".bashrc"), split("一、二.三月底的情况说明")
    (('报表', '.xlsx'), ('.bashrc', ''), ('一、二.三月底的情况说明', ''))
    """
    stem, dot, suffix = name.rpartition(".")
    if not stem or len(suffix) > 8 or not suffix.isascii():
        return name, ""
    return stem, dot + suffix


@dataclass(slots=True)
class Names:
    """The names given so far in one message. Not frozen: it counts."""

    given: set[str] = field(default_factory=set)
    unnamed: int = 0

    def give(self, name: str, kind: FileKind, prefix: str = "") -> str:
        """Return the name for a leaf: its own, numbered where it is taken, made up where it has none.

        >>> names = Names()
        >>> names.give("报表.xlsx", FileKind.XLSX), names.give("报表.xlsx", FileKind.XLSX), names.give("", FileKind.PDF)
        ('报表.xlsx', '报表 (2).xlsx', '未命名-1.pdf')
        """
        name = shown(name)
        if not name:
            self.unnamed += 1
            name = f"未命名-{self.unnamed}{SUFFIXES.get(kind, '')}"
        stem, suffix = split(name)
        number = 1
        while prefix + name in self.given:
            number += 1
            name = f"{stem} ({number}){suffix}"
        self.given.add(prefix + name)
        return prefix + name
