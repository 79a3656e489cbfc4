"""The two READMEs: the same in both languages, and what they name is there."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest

ROOT = Path(__file__).resolve().parents[2]
NAMES = ("README.md", "README.zh-CN.md")


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def commands(name: str) -> list[list[str]]:
    """Return every shell line of the fenced blocks, without its comment."""
    blocks = re.findall(r"```sh\n(.*?)```", text(name), re.DOTALL)
    return [shlex.split(line, comments=True) for block in blocks for line in block.splitlines()]


def test_both_languages_show_the_same_commands() -> None:
    english, chinese = (commands(name) for name in NAMES)

    assert english == chinese


def test_both_languages_have_the_same_sections() -> None:
    english, chinese = (len(re.findall(r"^#+ ", text(name), re.MULTILINE)) for name in NAMES)

    assert english == chinese


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "word", ["Unsafe Login", "授权码", "收取全部邮件", "make demo", "make test", "contrib/mailbot.service"]
)
def test_what_people_search_for_is_in_it(name: str, word: str) -> None:
    assert word in text(name)


@pytest.mark.parametrize("line", [line for line in commands("README.md") if line[:1] == ["mailbot"]], ids=" ".join)
def test_every_mailbot_command_it_shows_exists_with_its_options(line: list[str]) -> None:
    from mailbot.cli import main  # noqa: PLC0415 - what it imports is no part of the other tests

    group: click.Command = main
    words = iter(line[1:])
    for word in words:
        found = group.get_command(click.Context(group), word) if isinstance(group, click.Group) else None
        if found is not None:
            group = found
        elif word.startswith("--"):
            assert word in {option for parameter in group.params for option in parameter.opts}
    assert group is not main


@pytest.mark.parametrize("line", [line for line in commands("README.md") if line[:1] == ["make"]], ids=" ".join)
def test_every_make_target_it_shows_exists(line: list[str]) -> None:
    assert re.search(rf"^{line[1]}:", text("Makefile"), re.MULTILINE)


@pytest.mark.parametrize("name", NAMES)
def test_every_file_it_links_to_is_there(name: str) -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", text(name))

    assert [link for link in links if not (ROOT / link).exists()] == []
