"""From files that count to parts: each with its unit and month, and born-digital PDFs told from scans."""

from __future__ import annotations

from collections.abc import Iterator

from mailbot.domain.decision import About, Evidence
from mailbot.domain.message import FileKind
from mailbot.domain.period import Period
from mailbot.domain.report import Part, PartKind
from mailbot.errors import Place, Problem
from mailbot.matching.leaves import Leaf

_WEIGHT = 0.9
_WORDS = {
    PartKind.ELECTRONIC: "电子版",
    PartKind.SEALED_SCAN: "扫描件，尚未核对公章",
    PartKind.SCAN_WITHOUT_SEAL: "由电脑直接生成，不是扫描件",
}


def parts_of(
    leaves: tuple[Leaf, ...], units: dict[str, str | None], periods: dict[str, Period | None]
) -> tuple[tuple[Part, ...], tuple[Problem, ...]]:
    """Return the parts, and a problem for each PDF or picture that might be taken for a scan and is none.

    A PDF made on a computer is the electronic version, unless its name claims a seal or the same unit's electronic
    version for the month is there already; one with scanned pages is the scan then.
    """
    tables = {
        (units[leaf.file], periods[leaf.file])
        for leaf in leaves
        if leaf.kind is PartKind.ELECTRONIC and leaf.attachment.kind is not FileKind.PDF
    }
    parts, problems = [], []
    for leaf in leaves:
        if leaf.shows_the_site:
            problems.append(Problem("picture_is_no_scan", "按文件名像是现场照片，未计为盖章扫描件", Place(leaf.file)))
            continue
        key = (units[leaf.file], periods[leaf.file])
        kind = leaf.kind
        if kind is PartKind.ELECTRONIC and leaf.attachment.kind is FileKind.PDF:
            beside = PartKind.SEALED_SCAN if leaf.is_partly_scanned else PartKind.SCAN_WITHOUT_SEAL
            kind = beside if leaf.says_sealed or key in tables else kind
            tables.add(key)
        problems.extend(_not_what_it_looks(leaf, kind))
        if kind is not None:
            parts.append(part_of(leaf, kind, *key))
    return tuple(parts), tuple(problems)


def _not_what_it_looks(leaf: Leaf, kind: PartKind | None) -> Iterator[Problem]:
    """Yield a problem where a file is another part than its format suggests."""
    if kind is PartKind.SCAN_WITHOUT_SEAL:
        yield Problem("pdf_is_no_scan", "这份 PDF 由电脑直接生成，不是加盖公章后的扫描件", Place(leaf.file))
    if kind is PartKind.SEALED_SCAN and leaf.attachment.kind is FileKind.DOCX:
        yield Problem("scan_in_word", "这份 Word 文件里只有扫描图片，计为扫描件，不是电子版", Place(leaf.file))


def evidence_of(parts: tuple[Part, ...]) -> Iterator[Evidence]:
    """Yield why each file is the part it is."""
    for part in parts:
        yield Evidence(About.PART, part.kind.value, part.file or "body", _WORDS[part.kind], _WEIGHT)


def part_of(leaf: Leaf, kind: PartKind, unit: str | None, period: Period | None) -> Part:
    """Return a file, or the mail's own text, as a part of that kind."""
    attachment = leaf.attachment
    return Part(kind, leaf.file or None, attachment.sha256, attachment.size, unit, period, attachment.document.pages)
