"""The authorisation codes and the ledger's password: from the environment or a file it names, and never in an error."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from mailbot.errors import ConfigurationError, Place, Problem

LONGEST = 1024  # characters: a longer first line, or one without an end, is no password


def imap_password(environ: Mapping[str, str]) -> str | None:
    """Return the authorisation code for IMAP from the environment or the file it names; None where there is none.

    Raises:
        ConfigurationError: the file named cannot be read or is empty.
    """
    return _secret(environ, "MAILBOT_IMAP_PASSWORD")


def smtp_password(environ: Mapping[str, str]) -> str | None:
    """Return the authorisation code for SMTP, or else the one for IMAP; None where there is neither.

    Raises:
        ConfigurationError: the file named cannot be read or is empty.
    """
    return _secret(environ, "MAILBOT_SMTP_PASSWORD") or imap_password(environ)


def ledger_password(environ: Mapping[str, str]) -> str | None:
    """Return the password of the ledger's database from the environment or the file it names; None where there is none.

    Raises:
        ConfigurationError: the file named cannot be read or is empty.
    """
    return _secret(environ, "MAILBOT_LEDGER_PASSWORD")


def password_files(environ: Mapping[str, str]) -> tuple[Path, ...]:
    """Return the files in which the environment says that passwords are."""
    names = ("MAILBOT_IMAP_PASSWORD_FILE", "MAILBOT_SMTP_PASSWORD_FILE", "MAILBOT_LEDGER_PASSWORD_FILE")
    return tuple(Path(environ[name]) for name in names if environ.get(name))


def _secret(environ: Mapping[str, str], name: str) -> str | None:
    if value := environ.get(name, "").strip("\r\n"):
        return value
    variable = f"{name}_FILE"
    if not (file := environ.get(variable, "")):
        return None
    if not (value := _first_line(Path(file))):
        raise ConfigurationError((_unusable(Path(file), variable),))
    return value


def _unusable(file: Path, variable: str) -> Problem:
    """Return what is wrong with a file of no use. One that is not there is not named: it may be the code itself."""
    code = "密码" if "LEDGER" in variable else "授权码"
    if os.path.lexists(file):
        text = f"所指的文件读不出或者是空的；请核对权限，并把{code}写在文件第一行"
        return Problem("secret_file", text, Place(file=str(file), key=variable))
    text = f"所指的文件不存在；这里要写存放{code}的文件的路径，{code}本身请写在该文件第一行"
    return Problem("secret_file", text, Place(key=variable))


def _first_line(file: Path) -> str:
    """Return a file's first line, empty where it cannot be read. No exception leaves here: it would carry the bytes."""
    try:
        with file.open(encoding="utf-8-sig") as lines:
            line = lines.readline(LONGEST + 1)
            return line.strip("\r\n") if len(line) <= LONGEST else ""
    except (OSError, ValueError):
        return ""
