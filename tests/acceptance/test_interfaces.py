"""The JSON that others build on, key by key, as the console script prints it after a poll of a real Dovecot."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.bot import Bot, a_bot
from tests.office import CLERK, EDUCATION, OTHER_CLERK, QUIET_SMTP, Rules
from tests.office_mails import a_doubtful_report, a_report, a_table
from tests.servers.certificates import Certificates
from tests.servers.dovecot import Dovecot
from tests.servers.smtp_server import start_smtp

from mailbot.demo.samples import stranger_mail
from mailbot.domain.moments import shanghai
from mailbot.settings import Security

pytestmark = [*QUIET_SMTP, pytest.mark.dovecot]

NOW = "2021-04-21T09:05:00+08:00"
EIGHT_HOURS = timedelta(hours=8)

EXPLAINED = {
    "file", "arrived", "kind", "decision", "units", "periods", "parts", "tasks", "figures", "may_reply", "problems",
    "evidence",
}  # fmt: skip
PART = {"kind", "file", "unit", "period", "seal"}
FIGURE = {"unit", "period", "task", "what", "value", "unit_of_measure", "meaning", "source"}
EVIDENCE = {"about", "points_to", "from", "quote", "weight"}
LEDGER = {
    "notice", "unit", "period", "due", "completeness", "timeliness", "days_late", "first_arrival", "completed_at",
    "parts", "tasks", "figures",
}  # fmt: skip
LEDGER_PART = {"kind", "arrived", "file", "sha256", "receipt", "folder"}
MESSAGE = {
    "sha256", "message_id", "folder", "uid", "arrived", "source", "in_view", "standing", "receipts", "why"
}  # fmt: skip
OUTBOX = {"id", "kind", "unit", "to", "subject", "state", "message_id", "in_reply_to", "tries"}
TRIAGE = {"id", "sha256", "arrived", "from", "subject", "guess", "reasons", "command"}


@pytest.fixture(scope="module")
def mails(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of mails as files."""
    folder = tmp_path_factory.mktemp("mails")
    for name, raw in {"a": a_report(), "b": stranger_mail(shanghai(NOW)), "c": b"no mail at all"}.items():
        (folder / f"{name}.eml").write_bytes(raw)
    return folder


@pytest.fixture(scope="module")
def bot(dovecot: Dovecot, certificates: Certificates, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bot]:
    """Return a bot that polled once: a report, half a report, a doubtful one, a stranger; nothing sent yet."""
    account, smtp = dovecot.new_account(), start_smtp(certificates, Security.TLS)
    account.deliver("INBOX", a_report(), shanghai("2021-04-19T09:00"))
    account.deliver("垃圾邮件", a_table("区人社局", sender=OTHER_CLERK), shanghai("2021-04-19T10:00"))
    account.deliver("INBOX", a_doubtful_report(), shanghai("2021-04-20T09:00"))
    account.deliver("INBOX", stranger_mail(shanghai("2021-04-20T10:00")), shanghai("2021-04-20T10:00"))
    folder = tmp_path_factory.mktemp("office")
    bot = a_bot(folder, account, smtp.server, smtp.password, Rules(mode="hold"))
    bot("poll", now=NOW)
    yield bot
    account.leave()
    smtp.stop()


def is_moment(text: str | None) -> bool:
    """Tell whether a text is ISO-8601 with +08:00."""
    return text is not None and text.endswith("+08:00") and datetime.fromisoformat(text).utcoffset() == EIGHT_HOURS


