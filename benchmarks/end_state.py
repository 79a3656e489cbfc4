"""Whether two ways of doing the work came to the same end: the same rows in the ledger, the same files in the archive.

Left out is only what is one's own: row numbers, Message-ID and wording of the answers, the evidence of a decision,
which the straightforward way does not keep, and the sender's name, which mail-parser does not always decode.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

OF_A_RECEIPT = "(select number from receipts where receipts.id = receipt) as receipt"
PLACE = "file, sheet, cell, page, unit, period"
ROWS = {
    "messages": "sha256, size, arrived, folder, standing, kind, message_id, sender, subject, why",
    "sightings": "sha256, source, folder, uidvalidity, uid, arrived, size, in_view, stand_in",
    "folders": 'folder, uidvalidity, uidnext, "exists", completed',
    "receipts": "number, sha256, notice, unit, period, serial, arrived, folder, tasks",
    "parts": f"{OF_A_RECEIPT}, kind, file, sha256, size, unit, period, pages, seal",
    "figures": f"{OF_A_RECEIPT}, task, what, value, unit_of_measure, meaning, {PLACE}",
    "progress": f"{OF_A_RECEIPT}, task, text, difficulties, next_steps, {PLACE}",
    "triage": "sha256, unit, period, closed",
    "outbox": "key, kind, recipient, subject, in_reply_to, about, answers, rung, expires, state, tries, created",
    "events": "at, actor, what, subject, detail",
}


def assert_the_same(one: Path, other: Path) -> int:
    """Compare what lies in two folders; return how many rows it is.

    Raises:
        AssertionError: they differ; with the first row that only one of them has.
    """
    rows = 0
    for table in ROWS:
        ours, theirs = _rows(one, table), _rows(other, table)
        if ours != theirs:
            odd = sorted(set(ours) ^ set(theirs))[:2]
            raise AssertionError(f"{table}: {len(ours)} rows here, {len(theirs)} there; first differing: {odd}")
        rows += len(ours)
    if _archived(one) != _archived(other):
        raise AssertionError("the archives hold different files")
    return rows


def _rows(folder: Path, table: str) -> list[str]:
    """Return a table's rows as text, in an order of their own; JSON the same however it was written."""
    with closing(sqlite3.connect(folder / "ledger.db")) as ledger:
        found = ledger.execute(f"select {ROWS[table]} from {table}")  # noqa: S608  # our own words
        return sorted(json.dumps([_plain(value) for value in row], ensure_ascii=False) for row in found)


def _plain(value: object) -> object:
    if isinstance(value, str) and value.startswith("["):
        return json.loads(value)
    return value


def _archived(folder: Path) -> set[tuple[str, int]]:
    return {(path.name, path.stat().st_size) for path in (folder / "archive").glob("??/??/*.eml")}
