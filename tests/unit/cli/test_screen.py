"""What is printed comes out whole, whatever the terminal can show."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from mailbot.cli.screen import plain

PRINTS = """
from mailbot.cli import main
from mailbot.cli.screen import {0}
main.make_context("mailbot", ["status"])
{0}({1})
"""


def printed(encoding: str, name: str, argument: str) -> bytes:
    environment = {**os.environ, "PYTHONIOENCODING": encoding}
    program = [sys.executable, "-c", PRINTS.format(name, argument)]
    done = subprocess.run(program, env=environment, capture_output=True, check=True)  # noqa: S603 - our own program
    return done.stdout + done.stderr


@pytest.mark.parametrize("encoding", ["gbk", "ascii", "utf-8"])
def test_a_mark_that_the_terminals_encoding_lacks_stops_nothing(encoding: str) -> None:
    said = printed(encoding, "complain", "'✗ 区教育局😀'")

    assert b"\\u2717" in said or "✗".encode() in said
    assert said.endswith(os.linesep.encode())


@pytest.mark.parametrize("encoding", ["gbk", "utf-8"])
def test_json_is_utf_8_whatever_the_terminals_encoding(encoding: str) -> None:
    assert json.loads(printed(encoding, "print_json", "['区教育局', '\\u202e', '\\ud800']")) == [
        "区教育局",
        "\u202e",
        "\ud800",
    ]


@pytest.mark.parametrize(
    ("value", "shown"), [(None, ""), (7, "7"), ("a\tb\nc", "a\\u0009b\\u000ac"), ("\x9b2J", "\\u009b2J"), ("区", "区")]
)
def test_what_a_stranger_wrote_stays_on_its_line(value: object, shown: str) -> None:
    assert plain(value) == shown
