"""Values for cells."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from mailbot.domain.moments import shanghai
from mailbot.reports.sheet import LONGEST, printable, wall_clock


def test_a_name_that_turns_its_direction_is_shown_as_it_is() -> None:
    assert printable("4月\u202excod.exe") == "4月xcod.exe"


def test_text_is_cut_at_what_a_cell_can_hold() -> None:
    assert len(printable("长" * (LONGEST + 1))) == LONGEST


@given(st.text(alphabet=st.characters(categories=None)))
def test_any_text_becomes_one_that_xml_can_hold(text: str) -> None:
    shown = printable(text)

    shown.encode("utf-8")
    assert all(character in "\t\n" or character >= " " for character in shown)


def test_a_moment_is_shown_by_the_clock_on_the_wall() -> None:
    assert wall_clock(shanghai("2021-04-25T16:00:00Z")).isoformat() == "2021-04-26T00:00:00"