class TestLedger:
    def test_each_row_has_these_keys(self, bot: Bot) -> None:
        rows = bot.json("ledger", "--period", "2021-04", now=NOW)

        assert len(rows) == 12
        assert all(row.keys() == LEDGER for row in rows)
        assert {part_key for row in rows for part in row["parts"] for part_key in part} == LEDGER_PART

    def test_a_complete_row_reads_so(self, bot: Bot) -> None:
        row = next(r for r in bot.json("ledger", "--period", "2021-04", now=NOW) if r["unit"] == EDUCATION)

        assert row["notice"] == "中原政办〔2021〕8号"
        assert (row["period"], row["due"]) == ("2021-04", "2021-04-26T00:00:00+08:00")
        assert (row["completeness"], row["timeliness"], row["days_late"]) == ("complete", "on_time", 0)
        assert (row["first_arrival"], row["completed_at"]) == ("2021-04-19T09:00:00+08:00",) * 2
        assert [part["kind"] for part in row["parts"]] == ["electronic", "sealed_scan"]
        assert row["tasks"] == [10]
        assert {figure["meaning"] for figure in row["figures"]} <= {"cumulative", "monthly", "percent"}
        assert all(figure.keys() == FIGURE for figure in row["figures"])

    def test_half_a_report_names_the_folder_it_lay_in(self, bot: Bot) -> None:
        row = next(r for r in bot.json("ledger", "--period", "2021-04", now=NOW) if r["unit"] == "区人社局")

        assert row["completeness"] == "lacks_sealed_scan"
        assert {part["folder"] for part in row["parts"]} == {"垃圾邮件"}

    def test_without_a_period_every_month_of_the_notice_is_there(self, bot: Bot) -> None:
        rows = bot.json("ledger", now=NOW)

        assert len(rows) == 12 * 10
        assert {row["period"] for row in rows} == {f"2021-{month:02d}" for month in range(3, 13)}

    @pytest.mark.parametrize("period", ["2021-02", "2022-01", "2021-13", "April", "2021", ""])
    def test_a_period_out_of_range_or_none_at_all_exits_2(self, bot: Bot, period: str) -> None:
        bot("ledger", "--period", period, now=NOW, code=2)

    def test_a_list_with_late_units_exits_0(self, bot: Bot) -> None:
        rows = bot.json("ledger", "--period", "2021-04", now="2021-05-06T09:00")

        assert {row["timeliness"] for row in rows} == {"on_time", "late"}
        assert {row["days_late"] for row in rows} == {0, 11}

    def test_it_is_written_as_a_workbook_too(self, bot: Bot, tmp_path: Path) -> None:
        bot("ledger", "--xlsx", str(tmp_path / "ledger.xlsx"), now=NOW)

        assert (tmp_path / "ledger.xlsx").read_bytes().startswith(b"PK")


def test_messages_are_listed_a_sighting_a_row(bot: Bot) -> None:
    rows = bot.json("messages", now=NOW)

    assert len(rows) == 4
    assert all(row.keys() == MESSAGE for row in rows)
    assert sorted(row["standing"] for row in rows) == ["receipts", "receipts", "triage", "triage"]
    assert {(row["source"], row["in_view"], row["folder"]) for row in rows} == {
        ("imap", True, "INBOX"),
        ("imap", True, "垃圾邮件"),
    }
    assert all(is_moment(row["arrived"]) and isinstance(row["uid"], int) for row in rows)


def test_the_outbox_is_listed_with_these_keys(bot: Bot) -> None:
    rows = bot.json("outbox", now=NOW)

    assert all(row.keys() == OUTBOX for row in rows)
    assert {(row["kind"], row["to"], row["state"], row["tries"]) for row in rows} == {
        ("acknowledgement", CLERK, "held", 0),
        ("acknowledgement", OTHER_CLERK, "held", 0),
        ("reminder", OTHER_CLERK, "held", 0),
    }
    answer, _, reminder = rows
    assert answer["in_reply_to"].startswith("<")
    assert reminder["in_reply_to"] is None
    assert all(row["message_id"].startswith("<mailbot.") for row in rows)


def test_a_mail_of_ours_is_shown_with_its_text(bot: Bot) -> None:
    (row,) = bot.json("outbox", "show", "1", now=NOW)

    assert row.keys() == OUTBOX | {"text"}
    assert row["text"].splitlines()[0] in bot("outbox", "show", "1", now=NOW).splitlines()


def test_triage_is_listed_with_its_guess_and_the_command_that_settles_it(bot: Bot) -> None:
    rows = bot.json("triage", now=NOW)

    assert all(row.keys() == TRIAGE for row in rows)
    assert [row["guess"] for row in rows] == [
        {"unit": EDUCATION, "period": "2021-04"},
        {"unit": None, "period": None},
    ]
    command = f"triage assign {rows[0]['id']} --unit {EDUCATION} --period 2021-04"
    assert rows[0]["command"] == f"mailbot --config {bot.config} {command}"
    assert all(row["reasons"] for row in rows)


