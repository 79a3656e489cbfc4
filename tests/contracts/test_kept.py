"""The running service's connection, held against every IMAP server alike, with its round trips counted on the wire."""

from __future__ import annotations

import socket
import threading
from collections import Counter
from pathlib import Path
from random import Random
from time import monotonic
from typing import TYPE_CHECKING, Any

import pytest
from benchmarks.proxy import a_proxy
from tests.office import CLERK, QUIET_SMTP, Office, Rules
from tests.office_mails import a_report
from tests.servers.netease import Manners, NetEase

from mailbot.domain.moments import shanghai
from mailbot.mailbox import kept as kept_module

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.servers.certificates import Certificates
    from tests.servers.dovecot import DovecotAccount
    from tests.servers.host import Account, MailHost
    from tests.servers.smtp_server import SmtpServer

    from mailbot.domain.server import Server
    from mailbot.mailbox.kept import Kept
    from mailbot.reading.reader import SandboxedReader
    from mailbot.stages.rounds import RoundResult

pytestmark = QUIET_SMTP

NINE = shanghai("2021-04-15T09:00")
SOON = shanghai("2021-04-15T09:05")
PATIENCE = 20.0
COUNTED = ("INBOX", "垃圾邮件", "广告邮件")


def a_mail(name: str = "question") -> bytes:
    return b"From: a@example.test\r\nSubject: %b\r\n\r\nwhen is it due?\r\n" % name.encode()


class Service:
    """An office whose program runs as a service does: on a connection that it keeps."""

    def __init__(self, office: Office) -> None:
        self.office = office
        office.clock.moment = SOON
        self.kept: Kept = office.app.kept_mailbox(threading.Event().wait)

    def rounds(self) -> RoundResult:
        """Make a round."""
        return self.office.app.round(self.office.reader, relist=False, kept=self.kept).make()

    def rings(self, until: Callable[[], bool] = lambda: False) -> bool:
        """Listen until a round is due, or something else is."""
        began = monotonic()
        while monotonic() - began < PATIENCE and not until():
            if self.kept.listen():
                return True
        return False


