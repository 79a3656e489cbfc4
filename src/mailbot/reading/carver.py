"""Cuts the leaves out of a raw message into files, in constant memory.

    raw ──walk──▶ parts ──decode──▶ a file each, with its SHA-256, size and kind ──▶ Leaf
                    └── body texts stay behind: the skeleton, read by skeleton.py

Every leaf that is not body text counts, named or not. An enclosed message is a leaf, and its own leaves follow it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

from mailbot.domain.message import FileKind
from mailbot.reading.headers import content_type, name_of, raw_value, token, transfer_encoding
from mailbot.reading.jobs import Carved, Leaf
from mailbot.reading.kinds import kind_of
from mailbot.reading.names import Names
from mailbot.reading.source import RawSource, opened
from mailbot.reading.structure import Budget, Part, walk
from mailbot.reading.transfer import decoded
from mailbot.reading.uuencoded import files_in_text

MAX_ENCLOSED = 5
MAX_LEAF = 200 * 1024 * 1024
BODY_TYPES = frozenset({"text/plain", "text/html"})


def carve(message: Path, folder: Path) -> Carved:
    """Cut a raw message into the folder."""
    knife = _Knife(folder)
    knife.cut(message, prefix="", enclosed=0)
    return Carved(tuple(knife.leaves), tuple(knife.budget.problems))


def is_body_text(part: Part) -> bool:
    """Return whether a leaf is text to be read as the mail's own: no name, and not called an attachment."""
    media = content_type(part.headers)
    if media not in BODY_TYPES and not media.startswith("multipart/"):
        return False
    return token(raw_value(part.headers, "content-disposition")) != "attachment" and not name_of(part.headers)


@dataclass(slots=True)
class _Knife:
    """One message being cut, enclosed ones included. Not frozen: it fills up."""

    folder: Path
    names: Names = field(default_factory=Names)
    budget: Budget = field(default_factory=Budget)
    leaves: list[Leaf] = field(default_factory=list)

    def cut(self, message: Path, *, prefix: str, enclosed: int) -> None:
        with opened(message, self.folder) as source:
            for part in walk(source, self.budget).leaves():
                files = files_in_text(source, part) if is_body_text(part) else (part,)
                for leaf in files:
                    self._store(source, leaf, prefix, enclosed)

    def _store(self, source: RawSource, part: Part, prefix: str, enclosed: int) -> None:
        path = self.folder / f"{len(self.leaves):04d}"
        digest, size = hashlib.sha256(), 0
        with path.open("xb") as file:
            for chunk in decoded(source.chunks(part.start, part.end), transfer_encoding(part.headers)):
                if size + len(chunk) > MAX_LEAF:
                    self.budget.note("attachment_too_large")
                    break
                digest.update(chunk)
                size += file.write(chunk)
        kind = kind_of(path, content_type(part.headers))
        shown = self.names.give(name_of(part.headers), kind, prefix)
        content_id = raw_value(part.headers, "content-id").strip(" <>")
        self.leaves.append(Leaf(path.name, shown, kind, size, digest.hexdigest(), content_id))
        if kind is FileKind.MESSAGE:
            self._open(path, shown, enclosed + 1)

    def _open(self, path: Path, shown: str, enclosed: int) -> None:
        if enclosed > MAX_ENCLOSED:
            self.budget.note("too_deep")
        else:
            self.cut(path, prefix=f"{shown}/", enclosed=enclosed)
