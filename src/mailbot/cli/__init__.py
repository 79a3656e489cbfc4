"""The command line: `mailbot --help`.

Commands import what is heavy when they run, so that help and mistakes are answered at once.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from mailbot import __version__
from mailbot.cli.books import COMMANDS as BOOKS
from mailbot.cli.calling import Caller
from mailbot.cli.letters import COMMANDS as LETTERS
from mailbot.cli.messages import COMMANDS as MESSAGES
from mailbot.cli.service import COMMANDS as SERVICE
from mailbot.errors import ConfigurationError, MailbotError, UsageError

WRONG_USE = 2
FAILED = 1


class Commands(click.Group):
    """Turns our errors into a sentence for people and the exit code that the interfaces promise."""

    def invoke(self, context: click.Context) -> object:
        """Run the command; 2 for wrong use or configuration, 1 where it failed."""
        try:
            return super().invoke(context)
        except (ConfigurationError, UsageError) as error:
            click.echo(error.for_people(), err=True)
            context.exit(WRONG_USE)
        except MailbotError as error:
            click.echo(error.for_people(), err=True)
            context.exit(FAILED)
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            context.exit(FAILED)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--config",
    "config",
    type=click.Path(path_type=Path),
    envvar="MAILBOT_CONFIG",
    help="mailbot.toml 的位置；不写则依次用 ./config/mailbot.toml、./mailbot.toml、随程序提供的默认配置。",
)
@click.option("--verbose", "-v", is_flag=True, help="把每一步都记入日志（标准错误输出）。")
@click.version_option(__version__, prog_name="mailbot", message="%(prog)s %(version)s")
@click.pass_context
def main(context: click.Context, config: Path | None, verbose: bool) -> None:
    """邮件报送登记：收取邮箱来件，登记各牵头单位报送情况，发送回执和提醒。"""
    context.obj = Caller(config, verbose)


for command in (*SERVICE, *LETTERS, *BOOKS, *MESSAGES):
    main.add_command(command)
