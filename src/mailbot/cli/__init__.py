"""The command line: `mailbot --help`.

A command's module is imported when the command is called, so that help and mistakes are answered at once.
"""

from __future__ import annotations

import io
import sys
from importlib import import_module
from typing import Any

import click
from click.core import ParameterSource

from mailbot import __version__
from mailbot.cli.wording import Context, in_chinese, mistake

WRONG_USE = 2
FAILED = 1

# name: (module of this package, what help says)
COMMANDS: dict[str, tuple[str, str]] = {
    "check": ("service", "逐项检查配置、邮箱、发信、时钟、磁盘、文件权限、台账和存档；不发送任何邮件。"),
    "run": ("service", "作为服务持续运行：定时收取、登记、回复、提醒，直到收到停止信号。"),
    "poll": ("service", "收取一次邮箱：登记来件，生成应发的回执和提醒，按发送方式发出或留待批准。"),
    "status": ("service", "服务现状：各文件夹最近一次完整收取、积压、发件箱，以及哪里不对。"),
    "ledger": ("books", "报送台账：各牵头单位各期报齐没有、是否按时、缺什么；可存为 Excel。"),
    "triage": ("books", "列出需要人工判断的来件；assign 指定单位和报送期，ignore 不登记，reopen 撤销不登记。"),
    "bind": ("books", "把一个邮箱地址认定为某单位的；此前从该地址来的邮件随之重新判断。"),
    "unbind": ("books", "解除 bind 所作的绑定，只对今后的来件有效；写在 units.yaml 中的请直接修改该文件。"),
    "outbox": (
        "letters",
        "列出拟好、待发和已发的邮件；show 查看，send 发送，release 交由正在运行的服务发送，cancel 销去。",
    ),
    "remind": ("service", "列出本期谁会收到提醒、谁不会及原因（--dry-run）；不加时把应发的提醒放入发件箱。"),
    "messages": ("messages", "列出见过的每一封来件：在哪个文件夹、何时到达、如何处理。"),
    "explain": ("messages", "读一封来件（.eml 文件或目录），说明会如何登记及依据；不记台账、不发邮件。"),
    "ingest": ("messages", "把 .eml 文件、Maildir 或 mbox 中的邮件当作收到的来件登记。"),
    "demo": ("service", "在本机演示一个报送月：内置收发信服务器和模拟时钟，不连接任何外部地址。"),
}


class Commands(click.Group):
    """Finds commands by the table, and turns our errors into a sentence and the exit code that is promised."""

    context_class = Context

    def list_commands(self, _context: click.Context) -> list[str]:
        """Return the commands in the order of the table, which is that of use."""
        return list(COMMANDS)

    def get_command(self, _context: click.Context, name: str) -> click.Command | None:
        """Import the module of a command."""
        if name not in COMMANDS:
            return None
        module, text = COMMANDS[name]
        command: click.Command = getattr(import_module(f"mailbot.cli.{module}"), name)
        command.help = text
        in_chinese(command)
        return command

    def format_commands(self, _context: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the table, importing nothing."""
        with formatter.section("命令"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """Read the options before the command; from here on no character stops the output, whatever the locale."""
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                stream.reconfigure(errors="backslashreplace")  # GBK, still used, has no ✓
        try:
            return super().make_context(info_name, args, parent, **extra)
        except click.exceptions.NoArgsIsHelpError:
            raise
        except click.UsageError as error:
            click.echo(mistake(error), err=True)
            raise click.exceptions.Exit(WRONG_USE) from error

    def invoke(self, context: click.Context) -> object:
        """Run the command; 2 for wrong use or configuration, 1 where it failed."""
        from mailbot.cli.screen import complain
        from mailbot.errors import ConfigurationError, MailbotError, UsageError

        try:
            return super().invoke(context)
        except click.UsageError as error:
            complain(mistake(error))
            context.exit(WRONG_USE)
        except MailbotError as error:
            complain(error.for_people())
            context.exit(WRONG_USE if isinstance(error, ConfigurationError | UsageError) else FAILED)


@click.group(
    cls=Commands,
    help="邮件报送登记：收取邮箱来件，登记各牵头单位报送情况，发送回执和提醒。",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.option(
    "--config",
    "config",
    type=click.Path(readable=False),
    envvar="MAILBOT_CONFIG",
    help="mailbot.toml 的位置；不写则依次用 ./config/mailbot.toml、./mailbot.toml、随程序提供的默认配置。",
)
@click.option("--verbose", "-v", is_flag=True, help="把每一步都记入日志（标准错误输出）。")
@click.version_option(__version__, prog_name="mailbot", message="%(prog)s %(version)s")
@click.pass_context
def main(context: click.Context, config: str | None, verbose: bool) -> None:
    """Begin: every command is called with who called it."""
    from pathlib import Path  # click needs it not, and help is to come at once

    from mailbot.cli.calling import Caller

    on_the_command_line = context.get_parameter_source("config") is ParameterSource.COMMANDLINE
    context.obj = Caller(Path(config) if config else None, verbose, on_the_command_line)
