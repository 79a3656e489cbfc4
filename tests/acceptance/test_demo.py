"""`mailbot demo` as somebody who tries it meets it, held to this machine; and the commands it tells him to try next."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from tests.bot import Bot
from tests.office import parsed

from mailbot.data import shipped


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[Bot, str]:
    """Return the bot on what a play left, and what it showed."""
    out = tmp_path_factory.mktemp("demo") / "out"
    said = Bot(shipped("config") / "mailbot.toml")("demo", "--out", str(out), cwd=out.parent)
    return Bot(out / "mailbot.toml"), said


def test_it_leaves_what_it_says(played: tuple[Bot, str]) -> None:
    bot, _ = played

    names = {path.name for path in bot.folder.iterdir()}

    assert {"mailbot.toml", "ledger.db", "ledger.xlsx", "archive", "sent"} <= names
    assert (bot.folder / "sent" / "index.html").is_file()
    assert len(list((bot.folder / "sent").glob("*.eml"))) > 20


def test_every_acknowledgement_left_once_and_every_mail_has_its_own_message_id(played: tuple[Bot, str]) -> None:
    bot, _ = played

    mails = [parsed(path.read_bytes()) for path in (bot.folder / "sent").glob("*.eml")]

    answered = [mail["In-Reply-To"] for mail in mails if mail["In-Reply-To"]]
    assert len(answered) == len(set(answered))
    assert len({mail["Message-ID"] for mail in mails}) == len(mails)


def test_the_terminal_shows_what_came_what_was_recorded_and_what_was_sent(played: tuple[Bot, str]) -> None:
    _, said = played

    for word in ("来件", "登记", "待处理", "不登记", "发出", "已报齐（按时）", "接着可以试试"):
        assert word in said


def test_what_it_tells_to_try_next_works(played: tuple[Bot, str]) -> None:
    bot, said = played

    told = [line.split("mailbot.toml ")[1].split() for line in said.splitlines() if "--config" in line]

    assert len(told) >= 4
    for words in told:
        assert bot.run(*words).returncode in ({0, 1} if words == ["status"] else {0})


def test_the_archive_can_be_read_by_nobody_else(played: tuple[Bot, str]) -> None:
    archive = played[0].folder / "archive"

    modes = {(path.is_dir(), stat.S_IMODE(path.stat().st_mode)) for path in (archive, *archive.rglob("*"))}

    assert modes == {(True, 0o700), (False, 0o600)}


def test_a_folder_that_no_play_made_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("mine", "utf-8")

    Bot(shipped("config") / "mailbot.toml")("demo", "--out", str(tmp_path), "--no-input", cwd=tmp_path, code=2)

    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]
