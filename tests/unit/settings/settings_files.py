"""Settings files for tests: a small right one, to be spoilt one line at a time."""

from pathlib import Path

import pytest

from mailbot.errors import ConfigurationError, Problem
from mailbot.settings import load

SMALL = """\
[imap]
host = "localhost"
port = 1143
security = "plain"
user = "office"

[smtp]
host = "127.0.0.1"
port = 1025
security = "plain"
user = "office@example.com"

[archive]
path = "archive"

[ledger]
url = "sqlite:///ledger.db"
"""


def written(folder: Path, text: str = SMALL) -> Path:
    """Write a settings file."""
    path = folder / "mailbot.toml"
    path.write_text(text, encoding="utf-8")
    return path


def spoilt(folder: Path, right: str, wrong: str) -> tuple[Problem, ...]:
    """Return the mistakes of the small file with one thing in it replaced."""
    assert right in SMALL
    return mistakes(written(folder, SMALL.replace(right, wrong, 1)))


def added(folder: Path, text: str) -> tuple[Problem, ...]:
    """Return the mistakes of the small file with lines added at its end; the first of them is line 18."""
    return mistakes(written(folder, SMALL + text))


def mistakes(path: Path) -> tuple[Problem, ...]:
    """Return every mistake of a settings file that is wrong."""
    with pytest.raises(ConfigurationError) as caught:
        load(path)
    return caught.value.problems
