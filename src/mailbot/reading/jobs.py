"""What a worker is asked and what it answers: small jobs, so that a killed one costs no more than what it was about."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from mailbot.domain.message import Document, FileKind, Mail
from mailbot.errors import Problem, ReadingError

if TYPE_CHECKING:
    from pydantic import TypeAdapter

NOTHING = Document()
TURNS = {FileKind.PDF: 2}  # where a reader died over a PDF's pages, another asks it for its properties; other kinds: 1


@dataclass(frozen=True, slots=True)
class Leaf:
    """A leaf in a file of its own: `stored` is the file's name in the folder, `file` the one that is shown."""

    stored: str
    file: str
    kind: FileKind
    size: int
    sha256: str
    content_id: str = ""


@dataclass(frozen=True, slots=True)
class Carved:
    """What a message was cut into."""

    leaves: tuple[Leaf, ...] = ()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class MailReading:
    """Headers and text of a message."""

    mail: Mail
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """What one reader found in one file."""

    document: Document = NOTHING
    problems: tuple[Problem, ...] = ()


class Hands(Protocol):
    """Whoever does the jobs: a worker with limits, or this very process. A job may die (`JobDied`)."""

    def carve(self, message: Path, folder: Path) -> Carved:
        """Cut the raw message into files in the folder."""

    def mail(self, message: Path, folder: Path) -> MailReading:
        """Read headers and text of the raw message."""

    def document(self, path: Path, kind: FileKind, turn: int) -> Reading:
        """Let the reader whose turn it is read a file of that kind."""


class JobDied(ReadingError):
    """Whoever did the job was stopped or broke down."""

    def __init__(self, detail: str) -> None:
        super().__init__(f"a reading job died: {detail}")
        self.detail = detail


class OutOfTime(JobDied):
    """The time for the whole message was used up before the job began."""


class MachineFailed(OSError):
    """The machine failed whoever did the job: the disk is full or fails, or too many files are open. It may pass."""


class What(Enum):
    """The three jobs."""

    CARVE = "carve"
    MAIL = "mail"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class Job:
    """One job as it goes to the worker: the file to read, and the folder to unpack it into."""

    what: What
    path: Path
    folder: Path = Path()
    kind: FileKind = FileKind.OTHER
    turn: int = 0


def adapter(form: type[Any]) -> TypeAdapter[Any]:
    """Return what turns values of a form into JSON and back, checked. Making one costs milliseconds: each once."""
    from pydantic import TypeAdapter

    if form not in _ADAPTERS:
        _ADAPTERS[form] = TypeAdapter(form)
    return _ADAPTERS[form]


_ADAPTERS: dict[type[Any], TypeAdapter[Any]] = {}
