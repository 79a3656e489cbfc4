"""contrib: the service starts a command that exists, comes back after a fall, writes in one place only; its command."""

from __future__ import annotations

import shlex
import shutil
import subprocess
import sys
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


def test_a_file_holds_its_secret(service: dict[str, str]) -> None:
    name, _, value = service["Environment"].partition("=")

    assert (name, value[:1]) == ("MAILBOT_IMAP_PASSWORD_FILE", "/")


def test_the_command_beside_it_uses_its_account_program_configuration_and_secret(service: dict[str, str]) -> None:
    command = UNIT.with_name("mailbot").read_text(encoding="utf-8")
    program, _, config, _ = shlex.split(service["ExecStart"])

    assert UNIT.with_name("mailbot").stat().st_mode & 0o111 == 0o111
    assert f"-u {service['User']} " in command
    assert f"MAILBOT_CONFIG={config} " in command
    assert f"{service['Environment']} " in command
    assert f'{program} "$@"' in command


def test_systemd_finds_nothing_wrong_with_it(tmp_path: Path) -> None:
    if not (verifier := shutil.which("systemd-analyze")):
        pytest.skip("no systemd here")
    program = "/opt/mailbot/.venv/bin/mailbot"
    (tmp_path / UNIT.name).write_text(UNIT.read_text("utf-8").replace(program, sys.executable), "utf-8")

    done = subprocess.run(  # noqa: S603 - systemd's own program
        [verifier, "verify", "--man=no", str(tmp_path / UNIT.name)], capture_output=True, text=True, check=False
    )

    assert UNIT.name not in done.stderr
