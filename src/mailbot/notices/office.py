"""The office's files together: notices, units, working calendar; every mistake of all of them at once.

file ──parse──▶ Document ──read──▶ (value, mistakes)
                    └──────check_together──▶ mistakes between files
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Protocol, TypeVar

from mailbot.checking import Document
from mailbot.domain.calendar import WorkingCalendar
from mailbot.domain.notice import Notice
from mailbot.domain.unit import Directory
from mailbot.errors import ConfigurationError, Place, Problem
from mailbot.notices.holiday_file import read_calendar
from mailbot.notices.notice_file import read_notice
from mailbot.notices.unit_file import canonical_names, read_directory
from mailbot.notices.yaml_lines import parse

Value = TypeVar("Value")


class OfficeFiles(Protocol):
    """Where the files lie; `settings.Files` fits."""

    @property
    def units(self) -> Path:
        """Return the unit list."""

    @property
    def holidays(self) -> Path:
        """Return the arrangement of holidays."""

    @property
    def notices(self) -> Path:
        """Return the folder with a file for each notice."""


@dataclass(frozen=True, slots=True)
class Office:
    """What the office's files say."""

    notices: tuple[Notice, ...]
    directory: Directory
    calendar: WorkingCalendar


def load_all(files: OfficeFiles) -> Office:
    """Read every file of the office.

    Raises:
        ConfigurationError: with every mistake in all of them.
    """
    documents, problems = notice_documents(files.notices)
    units = parse(files.units)
    notices, in_notices = _read_notices(documents)
    directory, in_units = read_directory(units)
    calendar, in_holidays = read_calendar(parse(files.holidays))
    problems += (*in_notices, *in_units, *in_holidays, *check_together(documents, units))
    if problems or directory is None or calendar is None:
        raise ConfigurationError(problems)
    return Office(notices, directory, calendar)


def load_notices(folder: Path) -> tuple[Notice, ...]:
    """Read every notice in a folder, in the order of the files' names.

    Raises:
        ConfigurationError: with every mistake in them.
    """
    documents, problems = notice_documents(folder)
    notices, in_notices = _read_notices(documents)
    return _without_problems(notices, (*problems, *in_notices))


def load_directory(path: Path) -> Directory:
    """Read units.yaml.

    Raises:
        ConfigurationError: with every mistake in it.
    """
    return _without_problems(*read_directory(parse(path)))


def load_calendar(path: Path) -> WorkingCalendar:
    """Read holidays.yaml.

    Raises:
        ConfigurationError: with every mistake in it.
    """
    return _without_problems(*read_calendar(parse(path)))


def _without_problems(value: Value | None, problems: tuple[Problem, ...]) -> Value:
    if value is None or problems:
        raise ConfigurationError(problems)
    return value


def notice_documents(folder: Path) -> tuple[tuple[Document, ...], tuple[Problem, ...]]:
    """Parse every notice's file in a folder; no file at all is a mistake."""
    try:
        files = (path for path in folder.iterdir() if path.suffix in {".yaml", ".yml"})
        paths = sorted(path for path in files if not path.name.startswith("."))  # what an editor leaves while it works
    except OSError:
        text = "通知文件夹不存在或无法打开；请核对 [files] notices"
        return (), (Problem("file_missing", text, Place(file=str(folder))),)
    if not paths:
        text = "文件夹里没有通知文件（*.yaml）；请放入至少一份，或从随程序附带的 config/notices 复制"
        return (), (Problem("file_missing", text, Place(file=str(folder))),)
    return tuple(parse(path) for path in paths), ()


def _read_notices(documents: Sequence[Document]) -> tuple[tuple[Notice, ...], tuple[Problem, ...]]:
    read = [read_notice(document) for document in documents]
    notices = tuple(notice for notice, _ in read if notice)
    return notices, tuple(problem for _, problems in read for problem in problems)


def check_together(notices: Sequence[Document], units: Document) -> tuple[Problem, ...]:
    """Find what is wrong between files: lead units not in the list, a notice twice, our own address bound to a unit."""
    return (*_unknown_lead_units(notices, units), *_notices_twice(notices), *_own_mailbox_bound(notices, units))


def _unknown_lead_units(notices: Sequence[Document], units: Document) -> Iterator[Problem]:
    names = canonical_names(units)
    if not names:
        return  # the unit list could not be read at all, which is told already
    for document in notices:
        for loc, name in document.leaves("tasks", None, "lead_units", None):
            if isinstance(name, str) and names.get(name) != name:
                yield document.problem("unknown_unit", f"单位“{name}”{_instead(name, names)}", loc)


def _instead(name: str, names: dict[str, str]) -> str:
    if name in names:
        return f"是别名；请写正式名称“{names[name]}”"
    near = get_close_matches(name, names, n=1, cutoff=0.8)
    return f"不在单位名录里；想写的是不是“{names[near[0]]}”？" if near else "不在单位名录里；请先写入 units.yaml"


def _notices_twice(notices: Sequence[Document]) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    for document in notices:
        for loc, number in document.leaves("document_number"):
            if isinstance(number, str) and seen.setdefault(number, document.file.name) != document.file.name:
                text = f"这份通知已在 {seen[number]} 里；请删去一个文件"
                yield document.problem("notice_twice", text, loc)


def _own_mailbox_bound(notices: Sequence[Document], units: Document) -> Iterator[Problem]:
    own = {
        address.lower() for document in notices for _, address in document.leaves("mailbox") if isinstance(address, str)
    }
    for loc, address in units.leaves(None, "addresses", None):
        if isinstance(address, str) and address.lower() in own:
            yield units.problem("own_mailbox", "这是接收报送的邮箱，不能绑定给单位；请改成该单位自己的邮箱", loc)
