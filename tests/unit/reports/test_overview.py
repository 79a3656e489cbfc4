"""总览: one sign for each unit and period."""

from __future__ import annotations

import pytest
from tests.ledger_builders import a_notice, a_receipt, a_row, an_obligation

from mailbot.domain.books import Completeness, Standing, Timeliness
from mailbot.domain.moments import shanghai
from mailbot.domain.period import Period
from mailbot.domain.report import PartKind
from mailbot.reports.overview import LEGEND, overview, sign, up_to
from mailbot.reports.sheet import Marked

MAY = Period(2021, 5)
NOW = shanghai("2021-04-27T09:00")
COMPLETE = a_row(a_receipt("2021-04-20", PartKind.ELECTRONIC, PartKind.SEALED_SCAN))
MISSING_OTHER = a_row(obligation=an_obligation(unit="区残联"), now="2021-04-27T09:00")
MAY_ROW = a_row(obligation=an_obligation(period=MAY, due="2021-05-26"))


@pytest.mark.parametrize(
    ("completeness", "timeliness", "expected"),
    [
        (Completeness.COMPLETE, Timeliness.ON_TIME, "●"),
        (Completeness.COMPLETE, Timeliness.LATE, "▲"),
        (Completeness.LACKS_ELECTRONIC, Timeliness.LATE, "◐"),
        (Completeness.LACKS_SEALED_SCAN, Timeliness.NOT_DUE, "◐"),
        (Completeness.MISSING, Timeliness.LATE, "✕"),
        (Completeness.MISSING, Timeliness.NOT_DUE, "—"),
        (Completeness.IN_DOUBT, Timeliness.ON_TIME, "？"),
        (Completeness.RETURNED, Timeliness.LATE, "退"),
        (Completeness.EXEMPT, Timeliness.NOT_DUE, "○"),
    ],
)
def test_each_standing_has_its_sign(completeness: Completeness, timeliness: Timeliness, expected: str) -> None:
    assert sign(Standing(completeness, timeliness, 0, None, None)).value == expected


def test_every_sign_stands_in_the_legend_once() -> None:
    every = {sign(Standing(each, when, 0, None, None)).value for each in Completeness for when in Timeliness}

    assert sorted(str(mark.value) for mark, _ in LEGEND) == sorted(str(value) for value in every)


def test_units_are_rows_and_periods_columns() -> None:
    sheet = overview([COMPLETE, MISSING_OTHER, MAY_ROW], [a_notice()], NOW)
    signs = [[each.value if isinstance(each, Marked) else each for each in row] for row in sheet.rows]

    assert signs == [
        [1, "区教育局", "10", "中原政办〔2021〕8号", "●", "—"],
        [2, "区残联", "10", "中原政办〔2021〕8号", "✕", None],
    ]


def test_below_the_units_each_sign_is_counted() -> None:
    sheet = overview([COMPLETE, MISSING_OTHER, MAY_ROW], [], NOW)
    counts = {
        row[1].value: row[4].value for row in sheet.totals if isinstance(row[1], Marked) and isinstance(row[4], Marked)
    }

    assert (counts["● 按时报齐（家）"], counts["✕ 逾期未报（家）"], counts["◐ 缺件（家）"]) == (1, 1, 0)


def test_months_that_have_not_begun_are_left_out_unless_something_came() -> None:
    early = a_row(
        a_receipt("2021-04-26", PartKind.ELECTRONIC, period=MAY), obligation=an_obligation(period=MAY, due="2021-05-26")
    )

    assert up_to([COMPLETE, MAY_ROW], NOW) == (COMPLETE,)
    assert up_to([COMPLETE, early], NOW) == (COMPLETE, early)
