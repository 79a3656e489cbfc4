"""What a person's words on a message do to each of its files."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from tests.unit.matching.builders import APRIL, MARCH

from mailbot.domain.decision import Ruling
from mailbot.domain.period import Period
from mailbot.matching.periods import Dating
from mailbot.matching.settling import Settled, settle

SCHOOLS, LABOUR = "区教育局", "区人社局"
FOR_SCHOOLS, FOR_LABOUR = Ruling(SCHOOLS, APRIL), Ruling(LABOUR, APRIL)


def settled(files: dict[str, tuple[str | None, tuple[Period, ...]]], *rulings: Ruling) -> Settled:
    """Settle files, each with the unit and the months that it names."""
    says = {file: unit for file, (unit, _) in files.items() if unit}
    named = {file: months for file, (_, months) in files.items()}
    first = {file: months[0] if months else APRIL for file, months in named.items()}
    return settle(rulings, says, Dating(dict(first), named, named, (), ()))


def test_the_files_of_another_unit_are_left() -> None:
    found = settled({"a": (SCHOOLS, ()), "b": (LABOUR, ())}, FOR_SCHOOLS)

    assert found.left == ("b",)
    assert found.units == {"a": SCHOOLS, "b": LABOUR}


def test_a_second_word_takes_up_what_the_first_left() -> None:
    found = settled({"a": (SCHOOLS, ()), "b": (LABOUR, ())}, FOR_SCHOOLS, FOR_LABOUR)

    assert found.left == ()
    assert found.units == {"a": SCHOOLS, "b": LABOUR}


def test_the_same_word_again_means_all_that_was_left() -> None:
    found = settled({"a": (SCHOOLS, ()), "b": (LABOUR, ())}, FOR_SCHOOLS, FOR_SCHOOLS)

    assert found.left == ()
    assert found.units == {"a": SCHOOLS, "b": SCHOOLS}


def test_a_file_that_names_nobody_goes_with_the_first_word() -> None:
    found = settled({"a": (SCHOOLS, ()), "b": (LABOUR, ()), "c": (None, ())}, FOR_LABOUR, FOR_SCHOOLS)

    assert found.units["c"] == LABOUR


def test_where_no_file_names_the_unit_said_all_of_them_are_meant() -> None:
    found = settled({"a": (LABOUR, (APRIL,)), "b": (None, ())}, FOR_SCHOOLS)

    assert (found.units, found.left) == ({"a": SCHOOLS, "b": SCHOOLS}, ())


def test_the_files_of_another_month_are_left() -> None:
    found = settled({"a": (None, (APRIL,)), "b": (None, (MARCH,))}, FOR_SCHOOLS)

    assert found.left == ("b",)
    assert found.periods == {"a": APRIL, "b": MARCH}


def test_a_file_that_may_be_of_either_month_is_meant() -> None:
    found = settled({"a": (None, (APRIL,)), "b": (None, (MARCH, APRIL))}, FOR_SCHOOLS)

    assert (found.periods, found.left) == ({"a": APRIL, "b": APRIL}, ())


def test_where_no_file_names_the_month_said_all_of_them_are_meant() -> None:
    found = settled({"a": (None, (MARCH,)), "b": (SCHOOLS, (MARCH,))}, FOR_SCHOOLS)

    assert (set(found.periods.values()), found.left) == ({APRIL}, ())


def test_a_word_on_a_mail_without_files_settles_it() -> None:
    assert settled({}, FOR_SCHOOLS).left == ()


UNITS = st.sampled_from([None, SCHOOLS, LABOUR])
MONTHS = st.lists(st.sampled_from([MARCH, APRIL]), unique=True, max_size=2).map(tuple)
FILES = st.dictionaries(st.sampled_from("abcd"), st.tuples(UNITS, MONTHS), max_size=4)
RULING = st.builds(Ruling, st.sampled_from([SCHOOLS, LABOUR]), st.sampled_from([MARCH, APRIL]))


@given(FILES, RULING)
def test_somebody_gets_something_and_nothing_that_is_left_is_what_was_said(
    files: dict[str, tuple[str | None, tuple[Period, ...]]], ruling: Ruling
) -> None:
    found = settled(files, ruling)

    assert not files or len(found.left) < len(files)
    assert all((found.units[file], found.periods[file]) != (ruling.unit, ruling.period) for file in found.left)


@given(FILES, RULING, RULING)
def test_a_further_word_moves_no_file_that_one_before_it_took(
    files: dict[str, tuple[str | None, tuple[Period, ...]]], first: Ruling, second: Ruling
) -> None:
    once = settled(files, first)
    if not once.left:
        return  # it waits no more
    twice = settled(files, first, second)

    assert all(
        (once.units[file], once.periods[file]) == (twice.units[file], twice.periods[file])
        for file in files
        if file not in once.left
    )


@given(FILES, RULING)
def test_said_twice_nothing_is_left(files: dict[str, tuple[str | None, tuple[Period, ...]]], ruling: Ruling) -> None:
    assert settled(files, ruling, ruling).left == ()
