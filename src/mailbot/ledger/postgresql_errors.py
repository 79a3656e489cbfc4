"""What PostgreSQL's and its driver's errors mean for us, in Chinese, with what to do."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy.exc import InterfaceError, OperationalError

from mailbot.errors import LedgerError, LedgerMismatch, LedgerUnavailable

if TYPE_CHECKING:
    from sqlalchemy.exc import StatementError


@dataclass(frozen=True, slots=True)
class Meaning:
    """What an error says to a person."""

    chinese: str
    remedy: str


UNREACHABLE = Meaning(
    "连接不上台账数据库，或连接中断",
    "系统会自动重试；如长时间如此，请检查数据库服务器是否在运行、ledger.url 中的主机和端口是否正确、"
    "网络和防火墙是否放行。",
)
REFUSED = Meaning(
    "台账数据库拒绝登录",
    "请核对 ledger.url 中的用户名，以及环境变量 MAILBOT_LEDGER_PASSWORD（或 PGPASSWORD、~/.pgpass）中的密码；"
    "仍不行的，请由数据库管理员在 pg_hba.conf 中放行。",
)
NOT_THERE = Meaning(
    "数据库服务器上没有 ledger.url 所写的数据库",
    "请核对数据库名，或由数据库管理员建立：CREATE DATABASE 数据库名 OWNER 用户名 ENCODING 'UTF8' TEMPLATE template0;",
)
UNVERIFIED = Meaning(
    "台账数据库服务器的证书无法验证",
    "请核对 ledger.url 中的主机名，以及 sslrootcert 所指的根证书；服务器须开启 SSL。",
)
LOCKED = Meaning(
    "台账数据库正被占用，等候超时",
    "系统会自动重试；如长时间如此，请由数据库管理员检查有没有长时间不结束的操作。",
)
FULL = Meaning("台账数据库所在的磁盘已满", "请清理数据库服务器的磁盘，恢复后自动继续。")
CROWDED = Meaning("数据库服务器的连接数或内存已用尽", "系统会自动重试；如长时间如此，请联系数据库管理员。")
READ_ONLY = Meaning("台账数据库现在只许读取", "请确认连接的是主服务器，并由数据库管理员取消只读设置；恢复后自动继续。")
FORBIDDEN = Meaning(
    "数据库账户的权限不够",
    "请由数据库管理员把数据库交给这个账户：ALTER DATABASE 数据库名 OWNER TO 用户名;",
)
DAMAGED = Meaning(
    "台账数据库的表与本程序版本不符或已损坏",
    "请升级程序，或由数据库管理员从备份恢复。",
)

# by the beginning of SQLSTATE, the longest first
_BY_STATE = (
    (("55P03", "40", "57014"), LOCKED),
    (("53100",), FULL),
    (("53",), CROWDED),
    (("25006",), READ_ONLY),
    (("42501",), FORBIDDEN),
    (("28",), REFUSED),
    (("3D000",), NOT_THERE),
    (("08", "57P", "58", "25P"), UNREACHABLE),
)
_DAMAGE = ("42P01", "42703", "3F000", "XX")  # a table, column or schema that is gone; a broken page
# A connection that never came up has no SQLSTATE, only libpq's sentence with the server's behind it. Servers speak the
# language they were set to: these are the English and the Chinese of PostgreSQL 15's own translation.
_BY_SENTENCE = (
    (re.compile(r"authentication failed|no password supplied|认证.{0,6}失败|pg_hba\.conf"), REFUSED),
    (re.compile(r"role \S+ does not exist|not permitted to log in|角色 *\S+ 不存在|不允许角色"), REFUSED),
    (re.compile(r"database \S+ does not exist|数据库 *\S+ 不存在"), NOT_THERE),
    (re.compile(r"certificate|SSL|根认证文件|根证书"), UNVERIFIED),
    (
        re.compile(r"too many (?:clients|connections)|remaining connection slots|太多的客户|连接太多|已保留的连接位置"),
        CROWDED,
    ),
)


def meaning_of(error: StatementError) -> LedgerError:
    """Return what a driver's error, or a value that no column takes, means for us."""
    orig = error.orig
    state: str | None = getattr(orig, "sqlstate", None)
    detail = _detail(orig, state)
    if state is None and isinstance(error, OperationalError | InterfaceError):
        return unavailable(next((said for sign, said in _BY_SENTENCE if sign.search(detail)), UNREACHABLE), detail)
    if state is not None and state.startswith(_DAMAGE):
        return LedgerMismatch(detail, chinese=DAMAGED.chinese, remedy=DAMAGED.remedy)
    found = next((said for states, said in _BY_STATE if state is not None and state.startswith(states)), None)
    return LedgerError(detail) if found is None else unavailable(found, detail)


def unavailable(said: Meaning, detail: str) -> LedgerUnavailable:
    """Return the error that says so to a person, with the detail for logs."""
    return LedgerUnavailable(detail, chinese=said.chinese, remedy=said.remedy)


def _detail(orig: BaseException | None, state: str | None) -> str:
    """Return the driver's sentence without the values that the server adds below it: they may come from a mail."""
    primary = getattr(getattr(orig, "diag", None), "message_primary", None)
    return f"{primary} (SQLSTATE {state})" if primary else " ".join(str(orig).split())
