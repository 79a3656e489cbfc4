"""The door to imapclient is one file."""

from __future__ import annotations

import re
from pathlib import Path

import mailbot

SOURCES = Path(mailbot.__file__).parent


def test_imapclient_is_imported_in_one_file_only() -> None:
    importing = re.compile(r"^\s*(from|import) (imapclient|imaplib)\b", re.MULTILINE)
    found = {path.name for path in SOURCES.rglob("*.py") if importing.search(path.read_text(encoding="utf-8"))}

    assert found == {"line.py", "refusals.py"}  # the latter knows imaplib's errors only
