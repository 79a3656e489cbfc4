"""Which of several parts, figures and words hold."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from tests.ledger_builders import a_figure, a_receipt, a_received, some_progress

from mailbot.domain.books import ReceivedPart
from mailbot.domain.report import Meaning, PartKind
from mailbot.rules.superseding import in_force, latest_figures, latest_progress

TABLE, SCAN = PartKind.ELECTRONIC, PartKind.SEALED_SCAN


def test_a_later_workbook_replaces_the_earlier_one() -> None:
    first, second = a_received(TABLE, "2021-04-20"), a_received(TABLE, "2021-04-22")

    assert in_force([second, first]) == ((second,), (first,))


def test_a_later_workbook_leaves_the_scan_in_force() -> None:
    scan, table = a_received(SCAN, "2021-04-20"), a_received(TABLE, "2021-04-22")

    assert in_force([scan, table]) == ((scan, table), ())


def test_the_files_of_one_mail_stay_together_and_are_replaced_together() -> None:
    pages = [a_received(SCAN, "2021-04-20", file=f"第{page}页.jpg") for page in (1, 2)]
    whole = a_received(SCAN, "2021-04-21", file="盖章.pdf")

    assert in_force(pages) == (tuple(pages), ())
    assert in_force([*pages, whole]) == ((whole,), tuple(pages))


def test_of_two_mails_of_the_same_second_the_later_number_holds() -> None:
    one, two = (a_received(TABLE, "2021-04-20", receipt=f"2021-04-000{number}") for number in (1, 2))

    assert in_force([two, one]) == ((two,), (one,))


def test_the_same_files_mailed_again_replace_nothing_and_keep_their_first_arrival() -> None:
    first = [a_received(kind, "2021-04-20", holds="as sealed") for kind in (TABLE, SCAN)]
    again = [a_received(kind, "2021-04-22", holds="as sealed") for kind in (TABLE, SCAN)]

    assert in_force([*again, *first]) == (tuple(first), ())


def test_one_page_of_several_mailed_again_replaces_none_of_them() -> None:
    pages = [a_received(SCAN, "2021-04-20", file=f"第{page}页.jpg", holds="sealed") for page in (1, 2)]

    assert in_force([*pages, a_received(SCAN, "2021-04-22", file="第1页.jpg", holds="sealed")]) == (tuple(pages), ())


def test_a_new_page_beside_one_that_came_before_replaces_the_others() -> None:
    kept, gone = (a_received(SCAN, "2021-04-20", file=f"第{page}页.jpg", holds="sealed") for page in (1, 2))
    again = a_received(SCAN, "2021-04-22", file="第1页.jpg", holds="sealed")
    new = a_received(SCAN, "2021-04-22", file="第2页.jpg", holds="better")

    assert in_force([kept, gone, again, new]) == ((kept, new), (gone,))


def test_the_first_version_mailed_once_more_after_a_correction_holds_again() -> None:
    first, second = a_received(TABLE, "2021-04-20", holds="3 built"), a_received(TABLE, "2021-04-21", holds="4 built")

    assert in_force([first, second, a_received(TABLE, "2021-04-22", holds="3 built")]) == ((first,), (second,))


def test_nothing_received_is_nothing_in_force() -> None:
    assert in_force([]) == ((), ())


def test_the_newest_figure_for_a_task_thing_and_meaning_holds() -> None:
    receipts = [
        a_receipt("2021-04-22", figures=(a_figure(4),)),
        a_receipt("2021-04-20", figures=(a_figure(3), a_figure(60, meaning=Meaning.PERCENT))),
    ]

    assert latest_figures(receipts) == (a_figure(4), a_figure(60, meaning=Meaning.PERCENT))


def test_a_mail_that_says_nothing_of_a_figure_leaves_it_standing() -> None:
    assert latest_figures([a_receipt("2021-04-20", figures=(a_figure(3),)), a_receipt("2021-04-22")]) == (a_figure(3),)


def test_two_values_in_one_mail_are_both_kept() -> None:
    both = (a_figure(3), a_figure(4))

    assert latest_figures([a_receipt("2021-04-19", figures=(a_figure(2),)), a_receipt(figures=both)]) == both


def test_figures_come_in_the_order_of_the_tasks() -> None:
    figures = (a_figure(task=12), a_figure(task=11))

    assert [figure.task for figure in latest_figures([a_receipt(figures=figures)])] == [11, 12]


def test_the_newest_words_for_a_task_hold() -> None:
    receipts = [
        a_receipt("2021-04-20", progress=(some_progress("已开工3所。"), some_progress("无变化", task=11))),
        a_receipt("2021-04-22", progress=(some_progress("已开工4所。"),)),
    ]

    assert [words.text for words in latest_progress(receipts)] == ["已开工4所。", "无变化"]


RECEIVED = st.lists(
    st.builds(a_received, st.sampled_from(PartKind), st.dates().map(str), holds=st.sampled_from(["", "one", "two"])),
    max_size=8,
)


@given(RECEIVED)
def test_every_file_is_in_one_place_once_with_the_arrival_at_which_it_first_came(received: list[ReceivedPart]) -> None:
    held, replaced = in_force(received)

    first: dict[tuple[PartKind, str], ReceivedPart] = {}
    for one in sorted(received, key=lambda part: (part.arrived, part.receipt)):
        first.setdefault((one.part.kind, one.part.sha256), one)
    assert sorted([*held, *replaced], key=repr) == sorted(first.values(), key=repr)


@given(RECEIVED)
def test_every_kind_that_came_has_a_part_in_force(received: list[ReceivedPart]) -> None:
    held, _ = in_force(received)

    assert {part.part.kind for part in held} == {part.part.kind for part in received}
