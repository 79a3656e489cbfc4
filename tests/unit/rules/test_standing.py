"""How an obligation stands. April 2021 is due on the 25th, so 26 April 00:00 is the first moment too late."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.ledger_builders import a_received, an_obligation

if TYPE_CHECKING:
    from datetime import datetime

from mailbot.domain.books import Completeness, Standing, Timeliness
from mailbot.domain.moments import shanghai
from mailbot.domain.report import PartKind
from mailbot.rules.standing import days_late, lacking, standing

TABLE, SCAN, UNSEALED = PartKind.ELECTRONIC, PartKind.SEALED_SCAN, PartKind.SCAN_WITHOUT_SEAL
IN_TIME, LATER = "2021-04-22T09:00", "2021-04-27T08:00"
BEFORE_DUE, AFTER_DUE = "2021-04-25T23:59:59", "2021-05-08T00:00"


def stands(
    *received: tuple[PartKind, str], doubts: tuple[str, ...] = (), now: str = AFTER_DUE
) -> tuple[Completeness, Timeliness, int]:
    found = standing_of(*received, doubts=doubts, now=now)
    return found.completeness, found.timeliness, found.days_late


def standing_of(*received: tuple[PartKind, str], doubts: tuple[str, ...] = (), now: str = AFTER_DUE) -> Standing:
    parts = [a_received(kind, arrived) for kind, arrived in received]
    return standing(an_obligation(), parts, [shanghai(doubt) for doubt in doubts], shanghai(now))


def test_nothing_came_and_it_is_not_due_yet() -> None:
    assert stands(now=BEFORE_DUE) == (Completeness.MISSING, Timeliness.NOT_DUE, 0)


def test_nothing_came_and_the_due_moment_is_here() -> None:
    assert stands(now="2021-04-26T00:00") == (Completeness.MISSING, Timeliness.LATE, 1)


def test_while_incomplete_the_days_late_grow_with_the_clock() -> None:
    assert stands((TABLE, IN_TIME), now="2021-04-28T12:00") == (Completeness.LACKS_SEALED_SCAN, Timeliness.LATE, 3)


def test_only_the_scan_came() -> None:
    assert stands((SCAN, IN_TIME), now=BEFORE_DUE) == (Completeness.LACKS_ELECTRONIC, Timeliness.NOT_DUE, 0)


def test_both_parts_in_time_are_on_time() -> None:
    assert stands((TABLE, IN_TIME), (SCAN, BEFORE_DUE)) == (Completeness.COMPLETE, Timeliness.ON_TIME, 0)


def test_on_time_is_said_before_it_is_due() -> None:
    assert stands((TABLE, IN_TIME), (SCAN, IN_TIME), now="2021-04-23")[1] is Timeliness.ON_TIME


def test_a_part_that_arrives_at_the_due_moment_is_a_day_late() -> None:
    assert stands((TABLE, IN_TIME), (SCAN, "2021-04-26T00:00")) == (Completeness.COMPLETE, Timeliness.LATE, 1)


def test_a_scan_arriving_before_the_workbook_keeps_the_first_time() -> None:
    found = standing_of((SCAN, IN_TIME), (TABLE, LATER))

    assert found == Standing(Completeness.COMPLETE, Timeliness.LATE, 2, shanghai(IN_TIME), shanghai(LATER))


def test_a_correction_after_the_due_moment_changes_nothing() -> None:
    before = standing_of((TABLE, IN_TIME), (SCAN, IN_TIME))

    assert standing_of((TABLE, IN_TIME), (SCAN, IN_TIME), (TABLE, LATER), (SCAN, LATER)) == before


def test_a_scan_without_a_seal_is_neither_part() -> None:
    assert stands((UNSEALED, IN_TIME)) == (Completeness.LACKS_SEALED_SCAN, Timeliness.LATE, 12)


def test_a_scan_without_a_seal_beside_the_sealed_one_leaves_the_workbook_missing() -> None:
    assert stands((UNSEALED, IN_TIME), (SCAN, IN_TIME))[0] is Completeness.LACKS_ELECTRONIC


def test_a_scan_without_a_seal_counts_as_the_first_arrival() -> None:
    assert standing_of((UNSEALED, IN_TIME), (SCAN, LATER)).first_arrival == shanghai(IN_TIME)


def test_what_is_in_doubt_counts_as_received_when_it_arrived() -> None:
    assert stands(doubts=("2021-04-24T10:00",)) == (Completeness.IN_DOUBT, Timeliness.ON_TIME, 0)


def test_what_arrived_too_late_stays_late_while_in_doubt() -> None:
    assert stands(doubts=(LATER,)) == (Completeness.IN_DOUBT, Timeliness.LATE, 2)


def test_a_doubt_cannot_make_a_late_workbook_timely() -> None:
    assert stands((TABLE, LATER), doubts=(IN_TIME,)) == (Completeness.IN_DOUBT, Timeliness.LATE, 2)


def test_of_several_doubts_the_earliest_speaks_for_the_unit() -> None:
    assert stands((TABLE, IN_TIME), doubts=(LATER, "2021-04-24T10:00"))[1] is Timeliness.ON_TIME


def test_a_doubt_does_not_complete() -> None:
    assert standing_of(doubts=(IN_TIME,)).completed_at is None


def test_a_doubt_beside_a_complete_report_changes_nothing() -> None:
    both = ((TABLE, LATER), (SCAN, LATER))

    assert standing_of(*both, doubts=(IN_TIME,)) == standing_of(*both)


def test_what_is_lacking_is_named_in_the_order_of_the_notice() -> None:
    assert lacking(an_obligation(), [a_received(UNSEALED, IN_TIME)]) == (TABLE, SCAN)
    assert lacking(an_obligation(), [a_received(TABLE, IN_TIME)]) == (SCAN,)


@pytest.mark.parametrize(
    ("moment", "days"),
    [
        ("2021-04-25T17:29:59", 0),
        ("2021-04-25T17:30", 1),
        ("2021-04-26T17:30", 1),
        ("2021-04-26T17:30:01", 2),
    ],
)
def test_days_late_are_rounded_up_from_a_cutoff_in_the_afternoon(moment: str, days: int) -> None:
    assert days_late(shanghai(moment), shanghai("2021-04-25T17:30")) == days


MOMENTS = st.integers(0, 50 * 24 * 60).map(lambda minutes: shanghai("2021-04-01") + timedelta(minutes=minutes))
RECEIVED = st.lists(st.tuples(st.sampled_from(PartKind), MOMENTS), max_size=6)


def standing_at(received: list[tuple[PartKind, datetime]], doubts: list[datetime], now: datetime) -> Standing:
    parts = [a_received(kind, arrived.isoformat()) for kind, arrived in received]
    return standing(an_obligation(), parts, doubts, now)


@given(RECEIVED, st.lists(MOMENTS, max_size=3), MOMENTS)
def test_late_and_days_late_always_agree(
    received: list[tuple[PartKind, datetime]], doubts: list[datetime], now: datetime
) -> None:
    found = standing_at(received, doubts, now)

    assert (found.days_late > 0) == (found.timeliness is Timeliness.LATE)
    assert (found.completed_at is not None) == (found.completeness is Completeness.COMPLETE)


@given(RECEIVED, MOMENTS, MOMENTS)
def test_our_doubt_never_makes_a_unit_later(
    received: list[tuple[PartKind, datetime]], doubt: datetime, now: datetime
) -> None:
    """The doubt arrived before now, as all mail did."""
    came = [(kind, min(arrived, now)) for kind, arrived in received]

    assert standing_at(came, [min(doubt, now)], now).days_late <= standing_at(came, [], now).days_late


@given(RECEIVED, st.sampled_from(PartKind), MOMENTS)
def test_a_part_more_never_changes_when_a_complete_report_was_complete(
    received: list[tuple[PartKind, datetime]], kind: PartKind, now: datetime
) -> None:
    before = standing_at(received, [], now)
    newest = max([now, *(arrived for _, arrived in received)]) + timedelta(seconds=1)
    after = standing_at([*received, (kind, newest)], [], now)

    assert before.completed_at is None or after.completed_at == before.completed_at


@given(RECEIVED.flatmap(lambda received: st.tuples(st.just(received), st.permutations(received))))
def test_the_order_in_which_parts_are_told_does_not_matter(
    orders: tuple[list[tuple[PartKind, datetime]], list[tuple[PartKind, datetime]]],
) -> None:
    one, other = (standing_at(received, [], shanghai(AFTER_DUE)) for received in orders)

    assert one == other
