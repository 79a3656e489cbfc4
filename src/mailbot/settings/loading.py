"""The door to reading mailbot.toml. What reads it is imported with the first file: pydantic is heavy."""

from __future__ import annotations

from pathlib import Path

from mailbot.errors import ConfigurationError
from mailbot.settings.values import Files, Settings


def load(path: Path) -> Settings:
    """Read mailbot.toml.

    Args:
        path: The file; the paths in it are relative to its folder.

    Raises:
        ConfigurationError: with every mistake in it, each with its line and what to write instead.
    """
    from mailbot.settings.reading import read_settings

    settings, problems = read_settings(path.absolute())
    if settings is None or problems:
        raise ConfigurationError(problems)
    return settings


def files_named(path: Path) -> Files | None:
    """Return the files that mailbot.toml names, even where its other tables are wrong: their mistakes are told too.

    None where the file or its table [files] cannot be read.
    """
    from mailbot.settings.reading import read_files

    return read_files(path.absolute())
