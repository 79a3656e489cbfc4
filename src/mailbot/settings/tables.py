"""What may stand in mailbot.toml, table by table, and how it becomes `Settings`."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from datetime import time as time_of_day
from pathlib import Path
from string import Formatter
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo

from mailbot.checking import Address, Line, MaybeLine, Several, Table
from mailbot.data import shipped
from mailbot.domain.ladder import OfficeHours, Rung, Side
from mailbot.domain.ledger_url import absolute, check_ledger_url
from mailbot.domain.moments import at, in_shanghai, shanghai
from mailbot.domain.server import Security, Server, is_loopback
from mailbot.settings.values import Caps, Files, OutgoingMode, Settings


def _host(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9._-]+|[0-9A-Fa-f:.]+", text):
        message = '请只写主机名或 IP 地址，如 "imap.163.com"，不带前缀、端口和空格'
        raise ValueError(message)
    return text


def _security(value: str, info: ValidationInfo) -> str:
    if value == "plain" and not is_loopback(info.data.get("host", "localhost")):
        message = 'plain 不加密，只许连接本机；请改成 security = "tls"'
        raise ValueError(message)
    return value


def _user(text: str) -> str:
    if not re.fullmatch(r"[!-~]+", text):
        message = '登录名只能用半角字母、数字和符号，不含空格和汉字，如 user = "zydc697@163.com"'
        raise ValueError(message)
    return text


def _sender(text: str) -> str:
    if not re.fullmatch(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252}[A-Za-z0-9])?", text):
        message = '它也是发件地址，请写完整的邮箱地址，如 user = "zydc697@163.com"'
        raise ValueError(message)
    return text


def _not_of_another(services: Mapping[int, str], right: str) -> Callable[[int], int]:
    """Return a check that a port is not one registered for another service."""

    def check(port: int) -> int:
        if port in services:
            message = f"{port} 是{services[port]}的端口；请改成 {right}"
            raise ValueError(message)
        return port

    return check


def _no_password(_: object) -> None:
    message = (
        "密码不写在这个文件里；请删去这一行，改用环境变量 "
        "MAILBOT_IMAP_PASSWORD、MAILBOT_SMTP_PASSWORD、MAILBOT_LEDGER_PASSWORD"
    )
    raise ValueError(message)


def _moment(value: object) -> datetime:
    """Read a TOML date, time stamp or ISO-8601 text, in Asia/Shanghai."""
    try:
        match value:
            case datetime():
                return in_shanghai(value)
            case date():
                return at(value, time_of_day(0))
            case str():
                return shanghai(value)
    except (ValueError, OverflowError):
        pass
    message = "不是日期；请写启用的那一天，如 answer_after = 2026-12-01"
    raise ValueError(message)


def _distinct(values: tuple[Any, ...]) -> tuple[Any, ...]:
    if len(set(values)) < len(values):
        message = "有重复，请删去多余的"
        raise ValueError(message)
    return values


def _hours(values: tuple[str, ...]) -> tuple[str, ...]:
    try:
        opens, closes = (time_of_day.fromisoformat(value) for value in values)
    except ValueError:
        opens = closes = time_of_day(0)
    if not opens < closes or opens.tzinfo or closes.tzinfo:
        message = '应为先后两个时刻；请写成 hours = ["09:00", "17:30"]'
        raise ValueError(message)
    return values


def _receipt_number(pattern: str) -> str:
    """Check the pattern: unique by its three fields, and not in the form of a document number (issue, 'Record')."""
    try:
        fields = sorted(name for _, name, _, _ in Formatter().parse(pattern) if name is not None)
        fits = fields == ["month", "serial", "year"] and bool(pattern.format(year=2021, month=4, serial=42))
    except (ValueError, TypeError, MemoryError, OverflowError):
        fits = False
    if not fits or set("〔〕[]【】") & set(pattern):
        message = (
            "须含 {year}、{month}、{serial} 各一次，不能像文号那样带方括号；请写成 {year}-{month:02d}-{serial:04d}"
        )
        raise ValueError(message)
    return pattern


# Source: the IANA's register of service names and port numbers
IMAP_AND_POP = {143: "收信（IMAP）", 993: "收信（IMAP）", 110: "收信（POP3）", 995: "收信（POP3）"}
SMTP_AND_POP = {25: "发信（SMTP）", 465: "发信（SMTP）", 587: "发信（SMTP）", 110: " POP3 ", 995: " POP3 "}
Port = Annotated[int, Field(ge=1, le=65535, examples=["port = 993"])]
Workdays = Annotated[Several[Annotated[int, Field(ge=1, le=20)]], Field(max_length=9), AfterValidator(_distinct)]
Count = Annotated[int, Field(ge=1, le=100_000)]


class ServerTable(Table):
    """What [imap] and [smtp] have in common."""

    host: Annotated[Line, AfterValidator(_host), Field(examples=['host = "imap.163.com"'])]
    port: Port
    security: Annotated[
        Literal["tls", "starttls", "plain"], AfterValidator(_security), Field(examples=['security = "tls"'])
    ] = "tls"
    user: Annotated[Line, AfterValidator(_user), Field(examples=['user = "zydc697@163.com"'])]
    ca_file: Annotated[MaybeLine, Field(examples=['ca_file = "ca.pem"'])] = ""
    password: Annotated[None, BeforeValidator(_no_password)] = None

    def server(self, base: Path) -> Server:
        """Return the server, its certificate file made absolute."""
        ca_file = (base / self.ca_file).resolve() if self.ca_file else None
        return Server(self.host, self.port, Security(self.security), self.user, ca_file)


class ImapTable(ServerTable):
    """[imap]."""

    port: Annotated[Port, AfterValidator(_not_of_another(SMTP_AND_POP, "993（tls）或 143（starttls）"))]

    folders: Annotated[Several[Line], AfterValidator(_distinct), Field(examples=['folders = ["INBOX"]'])] = ()


class SmtpTable(ServerTable):
    """[smtp]."""

    port: Annotated[Port, AfterValidator(_not_of_another(IMAP_AND_POP, "465（tls）或 587（starttls）"))]

    user: Annotated[Line, AfterValidator(_user), AfterValidator(_sender), Field(examples=['user = "zydc697@163.com"'])]
    from_name: Annotated[MaybeLine, Field(examples=['from_name = "中原区政府督查室"'])] = ""


class MailTable(Table):
    """[mail]."""

    answer_after: Annotated[
        datetime | None, BeforeValidator(_moment), Field(examples=["answer_after = 2026-12-01"])
    ] = None
    answer_within_days: Annotated[int, Field(ge=1, le=366, examples=["answer_within_days = 3"])] = 3


class OutgoingTable(Table):
    """[outgoing]."""

    mode: Annotated[Literal["hold", "send"], Field(examples=['mode = "hold"'])] = "hold"
    per_address_day: Annotated[Count, Field(examples=["per_address_day = 10"])] = 10
    per_hour: Annotated[Count, Field(examples=["per_hour = 20"])] = 20
    per_day: Annotated[Count, Field(examples=["per_day = 40"])] = 40


class ArchiveTable(Table):
    """[archive]."""

    path: Annotated[Line, Field(examples=['path = "archive"'])]


class LedgerTable(Table):
    """[ledger]."""

    url: Annotated[Line, AfterValidator(check_ledger_url), Field(examples=['url = "sqlite:///ledger.db"'])]
    receipt_number: Annotated[
        Line,
        AfterValidator(_receipt_number),
        Field(max_length=60, examples=['receipt_number = "{year}-{month:02d}-{serial:04d}"']),
    ] = "{year}-{month:02d}-{serial:04d}"
    password: Annotated[None, BeforeValidator(_no_password)] = None

    def absolute_url(self, base: Path) -> str:
        """Return the URL with every path in it absolute."""
        return absolute(self.url, base)


class PollingTable(Table):
    """[polling]."""

    every_seconds: Annotated[int, Field(ge=1, le=86_400, examples=["every_seconds = 300"])] = 300


class FilesTable(Table):
    """[files]."""

    units: Annotated[Line, Field(examples=['units = "units.yaml"'])] = "units.yaml"
    holidays: Annotated[Line, Field(examples=['holidays = "holidays.yaml"'])] = "holidays.yaml"
    notices: Annotated[Line, Field(examples=['notices = "notices"'])] = "notices"
    templates: Annotated[MaybeLine, Field(examples=['templates = "templates"'])] = ""

    def files(self, base: Path) -> Files:
        """Return the paths, absolute."""
        return Files(
            units=(base / self.units).resolve(),
            holidays=(base / self.holidays).resolve(),
            notices=(base / self.notices).resolve(),
            templates=(base / self.templates).resolve() if self.templates else shipped("templates"),
        )


class OfficeTable(Table):
    """[office]."""

    addresses: Annotated[Several[Address], Field(examples=['addresses = ["office@example.com"]'])] = ()
    contact: Annotated[MaybeLine, Field(examples=['contact = "督查室 0371-00000000"'])] = ""
    alarm_after_hours: Annotated[int, Field(ge=1, le=168, examples=["alarm_after_hours = 4"])] = 4


class RemindersTable(Table):
    """[reminders]."""

    before: Annotated[Workdays, Field(examples=["before = [3, 1]"])] = (3, 1)
    after: Annotated[Workdays, Field(examples=["after = [1]"])] = (1,)
    hours: Annotated[
        Several[str],
        Field(min_length=2, max_length=2, examples=['hours = ["09:00", "17:30"]']),
        AfterValidator(_hours),
    ] = ("09:00", "17:30")

    def ladder(self) -> tuple[Rung, ...]:
        """Return the rungs in the order of time."""
        before = (Rung(Side.BEFORE, days) for days in sorted(self.before, reverse=True))
        after = (Rung(Side.AFTER, days) for days in sorted(self.after))
        return (*before, *after)

    def office_hours(self) -> OfficeHours:
        """Return when mail that is no answer may leave."""
        opens, closes = (time_of_day.fromisoformat(hour) for hour in self.hours)
        return OfficeHours(opens, closes)


class SettingsFile(Table):
    """mailbot.toml, table by table."""

    imap: Annotated[ImapTable, Field(examples=["[imap]"])]
    smtp: Annotated[SmtpTable, Field(examples=["[smtp]"])]
    mail: MailTable = MailTable()
    outgoing: OutgoingTable = OutgoingTable()
    archive: Annotated[ArchiveTable, Field(examples=["[archive]"])]
    ledger: Annotated[LedgerTable, Field(examples=["[ledger]"])]
    polling: PollingTable = PollingTable()
    files: FilesTable = FilesTable()
    office: OfficeTable = OfficeTable()
    reminders: RemindersTable = RemindersTable()

    def settings(self, path: Path) -> Settings:
        """Return the settings, every path absolute."""
        base = path.parent
        return Settings(
            path=path,
            imap=self.imap.server(base),
            folders=self.imap.folders,
            smtp=self.smtp.server(base),
            from_name=self.smtp.from_name,
            answer_after=self.mail.answer_after,
            answer_within_days=self.mail.answer_within_days,
            mode=OutgoingMode(self.outgoing.mode),
            caps=Caps(self.outgoing.per_address_day, self.outgoing.per_hour, self.outgoing.per_day),
            archive=(base / self.archive.path).resolve(),
            ledger_url=self.ledger.absolute_url(base),
            receipt_number=self.ledger.receipt_number,
            every_seconds=self.polling.every_seconds,
            files=self.files.files(base),
            office_addresses=tuple(dict.fromkeys(self.office.addresses)),
            office_contact=self.office.contact,
            alarm_after=timedelta(hours=self.office.alarm_after_hours),
            ladder=self.reminders.ladder(),
            office_hours=self.reminders.office_hours(),
        )
