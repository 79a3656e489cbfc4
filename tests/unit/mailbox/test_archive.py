"""The archive keeps what it was given, durably, privately, and says so when it cannot."""

from __future__ import annotations

import errno
import os
import stat
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mailbot.domain.moments import shanghai
from mailbot.errors import ArchiveError
from mailbot.mailbox.archive import Archive

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

RAW = b"Subject: report\r\n\r\nsee the annex\r\n"
NAME = sha256(RAW).hexdigest()
NOW = shanghai("2021-04-22T09:00")


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "new" / "archive")


@pytest.fixture(params=[0o000, 0o077, 0o277])
def umask(request: pytest.FixtureRequest) -> Iterator[None]:
    """Set the process's umask."""
    before = os.umask(request.param)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def files(archive: Archive) -> list[str]:
    return sorted(path.name for path in archive.root.rglob("*") if path.is_file())


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30, deadline=None)
@given(raw=st.binary(max_size=2000))
def test_what_was_put_is_got(archive: Archive, raw: bytes) -> None:
    assert archive.checked(archive.put(raw)).read_bytes() == raw


def test_a_message_lies_under_its_hash_in_two_folders(archive: Archive) -> None:
    assert archive.put(RAW) == NAME
    assert archive.path_of(NAME) == archive.root / NAME[:2] / NAME[2:4] / f"{NAME}.eml"
    assert archive.path_of(NAME).read_bytes() == RAW


@pytest.mark.usefixtures("umask")
def test_folders_are_0700_and_files_0600_whatever_the_umask(archive: Archive) -> None:
    path = archive.path_of(archive.put(RAW))

    assert mode(path) == 0o600
    assert [mode(each) for each in (path.parent, path.parent.parent, archive.root, archive.root.parent)] == [0o700] * 4


def test_putting_the_same_bytes_again_changes_nothing(archive: Archive) -> None:
    archive.put(RAW)
    before = archive.path_of(NAME).stat().st_ino

    assert archive.put(RAW) == NAME
    assert archive.path_of(NAME).stat().st_ino == before
    assert files(archive) == [f"{NAME}.eml"]


@pytest.mark.parametrize("damaged", [b"", RAW[:10], RAW[::-1]])
def test_putting_the_same_bytes_again_mends_a_torn_or_damaged_file(archive: Archive, damaged: bytes) -> None:
    archive.put(RAW)
    archive.path_of(NAME).write_bytes(damaged)

    archive.put(RAW)

    assert archive.checked(NAME).read_bytes() == RAW


def test_a_damaged_file_is_not_handed_out(archive: Archive) -> None:
    archive.put(RAW)
    archive.path_of(NAME).write_bytes(RAW[::-1])

    with pytest.raises(ArchiveError, match="does not match") as caught:
        archive.checked(NAME).read_bytes()

    assert str(archive.path_of(NAME)) in caught.value.for_people()


def test_a_missing_file_is_told_with_its_place(archive: Archive) -> None:
    with pytest.raises(ArchiveError) as caught:
        archive.checked(NAME).read_bytes()

    assert "备份" in caught.value.for_people()


def test_what_a_killed_run_left_is_swept_and_nothing_else(archive: Archive) -> None:
    archive.put(RAW)
    (archive.root / ".unfinished-abc").write_bytes(RAW[:5])

    assert archive.sweep(NOW) == 1
    assert files(archive) == [f"{NAME}.eml"]


def test_an_archive_that_does_not_exist_yet_needs_no_sweeping(archive: Archive) -> None:
    assert archive.sweep(NOW) == 0


class TestDurability:
    """The order of the calls that make a message survive a power cut, as the kernel hears them."""

    @pytest.fixture
    def calls(self, monkeypatch: pytest.MonkeyPatch) -> list[str]:
        """Record fsync and rename; these are the operating system's, not ours."""
        heard: list[str] = []
        fsync, replace = os.fsync, os.replace

        def hear_fsync(descriptor: int) -> None:
            folder = stat.S_ISDIR(os.fstat(descriptor).st_mode)
            heard.append("fsync folder" if folder else "fsync file")
            fsync(descriptor)

        def hear_replace(source: Path, target: Path) -> None:
            heard.append("rename")
            replace(source, target)

        monkeypatch.setattr(os, "fsync", hear_fsync)
        monkeypatch.setattr(os, "replace", hear_replace)
        return heard

    def test_the_file_is_durable_before_it_gets_its_name_and_the_name_before_put_returns(
        self, archive: Archive, calls: list[str]
    ) -> None:
        archive.put(RAW)

        named = calls.index("rename")
        assert calls[named - 1] == "fsync file"
        assert calls[named + 1 :] == ["fsync folder"] * 3
        assert calls[: named - 1] == ["fsync folder"] * 4  # new, new/archive, aa and bb, each in its parent

    def test_bytes_that_were_there_are_made_durable_too(self, archive: Archive, calls: list[str]) -> None:
        archive.put(RAW)
        calls.clear()

        archive.put(RAW)

        assert calls == ["fsync folder"] * 3


class TestDisk:
    """Whatever the disk refuses, nothing half-written bears a message's name, and people are told what to do."""

    @pytest.fixture
    def failing(self, monkeypatch: pytest.MonkeyPatch) -> Callable[[int, int], None]:
        """Let the n-th fsync fail."""
        fsync, left = os.fsync, [0]

        def fail_at(code: int, nth: int) -> None:
            left[0] = nth

            def maybe(descriptor: int) -> None:
                left[0] -= 1
                if left[0] == 0:
                    raise OSError(code, os.strerror(code))
                fsync(descriptor)

            monkeypatch.setattr(os, "fsync", maybe)

        return fail_at

    @pytest.mark.parametrize("nth", range(1, 9))
    @pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO])
    def test_a_failing_sync_is_an_error_and_a_second_try_heals(
        self, archive: Archive, failing: Callable[[int, int], None], nth: int, code: int
    ) -> None:
        failing(code, nth)

        with pytest.raises(ArchiveError):
            archive.put(RAW)

        assert files(archive) in ([], [f"{NAME}.eml"])
        assert archive.put(RAW) == NAME
        assert archive.checked(NAME).read_bytes() == RAW

    @pytest.mark.parametrize(("code", "says"), [(errno.ENOSPC, "磁盘已满"), (errno.EIO, "无法存档")])
    def test_a_full_disk_is_told_apart(
        self, archive: Archive, failing: Callable[[int, int], None], code: int, says: str
    ) -> None:
        failing(code, 1)

        with pytest.raises(ArchiveError) as caught:
            archive.put(RAW)

        assert says in caught.value.for_people()
        assert caught.value.place.file is not None

    def test_a_file_in_the_place_of_a_folder_is_told(self, archive: Archive) -> None:
        archive.root.parent.mkdir()
        archive.root.write_bytes(b"")

        with pytest.raises(ArchiveError):
            archive.put(RAW)
