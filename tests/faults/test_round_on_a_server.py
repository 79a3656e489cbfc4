"""The whole program with its ledger on a PostgreSQL server, and that server stopping under it."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from tests.bot import Bot, a_bot
from tests.office import CLERK, EDUCATION, LABOUR, OTHER_CLERK, QUIET_SMTP, Office, Rules
from tests.office_mails import a_doubtful_report, a_report
from tests.servers.postgresql import PASSWORD

from mailbot.domain.books import Completeness, OutgoingState
from mailbot.domain.moments import shanghai
from mailbot.errors import AlreadyRunning, LedgerUnavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.servers.netease import Conversation, Misbehaviour, NetEase
    from tests.servers.postgresql import PostgreSqlServer
    from tests.servers.smtp_server import SmtpServer

    from mailbot.reading.reader import SandboxedReader

pytestmark = [*QUIET_SMTP, pytest.mark.postgresql]

NINE, SOON, LATER, LATEST = "2021-04-15T09:00", "2021-04-15T09:05", "2021-04-15T09:10", "2021-04-15T09:15"


@pytest.fixture
def url(postgresql: PostgreSqlServer) -> Iterator[str]:
    with postgresql.lent() as url:
        yield url


@pytest.fixture
def office(
    tmp_path: Path, netease: NetEase, recording_smtp: SmtpServer, reader: SandboxedReader, url: str
) -> Iterator[Office]:
    office = Office(tmp_path, netease, recording_smtp, reader, Rules(ledger=url))
    yield office
    office.restarts()


@pytest.fixture
def bot(tmp_path: Path, netease: NetEase, recording_smtp: SmtpServer, postgresql: PostgreSqlServer, url: str) -> Bot:
    """Return the program as its user has it, with a password of the database in the environment."""
    rules = Rules(ledger=postgresql.url_by_tcp(url), every=1)
    bot = a_bot(tmp_path, netease, recording_smtp.server, recording_smtp.password, rules)
    return Bot(bot.config, {**bot.environment, "MAILBOT_LEDGER_PASSWORD": PASSWORD})


def first(command: str, happens: Callable[[], object]) -> Misbehaviour:
    """Let something happen, and then answer a command rightly."""

    def misbehave(talk: Conversation, tag: str, rest: str) -> None:
        happens()
        talk.behave(tag, command, rest)

    return misbehave


def test_a_month_of_rounds_on_a_server_is_as_one_in_a_file(office: Office) -> None:
    office.receives(a_report(), at="2021-04-15T09:00")
    for day in (15, 20, 21, 22, 23, 24, 25, 26, 27):
        office.rounds(at=f"2021-04-{day}T09:30", relist=day % 2 == 0)
        office.restarts()

    row = office.ledger("2021-04")[EDUCATION]
    assert (row.standing.completeness, row.receipts) == (Completeness.COMPLETE, ("2021-04-0001",))
    assert len(office.sent_to(CLERK)) == 1
    assert len(office.sent_to(OTHER_CLERK)) == 3
    assert office.ledger("2021-04")[LABOUR].standing.completeness is Completeness.MISSING


def test_a_server_that_stops_in_the_middle_of_a_round_is_told_and_the_next_round_goes_on(
    office: Office, netease: NetEase, postgresql: PostgreSqlServer
) -> None:
    office.rounds(at=NINE)
    office.receives(a_report(), at=NINE)
    netease.when("UID FETCH", first("UID FETCH", postgresql.halt))

    with pytest.raises(LedgerUnavailable) as told:
        office.rounds(at=SOON)
    postgresql.start()
    result = office.rounds(at=LATER)

    assert "连接不上台账数据库，或连接中断。系统会自动重试" in told.value.for_people()
    assert not result.trouble
    assert [row.receipts for row in office.messages()] == [("2021-04-0001",)]
    assert len(office.sent_to(CLERK)) == 1


def test_a_restart_between_two_rounds_is_not_noticed(office: Office, url: str, postgresql: PostgreSqlServer) -> None:
    office.rounds(at=NINE)
    postgresql.cut_off(url)
    office.receives(a_report(), at=NINE)

    assert not office.rounds(at=SOON).trouble
    assert len(office.sent_to(CLERK)) == 1


def test_a_server_that_stops_while_a_mail_is_on_the_wire_makes_no_second_mail_of_it(
    office: Office, netease: NetEase, recording_smtp: SmtpServer, postgresql: PostgreSqlServer
) -> None:
    office.receives(a_report(), at=NINE)

    def filed_and_halted(raw: bytes) -> None:
        netease.deliver("已发送", raw, shanghai(SOON))
        halting = threading.Thread(target=postgresql.halt)  # the mail server's own loop is not to wait for it
        halting.start()
        halting.join()

    recording_smtp.recorder.on_taken = filed_and_halted
    with pytest.raises(LedgerUnavailable):
        office.rounds(at=SOON)
    recording_smtp.recorder.on_taken = lambda _raw: None
    postgresql.start()
    office.rounds(at=LATER)
    office.rounds(at=LATEST)

    assert len(recording_smtp.recorder.mails) == 1
    assert [item.state for item in office.outbox()] == [OutgoingState.SENT]


def test_an_instance_whose_seat_was_taken_stops_and_goes_on_when_it_is_free(
    office: Office, url: str, tmp_path: Path, postgresql: PostgreSqlServer
) -> None:
    """Its line to the database was cut, and meanwhile a person started another."""
    office.rounds(at=NINE)
    office.receives(a_report(), at=NINE)
    postgresql.cut_off(url)
    (tmp_path / "other").mkdir()
    other = Office(tmp_path / "other", office.host, office.smtp, office.reader, office.rules)
    other.rounds(at=SOON)

    with pytest.raises(AlreadyRunning):
        office.rounds(at=SOON)
    other.restarts()
    with pytest.raises(AlreadyRunning, match="meanwhile"):
        office.rounds(at=LATER)
    office.rounds(at=LATEST)

    assert len(office.sent()) == 1


def test_the_service_outlives_its_database_and_goes_on_by_itself(
    bot: Bot, netease: NetEase, recording_smtp: SmtpServer, postgresql: PostgreSqlServer
) -> None:
    service = bot.starts("run", now=SOON)
    lines = iter(service.stdout or ())
    try:
        assert any("reminders queued" in line for line in lines)
        postgresql.halt()
        told = next(line for line in lines if "连接不上台账数据库" in line)
        postgresql.start()
        netease.deliver("INBOX", a_report(), shanghai(NINE))
        assert "settled" in next(line for line in lines if "settled" in line or "Traceback" in line)
    finally:
        service.terminate()
        service.communicate(timeout=60)

    assert service.returncode == 0
    assert "系统会自动重试" in told
    assert PASSWORD not in told
    assert len(recording_smtp.recorder.mails) == 1


class TestCommands:
    def test_they_work_with_the_password_in_the_environment(
        self, bot: Bot, netease: NetEase, recording_smtp: SmtpServer
    ) -> None:
        netease.deliver("INBOX", a_report(), shanghai(NINE))
        netease.deliver("INBOX", a_doubtful_report(), shanghai(NINE))
        bot("poll", now=SOON)
        (item,) = bot.json("triage")
        bot("triage", "assign", str(item["id"]), "--unit", LABOUR, "--period", "2021-04", now=LATER)

        rows = {row["unit"]: row["completeness"] for row in bot.json("ledger", "--period", "2021-04", now=LATER)}
        bot("ledger", "--xlsx", "book.xlsx", now=LATER)

        assert rows[EDUCATION] == "complete"
        assert len(recording_smtp.recorder.mails) >= 1
        assert (bot.folder / "book.xlsx").stat().st_size > 0
        assert not list(bot.folder.glob("*.db*"))

    def test_check_looks_at_it_as_at_a_file(self, bot: Bot) -> None:
        steps = {step["step"]: step for step in bot.json("check", now=SOON)["steps"]}

        assert steps["台账"]["ok"]
        assert steps["文件权限"]["ok"]

    def test_one_that_is_not_there_is_told_by_every_command(self, bot: Bot, postgresql: PostgreSqlServer) -> None:
        postgresql.halt()
        try:
            said = [bot(command, now=SOON, code=1) for command in ("poll", "status")]
            checked = {step["step"]: step for step in bot.json("check", now=SOON, code=1)["steps"]}
        finally:
            postgresql.start()

        assert all("连接不上台账数据库" in text for text in said)
        assert all(PASSWORD not in text and "postgresql://" not in text and "Traceback" not in text for text in said)
        assert not checked["台账"]["ok"]
        assert "ledger.url" in checked["台账"]["remedy"]

    def test_a_wrong_password_file_is_a_wrong_configuration(self, bot: Bot) -> None:
        wrong = Bot(bot.config, {**bot.environment, "MAILBOT_LEDGER_PASSWORD": "", "MAILBOT_LEDGER_PASSWORD_FILE": "x"})
        assert "MAILBOT_LEDGER_PASSWORD_FILE" in wrong("check", code=2)
