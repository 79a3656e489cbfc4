"""No wrong attribution: a receipt rests on evidence that agrees; where it does not, a person decides."""

from __future__ import annotations

from tests.office import QUIET_SMTP, Office
from tests.office_mails import a_report
from tests.promises.proofs import missing

from mailbot.demo.district import TASKS_OF

pytestmark = QUIET_SMTP

PROOFS = (
    "acceptance/test_answers.py::test_a_forged_report_enters_nobodys_row",
    "acceptance/test_rulings.py::test_what_a_person_settled_stays_settled_whatever_is_bound_later",
    "unit/matching/test_units.py",
    "unit/matching/test_periods.py",
)


def test_its_proofs_are_there() -> None:
    assert missing(PROOFS) == []


def test_a_report_of_another_unit_than_its_senders_is_booked_for_neither(office: Office) -> None:
    """Each lead unit's clerk sends the report of the unit after it in the list."""
    units = tuple(TASKS_OF)
    office.addresses = {unit: (f"clerk{number}@clerks.example",) for number, unit in enumerate(units)}
    for number, other in enumerate((*units[1:], units[0])):
        office.receives(a_report(other, sender=f"clerk{number}@clerks.example"), at="2021-04-15T09:00")

    office.rounds(at="2021-04-15T09:30")

    assert office.receipts() == ()
    assert len(office.triage()) == len(units)
    assert office.sent() == []


def test_each_report_of_a_units_own_clerk_is_booked_for_it_and_no_other(office: Office) -> None:
    units = tuple(TASKS_OF)
    office.addresses = {unit: (f"clerk{number}@clerks.example",) for number, unit in enumerate(units)}
    for number, unit in enumerate(units):
        office.receives(a_report(unit, sender=f"clerk{number}@clerks.example"), at="2021-04-15T09:00")

    office.rounds(at="2021-04-15T09:30")

    assert sorted(receipt.unit for receipt in office.receipts()) == sorted(units)
    assert {str(receipt.period) for receipt in office.receipts()} == {"2021-04"}
