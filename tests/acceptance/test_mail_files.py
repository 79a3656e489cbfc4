"""What `ingest` and `explain` say of files that are no mail, and when that makes them fail."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from tests.bot import Bot
from tests.office import QUIET_SMTP
from tests.office_mails import a_report, a_table

pytestmark = QUIET_SMTP

NOW = "2021-04-15T09:30"


@pytest.fixture
def mails(tmp_path: Path) -> Path:
    """Return a folder with a mail, and a file that is none."""
    folder = tmp_path / "mails"
    folder.mkdir()
    (folder / "a.EML").write_bytes(a_report())
    (folder / "说明.txt").write_text("no mail", "utf-8")
    return folder


@pytest.mark.parametrize("command", ["ingest", "explain"])
def test_what_is_passed_over_is_named_on_standard_error_with_the_reason(bot: Bot, mails: Path, command: str) -> None:
    done = bot.run(command, str(mails), "--json", now=NOW)

    assert done.returncode == 0
    assert f"跳过 {mails / '说明.txt'}：不是邮件" in done.stderr
    assert json.loads(done.stdout)


@pytest.mark.parametrize("command", ["ingest", "explain"])
def test_where_no_message_is_found_it_exits_1(bot: Bot, tmp_path: Path, command: str) -> None:
    os.mkfifo(tmp_path / "fifo.eml")
    (tmp_path / "empty").mkdir()

    assert "不是普通文件" in bot(command, str(tmp_path / "fifo.eml"), now=NOW, code=1)
    assert "没有找到邮件" in bot(command, str(tmp_path / "empty"), now=NOW, code=1)


def test_what_one_path_lacks_does_not_keep_another_from_being_read(bot: Bot, mails: Path, tmp_path: Path) -> None:
    (tmp_path / "none.eml").write_bytes(b"")

    bot("ingest", str(tmp_path / "none.eml"), str(mails), now=NOW, code=1)

    assert len(bot.json("messages")) == 1


def test_an_mbox_is_explained_a_message_a_line(bot: Bot, tmp_path: Path) -> None:
    raws = (a_report(), a_table("区人社局", sender="rsj@clerks.example"))
    (tmp_path / "x.mbox").write_bytes(b"".join(b"From x\n" + raw.replace(b"\r\n", b"\n") + b"\n" for raw in raws))

    lines = bot("explain", str(tmp_path / "x.mbox"), "--json").splitlines()

    assert [json.loads(line)["units"] for line in lines] == [["区教育局"], ["区人社局"]]


def test_a_name_that_would_act_on_the_terminal_is_written_out(bot: Bot, mails: Path) -> None:
    (mails / "\x1b[31mred\n.eml").write_bytes(a_table())
    (mails / os.fsdecode(b"bad\xff.eml")).write_bytes(b"")
    bot = Bot(bot.config, {**bot.environment, "LC_ALL": "C.UTF-8", "PYTHONIOENCODING": "utf-8:strict"})

    said = bot("explain", str(mails), now=NOW)

    assert "\\u001b[31mred\\u000a.eml" in said
    assert "bad\\udcff.eml" in said
    assert "\x1b" not in said
