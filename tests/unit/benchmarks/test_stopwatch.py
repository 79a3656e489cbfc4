"""The watch on stages that call one another."""

from __future__ import annotations

from time import process_time

import pytest
from benchmarks.stopwatch import Stopwatch


class Room:
    """Works for a while, and lets another one work."""

    def outer(self) -> None:
        busy(0.02)
        self.inner()

    def inner(self) -> None:
        busy(0.05)


def busy(seconds: float) -> None:
    until = process_time() + seconds
    while process_time() < until:
        pass


def test_a_second_counts_for_the_innermost_stage_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("outer", "inner"):
        monkeypatch.setattr(Room, name, getattr(Room, name))  # put back afterwards
    watch = Stopwatch()
    watch.watch(Room, "outer", stage="outer")
    watch.watch(Room, "inner", stage="inner")

    Room().outer()

    assert 0.015 < watch.spent["outer"] < 0.045
    assert 0.045 < watch.spent["inner"] < 0.075
