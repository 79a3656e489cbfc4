"""The child process: its limits, and that nothing a library prints disturbs its answers."""

from __future__ import annotations

import errno
import json
import subprocess
import sys
from pathlib import Path

import pytest

from mailbot.domain.message import FileKind
from mailbot.reading.jobs import Carved, Job, MailReading, What, adapter
from mailbot.reading.worker import answer, perform


@pytest.fixture
def message(tmp_path: Path) -> Path:
    path = tmp_path / "message"
    path.write_bytes(b"Subject: x\r\n\r\nbody")
    return path


def run(program: str, questions: bytes = b"") -> bytes:
    """Return what a fresh Python with this program writes."""
    command = (sys.executable, "-c", program)
    return subprocess.run(command, input=questions, capture_output=True, check=True, timeout=60).stdout  # noqa: S603 - ours


def test_the_process_binds_itself_to_its_limits() -> None:
    told = run("""
import json, os, resource
from mailbot.reading.limits import Limits
from mailbot.reading.worker import limit
limit(Limits(memory=700 << 20, file_size=1 << 20, open_files=32))
kinds = (resource.RLIMIT_AS, resource.RLIMIT_FSIZE, resource.RLIMIT_NOFILE, resource.RLIMIT_CORE)
print(json.dumps([*map(resource.getrlimit, kinds), os.umask(0)]))
""")

    assert json.loads(told) == [[700 << 20] * 2, [1 << 20] * 2, [32] * 2, [0, 0], 0o077]


def test_what_a_library_prints_does_not_disturb_the_answers(message: Path) -> None:
    question = adapter(Job).dump_json(Job(What.MAIL, message)) + b"\n"
    told = run(
        """
from mailbot.reading.limits import Limits
from mailbot.reading.local import LocalHands
from mailbot.reading.worker import main
read = LocalHands.mail
LocalHands.mail = lambda *job: print("noise") or read(*job)
main(Limits())
""",
        question * 2,
    )

    assert told == answer(Job(What.MAIL, message)) * 2


def test_each_sort_of_job_is_done(message: Path, tmp_path: Path) -> None:
    assert perform(Job(What.CARVE, message, tmp_path)) == Carved()
    assert isinstance(perform(Job(What.MAIL, message)), MailReading)
    assert perform(Job(What.DOCUMENT, message, kind=FileKind.EMPTY)).problems[0].code == "format_not_read"


def test_a_lone_surrogate_does_not_stop_an_answer(message: Path) -> None:
    message.write_bytes(b"Subject: =?utf-7?q?+2AA-?=\r\nX-Raw: \xff\xfe\r\n\r\nbody")
    told = answer(Job(What.MAIL, message))

    assert adapter(MailReading).validate_json(told[5:]).mail.text == "body"


FAILS = """
import errno, os, sys
from mailbot.reading import local
from mailbot.reading.limits import Limits
from mailbot.reading.worker import main
def fail(message, folder):
    raise OSError(int(sys.argv[1]), os.strerror(int(sys.argv[1])))
local.carve = fail
main(Limits())
"""


def test_a_full_disk_is_told_and_the_process_stays(message: Path, tmp_path: Path) -> None:
    question = adapter(Job).dump_json(Job(What.CARVE, message, tmp_path)) + b"\n"
    command = (sys.executable, "-c", FAILS, str(errno.ENOSPC))
    told = subprocess.run(command, input=question * 2, capture_output=True, check=True, timeout=60).stdout  # noqa: S603 - ours

    assert told == (b"!\0\0\0\x0228") * 2


def test_an_error_that_the_file_may_have_caused_ends_the_process(message: Path, tmp_path: Path) -> None:
    question = adapter(Job).dump_json(Job(What.CARVE, message, tmp_path)) + b"\n"
    command = (sys.executable, "-c", FAILS, str(errno.EFBIG))
    done = subprocess.run(command, input=question, capture_output=True, check=False, timeout=60)  # noqa: S603 - ours

    assert (done.returncode, done.stdout) == (1, b"")
