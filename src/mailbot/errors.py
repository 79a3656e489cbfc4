"""Everything that can go wrong, as one small tree, and what came in wrong, as values.

    MailbotError
    ├── ConfigurationError   a file of ours is wrong; carries every mistake at once (exit 2)
    ├── UsageError           a command was asked for something that cannot be (exit 2)
    ├── MailboxError         the IMAP side
    │   ├── ConnectionLost       cut, stalled, refused, name not found; or an answer without end or sense
    │   ├── CertificateRefused   the server could not prove who it is
    │   ├── LoginRefused         wrong authorisation code, or IMAP switched off
    │   ├── ProtocolRefused      the server answered NO or BAD; something else can still be asked
    │   ├── MessageVanished      one message was moved or deleted since it was listed; likewise
    │   └── MessageTooLarge      one message is larger than we take; the others can still be fetched
    ├── ArchiveError         the raw bytes could not be stored or read back
    │   └── MessageLost          those of one message are gone or damaged
    ├── ReadingError         a file could not be read; becomes a Problem before it leaves the reading room
    └── LedgerError          the database
        ├── LedgerUnavailable    locked, unreachable, disk full or read-only
        ├── LedgerMismatch       made by a newer mailbot, or damaged
        └── AlreadyRunning       another instance holds the lock

An error is for us and stops what was being done; a `Problem` is in what somebody sent and stops nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Retry(Enum):
    """When it makes sense to try again."""

    NEVER = "never"
    SOON = "soon"
    LATER = "later"
    NEEDS_PERSON = "needs_person"


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is: a file and, as far as known, the line, key, sheet, cell or page in it."""

    file: str | None = None
    line: int | None = None
    key: str | None = None
    sheet: str | None = None
    cell: str | None = None
    page: int | None = None

    def __str__(self) -> str:
        """Return the place as a person writes it: ``units.yaml 第 3 行 addresses``."""
        words = [
            self.file,
            f"第 {self.line} 行" if self.line else None,
            self.key,
            f"工作表“{self.sheet}”" if self.sheet else None,
            f"单元格 {self.cell}" if self.cell else None,
            f"第 {self.page} 页" if self.page else None,
        ]
        return " ".join(word for word in words if word)


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong in what came in: a code of the closed list in docs/errors.md, and a Chinese sentence."""

    code: str
    text: str
    place: Place = Place()

    def __str__(self) -> str:
        """Return the sentence with its place before it."""
        where = str(self.place)
        return f"{where}：{self.text}" if where else self.text


class MailbotError(Exception):
    """The root: an English sentence for logs, a Chinese one and a remedy for people."""

    code = "error"
    chinese = "出现错误"
    remedy = "请查看日志。"
    retry = Retry.NEVER

    def __init__(self, detail: str = "", *, chinese: str = "", remedy: str = "", place: Place | None = None) -> None:
        super().__init__(detail or self.__doc__ or self.code)
        self.chinese = chinese or self.chinese
        self.remedy = remedy or self.remedy
        self.place = place or Place()

    def for_people(self) -> str:
        """Return what is wrong, where, and what to do next, in Chinese."""
        where = str(self.place)
        return f"{where + '：' if where else ''}{self.chinese}。{self.remedy}"


class ConfigurationError(MailbotError):
    """The configuration is wrong."""

    code = "configuration"
    chinese = "配置有误"
    remedy = "请按提示修改后再试。"
    retry = Retry.NEEDS_PERSON

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("; ".join(f"{p.place.file}:{p.place.line} {p.place.key}: {p.code}" for p in problems))
        self.problems = problems

    def for_people(self) -> str:
        """Return every mistake, a line each."""
        return "\n".join(
            [f"{self.chinese}（{len(self.problems)} 处）：", *(f"  {problem}" for problem in self.problems)]
        )


class UsageError(MailbotError):
    """The command cannot be carried out as it was asked."""

    code = "usage"
    chinese = "命令用法有误"
    remedy = "请看 mailbot --help。"


class MailboxError(MailbotError):
    """The mailbox could not be read."""

    code = "mailbox"
    chinese = "无法读取邮箱"
    remedy = "系统会自动重试。"
    retry = Retry.SOON


class ConnectionLost(MailboxError):
    """The connection to the mail server was lost or never came up."""

    code = "connection_lost"
    chinese = "与邮件服务器的连接中断"
    remedy = "系统会自动重试；如长时间如此，请检查网络。"


class CertificateRefused(MailboxError):
    """The server's certificate could not be verified."""

    code = "certificate_refused"
    chinese = "邮件服务器的证书无法验证"
    remedy = "请核对服务器地址；自建服务器请在 ca_file 中写明其根证书。"
    retry = Retry.NEEDS_PERSON


