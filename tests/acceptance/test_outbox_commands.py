"""What a person does with our mails on the command line, and what he is told."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.bot import Bot, a_bot
from tests.office import CLERK, QUIET_SMTP, Rules
from tests.office_mails import a_sealed_paper, a_table
from tests.servers.netease import NetEase
from tests.servers.smtp_server import SmtpServer

from mailbot.domain.moments import shanghai

pytestmark = QUIET_SMTP

NINE, SOON, LATER = shanghai("2021-04-15T09:00"), "2021-04-15T09:05", "2021-04-15T09:10"
HOLD = Rules(mode="hold", caps="per_address_day = 1")


@pytest.fixture
def bot(tmp_path: Path, netease: NetEase, recording_smtp: SmtpServer) -> Bot:
    """Return a bot with two acknowledgements that wait for a person, of which one may leave today."""
    netease.deliver("INBOX", a_table(), NINE)
    netease.deliver("INBOX", a_sealed_paper(), NINE)
    bot = a_bot(tmp_path / "office", netease, recording_smtp.server, recording_smtp.password, HOLD)
    bot("poll", now=SOON)
    return bot


def test_whoever_sends_is_told_why_some_do_not_go_yet(bot: Bot) -> None:
    said = bot("outbox", "send", now=LATER)

    assert "发出 1 封，失败 0 封，结果不明 0 封，仍待发 1 封" in said
    assert f"暂未发出：24 小时内已向 {CLERK} 发出 1 封，达到上限" in said


def test_whoever_settles_a_mail_is_told_so_and_it_never_leaves(bot: Bot, recording_smtp: SmtpServer) -> None:
    assert "已销去 2 封" in bot("outbox", "cancel", "1", "2", now=LATER)

    bot("outbox", "send", now=LATER)

    assert recording_smtp.recorder.mails == []
    assert {row["state"] for row in bot.json("outbox")} == {"cancelled"}


def test_settling_needs_a_number_and_one_that_is_open(bot: Bot) -> None:
    bot("outbox", "cancel", now=LATER, code=2)
    bot("outbox", "cancel", "1", now=LATER)

    assert "没有可销去的编号 1" in bot("outbox", "cancel", "1", now=LATER, code=2)
