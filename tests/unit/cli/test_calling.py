"""How a command that goes with the one just given begins."""

from __future__ import annotations

from pathlib import Path

import pytest

from mailbot.cli.calling import Caller, actor


def test_a_configuration_named_on_the_command_line_is_named_again_as_the_shell_reads_it(tmp_path: Path) -> None:
    config = tmp_path / "a b" / "mailbot.toml"

    assert Caller(config, verbose=False, on_the_command_line=True).program() == f"mailbot --config '{config}'"


def test_one_that_lies_here_or_stands_in_the_environment_need_not_be() -> None:
    assert Caller(Path("mailbot.toml"), verbose=False).program() == "mailbot"


def test_an_event_names_the_person_behind_sudo_and_not_the_services_account(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOGNAME", "mailbot")
    monkeypatch.delenv("SUDO_USER", raising=False)
    assert actor() == "mailbot"

    monkeypatch.setenv("SUDO_USER", "zhangsan")
    assert actor() == "zhangsan"
