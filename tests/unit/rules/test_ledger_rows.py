"""The rows of the ledger."""

from __future__ import annotations

from tests.ledger_builders import APRIL, a_figure, a_receipt, an_obligation, some_progress

from mailbot.domain.books import Completeness, OpenDoubt
from mailbot.domain.moments import shanghai
from mailbot.domain.period import Period
from mailbot.domain.report import PartKind
from mailbot.rules.ledger_rows import ledger_rows

NOW = shanghai("2021-04-23T10:00")
TABLE, SCAN = PartKind.ELECTRONIC, PartKind.SEALED_SCAN


def test_a_row_holds_what_came_for_its_unit_and_period_only() -> None:
    ours = a_receipt("2021-04-20", TABLE, SCAN)
    others = [a_receipt("2021-04-20", TABLE, unit="区残联"), a_receipt("2021-04-21", TABLE, period=Period(2021, 3))]

    (row,) = ledger_rows([an_obligation()], [ours, *others], [], NOW)

    assert (row.receipts, row.standing.completeness) == ((ours.number,), Completeness.COMPLETE)


def test_a_row_composes_parts_tasks_figures_and_words_over_several_mails() -> None:
    first = a_receipt("2021-04-20", TABLE, figures=(a_figure(3),), progress=(some_progress(),))
    second = a_receipt("2021-04-22", TABLE, SCAN)

    (row,) = ledger_rows([an_obligation()], [second, first], [], NOW)

    assert [part.receipt for part in row.parts] == [second.number, second.number]
    assert [part.receipt for part in row.superseded] == [first.number]
    assert (row.receipts, row.tasks) == ((first.number, second.number), (10,))
    assert (row.figures, row.progress) == ((a_figure(3),), (some_progress(),))


def test_an_open_doubt_counts_for_its_unit_and_period() -> None:
    doubt = OpenDoubt("区教育局", APRIL, NOW)

    rows = ledger_rows([an_obligation(), an_obligation(unit="区残联")], [], [doubt], NOW)

    assert [row.standing.completeness for row in rows] == [Completeness.IN_DOUBT, Completeness.MISSING]


def test_a_receipt_that_nobody_owed_is_no_row() -> None:
    assert ledger_rows([], [a_receipt("2021-04-20", TABLE)], [], NOW) == ()
