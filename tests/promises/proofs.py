"""Where the promises of the design are proved: a promise names its proofs, and a name that is gone fails."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parents[1]


def missing(proofs: tuple[str, ...]) -> list[str]:
    """Return the proofs that are not there; each is ``folder/file.py::name`` or a file."""
    return [proof for proof in proofs if not _is_there(*proof.partition("::")[::2])]


def _is_there(file: str, name: str) -> bool:
    path = ROOT / file
    if not path.is_file():
        return False
    text = path.read_text("utf-8")
    return not name or f"def {name}(" in text or f"class {name}" in text
