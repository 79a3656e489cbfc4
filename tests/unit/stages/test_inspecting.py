"""`mailbot check` as the person at the keyboard reads it. Unless a test says otherwise all is right: 22 April 2021."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from imaplib import IMAP4
from pathlib import Path
from typing import cast

import pytest
from tests.ledger_builders import CALENDAR, a_directory, a_notice
from tests.outgoing_builders import a_mail
from tests.unit.settings.settings_files import written

from mailbot.clock import SetClock
from mailbot.data import shipped
from mailbot.domain.books import Event, OutgoingState
from mailbot.domain.mailbox import FolderView, Listing, Origin, Sighting
from mailbot.domain.moments import shanghai
from mailbot.errors import (
    CertificateRefused,
    ConnectionLost,
    LedgerUnavailable,
    LoginRefused,
    MailbotError,
    ProtocolRefused,
)
from mailbot.ledger.engine import SqlLedger, open_ledger
from mailbot.mailbox.archive import Archive
from mailbot.mailbox.refusals import login_refused
from mailbot.outgoing.rendering import Renderer
from mailbot.settings import Settings, load
from mailbot.stages.inspecting import NOT_REACHED, Inspector, Step
from mailbot.stages.protocols import Ledger, Mailbox
from mailbot.stages.viewing import Desk

ROOT = Path(__file__).resolve().parents[3]
NOW = shanghai("2021-04-22T10:00")
IMAP, SMTP, MAIL, CLOCK = "IMAP 登录和文件夹", "SMTP 登录", "启用日期", "时钟"


@dataclass(slots=True)
class OpenMailbox:
    """A mailbox of which only the listing is asked for."""

    arrivals: dict[str, tuple[str, ...]]
    refused: dict[str, str]

    def folders(self) -> tuple[str, ...]:
        """Return the watched folders."""
        return (*self.refused, *self.arrivals)

    def look(self, folder: str, _memory: object) -> FolderView:
        """Return what is in one, or refuse it."""
        if folder in self.refused:
            raise ProtocolRefused(chinese=self.refused[folder], remedy="请核对 [imap] folders。")
        seen = tuple(
            Sighting(folder, 1, uid, shanghai(arrived), 1000) for uid, arrived in enumerate(self.arrivals[folder], 1)
        )
        return FolderView(folder, 1, None, len(seen), Listing.FULL, seen)


@dataclass(slots=True)
class Surroundings:
    """Everything that `check` looks at. `imap`, `smtp` and `books` are what goes wrong there."""

    settings: Settings
    ledger: SqlLedger
    templates: Path
    arrivals: dict[str, tuple[str, ...]] = field(default_factory=lambda: {"INBOX": ("2021-04-21T09:00",)})
    imap: MailbotError | None = None
    smtp: MailbotError | None = None
    books: MailbotError | None = None
    addresses: tuple[str, ...] = ("jyj@clerks.example",)
    refused: dict[str, str] = field(default_factory=dict)
    secrets: tuple[Path, ...] = ()

    def steps(self) -> dict[str, Step]:
        return {step.name: step for step in self.inspector().steps()}

    def wrong(self) -> list[str]:
        return [name for name, step in self.steps().items() if not step.ok]

    def inspector(self) -> Inspector:
        return Inspector(
            settings=self.settings,
            clock=SetClock(NOW),
            desk=lambda: Desk((a_notice(),), a_directory(*self.addresses), CALENDAR),
            renderer=Renderer((self.templates,), signature="督查室", contact=""),
            open_mailbox=self.open_mailbox,
            smtp_login=partial(fail_with, self, "smtp"),
            open_ledger=self.open_ledger,
            archive=Archive(self.settings.archive),
            secrets=self.secrets,
            own_addresses=lambda: frozenset({"bot@example.test"}),
        )

    @contextmanager
    def open_mailbox(self) -> Iterator[Mailbox]:
        fail_with(self, "imap")
        yield cast("Mailbox", OpenMailbox(self.arrivals, self.refused))

    def open_ledger(self) -> Ledger:
        fail_with(self, "books")
        return self.ledger

    def logs_in_as(self, user: str, host: str) -> None:
        self.settings = replace(self.settings, imap=replace(self.settings.imap, host=host, user=user))


def fail_with(around: Surroundings, where: str) -> None:
    """Raise what goes wrong there, if anything does."""
    if error := getattr(around, where):
        raise error


@pytest.fixture
def around(tmp_path: Path) -> Iterator[Surroundings]:
    settings = replace(load(written(tmp_path)), answer_after=shanghai("2021-04-01"))
    ledger = open_ledger(settings.ledger_url, receipt_number=settings.receipt_number)
    yield Surroundings(settings, ledger, shipped("templates"))
    ledger.close()


def test_where_all_is_right_each_step_says_what_was_found(around: Surroundings) -> None:
    assert [(step.name, step.ok, step.remedy) for step in around.inspector().steps()] == [
        (name, True, "")
        for name in (
            "配置",
            "邮件模板",
            "故障告警",
            "收信服务器",
            "发信服务器",
            IMAP,
            "可见最早来件",
            MAIL,
            CLOCK,
            SMTP,
            "磁盘",
            "文件权限",
            "台账",
            "存档",
        )
    ]


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_the_lines_that_the_readmes_show_are_such_as_it_says(around: Surroundings, name: str) -> None:
    around.logs_in_as("zydc697@163.com", "imap.163.com")
    around.imap = login_refused(IMAP4.error("LOGIN Login error or password error"), "a code")
    shown = re.findall(r"^ *([✓✗]) ([^：\n]+)：(.+)\n(?: +→ (.+))?", (ROOT / name).read_text("utf-8"), re.MULTILINE)
    said = around.steps()

    assert [step for _, step, _, _ in shown] == ["配置", "收信服务器", IMAP, "磁盘"]
    assert all(said[step].ok == (mark == "✓") and said[step].remedy == cure for mark, step, _, cure in shown)
    assert said[IMAP].text == shown[2][2]


class TestServers:
    def test_one_that_cannot_be_reached_is_named_with_the_systems_words_and_what_to_look_at(
        self, around: Surroundings
    ) -> None:
        around.imap = ConnectionLost("[Errno 111] Connection refused")
        around.smtp = ConnectionLost("cannot reach 127.0.0.1:1025: timed out")

        steps = around.steps()

        assert steps[IMAP].text == "连接不上 localhost:1143，或连接中途断开（[Errno 111] Connection refused）"
        assert steps[SMTP].text == "连接不上 127.0.0.1:1025，或连接中途断开（timed out）"
        assert {steps[IMAP].remedy, steps[SMTP].remedy} == {NOT_REACHED}

    def test_what_is_known_better_is_said_better(self, around: Surroundings) -> None:
        around.imap = ConnectionLost("TLS failed", chinese="与邮件服务器的加密连接失败", remedy="请核对 security。")

        assert around.steps()[IMAP] == Step(
            IMAP, ok=False, text="与邮件服务器的加密连接失败（TLS failed）", remedy="请核对 security。"
        )

    def test_a_refused_login_comes_with_the_servers_words_once_and_the_authorisation_code(
        self, around: Surroundings
    ) -> None:
        around.imap = LoginRefused("NO [AUTH]", chinese="邮件服务器拒绝登录（服务器答复：NO [AUTH]）")
        around.smtp = LoginRefused("535 5.7.8 no", chinese="服务器拒绝登录")

        steps = around.steps()

        assert steps[IMAP].text.count("NO [AUTH]") == 1
        assert steps[SMTP].text == "服务器拒绝登录（535 5.7.8 no）"
        assert "授权码" in steps[IMAP].remedy

    def test_a_certificate_is_told_with_what_is_wrong_with_it(self, around: Surroundings) -> None:
        around.smtp = CertificateRefused("certificate has expired")

        assert "certificate has expired" in around.steps()[SMTP].text
        assert "ca_file" in around.steps()[SMTP].remedy

    def test_one_failure_does_not_hide_the_others(self, around: Surroundings) -> None:
        around.imap, around.smtp, around.books = ConnectionLost(), LoginRefused(), LedgerUnavailable("locked")

        assert around.wrong() == [IMAP, SMTP, "台账"]

    @pytest.mark.parametrize(
        ("user", "host", "ok", "said"),
        [
            ("zydc697@163.com", "imap.163.com", True, "与账号的域名相符"),
            ("office@126.com", "imap.163.com", False, "请把 host 改为 imap.126.com"),
            ("office@zygov.example", "imap.163.com", False, "请把 host 改为该邮箱自己的服务器"),
            ("zydc697", "imap.163.com", False, "账号请写完整的邮箱地址"),
            ("office@zygov.example", "mail.zygov.example", True, "以能否登录为准"),
        ],
    )
    def test_the_host_is_held_against_the_domain_of_the_address(
        self, around: Surroundings, user: str, host: str, ok: object, said: str
    ) -> None:
        around.logs_in_as(user, host)

        step = around.steps()["收信服务器"]

        assert step.ok is ok
        assert said in step.text + step.remedy


class TestFolders:
    def test_the_folders_that_will_be_watched_are_named_with_their_mails(self, around: Surroundings) -> None:
        around.arrivals = {"INBOX": ("2021-04-21T09:00", "2021-04-21T10:00"), "垃圾邮件": ()}

        assert around.steps()[IMAP].text == "登录成功，将查看：INBOX（2 封）、垃圾邮件（0 封）"

    def test_a_folder_that_is_refused_is_told_beside_what_is_in_the_others(self, around: Surroundings) -> None:
        around.refused = {"报送": "邮箱中没有这个文件夹"}

        step = around.steps()[IMAP]

        assert not step.ok
        assert step.text == "登录成功，将查看：INBOX（1 封）；文件夹“报送”：邮箱中没有这个文件夹"
        assert step.remedy == "请核对 [imap] folders。"

    @pytest.mark.parametrize(("oldest", "hinted"), [("2021-04-01T09:00", True), ("2021-02-01T09:00", False)])
    def test_on_163_a_young_oldest_mail_brings_the_hint_that_older_ones_may_be_hidden(
        self, around: Surroundings, oldest: str, hinted: object
    ) -> None:
        around.logs_in_as("zydc697@163.com", "imap.163.com")
        around.arrivals = {"INBOX": (oldest, "2021-04-21T09:00")}

        assert ("收取全部邮件" in around.steps()["可见最早来件"].text) is hinted


class TestAnswering:
    def test_what_the_first_round_would_answer_record_or_only_list_is_counted(self, around: Surroundings) -> None:
        around.arrivals = {"INBOX": ("2021-03-31T23:59", "2021-04-02T09:00", "2021-04-19T09:59", "2021-04-21T09:00")}

        assert around.steps()[MAIL].text == (
            "2021年4月1日；尚未收取的来件 4 封：启用之前的 1 封只登记，不回复；到达已超过 3 天的 2 封只登记和列出，"
            "不再回复；其余 1 封如是报送，将予回复"
        )

    def test_what_the_ledger_holds_already_is_not_counted(self, around: Surroundings) -> None:
        with around.ledger.transaction() as books:
            books.sight(Sighting("INBOX", 1, 1, shanghai("2021-04-21T09:00"), 1000), "ab" * 32)

        assert around.steps()[MAIL].text == "2021年4月1日；尚未收取的来件 0 封"

    def test_answers_that_came_too_late_to_be_sent_are_counted(self, around: Surroundings) -> None:
        with around.ledger.transaction() as books:
            books.queue(a_mail(), OutgoingState.EXPIRED, NOW)

        assert "另有 1 封回执超过期限没有发出" in around.steps()[MAIL].text

    def test_without_the_day_the_service_begins_it_says_what_to_write(self, around: Surroundings) -> None:
        around.settings = replace(around.settings, answer_after=None)

        step = around.steps()[MAIL]

        assert (step.ok, "answer_after" in step.remedy) == (False, True)

    def test_a_ledger_that_cannot_be_read_leaves_every_mail_counted(self, around: Surroundings) -> None:
        around.books = LedgerUnavailable("cannot create ledger.db: disk full")

        steps = around.steps()

        assert "尚未收取的来件 1 封" in steps[MAIL].text
        assert "disk full" in steps["台账"].text

    def test_a_unit_without_an_address_is_named_until_a_person_binds_one(self, around: Surroundings) -> None:
        around.addresses = ()
        before = around.steps()["配置"].text
        with around.ledger.transaction() as books:
            books.bind("jyj@clerks.example", "区教育局", Event(NOW, "张三", "bound", "jyj@clerks.example"))

        assert "尚未登记邮箱的牵头单位 1 个：区教育局" in before
        assert "尚未登记" not in around.steps()["配置"].text


class TestThisMachine:
    def test_a_clock_behind_the_newest_mail_is_told(self, around: Surroundings) -> None:
        around.arrivals = {"INBOX": ("2021-04-22T10:11",)}

        assert around.wrong() == [CLOCK]
        assert "早于最新来件的到达时间 2021-04-22 10:11" in around.steps()[CLOCK].text

    def test_a_clock_behind_the_ledgers_last_poll_is_told(self, around: Surroundings) -> None:
        with around.ledger.transaction() as books:
            books.viewed(FolderView("INBOX", 1, None, 0, Listing.FULL), shanghai("2022-04-22T10:00"))

        assert around.wrong() == [CLOCK]
        assert "当时快了" in around.steps()[CLOCK].text

    @pytest.mark.parametrize(
        ("arrivals", "said"),
        [(("2021-04-21T09:00",), "不早于最新来件（2021-04-21 09:00）"), ((), "没有来件可以对照")],
    )
    def test_that_a_clock_may_be_fast_is_said_as_nothing_can_prove_it(
        self, around: Surroundings, arrivals: tuple[str, ...], said: str
    ) -> None:
        around.arrivals = {"INBOX": arrivals}

        step = around.steps()[CLOCK]

        assert (step.ok, said in step.text, "是否偏快无法核对" in step.text) == (True, True, True)

    def test_without_a_login_the_clock_is_shown_all_the_same(self, around: Surroundings) -> None:
        around.imap = ConnectionLost("[Errno 111] Connection refused")

        assert "没有来件可以对照" in around.steps()[CLOCK].text

    def test_files_that_are_open_to_others_are_named_with_the_command_that_closes_them(
        self, around: Surroundings
    ) -> None:
        around.inspector().steps()  # makes the archive
        around.settings.archive.chmod(0o777)
        ledger = around.settings.path.with_name("ledger.db")
        ledger.chmod(0o666)
        around.settings.path.chmod(0o666)

        step = around.steps()["文件权限"]

        assert not step.ok
        assert f"{ledger}（权限 0666）" in step.text
        assert f"chmod go-rwx {around.settings.archive}；chmod go-rwx {ledger}" in step.remedy
        assert f"chmod o-w {around.settings.path}" in step.remedy

    @pytest.mark.parametrize(("mode", "ok"), [(0o600, True), (0o400, True), (0o640, True), (0o644, False)])
    def test_the_file_of_the_password_is_for_its_account_or_group(
        self, around: Surroundings, tmp_path: Path, mode: int, ok: object
    ) -> None:
        (tmp_path / "secret").write_text("x")
        (tmp_path / "secret").chmod(mode)
        around.secrets = (tmp_path / "secret",)

        assert around.steps()["文件权限"].ok is ok

    @pytest.mark.parametrize(("mode", "ok"), [(0o755, True), (0o775, True), (0o777, False), (0o1777, True)])
    def test_in_a_folder_that_others_may_write_a_file_is_soon_another(
        self, around: Surroundings, mode: int, ok: object
    ) -> None:
        around.settings.path.parent.chmod(mode)

        assert around.steps()["文件权限"].ok is ok

    def test_a_broken_template_is_told_with_its_line(self, around: Surroundings, tmp_path: Path) -> None:
        for source in shipped("templates").rglob("mails/*"):
            target = tmp_path / "own" / source.relative_to(shipped("templates"))
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(source.read_bytes())
        (tmp_path / "own/mails/acknowledgement.txt").write_text("收悉。\n{% if %}", "utf-8")
        around.templates = tmp_path / "own"

        assert "acknowledgement.txt 第 2 行" in around.steps()["邮件模板"].text

    def test_an_archive_that_cannot_be_written_is_told(self, around: Surroundings) -> None:
        around.settings.archive.write_text("a file where the folder should be")

        step = around.steps()["磁盘"]

        assert (step.ok, "不能写入" in step.text, "权限" in step.remedy) == (False, True, True)


def test_an_archive_that_holds_what_the_ledger_says_is_proved(around: Surroundings) -> None:
    keep(around, b"one", b"two")

    step = around.steps()["存档"]

    assert (step.ok, step.text) == (True, "台账中来件 2 封，全部逐字核对；存档完整")


def test_a_file_that_is_gone_or_damaged_is_named_with_what_to_do(around: Surroundings) -> None:
    one, two = keep(around, b"one", b"two")
    one.unlink()
    two.write_bytes(b"tow")

    step = around.steps()["存档"]

    assert not step.ok
    assert f"1 封的存档文件不见了：{one.name}" in step.text
    assert f"1 封的存档文件已损坏（与文件名不符）：{two.name}" in step.text
    assert "从备份恢复" in step.remedy
    assert "mailbot poll" in step.remedy


def keep(around: Surroundings, *mails: bytes) -> list[Path]:
    """Archive mails and note them in the ledger; return their files."""
    archive = Archive(around.settings.archive)
    hashes = [archive.put(raw) for raw in mails]
    with around.ledger.transaction() as books:
        for sha256 in hashes:
            books.take_in(sha256, 3, NOW, Origin.INGEST)
    return [archive.path_of(sha256) for sha256 in hashes]


class TestAlarms:
    def test_says_where_they_go_and_after_how_long(self, around: Surroundings) -> None:
        around.settings = replace(around.settings, office_addresses=("duty@office.example",))

        assert around.steps()["故障告警"] == Step(
            "故障告警", ok=True, text="收取、登记等持续 4 小时不能进行时，发邮件至 duty@office.example"
        )

    def test_without_an_address_there_are_none_and_nothing_is_wrong(self, around: Surroundings) -> None:
        step = around.steps()["故障告警"]

        assert step.ok
        assert "没有设置 [office] addresses" in step.text

    @pytest.mark.parametrize("address", ["bot@example.test", "jyj@clerks.example"])
    def test_an_address_that_is_a_units_or_ours_gets_none(self, around: Surroundings, address: str) -> None:
        around.settings = replace(around.settings, office_addresses=(address, "duty@office.example"))

        step = around.steps()["故障告警"]

        assert not step.ok
        assert address in step.text
        assert "[office] addresses" in step.remedy
