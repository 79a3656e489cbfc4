"""Click's own words in Chinese: in help, and in what it says of a wrong command line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Iterable

SECTIONS = {"Options": "选项", "Commands": "命令", "Positional arguments": "参数"}
WORDS = {
    "Show this message and exit.": "显示这段说明。",
    "Show the version and exit.": "显示版本。",
    "[required]": "［必填］",
    "[default: ": "［默认 ",
    "[OPTIONS]": "[选项]",
    "[COMMAND] [ARGS]...": "[命令] [参数]...",
    "COMMAND [ARGS]...": "命令 [参数]...",
    "ADDRESS": "地址",
    "UNIT": "单位",
    "INTEGER": "编号",
    "ITEM": "编号",
    "IDS": "编号",
    "TEXT": "文字",
    "PATH": "路径",
    "FILE": "文件",
}
MISTAKES = (
    (r"Invalid value for ['\"]?(.+?)['\"]?: (.*)", "{0}：{1}"),
    (r"Missing (?:option|argument|parameter):? ['\"]?(.*?)['\"]?\.?", "缺少 {0}"),
    (r"Missing command\.", "缺少命令"),
    (r"No such option '?(.+?)'?\.(?: .*? (\S+?)\??\)?)?", "没有选项 {0}"),
    (r"No such command '?(.+?)'?\.(?: .*)?", "没有命令 {0}"),
    (r"Option '?(.+?)'? does not take a value\.", "选项 {0} 后面不写内容"),
    (r"Option '?(.+?)'? requires (?:an argument|\d+ arguments)\.", "选项 {0} 后面要写内容"),
    (r"Got unexpected extra arguments? \((.*)\)", "多余的参数：{0}"),
    (r"'?(.*?)'? is not a valid (?:integer|number|float)\.?", "{0} 不是数字"),
    (r"\w+ '(.*)' does not exist\.", "没有 {0} 这个文件或文件夹"),
    (r"\w+ '(.*)' is a directory\.", "{0} 是文件夹，不是文件"),
    (r"\w+ '(.*)' is not (?:readable|writable)\.", "没有读写 {0} 的权限"),
)


class Formatter(click.HelpFormatter):
    """Writes help with Chinese headings."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write how the command is called."""
        super().write_usage(prog, _translated(args), prefix or "用法：")

    def write_heading(self, heading: str) -> None:
        """Write the heading of a section."""
        super().write_heading(SECTIONS.get(heading, heading))

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        """Write a list of words and what they mean."""
        super().write_dl([(_translated(word), _translated(text)) for word, text in rows], col_max, col_spacing)


class Context(click.Context):
    """A context whose help is Chinese."""

    formatter_class = Formatter


def in_chinese(command: click.Command) -> None:
    """Let a command and those below it write their help in Chinese."""
    command.context_class = Context
    for below in command.commands.values() if isinstance(command, click.Group) else ():
        in_chinese(below)


def _translated(text: str) -> str:
    for english, chinese in WORDS.items():
        text = text.replace(english, chinese)
    return text


def mistake(error: click.UsageError) -> str:
    """Return what is wrong with a command line, and where to read on."""
    where = error.ctx.command_path if error.ctx else "mailbot"
    return f"{_told(error.format_message())}。用法见 {where} --help。"


def _told(message: str) -> str:
    """Return a sentence of click's in Chinese.

    >>> _told("Invalid value for '--period': 请写成 2021-04 的形式")
    '--period：请写成 2021-04 的形式'
    >>> _told("Invalid value for 'ITEM': 'one' is not a valid integer.")
    '编号：one 不是数字'
    >>> _told("Missing option '--unit'.")
    '缺少 --unit'
    """
    for pattern, chinese in MISTAKES:
        if found := re.fullmatch(pattern, message, re.DOTALL):
            return chinese.format(*(_told(group or "") for group in found.groups()))
    return WORDS.get(message, message)
