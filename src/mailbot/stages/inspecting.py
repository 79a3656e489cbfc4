"""`mailbot check`: every step between the configuration and a working service, and what to do where one fails.

It logs in and looks; it sends nothing and changes nothing.
"""

from __future__ import annotations

import shutil
import tempfile
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from mailbot.domain.mailbox import FolderView
from mailbot.errors import MailbotError
from mailbot.mailbox.providers import domain_matches
from mailbot.outgoing.rendering import Renderer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from mailbot.settings import Server, Settings
    from mailbot.stages.protocols import Clock, Ledger, Mailbox
    from mailbot.stages.viewing import Desk

WINDOW_OF_163 = timedelta(days=30)
FREE_ENOUGH = 1024**3  # bytes: about 800 mails of the usual size
CLOCK_AHEAD = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Step:
    """One thing looked at; `remedy` says what to do where it is not right."""

    name: str
    ok: bool
    text: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Inspector:
    """Looks at everything. `smtp_login` connects, logs in and leaves."""

    settings: Settings
    clock: Clock
    desk: Callable[[], Desk]
    renderer: Renderer
    open_mailbox: Callable[[], AbstractContextManager[Mailbox]]
    smtp_login: Callable[[], None]
    open_ledger: Callable[[], Ledger]

    def steps(self) -> tuple[Step, ...]:
        """Return every step, in the order in which a failure would explain the next."""
        return tuple(self._steps())

    def _steps(self) -> Iterator[Step]:
        yield self._configuration()
        yield self._templates()
        yield _host("收信服务器", self.settings.imap)
        yield _host("发信服务器", self.settings.smtp)
        views: list[FolderView] = []
        yield self._login_and_folders(views)
        if views:
            yield self._oldest(views)
            yield self._concerned(views)
            yield self._clock(views)
        yield _tried("SMTP 登录", "登录成功，未发送任何邮件", self.smtp_login)
        yield _disk(self.settings.archive)
        yield _tried("台账", "可以打开和读取", self._read_ledger)

    def _configuration(self) -> Step:
        desk = self.desk()
        without = [unit for notice in desk.notices for unit in notice.lead_units() if not _addresses(desk, unit)]
        text = f"{self.settings.path}，通知 {len(desk.notices)} 份，单位 {len(desk.directory.units)} 个"
        if without:
            text += f"；尚未登记邮箱的牵头单位 {len(without)} 个：{'、'.join(dict.fromkeys(without))}"
        return Step("配置", ok=True, text=text)

    def _templates(self) -> Step:
        return _tried("邮件模板", "各类邮件均可生成", self.renderer.check)

    def _login_and_folders(self, views: list[FolderView]) -> Step:
        try:
            with self.open_mailbox() as mailbox:
                views.extend(mailbox.look(folder, None) for folder in mailbox.folders())
        except MailbotError as error:
            return _failed("IMAP 登录和文件夹", error)
        found = "、".join(f"{view.folder}（{view.exists} 封）" for view in views)
        return Step("IMAP 登录和文件夹", ok=True, text=f"登录成功，将查看：{found}")

    def _oldest(self, views: list[FolderView]) -> Step:
        """Tell how far back the mailbox can be seen: 163 can hide what is older than thirty days."""
        arrivals = [sighting.arrived for view in views for sighting in view.sightings]
        name = "可见最早来件"
        if not arrivals:
            return Step(name, ok=True, text="邮箱中目前没有来件")
        age = self.clock.now() - min(arrivals)
        text = f"{min(arrivals):%Y年%m月%d日}（{age.days} 天前）"
        if domain_matches(self.settings.imap.host, self.settings.imap.user) and age <= WINDOW_OF_163:
            remedy = "如邮箱中应有更早的邮件，请在网页邮箱“设置→POP3/SMTP/IMAP”中把收取选项改为“收取全部邮件”。"
            return Step(name, ok=True, text=f"{text}。{remedy}")
        return Step(name, ok=True, text=text)

    def _concerned(self, views: list[FolderView]) -> Step:
        """Tell how many mails the first run would answer, and how many it would only record."""
        name, begin = "启用日期", self.settings.answer_after
        arrivals = [sighting.arrived for view in views for sighting in view.sightings]
        if begin is None:
            remedy = "请在 mailbot.toml 的 [mail] 中写上 answer_after（服务开始的日期）；此前的来件只登记，不回复。"
            return Step(name, ok=False, text=f"未设置；邮箱中现有 {len(arrivals)} 封", remedy=remedy)
        limit = self.clock.now() - timedelta(days=self.settings.answer_within_days)
        silent = sum(arrived < begin for arrived in arrivals)
        late = sum(begin <= arrived < limit for arrived in arrivals)
        text = (
            f"{begin:%Y年%m月%d日}；此前来件 {silent} 封只登记不回复，"
            f"已超过答复期限 {late} 封只显示不发送，其余 {len(arrivals) - silent - late} 封可以回复"
        )
        return Step(name, ok=True, text=text)

    def _clock(self, views: list[FolderView]) -> Step:
        """Hold the machine's clock against the newest arrival that the server wrote down."""
        now, name = self.clock.now(), "时钟"
        newest = max((sighting.arrived for view in views for sighting in view.sightings), default=now)
        if newest > now + CLOCK_AHEAD:
            text = f"本机时间 {now:%Y-%m-%d %H:%M}，早于最新来件的到达时间 {newest:%Y-%m-%d %H:%M}"
            return Step(name, ok=False, text=text, remedy="请校准本机时间（时区不影响，统一按北京时间计算）。")
        return Step(name, ok=True, text=f"北京时间 {now:%Y-%m-%d %H:%M}")

    def _read_ledger(self) -> None:
        with self.open_ledger().reading() as books:
            books.standings()


def _addresses(desk: Desk, unit: str) -> tuple[str, ...]:
    found = desk.directory.unit(unit)
    return found.addresses if found else ()


def _host(name: str, server: Server) -> Step:
    text = f"{server.host}:{server.port}，账号 {server.user}"
    if domain_matches(server.host, server.user) is False:
        remedy = f"{server.host} 不是 {server.user} 所在的服务器，登录会显示密码错误；请改用该邮箱自己的服务器。"
        return Step(name, ok=False, text=text, remedy=remedy)
    return Step(name, ok=True, text=text)


def _tried(name: str, success: str, work: Callable[[], None]) -> Step:
    try:
        work()
    except MailbotError as error:
        return _failed(name, error)
    return Step(name, ok=True, text=success)


def _failed(name: str, error: MailbotError) -> Step:
    where = str(error.place)
    return Step(name, ok=False, text=f"{where + '：' if where else ''}{error.chinese}", remedy=error.remedy)


def _disk(archive: Path) -> Step:
    """Tell whether there is room, by writing where the archive will be."""
    name = "磁盘"
    try:
        archive.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryFile(dir=archive) as probe:
            probe.write(b"mailbot")
        free = shutil.disk_usage(archive).free
    except OSError as error:
        return Step(name, ok=False, text=f"{archive} 不能写入（{error.strerror}）", remedy="请检查目录权限和磁盘空间。")
    text = f"{archive} 所在磁盘剩余 {free / 1024**3:.1f} GB"
    return Step(
        name, ok=free >= FREE_ENOUGH, text=text, remedy="" if free >= FREE_ENOUGH else "请清理磁盘，至少留出 1 GB。"
    )
