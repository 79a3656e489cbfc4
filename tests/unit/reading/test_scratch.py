"""Unpacked mail does not stay behind, and nobody sweeps away what another is reading."""

from __future__ import annotations

import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from mailbot.reading.scratch import a_folder, sweep

HOLDS_ONE = """
import sys, time
from pathlib import Path
from mailbot.reading.scratch import a_folder
with a_folder(Path(sys.argv[1])) as folder:
    (folder / "0000").write_bytes(b"a report")
    print(folder.name, flush=True)
    time.sleep(60)
"""


def another_process(where: Path) -> tuple[subprocess.Popen[str], Path]:
    """Return a process that reads a message, and the folder in which it does."""
    process = subprocess.Popen(  # noqa: S603 - ours
        [sys.executable, "-c", HOLDS_ONE, str(where)], stdout=subprocess.PIPE, encoding="utf-8"
    )
    assert process.stdout is not None
    return process, where / process.stdout.readline().strip()


def end(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGKILL)
    process.communicate()


def test_a_folder_is_private_and_gone_afterwards(tmp_path: Path) -> None:
    with a_folder(tmp_path) as folder:
        (folder / "0000").write_bytes(b"a report")
        assert folder.stat().st_mode & 0o777 == 0o700

    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_process_left_is_swept(tmp_path: Path) -> None:
    process, folder = another_process(tmp_path)
    end(process)
    assert (folder / "0000").exists()

    assert sweep(tmp_path) == 1
    assert list(tmp_path.iterdir()) == []


def test_what_another_process_is_reading_stays(tmp_path: Path) -> None:
    process, folder = another_process(tmp_path)
    try:
        assert sweep(tmp_path) == 0
        assert (folder / "0000").exists()
    finally:
        end(process)


def test_a_folder_swept_before_it_could_be_locked_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make, made = tempfile.mkdtemp, []

    def made_and_swept_once(suffix: str | None, prefix: str, dir: Path) -> str:  # noqa: A002 - the library's name
        made.append(make(suffix, prefix, dir))
        if len(made) == 1:
            assert sweep(tmp_path) == 1
        return str(made[-1])

    monkeypatch.setattr(tempfile, "mkdtemp", made_and_swept_once)
    with a_folder(tmp_path) as folder:
        assert (folder.exists(), len(made)) == (True, 2)

    assert list(tmp_path.iterdir()) == []


def test_only_what_bears_our_name_and_is_a_folder_is_swept(tmp_path: Path) -> None:
    (tmp_path / "mailbot-backup").mkdir()
    (tmp_path / "mailbot-reading-notes").write_text("not a folder")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "report").write_text("kept")
    (tmp_path / "mailbot-reading-link").symlink_to(tmp_path / "elsewhere")

    assert sweep(tmp_path) == 0
    assert (tmp_path / "elsewhere" / "report").exists()
    assert len(list(tmp_path.iterdir())) == 4
