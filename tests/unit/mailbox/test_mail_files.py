"""Which messages are in a file or below a folder, and what is told of all the rest."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from mailbot.domain.mailbox import LARGEST
from mailbot.errors import UsageError
from mailbot.mailbox.mail_files import EMPTY, LINK, NO_FILE, NO_MAIL, TOO_LARGE, UNDELIVERED, messages_in

MAIL = b"Subject: x\r\n\r\nhello\r\n"
MBOX = b"From x\n" + MAIL.replace(b"\r\n", b"\n") + b"\nFrom y\n" + MAIL.replace(b"\r\n", b"\n")


def read(path: Path) -> tuple[list[str], dict[str, str]]:
    """Return the files in which messages were found, and why the others were passed over."""
    skipped: dict[str, str] = {}
    found = [file for file, _ in messages_in(path, lambda file, why: skipped.update({name(file, path): why}))]
    return [name(file, path) for file in found], skipped


def name(file: Path, root: Path) -> str:
    return file.relative_to(root).as_posix() if file != root else file.name


def a_maildir(folder: Path) -> None:
    for part in ("cur", "new", "tmp"):
        (folder / part).mkdir(parents=True)
    (folder / "cur" / "1.host:2,S").write_bytes(MAIL)


def test_bare_line_feeds_become_crlf_and_nothing_else_changes(tmp_path: Path) -> None:
    (tmp_path / "a.eml").write_bytes(b"A: 1\nB: 2\r\n\r\nx\ry\r\r\n\n")

    ((_, raw),) = messages_in(tmp_path / "a.eml", lambda _file, _why: None)

    assert raw == b"A: 1\r\nB: 2\r\n\r\nx\ry\r\r\n\r\n"


def test_a_folder_without_a_mail_holds_none(tmp_path: Path) -> None:
    assert read(tmp_path) == ([], {})


def test_what_is_not_there_is_wrong_use(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        read(tmp_path / "nowhere.eml")


def test_a_folder_is_read_in_the_order_of_names_and_whatever_is_no_mail_is_told(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "2.EML").write_bytes(MAIL)
    (tmp_path / "a.eml").write_bytes(MAIL)
    (tmp_path / "c.mbox").write_bytes(MBOX)
    (tmp_path / "d").write_bytes(MBOX)
    (tmp_path / "notes.txt").write_bytes(b"From now on\n")
    (tmp_path / "none.eml").write_bytes(b"\r\n")

    assert read(tmp_path) == (
        ["a.eml", "b/2.EML", "c.mbox", "c.mbox", "d", "d"],
        {"none.eml": EMPTY, "notes.txt": NO_MAIL},
    )


def test_a_maildir_is_read_with_its_subfolders_alone_or_below_a_folder(tmp_path: Path) -> None:
    a_maildir(tmp_path / "Maildir")
    a_maildir(tmp_path / "Maildir" / ".Sent")
    (tmp_path / "Maildir" / "new" / "2.host").write_bytes(MAIL)
    (tmp_path / "Maildir" / "new" / ".nfs001").write_bytes(MAIL)
    (tmp_path / "Maildir" / "tmp" / "3.host").write_bytes(MAIL)
    (tmp_path / "Maildir" / "dovecot-uidlist").write_bytes(b"3 V1 N2")

    found, skipped = read(tmp_path)

    assert found == ["Maildir/.Sent/cur/1.host:2,S", "Maildir/cur/1.host:2,S", "Maildir/new/2.host"]
    assert skipped == {
        "Maildir/dovecot-uidlist": NO_MAIL,
        "Maildir/new/.nfs001": NO_MAIL,
        "Maildir/tmp/3.host": UNDELIVERED,
    }
    assert read(tmp_path / "Maildir" / "cur")[0] == ["1.host:2,S"]


def test_a_maildir_that_lost_an_empty_folder_in_copying_is_still_one(tmp_path: Path) -> None:
    a_maildir(tmp_path)
    (tmp_path / "new").rmdir()

    assert read(tmp_path)[0] == ["cur/1.host:2,S"]


def test_a_folder_that_is_only_called_new_is_none(tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "list.xlsx").write_bytes(b"PK")

    assert read(tmp_path) == ([], {"new/list.xlsx": NO_MAIL})


def test_what_has_no_end_is_told_and_never_opened(tmp_path: Path) -> None:
    (tmp_path / "a.eml").write_bytes(MAIL)
    os.mkfifo(tmp_path / "fifo.eml")
    (tmp_path / "zero.eml").symlink_to("/dev/zero")
    (tmp_path / "self.eml").symlink_to("self.eml")
    (tmp_path / "loop").symlink_to(tmp_path)

    assert read(tmp_path) == (
        ["a.eml"],
        {"fifo.eml": NO_FILE, "loop": LINK, "self.eml": NO_FILE, "zero.eml": NO_FILE},
    )
    assert read(tmp_path / "fifo.eml") == ([], {"fifo.eml": NO_FILE})
    assert read(Path("/dev/zero"))[0] == []


def test_a_file_larger_than_a_mail_can_be_is_told_and_costs_itself_alone(tmp_path: Path) -> None:
    (tmp_path / "a.eml").write_bytes(MAIL)
    with (tmp_path / "big.eml").open("wb") as file:
        file.truncate(LARGEST + 1)

    assert read(tmp_path) == (["a.eml"], {"big.eml": TOO_LARGE})


def test_which_message_of_an_mbox_was_passed_over_is_told(tmp_path: Path) -> None:
    (tmp_path / "x.mbox").write_bytes(MBOX + b"\nFrom z\n\n")
    (tmp_path / "y.mbox").write_bytes(MBOX + b"\nFrom z Thu Apr 22 09:00:00 2021\n\n")

    assert read(tmp_path) == (["x.mbox", "x.mbox", "y.mbox", "y.mbox"], {"y.mbox": f"第 3 封{EMPTY}"})


@pytest.mark.parametrize("raw", [b"no mail at all", b"From us all\n", b"PK"])
def test_a_file_that_is_named_itself_is_a_message_however_strange(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / "x").write_bytes(raw)

    assert read(tmp_path / "x")[0] == ["x"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_closed_file_or_folder_is_told_and_keeps_no_other_waiting(tmp_path: Path) -> None:
    (tmp_path / "a.eml").write_bytes(MAIL)
    (tmp_path / "b.eml").write_bytes(MAIL)
    (tmp_path / "b.eml").chmod(0)
    (tmp_path / "c").mkdir(0)

    found, skipped = read(tmp_path)

    assert (found, set(skipped)) == (["a.eml"], {"b.eml", "c"})
