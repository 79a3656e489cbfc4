"""An authorisation code comes from the environment or a file it names: never from a command line, which `ps` shows."""

from __future__ import annotations

import re

import click

from mailbot.cli import main


def parameters() -> list[str]:
    """Return every option and argument of every command, in their words."""
    context = click.Context(main)
    names = main.list_commands(context)
    commands = [main, *filter(None, (main.get_command(context, name) for name in names))]
    groups = [command for command in commands if isinstance(command, click.Group) and command is not main]
    commands += [command for group in groups for command in group.commands.values()]
    return [word for command in commands for each in command.params for word in (*each.opts, each.name or "")]


def test_no_command_takes_a_secret() -> None:
    assert len(parameters()) > 20
    assert not [word for word in parameters() if re.search(r"pass|secret|code|token", word)]
