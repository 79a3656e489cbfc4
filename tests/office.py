"""An office of the tests: the real program and ledger, a mailbox, a mail server that records, a clock set by hand.

office.receives(a_report(), at="2021-04-22T09:00")
office.rounds(at="2021-04-22T09:05")
assert office.ledger("2021-04")["区教育局"].standing.completeness is Completeness.COMPLETE
"""

from __future__ import annotations

import json
import shutil
from contextlib import ExitStack
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml

from mailbot.app import App
from mailbot.clock import SetClock
from mailbot.data import shipped
from mailbot.domain.books import OutgoingKind
from mailbot.domain.moments import shanghai
from mailbot.domain.period import Period
from mailbot.stages.releasing import release
from mailbot.stages.ruling import Bench
from mailbot.stages.viewing import view

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.servers.host import MailHost
    from tests.servers.smtp_server import SmtpServer

    from mailbot.domain.books import Event, LedgerRow, MessageRow, OutboxItem, OutgoingState, Receipt, TriageItem
    from mailbot.domain.server import Server
    from mailbot.reading.reader import SandboxedReader
    from mailbot.rules.reminders import Reminder
    from mailbot.stages.reporting import Report
    from mailbot.stages.rounds import RoundResult

EDUCATION, LABOUR = "区教育局", "区人社局"
CLERK, OTHER_CLERK = "jyj@clerks.example", "rsj@clerks.example"
ADDRESSES: Mapping[str, tuple[str, ...]] = {EDUCATION: (CLERK,), LABOUR: (OTHER_CLERK,)}
BEGINS = "2021-04-01"
A_MORNING = "2021-04-15T09:30"  # a working day on which no reminder is due

# what aiosmtpd says of itself where it is asked for a login without STARTTLS
QUIET_SMTP = [
    pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS:UserWarning"),
    pytest.mark.filterwarnings("ignore:Session.login_data is deprecated:DeprecationWarning"),
]

SERVER = """
[{name}]
host = "{server.host}"
port = {server.port}
security = "{server.security.value}"
user = "{server.user}"
ca_file = "{ca_file}"
"""
REST = """
[mail]
{answer_after}
answer_within_days = 3

[outgoing]
mode = "{mode}"
{caps}

[archive]
path = "archive"

[ledger]
url = "{ledger}"

[polling]
every_seconds = {every}

[files]
units = "units.yaml"
holidays = "holidays.yaml"
notices = "notices"
{templates}

[office]
contact = "督查室"
{office}

[reminders]
{ladder}
"""


@dataclass(frozen=True, slots=True)
class Rules:
    """What the office wrote into mailbot.toml, as far as a test cares."""

    mode: str = "send"
    answer_after: str = BEGINS
    caps: str = ""
    every: int = 300
    own_templates: bool = False
    ledger: str = "sqlite:///ledger.db"
    ladder: str = ""
    folders: tuple[str, ...] = ()
    office: str = ""


