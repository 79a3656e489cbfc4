"""The commands' help, and what is said of a wrong command line: in Chinese, complete, with examples that work."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator

import click
import pytest
from click.testing import CliRunner

from mailbot.cli import COMMANDS, main

CLICKS_OWN = re.compile(
    r"Usage|Options|Commands|Error|Show this|Missing|Invalid|\b(?:TEXT|INTEGER|PATH|ITEM|COMMAND)\b"
)
CHINESE = re.compile("[\u4e00-\u9fff]")


def every_command() -> Iterator[tuple[str, ...]]:
    """Return the words of every command, those below another too."""
    yield ()
    for name in COMMANDS:
        yield (name,)
        command = main.get_command(click.Context(main), name)
        for below in command.commands if isinstance(command, click.Group) else ():
            yield (name, below)


def said(*words: str) -> str:
    return CliRunner().invoke(main, words, prog_name="mailbot").output


@pytest.mark.parametrize("words", tuple(every_command()), ids=" ".join)
def test_the_help_of_every_command_is_chinese_from_its_first_line_to_its_last(words: tuple[str, ...]) -> None:
    page = said(*words, "--help")

    assert page.startswith("用法：mailbot")
    assert CLICKS_OWN.search(page) is None
    paragraph = page.split("\n\n")[1]
    assert CHINESE.search(paragraph)
    assert len(paragraph.split()) < 12  # English would have more words


def _unknown_options(line: list[str]) -> set[str]:
    command: click.Command = main
    known: set[str] = {option for parameter in main.params for option in parameter.opts}
    for word in line:
        found = command.get_command(click.Context(command), word) if isinstance(command, click.Group) else None
        if found is not None:
            command = found
            known |= {option for parameter in command.params for option in parameter.opts}
    assert command is not main
    return {word for word in line if word.startswith("-")} - known


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_shows_examples_and_each_is_read_as_it_stands(name: str) -> None:
    examples = [line.split() for line in said(name, "--help").partition("例如：")[2].splitlines() if line.strip()]

    assert examples
    for example in examples:
        assert _unknown_options(example) == set()


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("nonsense", "没有命令 nonsense"),
        ("--nonsense", "没有选项 --nonsense"),
        ("ledger --perid 2021-04", "没有选项 --perid"),
        ("ledger --period", "选项 --period 后面要写内容"),
        ("ledger --period April", "--period：请写成 2021-04 的形式"),
        ("ledger --json=1", "选项 --json 后面不写内容"),
        ("ledger 2021-04", "多余的参数：2021-04"),
        ("ledger --xlsx /", "--xlsx：/ 是文件夹，不是文件"),
        ("triage assign", "缺少 编号|登记号|SHA-256"),
        ("triage ignore one", "编号：one 不是数字"),
        ("triage assign 1", "缺少 --unit"),
        ("triage nonsense", "没有命令 nonsense"),
        ("bind a@b.example", "缺少 单位"),
        ("explain /PATH/UNIT.eml", "路径：没有 /PATH/UNIT.eml 这个文件或文件夹"),
        ("explain nowhere.eml", "路径：没有 nowhere.eml 这个文件或文件夹"),
    ],
)
def test_a_wrong_command_line_is_told_in_chinese_with_where_to_read_on(line: str, sentence: str) -> None:
    result = CliRunner().invoke(main, shlex.split(line), prog_name="mailbot")

    assert result.exit_code == 2
    assert result.output.startswith(f"{sentence}。用法见 mailbot")
    assert CLICKS_OWN.search(result.output.replace("/PATH/", "")) is None
