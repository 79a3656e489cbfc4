"""Which files a person's words on a message take, and which are left."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from tests.unit.matching.builders import APRIL, MARCH

from mailbot.domain.decision import Ruling
from mailbot.domain.period import Period
from mailbot.domain.report import PartKind
from mailbot.matching.settling import Named, Settled, settle, takes_nothing

SCHOOLS, LABOUR, HEALTH = "区教育局", "区人社局", "区卫健委"
FOR_SCHOOLS, FOR_LABOUR = Ruling(SCHOOLS, APRIL), Ruling(LABOUR, APRIL)
OF_SCHOOLS, OF_LABOUR, SILENT = Named(SCHOOLS), Named(LABOUR), Named(None)


def taken(settled: Settled) -> dict[str, list[str]]:
    """Return the units and months that each file is booked for, in words."""
    return {file: [f"{word.unit} {word.period}" for word in words] for file, words in settled.under.items()}


def test_the_files_of_another_unit_are_left() -> None:
    assert settle((FOR_SCHOOLS,), {"a": OF_SCHOOLS, "b": OF_LABOUR}).left == ("b",)


def test_a_second_word_takes_what_the_first_left() -> None:
    found = settle((FOR_SCHOOLS, FOR_LABOUR), {"a": OF_SCHOOLS, "b": OF_LABOUR})

    assert taken(found) == {"a": ["区教育局 2021-04"], "b": ["区人社局 2021-04"]}


def test_a_file_that_holds_the_reports_of_two_units_is_taken_by_the_word_for_each() -> None:
    both = Named(SCHOOLS, holds=(SCHOOLS, LABOUR))
    found = settle((FOR_SCHOOLS, FOR_LABOUR), {"a": both, "b": OF_LABOUR})

    assert taken(found) == {"a": ["区教育局 2021-04", "区人社局 2021-04"], "b": ["区人社局 2021-04"]}
    assert taken(settle((FOR_LABOUR,), {"a": both})) == {"a": ["区人社局 2021-04"]}


def test_the_same_word_again_changes_nothing() -> None:
    files = {"a": OF_SCHOOLS, "b": OF_LABOUR}

    assert settle((FOR_SCHOOLS, FOR_SCHOOLS), files) == settle((FOR_SCHOOLS,), files)


def test_all_means_all_that_was_left() -> None:
    found = settle((FOR_SCHOOLS, Ruling(SCHOOLS, APRIL, every=True)), {"a": OF_SCHOOLS, "b": OF_LABOUR})

    assert (found.left, set(taken(found)["b"])) == ((), {"区教育局 2021-04"})


def test_a_file_that_names_nobody_is_left_where_two_units_are_named() -> None:
    found = settle((FOR_SCHOOLS,), {"a": OF_SCHOOLS, "b": OF_LABOUR, "c": SILENT})

    assert found.left == ("b", "c")
    assert found.doubts()[1].text == "附件“c”看不出是哪个单位的，尚未登记"


def test_a_file_that_names_nobody_goes_with_the_only_unit_named() -> None:
    assert settle((FOR_SCHOOLS,), {"a": OF_SCHOOLS, "c": SILENT}).left == ()


def test_where_no_file_names_the_unit_said_and_one_other_is_named_the_person_knows_better() -> None:
    assert settle((FOR_SCHOOLS,), {"a": OF_LABOUR, "b": SILENT}).left == ()


def test_a_third_unit_that_no_file_names_beside_two_that_are_takes_nothing() -> None:
    word = Ruling(HEALTH, APRIL)

    assert takes_nothing(word, settle((word,), {"a": OF_SCHOOLS, "b": OF_LABOUR}))


def test_a_file_that_was_named_may_be_two_units() -> None:
    words = (FOR_SCHOOLS, Ruling(LABOUR, APRIL, files=("a",)))

    assert taken(settle(words, {"a": OF_SCHOOLS}))["a"] == ["区教育局 2021-04", "区人社局 2021-04"]


def test_the_files_of_another_month_are_left() -> None:
    assert settle((FOR_SCHOOLS,), {"a": Named(None, (APRIL,)), "b": Named(None, (MARCH,))}).left == ("b",)


def test_a_file_between_two_months_is_left_where_both_are_named() -> None:
    files = {"a": Named(None, (APRIL,)), "b": Named(None, (MARCH,)), "c": Named(None, (APRIL, MARCH), torn=True)}

    assert settle((FOR_SCHOOLS,), files).left == ("b", "c")


def test_a_workbook_with_a_sheet_for_each_of_two_months_falls_under_both() -> None:
    words = (FOR_SCHOOLS, Ruling(SCHOOLS, MARCH))

    assert taken(settle(words, {"a": Named(SCHOOLS, (APRIL, MARCH))}))["a"] == ["区教育局 2021-04", "区教育局 2021-03"]


def test_where_no_file_names_the_month_said_and_one_other_is_named_the_person_knows_better() -> None:
    assert settle((FOR_SCHOOLS,), {"a": Named(None, (MARCH,)), "b": Named(SCHOOLS, (MARCH,))}).left == ()


def test_a_word_on_a_mail_without_files_settles_it() -> None:
    assert not takes_nothing(FOR_SCHOOLS, settle((FOR_SCHOOLS,), {}))


def test_a_word_keeps_all_that_was_said_in_its_event() -> None:
    word = Ruling(SCHOOLS, APRIL, ("盖 章.zip", "b"), every=True, holds=(PartKind.SEALED_SCAN,))

    assert Ruling.parse(str(word)) == word
    assert Ruling.parse(str(FOR_SCHOOLS)) == FOR_SCHOOLS


MONTHS = st.lists(st.sampled_from([MARCH, APRIL]), unique=True, max_size=2).map(tuple)
FILES = st.dictionaries(
    st.sampled_from("abcd"), st.builds(Named, st.sampled_from([None, SCHOOLS, LABOUR]), MONTHS), max_size=4
)
RULING = st.builds(Ruling, st.sampled_from([SCHOOLS, LABOUR]), st.sampled_from([MARCH, APRIL]))


@given(FILES, RULING, RULING)
def test_a_further_word_moves_no_file_that_one_before_it_took(
    files: dict[str, Named], first: Ruling, second: Ruling
) -> None:
    once, twice = settle((first,), files), settle((first, second), files)

    assert all(words == twice.under[file][: len(words)] for file, words in once.under.items())


@given(FILES, RULING, RULING)
def test_no_file_is_booked_twice_unless_it_names_both_months(
    files: dict[str, Named], first: Ruling, second: Ruling
) -> None:
    under = settle((first, second), files).under

    assert all(len({word.pair for word in words}) < 2 or len(files[file].months) > 1 for file, words in under.items())


@given(FILES, RULING)
def test_all_leaves_nothing(files: dict[str, Named], ruling: Ruling) -> None:
    assert settle((ruling, Ruling(*ruling.pair, every=True)), files).left == ()


def test_periods_are_told_apart_by_year() -> None:
    assert Ruling.parse("区教育局 2022-04").period == Period(2022, 4)
