"""`mailbot check`: every step between the configuration and a working service, and what to do where one fails.

It logs in and looks; it sends nothing and changes nothing.
"""

from __future__ import annotations

import shutil
import tempfile
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from mailbot.domain.books import OutgoingState
from mailbot.domain.mailbox import FolderView
from mailbot.errors import ConfigurationError, ConnectionLost, LedgerError, MailbotError, ProtocolRefused
from mailbot.mailbox.providers import NETEASE_DOMAINS, domain_matches
from mailbot.outgoing.rendering import Renderer
from mailbot.rules.alarming import alarm_addresses
from mailbot.stages.file_modes import loose
from mailbot.stages.proving import prove

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from mailbot.settings import Server, Settings
    from mailbot.stages.protocols import Archive, Clock, Ledger, Mailbox
    from mailbot.stages.viewing import Desk

WINDOW_OF_163 = timedelta(days=30)
FREE_ENOUGH = 1024**3  # bytes: about 800 mails of the usual size
CLOCK_AHEAD = timedelta(minutes=10)
NOT_REACHED = (
    "请核对 host、port 和 security（tls 一般用 993、465 端口，starttls 用 143、587 端口），并确认本机网络和防火墙放行。"
)
NOT_WHOLE = (
    "请从备份恢复这些文件。邮件仍在邮箱中的，也可删去已损坏的文件，再运行 mailbot poll（或重新启动服务），即自动补存。"
)
LONGEST_DETAIL = 200


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
    archive: Archive
    secrets: tuple[Path, ...] = ()  # the files that hold the passwords
    own_addresses: Callable[[], frozenset[str]] = frozenset

    def steps(self) -> tuple[Step, ...]:
        """Return every step, in the order in which a failure would explain the next."""
        return tuple(self._steps())

    def _steps(self) -> Iterator[Step]:
        yield self._configuration()
        yield self._templates()
        yield self._alarms()
        yield _host("收信服务器", "imap", self.settings.imap)
        yield _host("发信服务器", "smtp", self.settings.smtp)
        views: list[FolderView] = []
        yield self._login_and_folders(views)
        if views:
            yield self._oldest(views)
            yield self._concerned(views)
        yield self._clock(views)
        yield _tried("SMTP 登录", "登录成功，未发送任何邮件", self.smtp_login, self.settings.smtp)
        yield _disk(self.settings.archive)
        yield self._modes()
        ledger = _tried("台账", "可以打开和读取", self._read_ledger)
        yield ledger
        if ledger.ok:
            yield self._archive()

    def _configuration(self) -> Step:
        desk = self._bound_desk()
        without = [unit for notice in desk.notices for unit in notice.lead_units() if not _addresses(desk, unit)]
        text = f"{self.settings.path}，通知 {len(desk.notices)} 份，单位 {len(desk.directory.units)} 个"
        if without:
            text += f"；尚未登记邮箱的牵头单位 {len(without)} 个：{'、'.join(dict.fromkeys(without))}"
        return Step("配置", ok=True, text=text)

    def _templates(self) -> Step:
        return _tried("邮件模板", "各类邮件均可生成", self.renderer.check)

    def _alarms(self) -> Step:
        """Tell where the office hears of what keeps the service from its work."""
        name, named = "故障告警", self.settings.office_addresses
        good = alarm_addresses(named, self.own_addresses(), self._bound_desk().directory)
        if bad := [address for address in named if address not in good]:
            text = f"不向 {'、'.join(bad)} 发出：是收发用的邮箱，或已绑定给单位"
            remedy = "请在 mailbot.toml 的 [office] addresses 中改为督查室自己的其他邮箱。"
            return Step(name, ok=False, text=text, remedy=remedy)
        if not good:
            return Step(name, ok=True, text="没有设置 [office] addresses，出现故障时只在 mailbot status 中显示")
        hours = self.settings.alarm_after // timedelta(hours=1)
        return Step(name, ok=True, text=f"收取、登记等持续 {hours} 小时不能进行时，发邮件至 {'、'.join(good)}")

    def _login_and_folders(self, views: list[FolderView]) -> Step:
        """Look at every folder; what is wrong with one is told beside what is in the others."""
        name, wrong = "IMAP 登录和文件夹", []
        try:
            with self.open_mailbox() as mailbox:
                for folder in mailbox.folders():
                    try:
                        views.append(mailbox.look(folder, None))
                    except ProtocolRefused as error:
                        wrong.append((f"文件夹“{folder}”：{error.chinese}", error.remedy))
        except MailbotError as error:
            return failed(name, error, self.settings.imap)
        found = "、".join(f"{view.folder}（{view.exists} 封）" for view in views)
        wrong += [(f"文件夹“{view.folder}”未能列全", view.unlisted) for view in views if view.unlisted]
        text = "；".join((f"登录成功，将查看：{found}", *(what for what, _ in wrong)))
        return Step(name, ok=not wrong, text=text, remedy="".join(dict.fromkeys(remedy for _, remedy in wrong)))

    def _oldest(self, views: list[FolderView]) -> Step:
        """Tell how far back the mailbox can be seen: 163 can hide what is older than thirty days."""
        arrivals = _arrivals(views)
        name = "可见最早来件"
        if not arrivals:
            return Step(name, ok=True, text="邮箱中目前没有来件")
        age = self.clock.now() - min(arrivals)
        text = f"{_day(min(arrivals))}（{age.days} 天前）"
        if domain_matches(self.settings.imap.host, self.settings.imap.user) and age <= WINDOW_OF_163:
            remedy = "如邮箱中应有更早的邮件，请在网页邮箱“设置→POP3/SMTP/IMAP”中把收取选项改为“收取全部邮件”。"
            return Step(name, ok=True, text=f"{text}。{remedy}")
        return Step(name, ok=True, text=text)

    def _concerned(self, views: list[FolderView]) -> Step:
        """Tell how many mails the next round would answer, and how many it would only record."""
        name, begin = "启用日期", self.settings.answer_after
        arrivals, expired = self._not_recorded(views)
        if begin is None:
            remedy = "请在 mailbot.toml 的 [mail] 中写上 answer_after（服务开始的日期）；此前的来件只登记，不回复。"
            return Step(name, ok=False, text=f"未设置；邮箱中尚未收取的来件 {len(arrivals)} 封", remedy=remedy)
        limit = self.clock.now() - timedelta(days=self.settings.answer_within_days)
        silent = sum(arrived < begin for arrived in arrivals)
        late = sum(begin <= arrived < limit for arrived in arrivals)
        text = f"{_day(begin)}；尚未收取的来件 {len(arrivals)} 封"
        if arrivals:
            text += (
                f"：启用之前的 {silent} 封只登记，不回复；到达已超过 {self.settings.answer_within_days} 天的 {late} 封"
                f"只登记和列出，不再回复；其余 {len(arrivals) - silent - late} 封如是报送，将予回复"
            )
        if expired:
            text += f"。另有 {expired} 封回执超过期限没有发出，见 mailbot outbox"
        return Step(name, ok=True, text=text)

    def _not_recorded(self, views: list[FolderView]) -> tuple[list[datetime], int]:
        """Return the arrivals of what the ledger does not hold, and how many answers came too late to be sent."""
        try:
            with self.open_ledger().reading() as books:
                fresh = [replace(view, sightings=books.unseen(view)) for view in views]
                return _arrivals(fresh), books.outbox_states()[OutgoingState.EXPIRED]
        except LedgerError:  # told by its own step
            return _arrivals(views), 0

    def _clock(self, views: list[FolderView]) -> Step:
        """Hold the machine's clock against what the server and the ledger wrote down: later than now is no past.

        Neither IMAP nor SMTP tells the present time, so that one that is fast cannot be told from one that is right.
        """
        now = self.clock.now()
        told = f"北京时间 {now:%Y-%m-%d %H:%M}"
        newest, polled = max(_arrivals(views), default=None), self._last_poll()
        remedy = "请校准本机时间，最好开启自动对时（timedatectl set-ntp true）；时区不影响，统一按北京时间计算。"
        if newest and newest > now + CLOCK_AHEAD:
            text = f"{told}，早于最新来件的到达时间 {newest:%Y-%m-%d %H:%M}：本机时钟慢了"
            return Step("时钟", ok=False, text=text, remedy=remedy)
        if polled and polled > now + CLOCK_AHEAD:
            text = f"{told}，早于台账中最近一次收取的时间 {polled:%Y-%m-%d %H:%M}：本机时钟现在慢了，或当时快了"
            return Step("时钟", ok=False, text=text, remedy=remedy)
        seen = f"不早于最新来件（{newest:%Y-%m-%d %H:%M}）" if newest else "没有来件可以对照"
        return Step("时钟", ok=True, text=f"{told}，{seen}；邮件服务器不报时，是否偏快无法核对，请自行核对")

    def _last_poll(self) -> datetime | None:
        try:
            with self.open_ledger().reading() as books:
                return max((poll.completed for poll in books.polls()), default=None)
        except LedgerError:  # told by its own step
            return None

    def _modes(self) -> Step:
        """Tell which files are open to other accounts on this machine."""
        found = tuple(loose(self.settings, self.secrets))
        if not found:
            return Step("文件权限", ok=True, text="台账、存档、设置和授权码文件没有对其他账户开放")
        text = f"对其他账户开放：{'、'.join(each.told() for each in found)}"
        return Step("文件权限", ok=False, text=text, remedy=f"请执行：{'；'.join(each.remedy() for each in found)}")

    def _archive(self) -> Step:
        """Hold the archive against the ledger."""
        name = "存档"
        try:
            with self.open_ledger().reading() as books:
                proof = prove(books, self.archive)
        except MailbotError as error:
            return failed(name, error)
        return Step(name, ok=proof.holds, text=proof.told(), remedy="" if proof.holds else NOT_WHOLE)

    def _bound_desk(self) -> Desk:
        """Return the desk with the bindings that persons made, as far as the ledger can be read."""
        try:
            with self.open_ledger().reading() as books:
                return self.desk().with_bindings(books)
        except LedgerError:  # told by its own step
            return self.desk()

    def _read_ledger(self) -> None:
        with self.open_ledger().reading() as books:
            books.standings()


