"""contrib/mailbot.service: it starts a command that exists, comes back after a fall, and writes in one place only."""

from __future__ import annotations

import shlex
from configparser import ConfigParser
from pathlib import Path

import click
import pytest

UNIT = Path(__file__).resolve().parents[2] / "contrib" / "mailbot.service"


@pytest.fixture
def service() -> dict[str, str]:
    """Return the settings of its [Service]; of repeated ones the last."""
    parser = ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[method-assign, assignment]  # systemd's names have capitals
    parser.read(UNIT, encoding="utf-8")
    return dict(parser["Service"])


def test_it_starts_a_command_that_exists(service: dict[str, str]) -> None:
    from mailbot.cli import main  # noqa: PLC0415 - what it imports is no part of the other tests

    program, *arguments = shlex.split(service["ExecStart"])

    assert program.endswith("/.venv/bin/mailbot")
    assert arguments[0] == "--config"
    assert arguments[2] in main.list_commands(click.Context(main))


def test_it_comes_back_but_not_to_a_wrong_configuration(service: dict[str, str]) -> None:
    assert service["Restart"] == "always"
    assert service["RestartPreventExitStatus"] == "2"


def test_it_is_given_time_to_stop(service: dict[str, str]) -> None:
    assert int(service["TimeoutStopSec"]) >= 60


def test_it_may_write_in_its_state_directory_only(service: dict[str, str]) -> None:
    assert service["ProtectSystem"] == "strict"
    assert service["StateDirectory"] == "mailbot"
    assert "ReadWritePaths" not in service


def test_no_secret_stands_in_it(service: dict[str, str]) -> None:
    assert "EnvironmentFile" in service
    assert "PASSWORD" not in service.get("Environment", "")
