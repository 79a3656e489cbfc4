"""One instance at a time, whatever becomes of it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from mailbot.errors import AlreadyRunning, LedgerUnavailable
from mailbot.ledger.lock import only_instance

if TYPE_CHECKING:
    from pathlib import Path


def test_a_second_instance_is_told_who_holds_the_lock(tmp_path: Path) -> None:
    with (
        only_instance(tmp_path / "ledger.db.lock"),
        pytest.raises(AlreadyRunning) as refusal,
        only_instance(tmp_path / "ledger.db.lock"),
    ):
        pass
    assert f"（进程号 {os.getpid()}）" in refusal.value.for_people()


def test_the_lock_is_free_again_when_its_holder_has_ended(tmp_path: Path) -> None:
    for _ in range(2):
        with only_instance(tmp_path / "ledger.db.lock"):
            assert (tmp_path / "ledger.db.lock").stat().st_mode & 0o777 == 0o600


def test_a_lock_that_cannot_be_made_says_so(tmp_path: Path) -> None:
    with pytest.raises(LedgerUnavailable), only_instance(tmp_path / "nowhere" / "ledger.db.lock"):
        pass