def test_status_is_one_object(bot: Bot) -> None:
    found = bot.json("status", now=NOW)

    assert found.keys() >= {"folders", "backlog", "outbox", "wrong", "notes"}
    assert {folder["folder"] for folder in found["folders"]} == {"INBOX", "垃圾邮件", "广告邮件"}
    assert all(is_moment(folder["last_complete_poll"]) for folder in found["folders"])
    assert (found["backlog"], found["wrong"]) == (0, [])
    assert found["outbox"]["held"] == 3


def test_status_exits_1_when_the_service_seems_to_have_stopped(bot: Bot) -> None:
    found = bot.json("status", now="2021-04-21T12:00", code=1)

    assert any("没有完整收取" in text for text in found["wrong"])


def test_check_is_one_object_and_exits_0_where_all_is_well(bot: Bot) -> None:
    found = bot.json("check", now=NOW)

    assert found["ok"]
    assert all(step.keys() == {"step", "ok", "text", "remedy"} for step in found["steps"])
    assert [step["step"] for step in found["steps"]] == [
        "配置", "邮件模板", "故障告警", "收信服务器", "发信服务器", "IMAP 登录和文件夹", "可见最早来件",
        "启用日期", "时钟", "SMTP 登录", "磁盘", "文件权限", "台账", "存档",
    ]  # fmt: skip


def test_the_plan_of_reminders_has_a_row_a_unit(bot: Bot) -> None:
    rows = bot.json("remind", "--dry-run", now=NOW)

    assert len(rows) == 12
    assert all({"unit", "period", "rung", "to", "send", "reasons"} <= row.keys() for row in rows)
    reasons = {row["unit"]: {reason["code"] for reason in row["reasons"]} for row in rows}
    assert "complete" in reasons[EDUCATION]
    assert "no_address" in reasons["区残联"]


class TestExplain:
    def test_one_file_is_one_object(self, bot: Bot, mails: Path) -> None:
        found = bot.json("explain", str(mails / "a.eml"), "--arrived", "2021-04-22T10:00")

        assert found.keys() == EXPLAINED
        assert (found["kind"], found["decision"], found["may_reply"]) == ("report", "record", True)
        assert (found["units"], found["periods"], found["tasks"]) == ([EDUCATION], ["2021-04"], [10])
        assert found["arrived"] == "2021-04-22T10:00:00+08:00"
        assert all(part.keys() == PART for part in found["parts"])
        assert [(part["kind"], part["seal"]) for part in found["parts"]] == [
            ("electronic", None),
            ("sealed_scan", None),
        ]
        assert all(figure.keys() == FIGURE for figure in found["figures"])
        assert all(figure["source"].keys() == {"file", "sheet", "cell"} for figure in found["figures"])
        assert all(evidence.keys() == EVIDENCE and 0 <= evidence["weight"] <= 1 for evidence in found["evidence"])
        assert all(problem.keys() == {"code", "text"} for problem in found["problems"])

    def test_the_arrival_is_the_topmost_received_header_where_none_is_given(self, bot: Bot, mails: Path) -> None:
        assert bot.json("explain", str(mails / "a.eml"))["arrived"] == "2021-04-15T09:00:00+08:00"

    def test_a_folder_is_walked_in_order_one_object_a_line(self, bot: Bot, mails: Path) -> None:
        lines = bot("explain", str(mails), "--json").splitlines()

        rows: list[dict[str, Any]] = [json.loads(line) for line in lines]
        assert [Path(row["file"]).name for row in rows] == ["a.eml", "b.eml", "c.eml"]
        assert all(row.keys() == EXPLAINED for row in rows)

    def test_anything_exits_0(self, bot: Bot, mails: Path) -> None:
        assert bot.json("explain", str(mails / "c.eml"))["decision"] != "record"

    def test_it_needs_no_password_no_ledger_and_leaves_nothing(self, bot: Bot, mails: Path, tmp_path: Path) -> None:
        config = tmp_path / "mailbot.toml"
        config.write_text(bot.config.read_text("utf-8"), "utf-8")
        for name in ("units.yaml", "holidays.yaml"):
            (tmp_path / name).write_bytes((bot.folder / name).read_bytes())
        (tmp_path / "notices").symlink_to(bot.folder / "notices")
        before = sorted(tmp_path.rglob("*"))

        Bot(config)("explain", str(mails / "a.eml"))

        assert sorted(tmp_path.rglob("*")) == before

    def test_a_file_that_is_not_there_exits_2(self, bot: Bot) -> None:
        bot("explain", "nowhere.eml", code=2)
