"""Measured: the product, from the poll of an account to the queued replies, with the worker that read its mails."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.fresh import answer, cpu_seconds
from benchmarks.office import Office

from mailbot.logs import configure
from mailbot.stages.rounds import RoundResult


def measured(folder: str, warm: str, password: str) -> dict[str, object]:
    """Return what one round took, after another one over a few mails has brought in whatever is imported.

    The worker is a new one all the same: a worker lives for some hundreds of mails, so its start belongs to the cost.
    """
    one_round(Office(Path(warm), password))
    office = Office(Path(folder), password)
    before, began = cpu_seconds(), time.perf_counter()
    result = one_round(office)
    return {
        "cpu": cpu_seconds() - before,
        "wall": time.perf_counter() - began,
        "messages": result.recorded,
    }


def one_round(office: Office) -> RoundResult:
    """Poll and record as `mailbot run` does, logs and all, and wait for the worker's end.

    Raises:
        RuntimeError: something went wrong in it; figures of a round that failed are worth nothing.
    """
    app = office.app()
    with logging_to(office.folder / "log"), app.only_instance(), app.reader() as reader:
        result = app.round(reader, relist=True).make()
    app.ledger.close()
    if result.trouble:
        raise RuntimeError(f"the round had trouble: {result.trouble}")
    return result


@contextmanager
def logging_to(path: Path) -> Iterator[None]:
    """Let the product log as a service does, into a file."""
    usual = sys.stderr
    with path.open("a", encoding="utf-8") as log:
        sys.stderr = log
        configure(verbose=True)
        try:
            yield
        finally:
            sys.stderr = usual


if __name__ == "__main__":
    answer(measured)