@pytest.fixture(autouse=True)
def _quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave no pause after a round."""
    monkeypatch.setattr(kept_module, "QUIET", 0.0)
    monkeypatch.setattr(kept_module, "MOMENT", 0.2)


@pytest.fixture
def service(any_office: Office) -> Iterator[Service]:
    """Return the service on each of the IMAP servers in turn."""
    running = Service(any_office)
    yield running
    running.kept.close()


class TestAnyMailbox:
    def test_a_mail_that_comes_between_two_rounds_is_acknowledged(self, service: Service) -> None:
        service.rounds()
        service.office.receives(a_report(), at="2021-04-15T09:01")

        assert service.rounds().trouble == {}
        assert len(service.office.sent_to(CLERK)) == 1

    def test_a_line_that_is_cut_between_two_rounds_costs_nothing(self, service: Service) -> None:
        service.rounds()
        session = service.kept._session
        if session is not None:
            session.line._client.wire.sock.shutdown(socket.SHUT_RDWR)
        service.office.receives(a_report(), at="2021-04-15T09:01")

        assert service.rounds().trouble == {}
        assert len(service.office.sent_to(CLERK)) == 1

    @pytest.mark.parametrize("seed", [1, 2])
    def test_whatever_persons_do_meanwhile_the_ledger_has_in_view_what_each_folder_holds(
        self, service: Service, seed: int
    ) -> None:
        chance, host = Random(seed), service.office.host  # noqa: S311  # no secret
        for name in COUNTED[1:]:
            if not isinstance(host, NetEase) or name not in host.folders:
                host.add_folder(name)
        service.rounds()

        for step in range(12):
            for _ in range(chance.randint(0, 2)):
                something_happens(host, chance, step)
            assert service.rounds().trouble == {}
            in_view = Counter(row.folder for row in service.office.messages() if row.in_view)
            assert in_view == Counter({name: len(host.flags(name)) for name in COUNTED})


def something_happens(host: MailHost, chance: Random, step: int) -> None:
    """Let a mail come, go, be moved or be marked."""
    folder, other = chance.sample(COUNTED, 2)
    there = len(host.flags(folder))
    match chance.choice(["come", "come", "go", "move", "mark"]):
        case "go" if there:
            host.remove(folder, chance.randint(1, there))
        case "move" if there:
            host.move(folder, chance.randint(1, there), other)
        case "mark" if there:
            host.mark(folder, chance.randint(1, there), r"\Seen")
        case _:
            host.deliver(folder, a_mail(f"step {step} {chance.random()}"), NINE)


@pytest.mark.dovecot
def test_a_folder_renumbered_under_a_connection_that_is_kept_loses_nothing_and_answers_nothing_twice(
    tmp_path: Path, dovecot_account: DovecotAccount, recording_smtp: SmtpServer, reader: SandboxedReader
) -> None:
    office = Office(tmp_path, dovecot_account, recording_smtp, reader)
    service = Service(office)
    office.receives(a_mail(), at="2021-04-15T09:00")
    office.receives(a_report(), at="2021-04-15T09:01")
    dovecot_account.remove("INBOX", 1)
    service.rounds()
    threading.Event().wait(1.1)  # within one second Dovecot would give the same UIDVALIDITY again
    dovecot_account.forget_uids()

    office.receives(a_mail("after"), at="2021-04-15T09:02")
    service.rounds()
    assert service.rounds().trouble == {}

    dovecot_account.leave()  # the person's connection is out of date too
    assert sum(row.in_view for row in office.messages()) == len(dovecot_account.flags("INBOX")) == 2
    assert len(office.receipts()) == len(office.sent_to(CLERK)) == 1
    service.kept.close()
    office.restarts()


class TestIdle:
    @pytest.fixture(params=[pytest.param("dovecot_account", marks=pytest.mark.dovecot), "pymap_account"])
    def listening(
        self, request: pytest.FixtureRequest, tmp_path: Path, recording_smtp: SmtpServer, reader: SandboxedReader
    ) -> Iterator[Service]:
        """Return the service, after a round, on each server that offers IDLE."""
        host: Account = request.getfixturevalue(request.param)
        office = Office(tmp_path, host, recording_smtp, reader)
        running = Service(office)
        running.rounds()
        yield running
        running.kept.close()
        office.restarts()

    def test_new_mail_is_told_of_and_answered_at_once(self, listening: Service) -> None:
        assert not listening.rings(until=lambda: idles(listening))
        listening.office.receives(a_report(), at="2021-04-15T09:01")

        assert listening.rings()
        listening.rounds()

        assert len(listening.office.sent_to(CLERK)) == 1
        assert not listening.rings(until=lambda: idles(listening))

    def test_mail_that_came_before_idle_began_is_told_of_too(self, listening: Service) -> None:
        listening.office.receives(a_report(), at="2021-04-15T09:01")

        assert listening.rings()

    def test_another_round_is_made_in_the_middle_of_it(self, listening: Service) -> None:
        for _ in range(3):
            assert not listening.rings(until=lambda: idles(listening))
            assert listening.rounds().trouble == {}


def idles(service: Service) -> bool:
    session = service.kept._session
    return session is not None and session.line.idles


class TestRoundTrips:
    """Counted on the wire: how often the client spoke after the server, the TLS handshake and LOGOUT included."""

    @pytest.fixture
    def turns(
        self, tmp_path: Path, recording_smtp: SmtpServer, reader: SandboxedReader
    ) -> Callable[[MailHost, tuple[str, ...]], tuple[int, int, int]]:
        """Return how to count turns where there is nothing new: on a new connection, on a kept one; and connections."""

        def counted(host: MailHost, folders: tuple[str, ...]) -> tuple[int, int, int]:
            for name in folders or ("INBOX", "垃圾邮件"):
                host.deliver(name, a_mail(), NINE)
            with a_proxy(host.server) as (proxy, through):
                office = Office(tmp_path, ThroughProxy(host, through), recording_smtp, reader, Rules(folders=folders))
                service = Service(office)
                office.app.round(reader, relist=True).make()
                marks = [proxy.turns()]
                office.app.round(reader, relist=False).make()
                marks.append(proxy.turns())
                service.rounds()
                marks.append(proxy.turns())
                opened = len(proxy.conversations)
                service.rounds()
                marks.append(proxy.turns())
                service.kept.close()
                office.restarts()
                return marks[1] - marks[0], marks[3] - marks[2], len(proxy.conversations) - opened

        return counted

    @pytest.mark.dovecot
    def test_inbox_alone_costs_one_on_a_kept_connection_and_at_most_eight_on_a_new_one(
        self, dovecot_account: DovecotAccount, turns: Callable[..., tuple[int, int, int]]
    ) -> None:
        new, again, opened = turns(dovecot_account, ("INBOX",))

        assert new <= 8
        assert (again, opened) == (1, 0)

    @pytest.mark.dovecot
    def test_each_further_folder_costs_one(
        self, dovecot_account: DovecotAccount, turns: Callable[..., tuple[int, int, int]]
    ) -> None:
        _, again, opened = turns(dovecot_account, ())  # INBOX and two spam-like ones

        assert (again, opened) == (3, 0)

    def test_on_163_inbox_alone_costs_at_most_eight_each_time(
        self, netease: NetEase, turns: Callable[..., tuple[int, int, int]]
    ) -> None:
        new, again, opened = turns(netease, ("INBOX",))

        assert max(new, again) <= 8
        assert opened == 1

    def test_on_163_each_further_folder_costs_at_most_two(
        self, netease: NetEase, turns: Callable[..., tuple[int, int, int]]
    ) -> None:
        _, again, _ = turns(netease, ("INBOX", "垃圾邮件", "广告邮件"))

        assert again <= 8 + 2 * 2


class ThroughProxy:
    """A mail host that the program reaches through a proxy."""

    def __init__(self, host: MailHost, through: Server) -> None:
        self._host = host
        self.server = through

    def __getattr__(self, name: str) -> Any:
        return getattr(self._host, name)


def test_nothing_but_reading_is_asked_of_the_mailbox_by_a_service_that_waits(
    tmp_path: Path, certificates: Certificates, recording_smtp: SmtpServer, reader: SandboxedReader
) -> None:
    manners = Manners("IMAP4rev1 ID IDLE UIDPLUS MOVE", wants_id=False, tells_uidnext=True)
    host = NetEase(certificates, manners=manners).start()
    office = Office(tmp_path, host, recording_smtp, reader)
    service = Service(office)
    for day in (15, 20, 21, 23, 26):
        office.clock.moment = shanghai(f"2021-04-{day}T09:30")
        host.deliver("INBOX", a_report(), NINE)
        host.deliver("广告邮件", a_mail(), NINE)
        service.rounds()
        service.rounds()
        service.rings(until=lambda: idles(service))
    service.kept.close()
    office.restarts()
    host.stop()

    asked = {each.command for each in host.heard}
    assert asked == {
        *("LOGIN", "CAPABILITY", "ID", "LIST", "EXAMINE", "STATUS"),
        *("FETCH", "UID FETCH", "IDLE", "DONE", "LOGOUT"),
    }
    assert not any("BODY[" in each.rest for each in host.heard)
    assert host.connections() == 1
