"""Nobody is wrongly late: the server's time of arrival counts, whatever we did or did not do meanwhile."""

from __future__ import annotations

import pytest
from tests.office import EDUCATION, LABOUR, OTHER_CLERK, QUIET_SMTP, Office
from tests.office_mails import APRIL, a_doubtful_report, a_report, a_sealed_paper, a_table
from tests.promises.proofs import missing

from mailbot.domain.books import Timeliness
from mailbot.domain.decision import Ruling

pytestmark = QUIET_SMTP

PROOFS = (
    "acceptance/test_rulings.py::test_a_holiday_entered_later_never_counts_against_a_unit",
    "acceptance/test_ingest.py::test_the_earliest_arrival_of_the_same_bytes_counts",
    "contracts/test_mailbox.py::test_the_arrival_is_the_servers_time_in_shanghai_whatever_the_machines_zone",
    "unit/rules/test_deadline.py",
    "unit/rules/test_standing.py",
)


def test_its_proofs_are_there() -> None:
    assert missing(PROOFS) == []


@pytest.mark.parametrize(
    ("arrived", "timeliness", "days"),
    [
        ("2021-04-25T23:59:59", Timeliness.ON_TIME, 0),
        ("2021-04-26T00:00:01", Timeliness.LATE, 1),
    ],
)
def test_an_outage_of_ours_over_the_deadline_counts_against_nobody(
    office: Office, arrived: str, timeliness: Timeliness, days: int
) -> None:
    office.rounds(at="2021-04-24T09:00")
    office.restarts()
    office.receives(a_report(), at=arrived)

    office.rounds(at="2021-04-29T09:00")

    standing = office.ledger("2021-04")[EDUCATION].standing
    assert (standing.timeliness, standing.days_late) == (timeliness, days)


def test_a_doubt_of_ours_that_is_settled_late_counts_at_its_arrival(office: Office) -> None:
    office.receives(a_table(), at="2021-04-25T20:00")
    office.receives(a_doubtful_report(), at="2021-04-25T21:00")
    office.rounds(at="2021-04-25T21:05")
    office.rounds(at="2021-04-30T09:00")

    office.bench.assign(office.triage()[0].id, Ruling(EDUCATION, APRIL))

    assert office.ledger("2021-04")[EDUCATION].standing.timeliness is Timeliness.ON_TIME


def test_a_correction_after_the_deadline_never_changes_the_timeliness_of_what_was_complete(office: Office) -> None:
    office.receives(a_report(), at="2021-04-25T20:00")
    office.receives(a_table(body="更正，以此为准。"), at="2021-04-28T09:00")
    office.receives(a_sealed_paper(LABOUR, sender=OTHER_CLERK), at="2021-04-28T09:00")

    office.rounds(at="2021-04-28T09:05")

    rows = office.ledger("2021-04")
    assert rows[EDUCATION].standing.timeliness is Timeliness.ON_TIME
    assert rows[LABOUR].standing.timeliness is Timeliness.LATE
