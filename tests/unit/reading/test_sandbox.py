"""What a worker that misbehaves costs: the one job, and the next finds a fresh worker."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.files import a_workbook

from mailbot.domain.message import FileKind
from mailbot.reading.jobs import Carved, JobDied, OutOfTime
from mailbot.reading.limits import MEGABYTE, Limits
from mailbot.reading.sandbox import Sandbox

SHORT = Limits(wall_seconds=1.0)


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    sandbox = Sandbox(Limits())
    yield sandbox
    sandbox.close()


@pytest.fixture
def message(tmp_path: Path) -> Path:
    path = tmp_path / "message"
    path.write_bytes(b"Subject: x\r\n\r\nbody")
    return path


def worker(program: str) -> tuple[str, ...]:
    """Return a command that stands in for the worker."""
    return (sys.executable, "-c", f"import os, sys, time, signal, resource\n{program}")


def death(program: str, message: Path, limits: Limits = SHORT) -> str:
    """Return what is said of a worker that runs this program."""
    sandbox = Sandbox(limits, worker(program))
    with pytest.raises(JobDied) as died:
        sandbox.mail(message, message.parent)
    sandbox.close()
    return died.value.detail


def test_a_job_is_answered_by_a_process_that_stays(sandbox: Sandbox, message: Path, tmp_path: Path) -> None:
    assert sandbox.carve(message, tmp_path) == Carved()
    assert sandbox.mail(message, message.parent).mail.text == "body"


def test_a_file_is_read_in_the_worker(sandbox: Sandbox, tmp_path: Path) -> None:
    path = tmp_path / "book"
    path.write_bytes(a_workbook())

    assert sandbox.document(path, FileKind.XLSX, 0).document.tables[0].rows[0][1].text == "区教育局"


@pytest.mark.parametrize(
    ("program", "told"),
    [
        ("time.sleep(60)", "用时过长"),
        ("os.write(1, b'+\\0\\0'); time.sleep(60)", "用时过长"),
        ("sys.stdin.readline(); print('not an answer', flush=True)", "答复异常"),
        ("sys.stdin.readline(); os.write(1, b'+\\0\\0\\0\\2{}'); time.sleep(9)", "答复异常"),
        ("sys.stdin.readline(); os.write(1, b'+\\xff\\xff\\xff\\xff')", "答复异常"),
        ("sys.stdin.readline(); os.kill(os.getpid(), signal.SIGXCPU)", "处理器用时超限"),
        ("sys.stdin.readline(); os.kill(os.getpid(), signal.SIGKILL)", "内存超限"),
        ("sys.stdin.readline(); raise MemoryError", "内存超限"),
        ("sys.stdin.readline(); raise KeyError('quoted from the mail')", "意外退出 KeyError"),
        ("os._exit(3)", "意外退出 3"),
        ("os.close(1); time.sleep(60)", "意外退出 0"),
    ],
)
def test_the_cause_of_a_workers_death_is_told(program: str, told: str, message: Path) -> None:
    assert death(program, message) == told


def test_after_a_death_the_next_job_finds_a_fresh_worker(message: Path, tmp_path: Path) -> None:
    flag = tmp_path / "died"
    program = f"""
if not os.path.exists({str(flag)!r}):
    open({str(flag)!r}, 'w').close(); os._exit(1)
from mailbot.reading.worker import main
from mailbot.reading.limits import Limits
main(Limits())
"""
    sandbox = Sandbox(Limits(), worker(program))
    with pytest.raises(JobDied):
        sandbox.mail(message, message.parent)

    assert sandbox.mail(message, message.parent).mail.subject == "x"
    sandbox.close()


def test_whatever_the_worker_started_is_killed_with_it(message: Path, tmp_path: Path) -> None:
    note = tmp_path / "pid"
    program = f"""
if not (child := os.fork()):
    time.sleep(60)
open({str(note)!r}, 'w').write(str(child)); time.sleep(60)
"""
    death(program, message)
    child = int(note.read_text())

    _until(lambda: not _alive(child))


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split(")")[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def _until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < deadline
        os.sched_yield()


def test_a_message_that_used_up_its_time_is_not_asked_for_more(message: Path) -> None:
    sandbox = Sandbox(Limits(message_seconds=0.0))
    sandbox.begin_message()

    with pytest.raises(OutOfTime):
        sandbox.mail(message, message.parent)


def test_a_worker_is_replaced_after_so_many_jobs(message: Path, tmp_path: Path) -> None:
    note = tmp_path / "pids"
    program = f"""
open({str(note)!r}, 'a').write('x')
from mailbot.reading.worker import main
from mailbot.reading.limits import Limits
main(Limits())
"""
    sandbox = Sandbox(Limits(jobs=2), worker(program))
    for _ in range(4):
        sandbox.mail(message, message.parent)
    sandbox.close()

    assert note.read_text() == "xx"


def test_the_workers_environment_holds_nothing_of_ours(
    message: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAILBOT_IMAP_PASSWORD", "secret")
    note = tmp_path / "environment"
    death(f"open({str(note)!r}, 'w').write(' '.join(sorted(os.environ)))", message)

    assert set(note.read_text().split()) <= {"LANG", "LC_CTYPE", "PYTHONPATH"}


def test_the_worker_leads_a_session_of_its_own(message: Path, tmp_path: Path) -> None:
    note = tmp_path / "session"
    death(f"open({str(note)!r}, 'w').write(str(os.getsid(0) == os.getpid()))", message)

    assert note.read_text() == "True"


def test_memory_beyond_the_limit_ends_the_job(message: Path) -> None:
    program = f"""
from mailbot.reading.worker import limit
from mailbot.reading.limits import Limits
limit(Limits(memory={400 * MEGABYTE}))
sys.stdin.readline(); bytearray(1 << 30)
"""

    assert death(program, message, Limits()) == "内存超限"


def test_a_busy_loop_ends_at_the_processors_limit(message: Path) -> None:
    program = """
from mailbot.reading.worker import allow_cpu
allow_cpu(0)
while True: pass
"""

    assert death(program, message, Limits()) == "处理器用时超限"


ANSWERS = "sys.stdin.readline(); sys.stdout.buffer.write({!r}); sys.stdout.flush(); time.sleep(9)"


def test_where_the_machine_failed_it_is_no_death_but_an_error_of_the_machine(message: Path) -> None:
    sandbox = Sandbox(SHORT, worker(ANSWERS.format(b"!\0\0\0\x0228")))

    with pytest.raises(OSError, match="No space left"):
        sandbox.mail(message, message.parent)
    sandbox.close()


@pytest.mark.parametrize("number", [b"27", b"-1", b"xx"])
def test_a_worker_cannot_pass_off_anything_else_as_an_error_of_the_machine(number: bytes, message: Path) -> None:
    assert "答复异常" in death(ANSWERS.format(b"!\0\0\0\x02" + number), message)
