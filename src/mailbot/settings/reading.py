"""mailbot.toml read and held against its tables."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from mailbot.checking import Document, check
from mailbot.errors import Problem
from mailbot.settings.tables import FilesTable, SettingsFile
from mailbot.settings.toml_lines import parse, table_alone
from mailbot.settings.values import Files, Settings


def read_settings(path: Path) -> tuple[Settings | None, tuple[Problem, ...]]:
    """Return the settings, and every mistake."""
    document = parse(path)
    table, problems = check(document, SettingsFile)
    problems += tuple(_missing_certificates(document))
    return (None if problems or table is None else table.settings(path)), problems


def read_files(path: Path) -> Files | None:
    """Return the files named, wherever the table [files] itself is right, whatever is wrong around it."""
    values = parse(path).values
    named = values.get("files", {}) if isinstance(values, dict) else table_alone(path, "files")
    table, _ = check(Document(path, named), FilesTable)
    return table.files(path.parent) if table else None


def _missing_certificates(document: Document) -> Iterator[Problem]:
    for loc, name in document.leaves(None, "ca_file"):
        if isinstance(name, str) and name and not _is_file(document.file.parent / name):
            yield document.problem("file_missing", '证书文件不存在；请核对路径，或留空：ca_file = ""', loc)


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # such as a name too long for the file system
        return False
