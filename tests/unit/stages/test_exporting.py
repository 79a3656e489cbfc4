"""Where a workbook may be written: over nothing, or over a workbook."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests.files import a_word_file, a_workbook

from mailbot.errors import UsageError
from mailbot.stages.exporting import refuse_to_destroy


@pytest.mark.parametrize("content", [None, b"", a_workbook()], ids=["nothing", "empty", "a workbook"])
def test_over_a_workbook_or_nothing_it_may_be_written(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "ledger.xlsx"
    if content is not None:
        path.write_bytes(content)

    refuse_to_destroy(path, tmp_path / "archive")


@pytest.mark.parametrize("content", [b"SQLite format 3\0", b"[imap]\n", b"PK\3\4", a_word_file(), b"\n"])
def test_over_anything_else_it_may_not(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "file").write_bytes(content)

    with pytest.raises(UsageError):
        refuse_to_destroy(tmp_path / "file", tmp_path / "archive")


def test_over_a_folder_a_pipe_or_a_device_it_may_not(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "link").symlink_to(os.devnull)
    (tmp_path / "loop").symlink_to("loop")

    for path in (tmp_path, tmp_path / "fifo", tmp_path / "link", tmp_path / "loop", Path(os.devnull)):
        with pytest.raises(UsageError):
            refuse_to_destroy(path, tmp_path / "archive")


def test_a_name_that_cannot_be_is_left_to_whoever_writes(tmp_path: Path) -> None:
    refuse_to_destroy(tmp_path / ("长" * 200), tmp_path / "archive")


def test_into_the_archive_it_may_not_be_written(tmp_path: Path) -> None:
    (tmp_path / "archive" / "aa").mkdir(parents=True)
    (tmp_path / "way").symlink_to(tmp_path / "archive")

    for path in (tmp_path / "archive" / "aa" / "new.xlsx", tmp_path / "way" / "new.xlsx", tmp_path / "archive"):
        with pytest.raises(UsageError):
            refuse_to_destroy(path, tmp_path / "archive")
