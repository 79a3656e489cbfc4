"""Whether the archive still holds what the ledger says: a file for each message, and in it the very bytes.

That a file is there is looked at for every message; the bytes, which takes reading them, from the newest message back
for as long as the time allows, and how far it came is told.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mailbot.stages.protocols import Archive, Books

SECONDS = 20.0  # to read for: on a usual disk some thousands of mails
NAMED = 3


@dataclass(frozen=True, slots=True)
class Proof:
    """What was found, as SHA-256: messages without a file, and with damaged ones. `read` of `known` files were read."""

    known: int
    read: int
    missing: tuple[str, ...]
    damaged: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Tell whether nothing is wrong."""
        return not (self.missing or self.damaged)

    def told(self) -> str:
        """Say it in Chinese."""
        if not self.known:
            return "尚无来件"
        proved = (
            "全部逐字核对" if self.read == self.known else f"其中最近的 {self.read} 封逐字核对（限时 {SECONDS:.0f} 秒）"
        )
        wrong = [
            f"{len(found)} 封的存档文件{what}：{'、'.join(f'{sha256}.eml' for sha256 in found[:NAMED])}"
            + ("等" if len(found) > NAMED else "")
            for what, found in (("不见了", self.missing), ("已损坏（与文件名不符）", self.damaged))
            if found
        ]
        return "；".join((f"台账中来件 {self.known} 封，{proved}", *(wrong or ["存档完整"])))


def prove(books: Books, archive: Archive, *, seconds: float = SECONDS) -> Proof:
    """Hold the archive against the ledger.

    Raises:
        ArchiveError: a file is there and cannot be read.
    """
    until = time.monotonic() + seconds
    lost = dict.fromkeys(gap.message.sha256 for gap in books.gaps() if gap.message.lost)
    known = (*books.whole(), *lost)
    there = [sha256 for sha256 in known if archive.has(sha256)]
    damaged, read = [], 0
    for sha256 in there:
        if time.monotonic() > until:
            break
        read += 1
        if not archive.is_whole(sha256):
            damaged.append(sha256)
    present = set(there)
    missing = tuple(sha256 for sha256 in known if sha256 not in present)
    return Proof(len(known), read + len(missing), missing, tuple(damaged))
