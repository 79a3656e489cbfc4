"""What the commands refuse, with which exit code, and that they refuse it before anything is connected to."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from tests.bot import Bot, a_bot
from tests.office import EDUCATION, QUIET_SMTP
from tests.office_mails import a_report
from tests.servers.netease import NetEase
from tests.servers.smtp_server import SmtpServer

from mailbot.data import shipped
from mailbot.domain.moments import shanghai

FORBIDDING = Path(__file__).with_name("forbidding")
CONNECTING = [
    ("check",),
    ("run",),
    ("poll",),
    ("outbox", "send"),
    ("outbox", "send", "1"),
    ("check", "--json"),
    ("poll", "--json"),
]
LOOKING = [("ledger",), ("triage",), ("messages",), ("outbox",), ("status",), ("remind", "--dry-run")]
NOW = "2021-04-15T09:05"
pytestmark = QUIET_SMTP


@pytest.fixture
def as_shipped(tmp_path: Path) -> Bot:
    """Return a bot with the very configuration that ships: the real office's mailbox. It may not open a socket."""
    for source in (path for path in shipped("config").rglob("*") if path.is_file()):
        target = tmp_path / "config" / source.relative_to(shipped("config"))
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(source.read_bytes())
    return Bot(tmp_path / "config" / "mailbot.toml", {"PYTHONPATH": str(FORBIDDING)})


@pytest.fixture
def bot(tmp_path: Path, netease: NetEase, recording_smtp: SmtpServer) -> Bot:
    return a_bot(tmp_path, netease, recording_smtp.server, recording_smtp.password)


def test_the_guard_of_these_tests_does_end_a_program_that_makes_a_socket() -> None:
    program = [sys.executable, "-c", "import socket; socket.socket()"]

    done = subprocess.run(program, env={"PYTHONPATH": str(FORBIDDING)}, capture_output=True, check=False)  # noqa: S603

    assert done.returncode == 99


class TestWithoutPassword:
    @pytest.mark.parametrize("words", CONNECTING, ids=" ".join)
    def test_a_connecting_command_exits_2_before_any_socket_or_name(
        self, as_shipped: Bot, words: tuple[str, ...]
    ) -> None:
        said = as_shipped(*words, code=2)

        assert "MAILBOT_IMAP_PASSWORD" in said
        assert "授权码" in said

    def test_it_leaves_no_ledger_behind(self, as_shipped: Bot) -> None:
        as_shipped("poll", code=2)

        assert not (as_shipped.folder.parent / "data").exists()

    @pytest.mark.parametrize("content", ["", "\n", None])
    def test_a_password_file_that_is_empty_or_not_there_is_no_password(
        self, as_shipped: Bot, tmp_path: Path, content: str | None
    ) -> None:
        secret = tmp_path / "secret"
        if content is not None:
            secret.write_text(content, "utf-8")
        bot = Bot(as_shipped.config, {**as_shipped.environment, "MAILBOT_IMAP_PASSWORD_FILE": str(secret)})

        bot("poll", code=2)

    @pytest.mark.parametrize(
        "words",
        [("ledger",), ("triage",), ("messages",), ("outbox",), ("status",), ("remind", "--dry-run")],
        ids=" ".join,
    )
    def test_what_only_looks_needs_none(self, as_shipped: Bot, words: tuple[str, ...]) -> None:
        as_shipped(*words, now=NOW)

    def test_the_password_is_nowhere_in_what_is_said(self, as_shipped: Bot) -> None:
        secret = "aVerySecretCode"  # noqa: S105 - made up
        bot = Bot(as_shipped.config, {**as_shipped.environment, "MAILBOT_IMAP_PASSWORD": secret})

        done = bot.run("run")

        assert done.returncode == 2
        assert secret not in done.stdout + done.stderr


class TestBeforeTheService:
    @pytest.mark.parametrize("words", [("run",), ("poll",), ("ingest", "--reply", ".")], ids=" ".join)
    def test_what_would_answer_needs_the_day_the_service_begins(self, as_shipped: Bot, words: tuple[str, ...]) -> None:
        bot = Bot(as_shipped.config, {**as_shipped.environment, "MAILBOT_IMAP_PASSWORD": "x"})

        said = bot(*words, code=2)

        assert "answer_after" in said

    @pytest.mark.parametrize("words", [("run",), ("poll",), ("outbox", "send")], ids=" ".join)
    def test_a_clock_set_by_hand_is_refused_with_real_mail_servers(
        self, as_shipped: Bot, words: tuple[str, ...]
    ) -> None:
        text = as_shipped.config.read_text("utf-8").replace("# answer_after", "answer_after")
        as_shipped.config.write_text(text, "utf-8")
        bot = Bot(as_shipped.config, {**as_shipped.environment, "MAILBOT_IMAP_PASSWORD": "x"})

        said = bot(*words, now=NOW, code=2)

        assert "MAILBOT_NOW" in said


