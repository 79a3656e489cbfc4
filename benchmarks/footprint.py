"""Measured: the most memory that the service and its reader held over one mail."""

from __future__ import annotations

from pathlib import Path

from benchmarks.fresh import answer, children, peak_megabytes
from benchmarks.office import Office
from benchmarks.service import logging_to


def measured(folder: str, password: str) -> dict[str, object]:
    """Return the peaks in megabytes over a round."""
    office = Office(Path(folder), password)
    app = office.app()
    with logging_to(office.folder / "log"), app.only_instance(), app.reader() as reader:
        result = app.round(reader, relist=True).make()
        readers = [peak_megabytes(process) for process in children()]
    with app.ledger.reading() as books:
        receipts = len(books.receipts())
    return {
        "service": peak_megabytes(),
        "reader": max(readers, default=0.0),
        "messages": result.recorded,
        "receipts": receipts,
        "trouble": result.trouble,
    }


if __name__ == "__main__":
    answer(measured)
