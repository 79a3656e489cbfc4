"""Messages in files: .eml files, mbox files and Maildirs, alone or anywhere below a folder. What is none is told.

path ──▶ every file below it, sorted; no link to a folder is followed ──▶ raw bytes with CRLF
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from mailbot.domain.mailbox import LARGEST
from mailbot.errors import Place, UsageError
from mailbot.mailbox.mbox import is_mbox, messages_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

Skipped: TypeAlias = Callable[[Path, str], None]  # is told what was passed over, and why in Chinese

MAILDIR = ("cur", "new", "tmp")
EMPTY = "是空的"
TOO_LARGE = f"超过 {LARGEST // 1024**2} MB，不读入"
NO_FILE = "不是普通文件（管道、设备或失效的链接）"
NO_MAIL = "不是邮件；可以是 .eml 文件、mbox 文件或 Maildir 中的文件"
UNDELIVERED = "在 Maildir 的 tmp 中，还没有投递完成"
LINK = "是指向另一文件夹的链接，没有进入"


def messages_in(path: Path, skipped: Skipped) -> Iterator[tuple[Path, bytes]]:
    """Return every message at or below a path, as it would have come over IMAP (CRLF).

    A file that is named itself is a message, however strange, or an mbox; one below a folder has to look like either.

    Raises:
        UsageError: there is nothing at the path.
    """
    for file, raw in _found(path, skipped):
        yield file, raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def _found(path: Path, skipped: Skipped) -> Iterator[tuple[Path, bytes]]:
    if not _is_there(path):
        raise UsageError(
            f"nothing at {path}",
            chinese="没有这个文件或文件夹",
            remedy="请核对路径：可以是 .eml 文件、mbox 文件、Maildir，或存放它们的文件夹。",
            place=Place(file=str(path)),
        )
    for file in _files_of(path, skipped):
        yield from _in_file(file, skipped, named=file == path)


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:  # a folder above it is closed to us, which is told where the file is opened
        return True


def _files_of(named: Path, skipped: Skipped) -> Iterator[Path]:
    """Return the file that is named, or every file below the folder that is."""
    waiting = [named]
    while waiting:
        path = waiting.pop()
        try:
            if not path.is_dir():
                yield path
            elif path.is_symlink() and path != named:
                skipped(path, LINK)
            else:
                waiting += sorted(path.iterdir(), reverse=True)
        except OSError as error:
            skipped(path, f"无法打开（{error.strerror}）")


def _in_file(path: Path, skipped: Skipped, *, named: bool) -> Iterator[tuple[Path, bytes]]:
    """Return the message or messages in a file; what cannot be read is told, and keeps no other waiting."""
    try:
        if why := _why_not(path):
            skipped(path, why)
            return
        with path.open("rb") as file:
            mbox = not _is_one_message(path) and is_mbox(file)
            if mbox or named or _is_one_message(path):
                pieces = messages_of(file, LARGEST) if mbox else _whole(file)
                yield from _sound(path, skipped, pieces, "第 {} 封" if mbox else "")
            else:
                skipped(path, NO_MAIL)
    except OSError as error:
        skipped(path, f"无法读取（{error.strerror}）")


def _why_not(path: Path) -> str:
    if not path.is_file():  # neither a pipe nor a device may be opened: it might never end
        return NO_FILE
    return UNDELIVERED if _part_of_maildir(path) == "tmp" else ""


def _is_one_message(file: Path) -> bool:
    return file.suffix.lower() == ".eml" or bool(_part_of_maildir(file))


def _part_of_maildir(file: Path) -> str:
    """Return in which of a Maildir's three folders a file lies, '' where in none; an empty one gets lost in copying."""
    box, part = file.parent.parent, file.parent.name
    if part not in MAILDIR or file.name.startswith("."):
        return ""
    return part if sum((box / name).is_dir() for name in MAILDIR) > 1 else ""


def _whole(file: BinaryIO) -> Iterator[bytes | None]:
    raw = file.read(LARGEST + 1)
    yield raw if len(raw) <= LARGEST else None


def _sound(path: Path, skipped: Skipped, pieces: Iterator[bytes | None], which: str) -> Iterator[tuple[Path, bytes]]:
    for number, raw in enumerate(pieces, 1):
        if raw is None:
            skipped(path, which.format(number) + TOO_LARGE)
        elif not raw or raw.isspace():
            skipped(path, which.format(number) + EMPTY)
        else:
            yield path, raw
