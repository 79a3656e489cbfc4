"""Every file that others made, in the folder MAILBOT_CORPORA names: nothing crashes, hangs or kills a worker."""

from __future__ import annotations

import email
import os
import time
from collections.abc import Iterator
from email.message import Message
from pathlib import Path

import pytest
from tests.raw_mails import a_mail, a_text, named

from mailbot.domain.message import Facts
from mailbot.reading.local import read_here
from mailbot.reading.reader import SandboxedReader

CORPORA = os.environ.get("MAILBOT_CORPORA", "")
DEATHS = {"reader_killed", "unreadable_message", "not_read_in_time"}
PATIENCE = 20.0

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not CORPORA, reason="MAILBOT_CORPORA names no folder of files that others made"),
]


def files(*folders: str) -> Iterator[Path]:
    for folder in folders:
        yield from (path for path in sorted((Path(CORPORA) / folder).rglob("*")) if path.is_file())


def deaths(facts: Facts) -> list[str]:
    problems = [*facts.problems, *(problem for one in facts.attachments for problem in one.problems)]
    return [problem.code for problem in problems if problem.code in DEATHS]


def test_every_mail_is_read_in_time() -> None:
    with SandboxedReader() as reader:
        for path in files("mail"):
            begun = time.monotonic()
            assert (path, deaths(reader.read(path))) == (path, [])
            assert time.monotonic() - begun < PATIENCE, path


def test_every_file_is_read_in_time_as_an_attachment() -> None:
    with SandboxedReader() as reader:
        for path in files("workbooks", "pdf", "documents", "archives"):
            begun = time.monotonic()
            facts = reader.read_bytes(a_mail(a_text(), named("file", path.read_bytes())))
            assert (path, len(facts.attachments) >= 1, deaths(facts)) == (path, True, [])
            assert time.monotonic() - begun < PATIENCE, path


def test_every_attachment_the_standard_library_finds_is_found() -> None:
    """By file name where it has one; ours may find more, and enclosed messages' own files under their names."""
    for path in files("mail"):
        raw = path.read_bytes()
        theirs = {name for part in _leaves(raw) if (name := part.get_filename()) and name.isascii() and "?" not in name}
        ours = {one.file.rpartition("/")[2] for one in read_here(raw).attachments}
        plain = {name for name in theirs if name.isprintable() and not set(name) & set("/\\%")}
        if len(ours) < 100:  # beyond that the limit on parts cuts
            assert (path, {name.strip() for name in plain} - ours) == (path, set())


def _leaves(raw: bytes) -> list[Message]:
    return [part for part in email.message_from_bytes(raw).walk() if not part.is_multipart()]
