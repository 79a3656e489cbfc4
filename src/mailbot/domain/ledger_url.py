"""Where the ledger lies, as `ledger.url` says it: a file of SQLite, or a database on a PostgreSQL server.

No password is part of it. How each is opened is the ledger room's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlencode

from mailbot.domain.server import is_loopback

SQLITE = "sqlite:///"
POSTGRESQL = "postgresql://"
USUAL_PORT = 5432
VERIFIED = "verify-full"  # the only mode in which libpq asks whose certificate it is
OPTIONS = ("host", "sslmode", "sslrootcert")

_WITH_PASSWORD = re.compile(r"[^/@]*:.*@|.*[?&]password=")
_ADDRESS = re.compile(
    r"(?:(?P<user>[^:@/?#\s]+)@)?(?P<host>\[[0-9A-Fa-f:.]+\]|[^:@/?#\[\]\s,]*)(?::(?P<port>[0-9]{1,5}))?"
    r"/(?P<database>[^/?#\s]+)(?:\?(?P<options>[^#\s]*))?"
)

NEITHER = (
    f'应为 SQLite 文件或 PostgreSQL 数据库的地址；请写成 url = "{SQLITE}ledger.db" '
    f'或 url = "{POSTGRESQL}用户名@主机/数据库名"'
)
NO_FILE = f'应为 SQLite 文件的地址，路径中不能有问号；请写成 url = "{SQLITE}ledger.db"'
TELLS_TOO_MUCH = (
    "密码不写在这个文件里；请从地址中删去密码，改用环境变量 MAILBOT_LEDGER_PASSWORD，"
    "或用 MAILBOT_LEDGER_PASSWORD_FILE 指明存放它的文件"
)
UNKNOWN_OPTION = f"地址的问号之后只能写 {'、'.join(OPTIONS)}，各一次"
NO_SOCKET = "host= 只用来写本机套接字所在的文件夹，如 host=/var/run/postgresql；主机名请写在 @ 之后"
NOT_VERIFIED = (
    "连接其他机器须加密并核对服务器的证书；请在地址末尾加上 "
    f"?sslmode={VERIFIED}&sslrootcert=ca.pem（ca.pem 是签发该证书的根证书）"
)


@dataclass(frozen=True, slots=True)
class DatabaseServer:
    """A PostgreSQL server and the database on it. '' is libpq's own choice."""

    host: str  # a name, an address, or the folder of the machine's own socket
    port: int
    user: str
    database: str
    sslmode: str = ""
    sslrootcert: str = ""

    def is_local(self) -> bool:
        """Tell whether what is said to it stays on this machine."""
        return self.host.startswith("/") or not self.host or is_loopback(self.host)


def file_of(url: str) -> Path | None:
    """Return the file that holds the ledger, None where it is no file.

    Raises:
        ValueError: in Chinese: it is meant to be one, and is not.

    >>> file_of("sqlite:////var/lib/mailbot/100%.db"), file_of("postgresql://localhost/mailbot")
    (PosixPath('/var/lib/mailbot/100%.db'), None)
    """
    before, scheme, name = url.partition(SQLITE)
    if before or not scheme:
        return None
    if not name.strip("/") or name.startswith(":"):
        raise ValueError(NO_FILE)
    return Path(name)  # as it is written: a `%` in a folder's name is only a `%`


def server_of(url: str) -> DatabaseServer:
    """Return the server that holds the ledger.

    Raises:
        ValueError: in Chinese, without a word of the URL: there may be a password in it.

    Source: PostgreSQL's page on libpq, 'Connection URIs' and 'SSL Support'.

    >>> server_of("postgresql://mailbot@localhost/ledger")
    DatabaseServer(host='localhost', port=5432, user='mailbot', database='ledger', sslmode='', sslrootcert='')
    >>> server_of("postgresql://mailbot@/ledger?host=/var/run/postgresql").is_local()
    True
    """
    before, scheme, rest = url.partition(POSTGRESQL)
    if before or not scheme:
        raise ValueError(NEITHER)
    if _WITH_PASSWORD.match(rest):
        raise ValueError(TELLS_TOO_MUCH)
    found = _ADDRESS.fullmatch(rest)
    if found is None or not 0 < int(found["port"] or USUAL_PORT) < 2**16:
        raise ValueError(NEITHER)
    options = _options(found["options"] or "")
    server = DatabaseServer(
        host=_host(unquote(found["host"]).strip("[]"), options.get("host", "")),
        port=int(found["port"] or USUAL_PORT),
        user=unquote(found["user"] or ""),
        database=unquote(found["database"]),
        sslmode=options.get("sslmode", ""),
        sslrootcert=options.get("sslrootcert", ""),
    )
    if not server.is_local() and not (server.sslmode == VERIFIED and server.sslrootcert):
        raise ValueError(NOT_VERIFIED)
    return server


def check_ledger_url(url: str) -> str:
    """Return the URL as it stands in mailbot.toml.

    Raises:
        ValueError: in Chinese: it names nothing that can hold a ledger, or says what it must not.
    """
    if file_of(url) is None:
        server_of(url)
    elif "?" in url:  # meant for an option, of which a file has none
        raise ValueError(NO_FILE)
    return url


def absolute(url: str, base: Path) -> str:
    """Return the URL with every path in it absolute.

    >>> absolute("postgresql://db.example/x?sslmode=verify-full&sslrootcert=ca.pem", Path("/etc/mailbot"))
    'postgresql://db.example/x?sslmode=verify-full&sslrootcert=/etc/mailbot/ca.pem'
    """
    if (file := file_of(url)) is not None:
        return f"{SQLITE}{(base / file).resolve()}"
    address, mark, options = url.partition("?")
    paths = {key: str((base / value).resolve()) if key == "sslrootcert" else value for key, value in parse_qsl(options)}
    return f"{address}{mark}{urlencode(paths, safe='/')}"


def _options(text: str) -> dict[str, str]:
    pairs = parse_qsl(text, keep_blank_values=True)
    if len({key for key, _ in pairs}) < len(pairs) or not {key for key, _ in pairs} <= set(OPTIONS):
        raise ValueError(UNKNOWN_OPTION)
    return dict(pairs)


def _host(before_the_path: str, option: str) -> str:
    """Return the host; a folder cannot stand before the path unless each stroke is written %2F."""
    if option and (before_the_path or not option.startswith("/")):
        raise ValueError(NO_SOCKET)
    return before_the_path or option
