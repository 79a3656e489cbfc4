"""The door to imapclient is one file."""

from __future__ import annotations

import re
from pathlib import Path

import mailbot

SOURCES = Path(mailbot.__file__).parent


def test_imapclient_is_imported_in_one_file_only() -> None:
    assert importing("imapclient") == {"wire.py"}
    assert importing("imaplib") == {"wire.py", "line.py", "refusals.py"}  # the latter two know its errors only


def importing(library: str) -> set[str]:
    statement = re.compile(rf"^\s*(from|import) {library}\b", re.MULTILINE)
    return {path.name for path in SOURCES.rglob("*.py") if statement.search(path.read_text(encoding="utf-8"))}