class LoginRefused(MailboxError):
    """The mail server refused the login."""

    code = "login_refused"
    chinese = "邮件服务器拒绝登录"
    remedy = "请确认已在网页邮箱中开启 IMAP/SMTP，并使用授权码（不是登录密码）。"
    retry = Retry.NEEDS_PERSON


class ProtocolRefused(MailboxError):
    """The mail server refused a command or answered beside the question."""

    code = "protocol_refused"
    chinese = "邮件服务器拒绝了请求或答复异常"
    retry = Retry.LATER


class MessageVanished(MailboxError):
    """A message was moved or deleted since it was listed."""

    code = "message_vanished"
    chinese = "邮箱中有一封邮件在收取时被移走或删除"


class MessageTooLarge(MailboxError):
    """A message is larger than we take."""

    code = "message_too_large"
    chinese = "邮箱中有一封邮件超过 100 MB，未能收取"
    remedy = "请在网页邮箱中查看，并请报送单位分次重新发送。"
    retry = Retry.NEEDS_PERSON


class ArchiveError(MailbotError):
    """The archive could not store or return a message."""

    code = "archive"
    chinese = "原始邮件无法存档或读出"
    remedy = "请检查磁盘空间和目录权限；邮件仍在邮箱中，恢复后自动继续。"
    retry = Retry.LATER


class MessageLost(ArchiveError):
    """The archived bytes of a message are gone, or are no longer what they were."""

    code = "message_lost"
    chinese = "存档的原始邮件不见了或已损坏"
    remedy = "邮件仍在邮箱中的，下次收取时自动补存；否则请从备份恢复该文件。"
    retry = Retry.SOON


class ReadingError(MailbotError):
    """A file could not be read."""

    code = "unreadable"
    chinese = "文件无法读取"


class LedgerError(MailbotError):
    """The ledger failed."""

    code = "ledger"
    chinese = "台账出错"


class LedgerUnavailable(LedgerError):
    """The ledger is locked, unreachable, or cannot be written."""

    code = "ledger_unavailable"
    chinese = "台账暂时无法读写"
    remedy = "请检查磁盘空间、目录权限；系统会自动重试。"
    retry = Retry.LATER


class LedgerMismatch(LedgerError):
    """The ledger was made by a newer mailbot or is damaged."""

    code = "ledger_mismatch"
    chinese = "台账文件与本程序版本不符或已损坏"
    remedy = "请升级程序，或从备份恢复台账文件。"
    retry = Retry.NEEDS_PERSON


class LedgerReplaced(LedgerError):
    """The ledger's file was taken away, or another put in its place, while this program had it open."""

    code = "ledger_replaced"
    chinese = "台账文件在程序运行时被移走或替换"
    remedy = "由 systemd 管理的服务会自行重新启动，并核对台账；否则请重新启动。更换台账文件前请先停止服务。"
    retry = Retry.NEEDS_PERSON


class AlreadyRunning(LedgerError):
    """Another instance works on this ledger."""

    code = "already_running"
    chinese = "已有一个 mailbot 正在使用这份台账"
    remedy = "请勿重复启动；如需停止，请先结束正在运行的服务。"
    retry = Retry.NEEDS_PERSON