def _arrivals(views: Iterable[FolderView]) -> list[datetime]:
    return [sighting.arrived for view in views for sighting in view.sightings if sighting.arrived is not None]


def _addresses(desk: Desk, unit: str) -> tuple[str, ...]:
    found = desk.directory.unit(unit)
    return found.addresses if found else ()


def _day(moment: datetime) -> str:
    return f"{moment.year}年{moment.month}月{moment.day}日"


def _host(name: str, service: str, server: Server) -> Step:
    """Tell whether the server is the one of the address's domain, as far as that can be known."""
    text, domain = f"{server.host}:{server.port}，账号 {server.user}", server.user.rpartition("@")[2].lower()
    match domain_matches(server.host, server.user):
        case True:
            return Step(name, ok=True, text=f"{text}，与账号的域名相符")
        case None:
            return Step(name, ok=True, text=f"{text}，从域名看不出是否相符，以能否登录为准")
        case _:
            right = f" {service}.{domain}" if domain in NETEASE_DOMAINS else "该邮箱自己的服务器"
            remedy = f"{server.host} 上没有 {server.user} 这个邮箱，登录时会被当作密码错误；请把 host 改为{right}。"
    if "@" not in server.user:
        remedy = "账号请写完整的邮箱地址，包括 @ 和后面的域名。"
    return Step(name, ok=False, text=text, remedy=remedy)


def _tried(name: str, success: str, work: Callable[[], None], server: Server | None = None) -> Step:
    try:
        work()
    except MailbotError as error:
        return failed(name, error, server)
    return Step(name, ok=True, text=success)


def failed(name: str, error: MailbotError, server: Server | None = None) -> Step:
    """Return a step that failed, with the server's or the system's own words, which the user may be asked for."""
    if isinstance(error, ConfigurationError):
        return Step(name, ok=False, text="；".join(map(str, error.problems)), remedy=error.remedy)
    text, where = error.chinese, str(error.place)
    detail = " ".join(str(error).split())[:LONGEST_DETAIL]
    if isinstance(error, ConnectionLost) and server and error.chinese == ConnectionLost.chinese:
        at = f"{server.host}:{server.port}"
        text = f"连接不上 {at}，或连接中途断开（{detail.removeprefix(f'cannot reach {at}: ')}）"
        return Step(name, ok=False, text=text, remedy=NOT_REACHED)
    if detail not in {text, type(error).__doc__} and detail not in text:
        text += f"（{detail}）"
    return Step(name, ok=False, text=f"{where + '：' if where else ''}{text}", remedy=error.remedy)


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
