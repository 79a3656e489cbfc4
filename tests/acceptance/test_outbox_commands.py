"""What a person does with our mails on the command line, and what he is told."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.bot import Bot, a_bot
from tests.office import CLERK, OTHER_CLERK, QUIET_SMTP, Rules
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


def test_whoever_sends_is_told_what_was_taken_back_and_why(bot: Bot) -> None:
    units = bot.folder / "units.yaml"
    units.write_text(units.read_text("utf-8").replace(CLERK, "new@clerks.example"), "utf-8")

    said = bot("outbox", "send", now=LATER)

    assert "第 1 封已撤回：收件地址已不在所涉单位名下，不再发出" in said


def test_a_stop_is_ended_by_a_person_alone_and_sending_does_not_end_it(bot: Bot, recording_smtp: SmtpServer) -> None:
    recording_smtp.recorder.answers["DATA"] = "554 DT:SPM smtp1"
    assert "判为垃圾邮件" in bot("outbox", "send", "1", now=LATER, code=1)
    recording_smtp.recorder.answers.clear()

    assert "mailbot outbox resume" in bot("outbox", "send", "2", now=LATER, code=1)
    assert "已恢复发送" in bot("outbox", "resume", now=LATER)
    assert "无需恢复" in bot("outbox", "resume", now=LATER)

    assert "发出 1 封" in bot("outbox", "send", "2", now=LATER)


def test_the_list_of_who_owes_says_what_lacks_until_when_and_where_to_ask(bot: Bot) -> None:
    said = bot("ledger", "--period", "2021-04", "--owing", now="2021-04-26T08:00")

    lines = said.splitlines()
    assert lines[0] == "欠报单位名单（截至2021年4月26日08:00，共 11 项）"
    assert lines[2] == "2021年4月，应于4月25日24:00前报齐："
    labour = next(number for number, line in enumerate(lines) if "区人社局" in line)
    assert lines[labour].endswith("区人社局　未报（电子版、盖章扫描件）　已逾期1天")
    assert lines[labour + 1].startswith(f"      联系：{OTHER_CLERK}")
    assert not any("区教育局" in line for line in lines)
    assert "联系：（未登记邮箱）" in said


def test_the_same_list_for_programs_has_the_ledgers_rows(bot: Bot) -> None:
    rows = bot.json("ledger", "--period", "2021-04", "--owing", now="2021-04-26T08:00")

    assert len(rows) == 11
    assert {row["completeness"] for row in rows} == {"missing"}


def test_settling_needs_a_number_and_one_that_is_open(bot: Bot) -> None:
    bot("outbox", "cancel", now=LATER, code=2)
    bot("outbox", "cancel", "1", now=LATER)

    assert "没有可销去的编号 1" in bot("outbox", "cancel", "1", now=LATER, code=2)
