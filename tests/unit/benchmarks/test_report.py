"""How the results are told."""

from __future__ import annotations

from benchmarks import report
from benchmarks.cpu import Round
from benchmarks.downloads import Poll
from benchmarks.turns import Turns


def a_round(service: float = 30.0, straightforward: float = 90.0, alone: float = 20.0) -> Round:
    return Round(service, straightforward, {"workbook": alone}, {"job: xlsx": 25.0}, rows=7)


def test_a_goal_that_is_met_is_told_so() -> None:
    told = report.cpu([a_round(), a_round(service=32.0)])

    assert "| mailbot ÷ its unavoidable parts | 1.50 | **1.55** | ≤ 1.6 | met |" in told
    assert "| straightforward.py ÷ mailbot | 3.00 | **2.91** | ≥ 2.5 | met |" in told


def test_a_goal_that_is_missed_is_told_so() -> None:
    assert "| mailbot ÷ its unavoidable parts | 4.50 | **4.50** | ≤ 1.6 | **not met** |" in report.cpu([a_round(90.0)])


def test_a_part_dearer_than_its_stage_is_told_as_a_fault_of_measuring() -> None:
    assert "measured wrong" in report.cpu([a_round(alone=26.0)])
    assert "measured wrong" not in report.cpu([a_round(alone=24.0)])


def test_bytes_downloaded_count_over_all_polls() -> None:
    told = report.downloads([Poll("killed", bodies=600, new=1000), Poll("again", bodies=410, new=0)])

    assert "**1.0100** (goal ≤ 1.01, met)" in told


def test_round_trips_are_held_against_their_goals_and_what_is_not_done_against_none() -> None:
    counted = [
        Turns("A", 1, 8, 1, 4),
        Turns("A", 3, 11, 4, None),
        Turns("B", 1, 9, None, None),
        Turns("B", 4, 12, 7, None),
    ]

    assert report.turns(counted).splitlines()[2:] == [
        "| A | 1 | 8 | 1 | 4 | ≤ 8; ≤ 1 | met |",
        "| A | 3 | 11 | 4 | — | none; ≤ 3 | **not met** |",
        "| B | 1 | 9 | — | — | ≤ 8; none | **not met** |",
        "| B | 4 | 12 | 7 | — | none; ≤ 7 | met |",
    ]