def write_configuration(
    folder: Path,
    imap: Server,
    smtp: Server,
    *,
    rules: Rules = Rules(),
    addresses: Mapping[str, tuple[str, ...]] = ADDRESSES,
) -> Path:
    """Write mailbot.toml and the office's files into a folder; return the path of the first."""
    servers = (
        SERVER.format(name=name, server=server, ca_file=server.ca_file or "")
        for name, server in (("smtp", smtp), ("imap", imap))
    )
    folders = f"folders = {json.dumps(rules.folders, ensure_ascii=False)}\n" if rules.folders else ""
    begins = f"answer_after = {rules.answer_after}" if rules.answer_after else ""
    templates = 'templates = "templates"' if rules.own_templates else ""
    rest = REST.format(
        answer_after=begins,
        mode=rules.mode,
        caps=rules.caps,
        every=rules.every,
        templates=templates,
        ladder=rules.ladder,
        office=rules.office,
        ledger=rules.ledger,
    )
    if rules.own_templates:
        shutil.copytree(shipped("templates"), folder / "templates", dirs_exist_ok=True)
    for name in ("holidays.yaml", "notices/zhongyuan-2021-8.yaml"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes((shipped("config") / name).read_bytes())
    write_units(folder, addresses)
    path = folder / "mailbot.toml"
    path.write_text("".join(servers) + folders + rest, "utf-8")
    return path


def write_units(folder: Path, addresses: Mapping[str, tuple[str, ...]]) -> None:
    """Write the shipped units.yaml with these addresses in it."""
    units = yaml.safe_load((shipped("config") / "units.yaml").read_text("utf-8"))
    for unit in units:
        unit["addresses"] = list(addresses.get(unit["name"], ()))
    (folder / "units.yaml").write_text(yaml.safe_dump(units, allow_unicode=True, sort_keys=False), "utf-8")


def parsed(raw: bytes) -> EmailMessage:
    """Return a mail as the library reads it."""
    mail = message_from_bytes(raw, policy=default)
    assert isinstance(mail, EmailMessage)
    return mail


def text_of(mail: EmailMessage) -> str:
    """Return a mail's plain text."""
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


@dataclass(slots=True)
class Office:
    """The office. `held` keeps what the running program holds: its instance lock, for one."""

    folder: Path
    host: MailHost
    smtp: SmtpServer
    reader: SandboxedReader
    rules: Rules = field(default_factory=Rules)
    addresses: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: ADDRESSES)
    clock: SetClock = field(default_factory=lambda: SetClock(shanghai(A_MORNING)))
    held: ExitStack = field(default_factory=ExitStack)
    _app: App | None = None

    # what the world does

    def receives(self, raw: bytes, *, at: str, folder: str = "INBOX") -> None:
        """Let a mail arrive."""
        self.host.deliver(folder, raw, shanghai(at))

    def edits_units(self, addresses: Mapping[str, tuple[str, ...]]) -> None:
        """Write other addresses into units.yaml."""
        write_units(self.folder, addresses)

    # what the program does

    @property
    def app(self) -> App:
        """Return the program, started if it is not."""
        if self._app is None:
            config = write_configuration(
                self.folder, self.host.server, self.smtp.server, rules=self.rules, addresses=self.addresses
            )
            passwords = {
                "MAILBOT_IMAP_PASSWORD": self.host.password,
                "MAILBOT_SMTP_PASSWORD": self.smtp.password,
            }
            self._app = App.build(config, self.clock, passwords)
            self.held.enter_context(self._app.only_instance())
        return self._app

    def restarts(self) -> None:
        """End the program; it starts again with the next thing asked of it."""
        self.held.close()
        if self._app is not None:
            self._app.ledger.close()
        self._app = None

    def rounds(self, *, at: str, relist: bool = False) -> RoundResult:
        """Let the program wake at a moment."""
        self.clock.moment = shanghai(at)
        return self.app.round(self.reader, relist=relist).make()

    def sends(self, *ids: int, at: str) -> int:
        """Let a person send what is held, as `outbox send` does; return how many mails left."""
        self.clock.moment = shanghai(at)
        self.app.round(self.reader, relist=True).carry_and_record()
        chosen = release(self.app.ledger, ids, self.clock.now(), "office")
        with self.app.postman() as postman:
            return postman.flush(chosen).sent

    def releases(self, *ids: int) -> None:
        """Let a person release what is held, as `outbox release` does."""
        release(self.app.ledger, ids, self.clock.now(), "office")

    @property
    def bench(self) -> Bench:
        """Return where a person's word is heard."""
        return Bench(self.app.clerk(self.reader), "office")

    # what can be looked at afterwards

    def ledger(self, period: str) -> dict[str, LedgerRow]:
        """Return the ledger's rows of a month by unit."""
        with self.app.ledger.reading() as books:
            desk = self.app.desk().with_bindings(books)
            rows = view(books, desk, self.clock.now(), {Period.parse(period)})
        return {row.obligation.unit: row for row in rows}

    def receipts(self) -> tuple[Receipt, ...]:
        """Return every receipt."""
        with self.app.ledger.reading() as books:
            return books.receipts()

    def messages(self) -> tuple[MessageRow, ...]:
        """Return every sighting."""
        with self.app.ledger.reading() as books:
            return books.messages()

    def triage(self) -> tuple[TriageItem, ...]:
        """Return what waits for a person."""
        with self.app.ledger.reading() as books:
            return books.triage()

    def outbox(self, *states: OutgoingState) -> tuple[OutboxItem, ...]:
        """Return our mails, or those in the states named."""
        with self.app.ledger.reading() as books:
            return books.outbox(*states)

    def reminders(self, *states: OutgoingState) -> tuple[OutboxItem, ...]:
        """Return our reminders, or those in the states named."""
        return tuple(item for item in self.outbox(*states) if item.mail.kind is OutgoingKind.REMINDER)

    def events(self, subject: str | None = None) -> tuple[Event, ...]:
        """Return what happened."""
        with self.app.ledger.reading() as books:
            return books.events(subject)

    def plan(self) -> dict[str, Reminder]:
        """Return who gets a reminder now and who does not, by unit."""
        with self.app.ledger.reading() as books:
            plan = self.app.reminding.plan(books, self.app.desk().with_bindings(books), self.clock.now())
        return {reminder.row.obligation.unit: reminder for reminder in plan}

    def status(self) -> Report:
        """Return what `mailbot status` says."""
        return self.app.report()

    def sent(self) -> list[EmailMessage]:
        """Return the mails that the mail server took, in their order."""
        return [parsed(mail.raw) for mail in self.smtp.recorder.mails]

    def sent_to(self, address: str) -> list[EmailMessage]:
        """Return the mails that the mail server took for an address."""
        return [parsed(mail.raw) for mail in self.smtp.recorder.mails if mail.recipient == address]
