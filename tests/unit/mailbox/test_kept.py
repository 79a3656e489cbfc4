"""The connection of a running service, line by line: kept, found dead and replaced, listened to, tried again."""

from __future__ import annotations

import threading
from contextlib import suppress
from dataclasses import replace
from time import monotonic
from typing import TYPE_CHECKING, ClassVar

import pytest
from tests.fetching import fetched
from tests.servers.misbehaviour import after, bye, cut_after, says, stalls
from tests.servers.netease import Manners, NetEase

from mailbot.domain.mailbox import FolderMemory, FolderView, Listing
from mailbot.domain.moments import shanghai
from mailbot.errors import ConnectionLost, LoginRefused, ProtocolRefused
from mailbot.mailbox import kept, line, session
from mailbot.mailbox.kept import Kept
from mailbot.mailbox.session import connected
from mailbot.settings import Security

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.servers.certificates import Certificates
    from tests.servers.netease import Misbehaviour

NINE = shanghai("2021-04-22T09:00")
RAW = b"Subject: report\r\n\r\nsee the annex\r\n"
PATIENCE = 10.0
WITHOUT_IDLE = Manners("IMAP4rev1 ID", wants_id=False, tells_uidnext=True)
WITH_IDLE = replace(WITHOUT_IDLE, capabilities="IMAP4rev1 ID IDLE")
OPENING = ["LOGIN", "CAPABILITY", "ID"]


