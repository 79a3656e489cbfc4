"""The archive held against the ledger, for as long as the time allows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from mailbot.domain.mailbox import Origin
from mailbot.domain.moments import shanghai
from mailbot.ledger.engine import SqlLedger, open_ledger
from mailbot.mailbox.archive import Archive
from mailbot.stages.proving import Proof, prove


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[SqlLedger]:
    ledger = open_ledger(f"sqlite:///{tmp_path}/ledger.db", receipt_number="{year}-{month:02d}-{serial:04d}")
    yield ledger
    ledger.close()


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "archive")


def keep(ledger: SqlLedger, archive: Archive, raw: bytes, day: int) -> str:
    sha256 = archive.put(raw)
    with ledger.transaction() as books:
        books.take_in(sha256, len(raw), shanghai(f"2021-04-{day:02d}T09:00"), Origin.INGEST)
    return sha256


def proved(ledger: SqlLedger, archive: Archive, seconds: float = 20.0) -> Proof:
    with ledger.reading() as books:
        return prove(books, archive, seconds=seconds)


def test_a_file_for_each_message_and_its_bytes_hold(ledger: SqlLedger, archive: Archive) -> None:
    keep(ledger, archive, b"one", 1)

    assert proved(ledger, archive) == Proof(1, 1, (), ())


def test_without_time_every_file_is_looked_for_and_none_is_read(ledger: SqlLedger, archive: Archive) -> None:
    one, two = keep(ledger, archive, b"one", 1), keep(ledger, archive, b"two", 2)
    archive.path_of(one).unlink()
    archive.path_of(two).write_bytes(b"damaged")

    assert proved(ledger, archive, seconds=-1) == Proof(2, 1, (one,), ())


def test_one_known_to_be_lost_is_counted_once(ledger: SqlLedger, archive: Archive) -> None:
    one = keep(ledger, archive, b"one", 1)
    archive.path_of(one).unlink()
    with ledger.transaction() as books:
        books.lose(one)

    assert proved(ledger, archive) == Proof(1, 1, (one,), ())


def test_many_are_counted_and_three_are_named() -> None:
    proof = Proof(9, 9, ("a", "b", "c", "d"), ())

    assert proof.told() == "台账中来件 9 封，全部逐字核对；4 封的存档文件不见了：a.eml、b.eml、c.eml等"


def test_how_far_it_came_is_told() -> None:
    assert Proof(9, 4, (), ()).told() == "台账中来件 9 封，其中最近的 4 封逐字核对（限时 20 秒）；存档完整"


def test_without_messages_there_is_nothing_to_prove() -> None:
    assert Proof(0, 0, (), ()).told() == "尚无来件"
