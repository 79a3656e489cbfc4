"""docs/errors.md: every code that the program can print stands in it, and no other. Reading has its own test too."""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from mailbot.checking import ANYTHING_ELSE, SENTENCES
from mailbot.errors import MailbotError
from mailbot.reading import problems as reading
from mailbot.rules.reminders import REASONS_NOT_TO_REMIND

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ROOT / "src" / "mailbot"
PAGE = (ROOT / "docs" / "errors.md").read_text(encoding="utf-8")
MAKERS = {"Problem", "Doubt", "problem", "_problem", "_mistake"}  # whoever is given a code
NEVER_PRINTED = {"outgoing/samples.py"}  # made-up mails for the eye, with a made-up problem


@cache
def codes_under(*heads: str) -> frozenset[str]:
    """Return the codes written down in the modules under these folders or files of src/mailbot."""
    files = (file for head in heads for file in ([SOURCES / head] if head.endswith(".py") else SOURCES.rglob("*.py")))
    wanted = (file for file in files if file.relative_to(SOURCES).as_posix().startswith(heads))
    return frozenset(code for file in wanted for code in _codes_in(file))


def _codes_in(file: Path) -> Iterator[str]:
    if file.relative_to(SOURCES).as_posix() in NEVER_PRINTED:
        return
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and _name(node.func) in MAKERS:
            for argument in node.args:
                if isinstance(argument, ast.Constant) and re.fullmatch(r"[a-z][a-z0-9_]*", str(argument.value)):
                    yield str(argument.value)


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def rows(heading: str) -> dict[str, list[str]]:
    """Return a section's table, by code."""
    section = PAGE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in section.splitlines() if line[:1] == "|"]
    return {code: rest for code, *rest in cells if code not in {"code", "---"}}


def every_error() -> Iterator[type[MailbotError]]:
    for file in sorted(SOURCES.rglob("*.py")):
        if "(MailboxError)" in file.read_text(encoding="utf-8") or file.name == "errors.py":
            importlib.import_module(".".join(("mailbot", *file.relative_to(SOURCES).with_suffix("").parts)))
    waiting: list[type[MailbotError]] = [MailbotError]
    while waiting:
        error = waiting.pop()
        waiting += error.__subclasses__()
        yield error


def test_every_code_used_in_the_source_stands_on_the_page_and_every_code_on_the_page_is_used() -> None:
    listed = set(re.findall(r"^\| ([a-z][a-z0-9_]*) \|", PAGE, re.MULTILINE)) - {"code"}
    used = codes_under("") | set(reading.SENTENCES) | {code for code, _ in (*SENTENCES.values(), ANYTHING_ELSE)}
    used |= {error.code for error in every_error()} | {reason.code for reason in REASONS_NOT_TO_REMIND}

    assert used - listed == set()
    assert listed - used == set()


def test_the_codes_of_our_own_files_stand_under_configuration() -> None:
    rooms = ("checking.py", "settings/", "notices/", "app.py", "outgoing/", "ledger/")
    general = {code for code, _ in (*SENTENCES.values(), ANYTHING_ELSE)}

    assert set(rows("配置")) == codes_under(*rooms) | general


def test_what_stages_say_of_a_message_stands_under_recording() -> None:
    assert set(rows("登记")) == codes_under("stages/")


def test_every_error_stands_with_its_words_what_to_do_and_when_it_is_tried_again() -> None:
    assert rows("程序错误") == {
        error.code: [error.chinese, error.remedy, f"`{error.retry.value}`"] for error in every_error()
    }


def test_every_reason_not_to_remind_stands_with_its_words() -> None:
    assert rows("不提醒的原因") == {reason.code: [reason.text] for reason in REASONS_NOT_TO_REMIND}
