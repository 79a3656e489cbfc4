"""What an acknowledgement says besides its receipts, as a document in the outbox and back."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from mailbot.domain.books import Aside
from mailbot.domain.message import Attachment, Document, FileKind
from mailbot.errors import Place, Problem


def written(aside: Aside) -> dict[str, Any]:
    """Return it as JSON has it: of a file what a mail names, not what was read in it."""
    return {
        "references": list(aside.references),
        "other_files": [
            {
                "file": one.file,
                "kind": one.kind.value,
                "size": one.size,
                "sha256": one.sha256,
                "pages": one.document.pages,
            }
            for one in aside.other_files
        ],
        "problems": [{"code": one.code, "text": one.text, **asdict(one.place)} for one in aside.problems],
    }


def read(document: dict[str, Any]) -> Aside:
    """Return what was written.

    >>> aside = Aside(("<1@x>",), (Attachment("a.pdf", FileKind.PDF, 9, "ab", Document(pages=2)),))
    >>> read(written(aside)) == aside
    True
    """
    return Aside(
        tuple(document["references"]),
        tuple(_file(**one) for one in document["other_files"]),
        tuple(_problem(**one) for one in document["problems"]),
    )


def _file(file: str, kind: str, size: int, sha256: str, pages: int | None) -> Attachment:
    return Attachment(file, FileKind(kind), size, sha256, Document(pages=pages))


def _problem(code: str, text: str, **place: Any) -> Problem:
    return Problem(code, text, Place(**place))
