"""Letters into words: subject, text and HTML from Jinja2 templates. The only importer of jinja2 in this room.

The office's own templates come before the shipped ones, file by file, and an edited or added one counts at once (Jinja2
itself would not see a copy that is added in front of a file it has read). A template that cannot be rendered is a
mistake in a file, told with its line; there is never half a mail.
"""

from __future__ import annotations

import os
import traceback
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, assert_never

from mailbot.domain.ladder import Side
from mailbot.errors import ConfigurationError, Place, Problem
from mailbot.outgoing.letters import AcknowledgementLetter, AlarmLetter, AllClearLetter, Letter, ReminderLetter
from mailbot.outgoing.one_line import one_line
from mailbot.outgoing.remarks import remarks
from mailbot.outgoing.samples import SAMPLES
from mailbot.outgoing.wording import FILTERS, shifted

if TYPE_CHECKING:
    from jinja2.sandbox import SandboxedEnvironment

FOLDER = "mails"
_PARTS = ("subject", "txt", "html")


@dataclass(frozen=True, slots=True)
class Rendered:
    """A mail's words: one line of subject, plain text, HTML."""

    subject: str
    text: str
    html: str


class Renderer:
    """Renders letters. `folders` hold `mails/`, the office's first; `signature` and `contact` end every mail."""

    def __init__(self, folders: tuple[Path, ...], *, signature: str, contact: str = "") -> None:
        self._folders = folders
        self._signature = signature
        self._contact = contact
        self._seen: tuple[object, ...] | None = None  # the templates as they were when they were compiled
        self._environments: dict[bool, SandboxedEnvironment] = {}

    def render(self, letter: Letter) -> Rendered:
        """Return the words of a letter.

        Raises:
            ConfigurationError: a template is missing, broken, or comes out empty.
        """
        self._look_again()
        subject, text, html = (self._part(f"{_name(letter)}.{ending}", letter) for ending in _PARTS)
        return Rendered(one_line(subject), text, html)

    def check(self) -> None:
        """Render a sample of every letter, so that a broken template is found before it is needed.

        Raises:
            ConfigurationError: with every broken template.
        """
        problems: dict[Problem, None] = {}
        for letter in SAMPLES:
            try:
                self.render(letter)
            except ConfigurationError as error:
                problems.update(dict.fromkeys(error.problems))
        if problems:
            raise ConfigurationError(tuple(problems))

    def _part(self, name: str, letter: Letter) -> str:
        from jinja2 import TemplateError  # heavy: only where mail is rendered

        told = remarks(letter.problems) if isinstance(letter, AcknowledgementLetter) else ()
        try:
            template = self._environments[name.endswith(".html")].get_template(f"{FOLDER}/{name}")
            words = template.render(letter=letter, remarks=told, signature=self._signature, contact=self._contact)
        except (TemplateError, OSError, *_MISTAKES) as error:
            raise ConfigurationError((self._problem(name, error),)) from error
        if not words.strip():
            raise ConfigurationError((_broken("模板没有产生任何文字", Place(file=name)),))
        return words.strip() + "\n"

    def _look_again(self) -> None:
        """Compile the templates anew once any file was edited, added or removed."""
        seen = _look(self._folders)
        if seen != self._seen:
            self._environments = {
                escaping: _new_environment(self._folders, escaping=escaping) for escaping in (False, True)
            }
            self._seen = seen

    def _problem(self, name: str, error: Exception) -> Problem:
        """Return where a template is broken: the innermost line of a template that the error came through."""
        from jinja2 import TemplateNotFound, TemplateSyntaxError  # heavy

        if isinstance(error, TemplateNotFound):
            return _broken(f"找不到模板 {error.name}", Place(file=name))
        if isinstance(error, TemplateSyntaxError):
            return _broken(f"模板语法有误：{error.message}", Place(file=error.filename or name, line=error.lineno))
        frames = [
            frame
            for frame in traceback.extract_tb(error.__traceback__)
            if any(Path(frame.filename).is_relative_to(folder) for folder in self._folders)
        ]
        place = Place(file=frames[-1].filename, line=frames[-1].lineno) if frames else Place(file=name)
        return _broken(f"模板无法套用：{error}", place)


_MISTAKES = (TypeError, ValueError, LookupError, AttributeError, ArithmeticError, RecursionError)  # in an expression


def _name(letter: Letter) -> str:
    match letter:
        case AcknowledgementLetter():
            return "acknowledgement"
        case ReminderLetter(rung=rung):
            return "reminder_before" if rung.side is Side.BEFORE else "reminder_after"
        case AlarmLetter():
            return "alarm"
        case AllClearLetter():
            return "all_clear"
        case _:
            assert_never(letter)


def _broken(text: str, place: Place) -> Problem:
    return Problem("template_broken", text, place)


def _look(folders: tuple[Path, ...]) -> tuple[object, ...]:
    """Return which templates there are and when each was written."""
    files: list[tuple[str, int, int]] = []
    for folder in folders:
        with suppress(OSError), os.scandir(folder / FOLDER) as entries:
            files += map(_mark, entries)
    return tuple(sorted(files))


def _mark(entry: os.DirEntry[str]) -> tuple[str, int, int]:
    """Return what changes when a file is edited; of what cannot be looked at, such as an editor's lock, the name."""
    try:
        found = entry.stat()
    except OSError:
        return entry.path, 0, 0
    return entry.path, found.st_mtime_ns, found.st_size


def _new_environment(folders: tuple[Path, ...], *, escaping: bool) -> SandboxedEnvironment:
    """Return a place where templates can do nothing but render, and a misspelt name is an error.

    Escaping is the environment's and not the template's: a macro read from a file that does not escape would count as
    safe in one that does.
    """
    from jinja2 import FileSystemLoader, StrictUndefined  # heavy
    from jinja2.sandbox import SandboxedEnvironment  # heavy

    environment = SandboxedEnvironment(
        loader=FileSystemLoader(folders, encoding="utf-8-sig"),  # Notepad begins a file with a byte order mark
        undefined=StrictUndefined,
        autoescape=escaping,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,  # we look ourselves, once a letter
    )
    environment.filters.update(FILTERS)
    environment.globals.update(shifted=shifted)
    return environment
