"""What becomes of a ledger when processes meet, are killed, or run out of room."""

from __future__ import annotations

import os
import resource
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing, contextmanager
from functools import partial
from typing import TYPE_CHECKING

import alembic.command  # noqa: F401 - loaded here once, not again in every fork
import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine
from tests.servers.ledger_places import FilePlaces, LedgerPlaces
from tests.unit.ledger.apart import ROOT, another_process, ended_well, first_line, in_a_fork
from tests.unit.ledger.builders import (
    LATER,
    NOON,
    NUMBERS,
    a_mail,
    facts,
    received,
    recorded,
    sha,
)

from mailbot.domain.books import MessageStanding, OutgoingState
from mailbot.domain.ledger_url import file_of
from mailbot.errors import AlreadyRunning, LedgerUnavailable
from mailbot.ledger.engine import SqlLedger, open_ledger
from mailbot.ledger.lock import only_instance

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HOLD_AND_FORK = """
import os, sys, pathlib
from mailbot.ledger.lock import only_instance
ready, begun = os.pipe()
with only_instance(pathlib.Path(sys.argv[1])):
    if os.fork() == 0:      # a warm worker, which outlives its parent
        os.write(begun, b"!")
        os.read(0, 1)
        os._exit(0)
    os.read(ready, 1)
    os.kill(os.getpid(), 9)
"""


def opened(url: str) -> SqlLedger:
    return open_ledger(url, receipt_number=NUMBERS)


