"""The product's worker with a watch on each job: a line with the job's name and its CPU seconds goes into a file."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from time import thread_time

from mailbot.reading import worker
from mailbot.reading.jobs import Carved, Job, MailReading, Reading, What
from mailbot.reading.limits import Limits


def main(notes: Path, limits: Limits) -> None:
    """Serve as the worker does."""
    usual = worker.perform
    with notes.open("ab", buffering=0) as file:  # unbuffered: the worker ends by being killed

        def timed(job: Job) -> Carved | MailReading | Reading:
            began = thread_time()
            try:
                return usual(job)
            finally:
                file.write(f"{name_of(job)} {thread_time() - began}\n".encode())

        worker.perform = timed
        worker.main(limits)


def name_of(job: Job) -> str:
    """Return what a job is about: the file's kind, where it is a file."""
    return job.kind.value if job.what is What.DOCUMENT else job.what.value


if __name__ == "__main__":
    main(Path(sys.argv[1]), Limits(**json.loads(sys.argv[2])))