@pytest.fixture(autouse=True)
def _hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait a twentieth of the time."""
    monkeypatch.setattr(kept, "MOMENT", 0.05)
    monkeypatch.setattr(kept, "QUIET", 0.0)
    monkeypatch.setattr(kept, "AGAIN_AFTER", (0.1, 0.1, 0.1))
    monkeypatch.setattr(session, "ALIVE_SECONDS", 0.8)
    monkeypatch.setattr(line, "GOODBYE_SECONDS", 0.5)


@pytest.fixture
def host(certificates: Certificates) -> Iterator[NetEase]:
    """Return a server that does not offer IDLE."""
    yield from a_host(certificates, WITHOUT_IDLE)


@pytest.fixture
def idle_host(certificates: Certificates) -> Iterator[NetEase]:
    """Return a server that offers IDLE."""
    yield from a_host(certificates, WITH_IDLE)


def a_host(certificates: Certificates, manners: Manners) -> Iterator[NetEase]:
    server = NetEase(certificates, manners=manners).start()
    server.deliver("INBOX", RAW, NINE)
    yield server
    while Service.made:
        Service.made.pop().kept.close()
    server.stop()


class Service:
    """Rounds of one folder, or of some, on a connection that is kept as the service keeps it."""

    made: ClassVar[list[Service]] = []

    def __init__(self, host: NetEase, folders: tuple[str, ...] = ("INBOX",)) -> None:
        self.made.append(self)
        self.host = host
        self.stopped = threading.Event()
        self.kept = Kept(lambda: connected(host.server, host.password, folders), self.stopped.wait)
        self.memory: dict[str, FolderMemory] = {}
        self.refused: list[str] = []

    def polls(self) -> list[FolderView]:
        """Make a round; a folder that is refused keeps it from no other."""
        views, self.refused = [], []
        with self.kept.lend() as mailbox:
            for folder in mailbox.folders():
                try:
                    views.append(mailbox.look(folder, self.memory.get(folder)))
                except ProtocolRefused as error:
                    self.refused.append(error.for_people())
        self.memory |= {view.folder: FolderMemory(view.uidvalidity, view.uidnext, view.exists) for view in views}
        return views

    def said(self) -> list[str]:
        """Return the commands of a round."""
        self.host.heard.clear()
        self.polls()
        return self.host.commands()

    def listens(self, until: Callable[[], bool] = lambda: False, seconds: float = PATIENCE) -> bool:
        """Listen until a round is due, or something else is."""
        began = monotonic()
        while monotonic() - began < seconds and not until():
            if self.kept.listen():
                return True
        return False

    def idles(self) -> bool:
        """Listen until the server lets us wait."""
        self.listens(until=lambda: "IDLE" in self.host.commands())
        return "IDLE" in self.host.commands()


class TestKeeping:
    def test_the_same_connection_serves_one_round_after_another(self, host: NetEase) -> None:
        service = Service(host)

        assert service.said() == [*OPENING, "EXAMINE", "FETCH"]
        assert service.said() == ["EXAMINE"]
        assert service.said() == ["EXAMINE"]
        assert host.connections() == 1

    def test_what_came_and_went_between_two_rounds_is_seen(self, host: NetEase) -> None:
        service = Service(host)
        service.polls()
        host.deliver("INBOX", RAW, NINE)

        (came,) = service.polls()
        host.remove("INBOX", 1)
        (went,) = service.polls()

        assert (came.listing, came.exists, len(came.sightings)) == (Listing.ADDED, 2, 1)
        assert (went.listing, went.exists, len(went.sightings)) == (Listing.FULL, 1, 1)

    def test_each_further_folder_costs_one_question(self, host: NetEase) -> None:
        host.deliver("垃圾邮件", RAW, NINE)
        service = Service(host, ())
        service.polls()

        assert service.said() == ["EXAMINE", "STATUS", "STATUS", "STATUS"]

    def test_a_folder_that_was_renamed_meanwhile_is_missed_at_once_and_no_longer_looked_for_in_the_next_round(
        self, host: NetEase
    ) -> None:
        service = Service(host, ())
        service.polls()
        host.folders["旧广告"] = host.folders.pop("广告邮件")

        service.polls()

        assert [told[:10] for told in service.refused] == ["邮箱中没有这个文件夹"]
        service.polls()
        assert service.refused == []

    def test_the_folders_are_listed_anew_after_a_time(self, host: NetEase, monkeypatch: pytest.MonkeyPatch) -> None:
        service = Service(host, ())
        del host.folders["广告邮件"]
        service.polls()
        host.add_folder("广告邮件")
        monkeypatch.setattr(session, "LISTED_SECONDS", 0)

        assert "广告邮件" in {view.folder for view in service.polls()}

    def test_where_the_provider_wants_short_connections_each_round_has_its_own(self, netease: NetEase) -> None:
        service = Service(netease)
        service.polls()
        netease.heard.clear()
        service.polls()

        assert netease.commands() == [*OPENING, "EXAMINE", "LOGOUT"]
        assert not service.listens(seconds=0.2)

    def test_a_round_that_fails_leaves_no_connection(self, host: NetEase) -> None:
        service = Service(host)
        service.polls()

        with pytest.raises(KeyboardInterrupt), service.kept.lend():
            raise KeyboardInterrupt

        assert service.said() == [*OPENING, "EXAMINE"]

    def test_closing_logs_out(self, host: NetEase) -> None:
        service = Service(host)
        service.polls()
        service.kept.close()
        service.kept.close()

        assert host.commands()[-1] == "LOGOUT"
        assert host.commands().count("LOGOUT") == 1


DEAD = {
    "BYE": bye(),
    "closed": cut_after(0, ""),
    "closed in a line": cut_after(5, "EXAMINE"),
    "silent": stalls(),
    "garbage": says(b"\x00\xff garbage"),
    "an answer to something else": says(b"x7 OK done", status=""),
}


class TestDeadConnections:
    @pytest.mark.parametrize("dead", DEAD.values(), ids=DEAD)
    def test_one_that_turns_out_dead_is_replaced_in_the_same_round(self, host: NetEase, dead: Misbehaviour) -> None:
        service = Service(host)
        service.polls()
        host.deliver("INBOX", RAW, NINE)
        host.when("EXAMINE", dead)

        (view,) = service.polls()

        assert (view.exists, len(view.sightings)) == (2, 1)
        assert host.connections() == 2

    @pytest.mark.parametrize("status", ["NO Mailbox was deleted under us", "BAD what"])
    def test_one_that_is_out_of_date_is_replaced_in_the_same_round(self, host: NetEase, status: str) -> None:
        """Dovecot, measured: after its lists were restored, an old connection is refused the folder for ever."""
        service = Service(host)
        service.polls()
        host.deliver("INBOX", RAW, NINE)
        host.when("EXAMINE", says(status=status))

        (view,) = service.polls()

        assert (view.exists, service.refused) == (2, [])
        assert host.connections() == 2

    @pytest.mark.parametrize("command", ["EXAMINE", "STATUS", "UID FETCH"])
    def test_one_that_was_refused_anything_is_not_used_in_another_round(self, host: NetEase, command: str) -> None:
        service = Service(host, ("INBOX", "垃圾邮件"))
        with service.kept.lend() as mailbox:
            (sighting,) = mailbox.look("INBOX", None).sightings
            host.when(command, says(status="NO not to you"))
            with suppress(ProtocolRefused):
                mailbox.look("垃圾邮件", FolderMemory(1, 5, 1))
            with suppress(ProtocolRefused):
                fetched(mailbox, sighting)

        assert host.commands()[-1] == "LOGOUT"
        service.polls()
        assert host.connections() == 2

    def test_a_server_that_is_not_there_is_told_and_tried_again_early_a_few_times(self, host: NetEase) -> None:
        service = Service(host)
        for _ in range(3):
            host.when("greeting", cut_after(0, ""))
            with pytest.raises(ConnectionLost):
                service.polls()
            assert service.listens()
        host.when("greeting", cut_after(0, ""))
        with pytest.raises(ConnectionLost):
            service.polls()

        assert not service.listens(seconds=0.5)

    def test_a_line_lost_in_a_round_is_tried_again_early_and_then_no_more(self, host: NetEase) -> None:
        service = Service(host)
        host.when("FETCH", cut_after(10, "FETCH"))
        with pytest.raises(ConnectionLost):
            service.polls()

        assert service.listens()
        (view,) = service.polls()

        assert len(view.sightings) == 1
        assert not service.listens(seconds=0.3)

    def test_a_server_that_turns_us_away_is_not_tried_early(self, host: NetEase) -> None:
        """It may have had too many connections: another soon would be one more."""
        service = Service(host)
        host.when("greeting", bye("Too many connections"))
        with pytest.raises(ProtocolRefused):
            service.polls()

        assert not service.listens(seconds=0.3)

    def test_a_refused_login_is_not_tried_early(self, host: NetEase) -> None:
        service = Service(host)
        host.when("LOGIN", says(status="NO LOGIN Login error or password error"))
        with pytest.raises(LoginRefused):
            service.polls()

        assert not service.listens(seconds=0.3)
        assert host.commands().count("LOGIN") == 1

    def test_the_early_tries_come_later_each_time_and_never_at_the_same_moment(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.undo()
        waits: list[list[float]] = [[], [], []]
        for _ in range(40):
            keeper = Kept(lambda: pytest.fail("nobody asked for it"), lambda _seconds: None)
            for row in waits:
                keeper._lost()
                assert keeper._again_at is not None
                row.append(keeper._again_at - monotonic())

        for row, (least, most) in zip(waits, [(10, 30), (30, 90), (90, 270)], strict=True):
            assert least - 1 < min(row) < max(row) <= most
            assert len(set(row)) > 30


class TestListening:
    def test_new_mail_makes_a_round_at_once_and_without_it_there_is_none(self, idle_host: NetEase) -> None:
        service = Service(idle_host)
        service.polls()
        assert service.idles()
        assert not service.listens(seconds=0.2)

        idle_host.deliver("INBOX", RAW, NINE)

        assert service.listens()
        assert not service.listens(seconds=0.2)  # one bell, one round
        (view,) = service.polls()
        assert (view.listing, len(view.sightings)) == (Listing.ADDED, 1)
        assert idle_host.commands()[-4:] == ["IDLE", "DONE", "EXAMINE", "UID FETCH"]
        assert idle_host.connections() == 1

    def test_mail_that_came_between_the_round_and_idle_is_not_waited_for(self, idle_host: NetEase) -> None:
        idle_host.deliver("垃圾邮件", RAW, NINE)
        service = Service(idle_host, ("INBOX", "垃圾邮件"))
        service.polls()  # leaves the other folder open
        idle_host.deliver("INBOX", RAW, NINE)

        assert service.listens()
        assert "IDLE" not in idle_host.commands()

    def test_mail_told_of_in_the_round_itself_is_not_waited_for(self, idle_host: NetEase) -> None:
        service = Service(idle_host)
        with service.kept.lend() as mailbox:
            (sighting,) = mailbox.look("INBOX", None).sightings
            idle_host.deliver("INBOX", RAW, NINE)
            idle_host.when("UID FETCH", after("UID FETCH", b"* 2 EXISTS"))
            assert fetched(mailbox, sighting) == RAW

        assert service.listens()
        assert "IDLE" not in idle_host.commands()

    def test_idle_is_begun_in_the_folder_watched_first(self, idle_host: NetEase) -> None:
        idle_host.deliver("垃圾邮件", RAW, NINE)
        service = Service(idle_host, ("INBOX", "垃圾邮件"))
        service.polls()
        assert service.idles()

        assert [each.rest for each in idle_host.heard if each.command == "EXAMINE"][-1] == '"INBOX"'

    def test_idle_is_begun_anew_in_time(self, idle_host: NetEase, monkeypatch: pytest.MonkeyPatch) -> None:
        """Source: RFC 2177: at least every 29 minutes."""
        assert session.IDLE_SECONDS < 29 * 60
        service = Service(idle_host)
        service.polls()
        monkeypatch.setattr(session, "IDLE_SECONDS", 0.1)

        assert not service.listens(until=lambda: idle_host.commands().count("IDLE") == 3)

        assert [each for each in idle_host.commands() if each != "EXAMINE"][-5:] == [
            "IDLE",
            "DONE",
            "IDLE",
            "DONE",
            "IDLE",
        ]

    def test_mail_that_comes_while_idle_is_begun_anew_is_not_waited_for(
        self, idle_host: NetEase, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        service = Service(idle_host)
        service.polls()
        assert service.idles()
        monkeypatch.setattr(session, "IDLE_SECONDS", 0)
        idle_host.when("IDLE", says(b"+ idling", b"* 2 EXISTS", status=""))

        assert service.listens()

    @pytest.mark.parametrize("word", [b"* OK Still here", b"* 1 FETCH (FLAGS (\\Seen))", b"* 1 EXPUNGE", b"* 0 RECENT"])
    def test_other_words_make_no_round(self, idle_host: NetEase, word: bytes) -> None:
        service = Service(idle_host)
        service.polls()
        idle_host.when("IDLE", says(b"+ idling", word, word, status=""))

        assert service.idles()
        assert not service.listens(seconds=0.3)

    @pytest.mark.parametrize("command", ["IDLE", "EXAMINE"])
    def test_a_server_that_announces_idle_and_refuses_it_is_polled_at_the_ordinary_times(
        self, idle_host: NetEase, command: str
    ) -> None:
        service = Service(idle_host)
        service.polls()
        idle_host.when(command, says(status="BAD command not support"))

        assert not service.listens(seconds=0.5)
        assert service.said() == [*OPENING, "EXAMINE"]

    @pytest.mark.parametrize("dead", [bye(), cut_after(0, ""), says(b"+ idling", b"* BYE shutdown", status="")])
    def test_a_connection_that_ends_in_idle_is_replaced_by_an_early_round_that_tells_of_no_failure(
        self, idle_host: NetEase, dead: Misbehaviour
    ) -> None:
        service = Service(idle_host)
        service.polls()
        idle_host.when("IDLE", dead)

        assert service.listens()
        service.polls()

        assert idle_host.connections() == 2

    def test_a_server_that_ends_each_idle_is_not_connected_to_again_and_again(self, idle_host: NetEase) -> None:
        service = Service(idle_host)
        for _ in range(20):
            idle_host.when("IDLE", bye())
        service.polls()
        early = 0
        while service.listens(seconds=0.6):
            early += 1
            service.polls()

        assert early == 3

    @pytest.mark.parametrize("misbehaviour", [stalls(), bye(), says(status="NO what"), says(b"\xff")])
    def test_one_that_does_not_end_idle_is_replaced_in_the_same_round(
        self, idle_host: NetEase, misbehaviour: Misbehaviour
    ) -> None:
        """Gmail was seen to leave DONE without an answer."""
        service = Service(idle_host)
        service.polls()
        assert service.idles()
        idle_host.when("IDLE", misbehaviour)
        idle_host.deliver("INBOX", RAW, NINE)

        (view,) = service.polls()

        assert view.exists == 2

    def test_a_round_gets_the_connection_from_whoever_listens(self, idle_host: NetEase) -> None:
        service = Service(idle_host)
        service.polls()
        listening = threading.Thread(target=lambda: service.listens(until=service.stopped.is_set))
        listening.start()
        began = monotonic()
        for _ in range(5):
            service.polls()
        service.stopped.set()
        listening.join(PATIENCE)

        assert monotonic() - began < PATIENCE / 2
        assert idle_host.connections() == 1

    def test_closing_ends_idle_and_logs_out(self, idle_host: NetEase) -> None:
        service = Service(idle_host)
        service.polls()
        assert service.idles()

        service.kept.close()

        assert idle_host.commands()[-3:] == ["IDLE", "DONE", "LOGOUT"]

    def test_after_news_there_is_a_pause(self, idle_host: NetEase, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(kept, "QUIET", 30)
        service = Service(idle_host)
        service.polls()
        idle_host.deliver("INBOX", RAW, NINE)

        assert not service.listens(seconds=0.3)
        assert "IDLE" not in idle_host.commands()

    @pytest.mark.parametrize("security", [Security.PLAIN, Security.STARTTLS])
    def test_it_works_the_same_without_implicit_tls(self, certificates: Certificates, security: Security) -> None:
        host = NetEase(certificates, security, replace(WITH_IDLE, capabilities="IMAP4rev1 ID IDLE STARTTLS")).start()
        service = Service(host)
        service.polls()
        assert service.idles()
        host.deliver("INBOX", RAW, NINE)
        assert service.listens()
        service.kept.close()
        host.stop()
