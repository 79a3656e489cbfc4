"""What tests need of the machine, told in one place, and the servers they share."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.bot import Bot, a_bot
from tests.loopback import guard_this_process
from tests.office import Office
from tests.servers.certificates import Certificates, make_certificates
from tests.servers.dovecot import Dovecot, DovecotAccount, start_dovecot
from tests.servers.ledger_places import FilePlaces, LedgerPlaces
from tests.servers.netease import NetEase
from tests.servers.postgresql import PostgreSqlServer, program, start_postgresql
from tests.servers.pymap_server import PymapServer
from tests.servers.smtp_server import SmtpServer, start_smtp

from mailbot.reading.reader import SandboxedReader
from mailbot.settings import Security

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.servers.host import Account, MailHost

collect_ignore_glob = ["*/sitecustomize.py"]  # meant for other processes: they end whoever imports them
# marker: what it needs, and how that is looked for (not by PATH alone: an ordinary user's lacks /usr/sbin)
PROGRAMS = {
    "dovecot": ("/usr/sbin/dovecot",),
    "postfix": ("/usr/sbin/postfix",),
    "postgresql": (program("initdb"), program("postgres")),
    "office": ("soffice", "pdftoppm"),
}
NEEDS_ROOT = {"postfix"}


def pytest_configure() -> None:
    """Keep every test on this machine."""
    guard_this_process()


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a test, by name, whose program is not there; in continuous integration (CI=true) that is a failure."""
    for marker in PROGRAMS:
        reason = _missing(marker) if item.get_closest_marker(marker) else ""
        if reason and os.environ.get("CI") == "true":
            pytest.fail(f"{reason}, and with CI=true nothing may be skipped", pytrace=False)
        elif reason:
            pytest.skip(reason)


def _missing(marker: str) -> str:
    absent = [program for program in PROGRAMS[marker] if shutil.which(program) is None]
    if absent:
        return f"{marker}: {', '.join(absent)} is not installed (make servers)"
    if marker in NEEDS_ROOT and os.getuid() != 0:
        return f"{marker}: needs root"
    return ""


@pytest.fixture(scope="session")
def readable_folder() -> Iterator[Path]:
    """Return a folder that servers can read after they dropped root; pytest's own are 0700 at every level."""
    folder = Path(tempfile.mkdtemp(prefix="mailbot-tests-", dir="/tmp"))  # see above
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def certificates(readable_folder: Path) -> Certificates:
    """Return a throw-away authority, and a certificate by it for the loopback."""
    return make_certificates(readable_folder)


@pytest.fixture(scope="session")
def dovecot(certificates: Certificates) -> Iterator[Dovecot]:
    """Return the running Dovecot (mark the test `dovecot`)."""
    server = start_dovecot(certificates)
    yield server
    server.stop()


@pytest.fixture(scope="session")
def postgresql(certificates: Certificates) -> Iterator[PostgreSqlServer]:
    """Return the running PostgreSQL (mark the test `postgresql`)."""
    server = start_postgresql(certificates)
    yield server
    server.stop()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def ledger_places(request: pytest.FixtureRequest, tmp_path: Path) -> LedgerPlaces:
    """Return where ledgers can be made, in each kind of database in turn."""
    return FilePlaces(tmp_path) if request.param == "sqlite" else request.getfixturevalue("postgresql")


@pytest.fixture
def ledger_url(ledger_places: LedgerPlaces) -> Iterator[str]:
    """Return where an empty ledger is, or is to be made, in each kind of database in turn."""
    with ledger_places.lent() as url:
        yield url


@pytest.fixture
def new_ledger_url(ledger_places: LedgerPlaces) -> str:
    """Return where a ledger is to be made, in each kind of database in turn."""
    return ledger_places.new_database()


@pytest.fixture(scope="session")
def pymap_server(certificates: Certificates) -> Iterator[PymapServer]:
    """Return the running pymap."""
    server = PymapServer(certificates).start()
    yield server
    server.stop()


@pytest.fixture
def dovecot_account(dovecot: Dovecot) -> DovecotAccount:
    """Return a fresh account on Dovecot (mark the test `dovecot`)."""
    return dovecot.new_account()


@pytest.fixture
def pymap_account(pymap_server: PymapServer) -> Account:
    """Return a fresh account on pymap."""
    return pymap_server.new_account()


@pytest.fixture
def netease(certificates: Certificates) -> Iterator[NetEase]:
    """Return a fresh server that behaves as 163.com does."""
    server = NetEase(certificates, Security.TLS).start()
    yield server
    server.stop()


@pytest.fixture(params=[pytest.param("dovecot_account", marks=pytest.mark.dovecot), "pymap_account", "netease"])
def mail_host(request: pytest.FixtureRequest) -> MailHost:
    """Return a fresh account on each of the IMAP servers in turn."""
    host: MailHost = request.getfixturevalue(request.param)
    return host


@pytest.fixture(scope="session")
def reader() -> Iterator[SandboxedReader]:
    """Return a reader with its warm worker."""
    with SandboxedReader() as reader:
        yield reader


@pytest.fixture
def recording_smtp(certificates: Certificates) -> Iterator[SmtpServer]:
    """Return a fresh mail server that keeps what it takes (use it with `tests.office.QUIET_SMTP`)."""
    server = start_smtp(certificates, Security.TLS)
    yield server
    server.stop()


@pytest.fixture
def bot(tmp_path: Path, netease: NetEase, recording_smtp: SmtpServer) -> Bot:
    """Return the program as its user has it, with its mailbox on a server that behaves as 163's."""
    return a_bot(tmp_path / "office", netease, recording_smtp.server, recording_smtp.password)


@pytest.fixture
def office(tmp_path: Path, netease: NetEase, recording_smtp: SmtpServer, reader: SandboxedReader) -> Iterator[Office]:
    """Return an office whose mailbox behaves as 163's."""
    office = Office(tmp_path, netease, recording_smtp, reader)
    yield office
    office.restarts()


@pytest.fixture
def any_office(
    tmp_path: Path, mail_host: MailHost, recording_smtp: SmtpServer, reader: SandboxedReader
) -> Iterator[Office]:
    """Return an office on each of the IMAP servers in turn."""
    office = Office(tmp_path, mail_host, recording_smtp, reader)
    yield office
    office.restarts()
