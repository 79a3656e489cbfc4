"""Measured: what each stage takes inside the product, in a run of its own, as watching costs a little too.

Stages are the product's own functions; each second counts for the innermost. The letters of the answers are kept for
parts.py, which renders the same ones alone.
"""

from __future__ import annotations

import json
import pickle
import sys
from collections import defaultdict
from dataclasses import asdict
from pathlib import Path
from time import process_time
from typing import Any

from benchmarks.fresh import ROOT, answer, cpu_seconds
from benchmarks.office import Office
from benchmarks.service import logging_to, one_round
from benchmarks.stopwatch import Stopwatch
from sqlalchemy.engine import Connection, Engine

from mailbot.ledger.books import SqlBooks
from mailbot.mailbox.archive import Archive
from mailbot.mailbox.session import Session
from mailbot.mailbox.unfinished import Unfinished
from mailbot.reading.limits import Limits
from mailbot.reading.reader import SandboxedReader
from mailbot.reading.sandbox import Sandbox
from mailbot.stages import recording
from mailbot.stages.recording import Clerk
from mailbot.stages.writing import Writer


def measured(folder: str, warm: str, password: str) -> dict[str, object]:
    """Return CPU seconds by stage, the service's and the worker's, and of both together."""
    one_round(Office(Path(warm), password))
    office, watch = Office(Path(folder), password), Stopwatch()
    letters = _keep_letters()
    _watch_all(watch)
    before, began = cpu_seconds(), process_time()
    messages = _round(office, office.folder / "jobs")
    whole, service = cpu_seconds() - before, process_time() - began
    jobs = _by_name(office.folder / "jobs")
    (office.folder / "letters").write_bytes(pickle.dumps(letters))
    stages = {**watch.spent, "service: the rest": service - sum(watch.spent.values())}
    worker = {**jobs, "worker: its start, pipes and JSON": whole - service - sum(jobs.values())}
    return {"cpu": whole, "messages": messages, "stages": {**stages, **worker}}


def _round(office: Office, jobs: Path) -> int:
    """Make a round with the worker that watches its jobs; return how many messages were recorded."""
    limits = Limits()
    command = (sys.executable, "-PB", "-m", "benchmarks.timed_worker", str(jobs), json.dumps(asdict(limits)))
    sys.path.append(str(ROOT))  # where the worker finds it
    app = office.app()
    with logging_to(office.folder / "log"), app.only_instance(), SandboxedReader(limits) as reader:
        reader._sandbox = Sandbox(limits, command)  # noqa: SLF001  # the product need not offer another worker
        result = app.round(reader, relist=True).make()
    return result.recorded


def _watch_all(watch: Stopwatch) -> None:
    watch.watch(Session, "_opened_for", "_asked", stage="receive")  # `fetch` gives piece by piece
    watch.watch(Unfinished, "append", "keep", stage="archive: put")
    watch.watch(Archive, "checked", stage="archive: get")
    watch.watch(SandboxedReader, "read", stage="reading: ask, check the answers")
    watch.watch(recording, "judge", stage="deciding")
    watch.watch(recording, "view_of", stage="the ledger's rows before and after")
    watch.watch(Clerk, "_grounds", stage="what is known for deciding")
    watch.watch(Writer, "acknowledgement", stage="writing the answer")
    public = [name for name, value in vars(SqlBooks).items() if callable(value) and not name.startswith("_")]
    watch.watch(SqlBooks, *public, stage="ledger")
    watch.watch(Connection, "begin", "commit", "close", stage="ledger")
    watch.watch(Engine, "connect", stage="ledger")


def _keep_letters() -> list[Any]:
    """Return a list that fills with the letter and the envelope of each answer."""
    letters: list[Any] = []
    usual = Writer._sealed  # noqa: SLF001  # the only place where both are there

    def kept(self: Writer, *given: Any) -> Any:
        letters.append(given[:2])
        return usual(self, *given)

    setattr(Writer, "_sealed", kept)  # noqa: B010  # mypy lets nobody assign to a method
    return letters


def _by_name(jobs: Path) -> dict[str, float]:
    spent: defaultdict[str, float] = defaultdict(float)
    for line in jobs.read_text().splitlines():
        name, _, seconds = line.rpartition(" ")
        spent[f"job: {name}"] += float(seconds)
    return dict(spent)


if __name__ == "__main__":
    answer(measured)
