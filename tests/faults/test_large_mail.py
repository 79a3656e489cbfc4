"""A large mail: gone on with where a line was cut or the program killed, and never in memory as a whole."""

from __future__ import annotations

import io
import re
import signal
import subprocess
import threading
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image
from tests.bot import Bot, a_bot
from tests.office import EDUCATION, QUIET_SMTP, Office, Rules
from tests.office_mails import APRIL, a_letter, the_table
from tests.servers.misbehaviour import after, cut_after, says, stalls
from tests.servers.netease import Conversation, NetEase

from mailbot.demo.letters import File, report_mail
from mailbot.domain.books import Completeness
from mailbot.domain.moments import shanghai
from mailbot.mailbox import session

if TYPE_CHECKING:
    from tests.servers.dovecot import DovecotAccount
    from tests.servers.host import MailHost
    from tests.servers.smtp_server import SmtpServer

pytestmark = QUIET_SMTP

MB = 1024 * 1024
NINE = shanghai("2021-04-15T09:00")
SOON, LATER = "2021-04-15T09:05", "2021-04-15T09:10"


@cache
def a_large_report(megabytes: int) -> bytes:
    """Return a report whose scan has so many megabytes: pages of noise, which no JPEG makes small."""
    page = Image.effect_noise((1240, 1754), 90)
    content = io.BytesIO()
    page.save(content, "JPEG", quality=90)
    pages = max(1, megabytes * MB // len(content.getvalue()))
    content = io.BytesIO()
    page.save(content, "PDF", resolution=150, quality=90, save_all=True, append_images=[page] * (pages - 1))
    scan = File(f"{EDUCATION}4月进展情况（盖章）.pdf", content.getvalue(), "application/pdf")
    return report_mail(a_letter(the_table(EDUCATION, APRIL), scan))


def asked(host: NetEase) -> list[tuple[int, int]]:
    """Return of which pieces the server was asked: from which byte, and how many."""
    pieces = (re.search(r"PEEK\[\]<(\d+)\.(\d+)>", each.rest) for each in host.heard)
    return [(int(found[1]), int(found[2])) for found in pieces if found]


def unfinished(folder: Path) -> list[str]:
    return [path.name for path in (folder / "archive").glob(".unfinished-*")]


class TestGoneOnWith:
    PIECE = 64 * 1024

    @pytest.fixture(autouse=True)
    def small_pieces(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(session, "PIECE", self.PIECE)
        monkeypatch.setattr(session, "WHOLE_AT_MOST", self.PIECE)

    @pytest.mark.parametrize("cut_at", [0, 5, 120, 40_000, 65_600])
    def test_a_line_cut_in_the_third_piece_costs_that_piece_alone(
        self, office: Office, netease: NetEase, cut_at: int
    ) -> None:
        raw = a_large_report(1)
        office.receives(raw, at="2021-04-15T09:00")
        for misbehaviour in (after("UID FETCH"), after("UID FETCH"), cut_after(cut_at, "UID FETCH")):
            netease.when("UID FETCH", misbehaviour)

        assert "mailbox" in office.rounds(at=SOON).trouble
        assert len(unfinished(office.folder)) == 1
        office.restarts()
        office.rounds(at=LATER)

        (row,) = office.messages()
        assert office.app.archive.checked(row.sha256).read_bytes() == raw
        assert unfinished(office.folder) == []
        begun = [start for start, _ in asked(netease)]
        new = self.PIECE - session.OVERLAP
        assert begun[:4] == [0, new, 2 * new, 2 * new]
        assert sorted(set(begun)) == sorted(begun[:2] + begun[3:])

    def test_one_that_comes_on_with_each_round_is_not_given_up(self, office: Office, netease: NetEase) -> None:
        raw = a_large_report(1)
        office.receives(raw, at="2021-04-15T09:00")
        pieces = len(raw) // (self.PIECE - session.OVERLAP)
        for _ in range(pieces // 2):
            netease.when("UID FETCH", after("UID FETCH"))
            netease.when("UID FETCH", cut_after(9, "UID FETCH"))

        for minute in range(pieces):
            office.rounds(at=f"2021-04-15T10:{minute:02d}")

        (row,) = office.messages()
        assert office.app.archive.checked(row.sha256).read_bytes() == raw

    def test_one_that_was_moved_in_between_begins_anew_where_it_lies_now(
        self, office: Office, netease: NetEase
    ) -> None:
        raw = a_large_report(1)
        office.receives(raw, at="2021-04-15T09:00")
        netease.when("UID FETCH", after("UID FETCH"))
        netease.when("UID FETCH", cut_after(9, "UID FETCH"))
        office.rounds(at=SOON)
        netease.move("INBOX", 1, "垃圾邮件")

        office.rounds(at=LATER)

        (row,) = [row for row in office.messages() if row.in_view]
        assert (row.folder, office.app.archive.checked(row.sha256).read_bytes()) == ("垃圾邮件", raw)

    def test_another_one_in_its_place_is_not_added_to_it(self, office: Office, netease: NetEase) -> None:
        raw, other = a_large_report(1), a_large_report(1)[::-1]
        office.receives(raw, at="2021-04-15T09:00")
        netease.when("UID FETCH", after("UID FETCH"))
        netease.when("UID FETCH", cut_after(9, "UID FETCH"))
        office.rounds(at=SOON)
        kept = netease.folders["INBOX"][0]
        netease.folders["INBOX"][0] = replace(kept, raw=other, arrived=shanghai("2021-04-15T09:07"))

        office.rounds(at=LATER)

        (row,) = office.messages()
        assert office.app.archive.checked(row.sha256).read_bytes() == other

    def test_one_that_vanishes_between_two_pieces_begins_anew_where_it_is_found_again(
        self, office: Office, netease: NetEase
    ) -> None:
        office.receives(a_large_report(1), at="2021-04-15T09:00")
        netease.when("UID FETCH", after("UID FETCH"))
        netease.when("UID FETCH", says())
        office.rounds(at=SOON)

        (row,) = office.messages()  # the second look found it again, from its beginning
        assert office.app.archive.checked(row.sha256).read_bytes() == a_large_report(1)
        assert [start for start, _ in asked(netease)][:3] == [0, self.PIECE - session.OVERLAP, 0]
        assert unfinished(office.folder) == []


@pytest.mark.slow
class TestProcess:
    def test_killed_between_two_pieces_it_goes_on_and_records_it_once(
        self, tmp_path: Path, netease: NetEase, recording_smtp: SmtpServer
    ) -> None:
        bot = the_bot(tmp_path, netease, recording_smtp)
        raw = a_large_report(14)
        netease.deliver("INBOX", raw, NINE)
        stalled = threading.Event()

        def stall(talk: Conversation, tag: str, rest: str) -> None:
            stalled.set()
            stalls()(talk, tag, rest)

        for misbehaviour in (after("UID FETCH"), after("UID FETCH"), after("UID FETCH"), stall):
            netease.when("UID FETCH", misbehaviour)
        process = bot.starts("poll", now=SOON)
        assert stalled.wait(30)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        netease.released.set()
        before = len(asked(netease))

        bot("poll", now=LATER)

        (row,) = bot.json("messages")
        assert (row["standing"], (bot.folder / "archive" / row["sha256"][:2]).is_dir()) == ("receipts", True)
        durable = 2 * (session.PIECE - session.OVERLAP)  # all but the last piece that came
        assert asked(netease)[before] == (durable, session.PIECE)
        assert unfinished(bot.folder) == []

    @pytest.mark.parametrize("where", [pytest.param("dovecot_account", marks=pytest.mark.dovecot), "netease"])
    def test_fifty_megabytes_take_no_more_memory_than_one(
        self, tmp_path: Path, where: str, recording_smtp: SmtpServer, request: pytest.FixtureRequest
    ) -> None:
        host: MailHost | DovecotAccount = request.getfixturevalue(where)
        bot = the_bot(tmp_path, host, recording_smtp)
        bot("poll", now="2021-04-15T08:00")
        host.deliver("INBOX", a_large_report(1), NINE)
        small = measured(bot, now=SOON)
        host.deliver("INBOX", a_large_report(50), NINE)
        large = measured(bot, now=LATER)

        print(f"{where}: {small} {large}")  # noqa: T201  # the measure
        assert large.service < 120
        assert abs(large.service - small.service) < 10
        assert large.reader < 300
        (unit,) = [row for row in bot.json("ledger", "--period", "2021-04") if row["unit"] == EDUCATION]
        assert unit["completeness"] == Completeness.COMPLETE.value


@dataclass(frozen=True, slots=True)
class Peaks:
    """The most memory (VmHWM) that two processes had, in megabytes."""

    service: float
    reader: float


def the_bot(folder: Path, host: MailHost, smtp: SmtpServer) -> Bot:
    return a_bot(folder, host, smtp.server, smtp.password, Rules(mode="hold"))


def measured(bot: Bot, now: str) -> Peaks:
    """Poll, and return the peaks of memory of the program and of its worker."""
    process, pause = bot.starts("poll", now=now), threading.Event()
    service = reader = 0.0
    while process.poll() is None:
        service = max(service, peak(process.pid))
        reader = max(reader, *(peak(child) for child in children(process)), 0.0)
        pause.wait(0.01)
    said = process.communicate()[0]
    assert process.returncode == 0, said
    return Peaks(service, reader)


def peak(pid: int) -> float:
    """Return the peak of a process, 0 where it is gone."""
    try:
        found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    except OSError:
        return 0.0
    return int(found[1]) / 1024 if found else 0.0


def children(process: subprocess.Popen[str]) -> list[int]:
    try:
        return [int(word) for word in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()]
    except OSError:
        return []
