"""Measured: a backlog of small mails in one round, thousand by thousand: neither time nor memory may grow."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass, field
from pathlib import Path

from benchmarks.fresh import answer, children, cpu_seconds, cpu_seconds_of, present_megabytes
from benchmarks.office import Office
from benchmarks.service import logging_to


@dataclass(slots=True)
class Watch:
    """Notes how far the round is. Not frozen: it goes on."""

    every: int
    marks: list[Mark] = field(default_factory=list)

    def __call__(self, what: str, done: int, total: int) -> None:
        """Note each thousandth message, and the last."""
        if done % self.every == 0 or done == total:
            cpu = cpu_seconds() + sum(map(cpu_seconds_of, children()))
            self.marks.append(Mark(what, done, cpu, time.perf_counter(), present_megabytes()))


@dataclass(frozen=True, slots=True)
class Mark:
    """Where the round was: what it did, how many messages of it, CPU and wall seconds so far, memory now."""

    what: str
    done: int
    cpu: float
    wall: float
    memory: float


def measured(folder: str, password: str, every: int) -> dict[str, object]:
    """Return the marks of carrying in and of recording, each after a beginning."""
    office = Office(Path(folder), password)
    app, watch = office.app(), Watch(every)
    with logging_to(office.folder / "log"), app.only_instance(), app.reader() as reader:
        watch("INBOX", 0, 1)
        result = app.round(reader, relist=True, progress=watch).make()
    with app.ledger.reading() as books:
        places = {standing.value: count for standing, count in books.standings().items()}
    return {
        "marks": [asdict(mark) for mark in watch.marks],
        "messages": result.recorded,
        "places": places,
        "trouble": result.trouble,
    }


if __name__ == "__main__":
    answer(measured)