class TestWrongUse:
    @pytest.mark.parametrize(
        "words",
        [
            ("nonsense",),
            ("ledger", "--nonsense"),
            ("ledger", "--period", "2020-01"),
            ("triage", "assign", "1"),
            ("triage", "assign", "one", "--unit", EDUCATION, "--period", "2021-04"),
            ("triage", "assign", "1", "--unit", EDUCATION, "--period", "2021-04"),
            ("triage", "ignore", "1"),
            ("bind", "x@y.example"),
            ("bind", "x@y.example", "区教育"),
            ("outbox", "send", "99"),
            ("outbox", "release", "99"),
            ("outbox", "show", "99"),
            ("explain", "nowhere.eml"),
            ("ingest", "nowhere.eml"),
            ("ingest",),
            ("explain", "units.yaml", "--arrived", "yesterday"),
            ("ledger", "--xlsx", "."),
            ("ledger", "--xlsx", "ledger.db"),
            ("ledger", "--xlsx", "units.yaml"),
            ("ledger", "--xlsx", "archive/new.xlsx"),
        ],
        ids=" ".join,
    )
    def test_it_exits_2_with_a_sentence(self, bot: Bot, words: tuple[str, ...]) -> None:
        said = bot(*words, now=NOW, code=2)

        assert said.strip()
        assert "Traceback" not in said

    def test_what_a_workbook_may_not_be_written_over_stays_as_it_is(self, bot: Bot) -> None:
        bot("ledger", now=NOW)
        before = (bot.folder / "ledger.db").read_bytes(), bot.config.read_bytes()

        bot("ledger", "--xlsx", "ledger.db", now=NOW, code=2)
        bot("ledger", "--xlsx", "mailbot.toml", now=NOW, code=2)

        assert ((bot.folder / "ledger.db").read_bytes(), bot.config.read_bytes()) == before

    def test_a_moment_that_is_none_exits_2(self, bot: Bot) -> None:
        assert "ISO-8601" in bot("ledger", now="yesterday", code=2)

    def test_status_shows_what_the_ledger_knows_beside_the_mistakes_of_a_broken_edit(
        self, bot: Bot, netease: NetEase
    ) -> None:
        netease.deliver("INBOX", a_report(), shanghai("2021-04-15T09:00"))
        bot("poll", now=NOW)
        (bot.folder / "units.yaml").write_text("- nmae: 区教育局\n", "utf-8")

        found = bot.json("status", now=NOW, code=1)

        assert (found["messages"]["receipts"], len(found["folders"]), found["reminders_due"]) == (1, 4, 0)
        assert any("units.yaml 第 1 行" in text for text in found["wrong"])
        assert "units.yaml 第 1 行" in bot("status", now=NOW, code=1)
        assert "units.yaml 第 1 行" in bot("poll", now=NOW, code=2)

    def test_check_prints_its_one_object_where_the_configuration_is_wrong_too(self, bot: Bot) -> None:
        (bot.folder / "units.yaml").write_text("- nmae: 区教育局\n", "utf-8")

        found = bot.json("check", now=NOW, code=2)

        assert found.keys() == {"ok", "steps"}
        (step,) = found["steps"]
        assert (found["ok"], step["step"], step["ok"]) == (False, "配置", False)
        assert "units.yaml 第 1 行" in step["text"]

    def test_check_prints_its_one_object_for_a_moment_that_is_none_too(self, bot: Bot) -> None:
        found = bot.json("check", now="yesterday", code=2)

        assert "ISO-8601" in found["steps"][0]["text"]

    def test_a_configuration_that_is_not_there_exits_2(self, tmp_path: Path) -> None:
        assert "nowhere.toml" in Bot(tmp_path / "nowhere.toml")("ledger", code=2)

    def test_every_mistake_in_every_file_is_told_at_once(self, bot: Bot) -> None:
        text = bot.config.read_text("utf-8")
        bot.config.write_text(text.replace('mode = "send"', 'mode = "sned"') + "\n[polling2]\nx = 1\n", "utf-8")
        (bot.folder / "units.yaml").write_text("- name: 区教育局\n  adresses: []\n", "utf-8")
        (bot.folder / "holidays.yaml").write_text("2021: {off: [20210403]}\n", "utf-8")

        said = bot("poll", code=2)

        for word in ("outgoing.mode", "polling2", "units.yaml", "adresses", "holidays.yaml"):
            assert word in said
        assert said.count("第 ") >= 4  # the lines


class TestFailures:
    def test_a_poll_that_could_not_log_in_exits_1_and_says_what_to_do(self, bot: Bot, netease: NetEase) -> None:
        netease.password = netease.password[::-1]

        said = bot("poll", now=NOW, code=1)

        assert "授权码" in said
        assert "授权码" in " ".join(bot.json("status", now=NOW, code=1)["wrong"])

    def test_a_check_that_could_not_log_in_exits_1_and_goes_on(self, bot: Bot, netease: NetEase) -> None:
        netease.password = netease.password[::-1]

        found = bot.json("check", now=NOW, code=1)

        steps = {step["step"]: step["ok"] for step in found["steps"]}
        assert not steps["IMAP 登录和文件夹"]
        assert steps["SMTP 登录"]

    def test_check_sends_nothing(self, bot: Bot, netease: NetEase, recording_smtp: SmtpServer) -> None:
        netease.deliver("INBOX", a_report(), shanghai("2021-04-15T09:00"))
        bot("check", now=NOW)

        assert recording_smtp.recorder.mails == []
        assert bot.json("messages") == []

    def test_a_mail_server_that_is_not_there_exits_1(self, bot: Bot, netease: NetEase) -> None:
        netease.stop()

        assert "连接" in bot("poll", now=NOW, code=1)

    def test_a_mail_that_failed_for_good_is_in_status(
        self, bot: Bot, netease: NetEase, recording_smtp: SmtpServer
    ) -> None:
        recording_smtp.recorder.answers["jyj@clerks.example"] = "550 5.1.1 User unknown"
        netease.deliver("INBOX", a_report(), shanghai("2021-04-15T09:00"))

        bot("poll", now=NOW)

        assert any("发送失败" in text for text in bot.json("status", now=NOW, code=1)["wrong"])


def test_hold_is_what_ships(as_shipped: Bot) -> None:
    text = as_shipped.config.read_text("utf-8")

    assert 'mode = "hold"' in text
    assert 'host = "imap.163.com"' in text
    assert 'user = "zydc697@163.com"' in text