class TestProcesses:
    def test_alembic_is_loaded_only_where_there_is_something_to_migrate(self, new_ledger_url: str) -> None:
        assert "alembic" in ended_well(another_process("open", new_ledger_url))
        driver = "" if file_of(new_ledger_url) else "psycopg"
        assert ended_well(another_process("open", new_ledger_url)) == driver

    def test_two_processes_may_make_the_same_ledger_at_once(self, new_ledger_url: str) -> None:
        for process in [another_process("open", new_ledger_url), another_process("open", new_ledger_url)]:
            ended_well(process)
        with closing(opened(new_ledger_url)) as ledger, ledger.reading() as books:
            assert books.messages() == ()

    def test_another_process_holds_the_lock_until_it_is_killed(self, ledger_url: str) -> None:
        holder = another_process("hold", ledger_url)
        assert first_line(holder.stdout) == "held\n"
        with closing(opened(ledger_url)) as ledger:
            with pytest.raises(AlreadyRunning, match=str(holder.pid)), ledger.lock():
                pass
            holder.kill()
            holder.communicate()
            with ledger.lock(), ledger.transaction() as books:
                received(books)

    def test_a_worker_that_outlives_a_killed_instance_does_not_keep_the_lock(self, tmp_path: Path) -> None:
        lock = tmp_path / "ledger.db.lock"
        holder = subprocess.Popen(  # noqa: S603 - our own script
            [sys.executable, "-c", HOLD_AND_FORK, str(lock)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        assert holder.wait(timeout=30) == -9
        with only_instance(lock):
            pass
        holder.communicate()  # ends the worker

    def test_two_processes_that_write_at_once_lose_nothing_and_number_without_gaps(self, ledger_url: str) -> None:
        opened(ledger_url).close()
        for process in [another_process("write", ledger_url, name, "30") for name in ("one", "two")]:
            ended_well(process)
        with closing(opened(ledger_url)) as ledger, ledger.reading() as books:
            assert books.standings()[MessageStanding.RECEIPTS] == 60
            assert sorted(one.number for one in books.receipts()) == [
                NUMBERS.format(year=2021, month=4, serial=serial) for serial in range(1, 61)
            ]


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded")  # servers of other tests may run beside
class TestKilled:
    """SIGKILL before every statement and every commit of booking a message, and before many of making a ledger."""

    def test_a_kill_at_any_statement_leaves_nothing_half_and_the_next_run_ends_the_same(
        self, ledger_places: LedgerPlaces
    ) -> None:
        stride = 1 if isinstance(ledger_places, FilePlaces) else 3  # a server rolls back alike wherever it was
        code, step = -signal.SIGKILL, 0
        while code == -signal.SIGKILL:
            step += stride
            with ledger_places.lent() as url:
                opened(url).close()
                code = in_a_fork(partial(killed_at, step, url))
                assert_nothing_half(url)
                book_one(url)
                assert_booked(url)
        assert code == 0
        assert step > 20

    @pytest.mark.parametrize("step", [1, 4, 7, 12, 20, 30, 40])
    def test_a_kill_while_the_ledger_is_made_leaves_one_that_can_be_made(self, new_ledger_url: str, step: int) -> None:
        assert in_a_fork(partial(killed_at, step, new_ledger_url)) == -signal.SIGKILL
        book_one(new_ledger_url)
        assert_booked(new_ledger_url)

    @pytest.mark.parametrize(("first", "second"), [(10, 9), (16, 8), (22, 15)])
    def test_a_kill_in_the_run_after_a_kill_changes_nothing_either(
        self, ledger_url: str, first: int, second: int
    ) -> None:
        opened(ledger_url).close()
        for step in (first, second):
            assert in_a_fork(partial(killed_at, step, ledger_url)) == -signal.SIGKILL
            assert_nothing_half(ledger_url)
        book_one(ledger_url)
        assert_booked(ledger_url)


def killed_at(step: int, url: str) -> None:
    """Book a message, and be killed before that statement or commit."""
    passed = 0

    def count(*_: object) -> None:
        nonlocal passed
        passed += 1
        if passed == step:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(Engine, "before_cursor_execute", count)
    event.listen(Engine, "commit", count)
    book_one(url)


def book_one(url: str) -> None:
    """Do what a round does for one message: sight it; then decide it and queue the answer; nothing twice."""
    with closing(opened(url)) as ledger:
        with ledger.transaction() as books:
            message = received(books)
        with ledger.transaction() as books:
            if books.standing_of(message.sha256) is MessageStanding.UNDECIDED:
                books.decided(message, facts(), recorded(), NOON)
                books.queue(a_mail(), OutgoingState.QUEUED, LATER)


def assert_nothing_half(url: str) -> None:
    with closing(opened(url)) as ledger, ledger.reading() as books:
        standing, issued, mails = books.standing_of(sha("a")), len(books.receipts()), len(books.outbox())
        assert (standing, issued, mails) in {
            (None, 0, 0),
            (MessageStanding.UNDECIDED, 0, 0),
            (MessageStanding.RECEIPTS, 1, 1),
        }


def assert_booked(url: str) -> None:
    with closing(opened(url)) as ledger, ledger.reading() as books:
        assert [row.receipts for row in books.messages()] == [("登记号 2021-04-0001",)]
        assert [one.what for one in books.events()] == ["receipt_issued", "mail_queued"]
    if (file := file_of(url)) is not None:
        with closing(sqlite3.connect(file)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


class TestDisk:
    """In SQLite: it is about the file."""

    def test_a_full_disk_is_told_and_what_was_committed_stays(self, tmp_path: Path) -> None:
        with little_room(tmp_path) as folder:
            booked, told = fill(f"sqlite:///{folder}/ledger.db")
            with closing(opened(f"sqlite:///{folder}/ledger.db")) as ledger, ledger.reading() as books:
                assert len(books.receipts()) == booked
        assert booked > 0
        assert "台账暂时无法读写" in told

    def test_a_full_disk_with_room_again_goes_on(self, tmp_path: Path) -> None:
        with closing(opened(f"sqlite:///{tmp_path}/ledger.db")) as ledger:
            with no_file_beyond(0), pytest.raises(LedgerUnavailable), ledger.transaction() as books:
                received(books)
            with ledger.transaction() as books:
                assert received(books).sha256 == sha("a")

    def test_a_file_that_may_only_be_read_is_unavailable(self, readable_folder: Path) -> None:
        folder = readable_folder / "read-only"
        opened(f"sqlite:///{folder}/ledger.db").close()
        (folder / "ledger.db").chmod(0o444)
        folder.chmod(0o555)

        def write_as_nobody() -> None:
            become_nobody()
            with pytest.raises(LedgerUnavailable), opened(f"sqlite:///{folder}/ledger.db").transaction() as books:
                received(books)

        assert in_a_fork(write_as_nobody) == 0


def fill(url: str) -> tuple[int, str]:
    """Book messages until the disk is full; return how many were committed, and what was said."""
    booked = 0
    with closing(opened(url)) as ledger:
        try:
            while True:
                with ledger.transaction() as books:
                    books.decided(received(books, str(booked), booked), facts(), recorded(), NOON)
                booked += 1
        except LedgerUnavailable as error:
            return booked, error.for_people()


@contextmanager
def little_room(folder: Path) -> Iterator[Path]:
    """Give a folder with half a megabyte of room: a small disk where we may mount one, else a limit on file size."""
    small = folder / "small"
    small.mkdir()
    if os.getuid() == 0 and mount("-t", "tmpfs", "-o", "size=512k", "tmpfs", str(small)):
        try:
            yield small
        finally:
            subprocess.run(["/bin/umount", str(small)], check=True)  # noqa: S603 - our own folder
    else:
        with no_file_beyond(400_000):
            yield small


def mount(*arguments: str) -> bool:
    """Mount; tell whether that was allowed."""
    return subprocess.run(["/bin/mount", *arguments], check=False, capture_output=True).returncode == 0  # noqa: S603 - our own folder


@contextmanager
def no_file_beyond(size: int) -> Iterator[None]:
    """Let no file of this process grow beyond so many bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def become_nobody() -> None:
    """Give up root, for whom nothing is read-only."""
    if os.getuid() == 0:
        os.setgid(65534)
        os.setuid(65534)
