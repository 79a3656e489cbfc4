"""The child process: does one job after another with limits on itself, and knows nothing but files and pipes.

`python -m mailbot.reading.worker` reads a job a line (JSON) from standard input and answers on what was standard
output: `+`, four bytes of length, JSON. Libraries that print cannot disturb that. Where the machine failed (a full
disk), `!` and the error's number in the place of the JSON. Whatever no reader foresaw, running out of memory above all,
ends the process with a traceback; the parent makes a problem of it.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from mailbot.reading.foreign import OF_THE_MACHINE
from mailbot.reading.jobs import Carved, Job, MailReading, Reading, What, adapter
from mailbot.reading.limits import Limits
from mailbot.reading.local import LocalHands

DONE, FAILED = b"+", b"!"


def limit(limits: Limits) -> None:
    """Bind this process to the limits for good, but for the processor's time, which each job gets anew."""
    os.umask(0o077)
    for which, value in (
        (resource.RLIMIT_AS, limits.memory),
        (resource.RLIMIT_FSIZE, limits.file_size),
        (resource.RLIMIT_NOFILE, limits.open_files),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(which)[1]
        bound = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(which, (bound, bound))


def allow_cpu(seconds: int) -> None:
    """Let the process use so many seconds more of the processor before the kernel ends it (SIGXCPU)."""
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    soft = int(time.process_time()) + 1 + seconds
    resource.setrlimit(resource.RLIMIT_CPU, (soft if hard == resource.RLIM_INFINITY else min(soft, hard), hard))


def perform(job: Job) -> Carved | MailReading | Reading:
    """Do a job."""
    hands = LocalHands()
    match job.what:
        case What.CARVE:
            return hands.carve(job.path, job.folder)
        case What.MAIL:
            return hands.mail(job.path, job.folder)
        case What.DOCUMENT:
            return hands.document(job.path, job.kind, job.turn)


def answer(job: Job) -> bytes:
    """Return a job's answer in its frame."""
    try:
        found = perform(job)
    except OSError as error:
        if error.errno not in OF_THE_MACHINE:
            raise
        return _framed(FAILED, str(error.errno).encode())
    return _framed(DONE, _as_json(found))


def _as_json(found: Carved | MailReading | Reading) -> bytes:
    """Return what was found as JSON, defaults left out; lone surrogates, which JSON cannot carry, become '?'."""
    form = adapter(type(found))
    try:
        return form.dump_json(found, exclude_defaults=True)
    except ValueError:  # pydantic's, for what JSON cannot carry
        plain = form.dump_python(found, mode="json")
        return json.dumps(plain, ensure_ascii=False, allow_nan=False).encode("utf-8", "replace")


def _framed(mark: bytes, body: bytes) -> bytes:
    return mark + len(body).to_bytes(4) + body


def serve(jobs: Iterator[bytes], answers: BinaryIO, cpu_seconds: int) -> None:
    """Answer jobs until there are no more."""
    for line in jobs:
        allow_cpu(cpu_seconds)
        answers.write(answer(adapter(Job).validate_json(line)))
        answers.flush()


def main(limits: Limits) -> None:
    """Serve on the standard streams."""
    answers = os.fdopen(os.dup(1), "wb")
    with Path(os.devnull).open("wb") as nowhere:
        os.dup2(nowhere.fileno(), 1)
    limit(limits)
    serve(iter(sys.stdin.buffer.readline, b""), answers, limits.cpu_seconds)


if __name__ == "__main__":
    main(Limits(**json.loads(sys.argv[1])))
