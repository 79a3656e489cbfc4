"""A message on its way into the archive: what surely is there is gone on with, and nothing else ever is."""

from __future__ import annotations

import errno
import os
import stat
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest

from mailbot.domain.moments import shanghai
from mailbot.errors import ArchiveError
from mailbot.mailbox.archive import STALE, Archive

if TYPE_CHECKING:
    from datetime import timedelta
    from pathlib import Path

    from mailbot.mailbox.unfinished import Unfinished

NOW = shanghai("2021-04-22T09:00")
WHOSE = "INBOX 1 42"


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "archive")


def left(archive: Archive) -> list[Path]:
    return sorted(path for path in archive.root.rglob("*") if path.is_file())


def begun(archive: Archive, *pieces: bytes) -> Unfinished:
    """Begin a message and go no further."""
    file = archive.unfinished(WHOSE)
    for piece in pieces:
        file.append(piece)
    return file


def cut_off(archive: Archive, *pieces: bytes) -> None:
    """Begin a message and lose the line."""
    with begun(archive, *pieces):
        pass


def test_pieces_become_one_message(archive: Archive) -> None:
    with begun(archive, b"one ", b"two ", b"three") as file:
        name = file.keep()

    assert name == sha256(b"one two three").hexdigest()
    assert archive.checked(name).read_bytes() == b"one two three"
    assert left(archive) == [archive.path_of(name)]


def test_after_a_cut_line_it_goes_on_where_it_was(archive: Archive) -> None:
    cut_off(archive, b"one ", b"two ")

    with archive.unfinished(WHOSE) as file:
        assert file.size == 8
        file.append(b"three")
        name = file.keep()

    assert archive.checked(name).read_bytes() == b"one two three"
    assert left(archive) == [archive.path_of(name)]


def test_after_a_kill_it_goes_on_after_what_was_durable_by_then(archive: Archive) -> None:
    killed = begun(archive, b"one ", b"two ")
    killed._file.close()

    with archive.unfinished(WHOSE) as file:
        assert file.size == 4
        file.append(b"three")
        assert archive.checked(file.keep()).read_bytes() == b"one three"


def test_two_programs_do_not_write_into_one_another(archive: Archive) -> None:
    with begun(archive, b"one ") as file:
        with pytest.raises(ArchiveError):
            archive.unfinished(WHOSE)
        file.append(b"two")

        assert archive.checked(file.keep()).read_bytes() == b"one two"


def test_a_tail_torn_by_a_power_cut_is_cut_off(archive: Archive) -> None:
    cut_off(archive, b"one ")
    (path,) = left(archive)
    path.write_bytes(b"one " + bytes(5000))

    with archive.unfinished(WHOSE) as file:
        assert file.size == 4
        assert archive.checked(file.keep()).read_bytes() == b"one "


def test_another_message_begins_at_its_beginning(archive: Archive) -> None:
    cut_off(archive, b"one ")

    with archive.unfinished("INBOX 1 43") as file:
        assert file.size == 0
        file.append(b"other")
        assert archive.checked(file.keep()).read_bytes() == b"other"

    assert len(left(archive)) == 2


def test_one_of_which_nothing_came_leaves_nothing(archive: Archive) -> None:
    cut_off(archive)

    assert left(archive) == []


def test_what_is_discarded_begins_anew(archive: Archive) -> None:
    with begun(archive, b"one ", b"two ") as file:
        file.discard()

    assert left(archive) == []
    with archive.unfinished(WHOSE) as file:
        assert file.size == 0


def test_it_is_private_from_the_beginning(archive: Archive) -> None:
    cut_off(archive, b"one ")

    assert [stat.S_IMODE(path.stat().st_mode) for path in left(archive)] == [0o600]


def test_a_piece_is_durable_before_the_next_one_is_added(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    fsync, heard = os.fsync, list[int]()

    def hear(descriptor: int) -> None:
        heard.append(os.fstat(descriptor).st_size)
        fsync(descriptor)

    file = begun(archive, b"one ")
    monkeypatch.setattr(os, "fsync", hear)
    file.append(b"two ")

    assert heard == [4]
    assert [path.name.rpartition("-")[2] for path in left(archive)] == ["4"]
    file.discard()


def test_a_full_disk_is_not_left_fuller(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with begun(archive, b"one ") as file:
        monkeypatch.setattr(os, "fsync", full)
        with pytest.raises(ArchiveError, match="No space left"):
            file.append(b"two ")

    assert left(archive) == []


def test_a_put_that_was_interrupted_spoils_no_later_one(archive: Archive) -> None:
    with archive.unfinished(sha256(b"the whole").hexdigest()) as file:
        file.append(b"the whole")

    assert archive.checked(archive.put(b"the whole")).read_bytes() == b"the whole"


@pytest.mark.parametrize(("late", "swept"), [(STALE / 2, 0), (STALE * 2, 1)])
def test_what_can_be_gone_on_with_stays_until_nobody_will(archive: Archive, late: timedelta, swept: int) -> None:
    cut_off(archive, b"one ")
    (path,) = left(archive)
    os.utime(path, (NOW.timestamp(), NOW.timestamp()))

    assert archive.sweep(NOW + late) == swept
