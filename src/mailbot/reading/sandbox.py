"""The parent of the worker: starts it, asks it, and ends it when it uses too much or talks nonsense.

ask ──▶ (start) ──▶ job ──▶ wait ──▶ checked answer
├── too long, killed, garbage ──▶ kill the group, JobDied; the next job starts afresh
└── the machine failed it ──▶ MachineFailed
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path
from typing import IO, TypeVar

from mailbot.domain.message import FileKind
from mailbot.reading.foreign import OF_THE_MACHINE
from mailbot.reading.jobs import Carved, Job, JobDied, MachineFailed, MailReading, OutOfTime, Reading, What, adapter
from mailbot.reading.limits import Limits

Form = TypeVar("Form", Carved, MailReading, Reading)

DONE, FAILED = b"+", b"!"
_PIECE = 1 << 20


class Sandbox:
    """A warm worker process, started when it is first needed, and its hands for jobs. Not for several threads."""

    def __init__(self, limits: Limits, command: tuple[str, ...] = ()) -> None:
        self._limits = limits
        self._command = command or (sys.executable, "-PB", "-m", "mailbot.reading.worker", json.dumps(asdict(limits)))
        self._worker: subprocess.Popen[bytes] | None = None
        self._complaints: IO[bytes] | None = None
        self._jobs_done = 0
        self._until = float("inf")

    def begin_message(self) -> None:
        """Begin to count the time that all jobs of one message may take."""
        self._until = time.monotonic() + self._limits.message_seconds

    def carve(self, message: Path, folder: Path) -> Carved:
        """Cut the raw message into files in the folder."""
        return self._ask(Job(What.CARVE, message, folder), Carved)

    def mail(self, message: Path, folder: Path) -> MailReading:
        """Read headers and text of the raw message."""
        return self._ask(Job(What.MAIL, message, folder), MailReading)

    def document(self, path: Path, kind: FileKind, turn: int) -> Reading:
        """Let the reader whose turn it is read a file of that kind."""
        return self._ask(Job(What.DOCUMENT, path, kind=kind, turn=turn), Reading)

    def close(self) -> None:
        """End the worker."""
        if self._worker is not None:
            self._kill(self._worker)

    def _ask(self, job: Job, form: type[Form]) -> Form:
        """Return the checked answer.

        Raises:
            JobDied: the worker was stopped, ended by itself, or answered nonsense.
            OutOfTime: it was not even asked any more.
            OSError: the machine failed the worker, or could not start one.
        """
        now = time.monotonic()
        if now >= self._until:
            raise OutOfTime("整封邮件用时过长")
        deadline = min(now + self._limits.wall_seconds, self._until)
        worker = self._running()
        try:
            raw = self._exchange(worker, adapter(Job).dump_json(job) + b"\n", deadline)
            answer: Form = adapter(form).validate_json(raw)
        except MachineFailed:
            self._kill(worker)
            raise
        except TimeoutError as error:
            self._kill(worker)
            raise JobDied("用时过长") from error
        except ValueError as error:  # pydantic's ValidationError is one
            self._kill(worker)
            raise JobDied("答复异常") from error
        except (OSError, EOFError) as error:
            raise JobDied(self._cause_of_death(worker)) from error
        self._jobs_done += 1
        if self._jobs_done >= self._limits.jobs:
            self._kill(worker)
        return answer

    def _running(self) -> subprocess.Popen[bytes]:
        if self._worker is None or self._worker.poll() is not None:
            self._jobs_done = 0
            self._complaints = tempfile.TemporaryFile()  # noqa: SIM115  lives as long as the worker
            self._worker = subprocess.Popen(  # noqa: S603  our own module, no shell
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._complaints,
                env={"LANG": "C.UTF-8", "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
                start_new_session=True,
                bufsize=0,
            )
        return self._worker

    def _exchange(self, worker: subprocess.Popen[bytes], job: bytes, deadline: float) -> bytes:
        """Send a job and return the body of the answer.

        Raises:
            TimeoutError: no whole answer in time.
            EOFError: the worker ended.
            ValueError: what it answers has not the form of an answer.
            MachineFailed: it says that the machine failed it.
        """
        questions, answers = worker.stdin, worker.stdout
        if questions is None or answers is None:
            raise EOFError
        questions.write(job)
        head = _receive(answers.fileno(), 5, deadline)
        length = int.from_bytes(head[1:])
        if head[:1] not in {DONE, FAILED} or length > self._limits.answer:
            raise ValueError("not an answer, or too long a one")
        body = _receive(answers.fileno(), length, deadline)
        if head.startswith(FAILED):
            raise _machine_failed(int(body))
        return body

    def _cause_of_death(self, worker: subprocess.Popen[bytes]) -> str:
        """Return why a worker that stopped answering ended, in Chinese; it is surely gone afterwards."""
        try:
            code = worker.wait(timeout=1)
        except subprocess.TimeoutExpired:
            code = 0
        last_words = self._last_words()
        self._kill(worker)
        if code == -signal.SIGXCPU:
            return "处理器用时超限"
        if code == -signal.SIGKILL or last_words == "MemoryError":
            return "内存超限"
        return f"意外退出 {last_words or code}"

    def _last_words(self) -> str:
        """Return the name of the exception that ended the worker: its message may quote the mail and is left out."""
        if self._complaints is None:
            return ""
        size = self._complaints.seek(0, os.SEEK_END)
        self._complaints.seek(max(0, size - 4096))
        lines = self._complaints.read().decode("utf-8", "replace").strip().splitlines()
        name = lines[-1].partition(":")[0] if lines else ""
        return name.rpartition(".")[2] if name.replace(".", "").isidentifier() else ""

    def _kill(self, worker: subprocess.Popen[bytes]) -> None:
        """End the worker and whatever it started: its whole process group."""
        if worker.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(worker.pid, signal.SIGKILL)
            worker.wait()
        for stream in (worker.stdin, worker.stdout, self._complaints):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()
        self._worker = self._complaints = None


def _machine_failed(number: int) -> MachineFailed:
    """Return the error that a worker tells of.

    Raises:
        ValueError: no machine fails like that.
    """
    if number not in OF_THE_MACHINE:
        raise ValueError("not an error of the machine")
    return MachineFailed(number, os.strerror(number))


def _receive(source: int, length: int, deadline: float) -> bytes:
    """Return so many bytes from a pipe.

    Raises:
        TimeoutError: they did not come in time.
        EOFError: the pipe was closed before.
    """
    received = bytearray()
    while len(received) < length:
        ready, _, _ = select.select([source], [], [], max(0.0, deadline - time.monotonic()))
        if not ready:
            raise TimeoutError
        piece = os.read(source, min(length - len(received), _PIECE))
        if not piece:
            raise EOFError
        received += piece
    return bytes(received)
