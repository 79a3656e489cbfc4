"""By which moment a report is judged when the office's files change after it came."""

from __future__ import annotations

import re

from tests.office import CLERK, EDUCATION, LABOUR, OTHER_CLERK, QUIET_SMTP, Office, Rules, text_of
from tests.office_mails import a_report, a_sealed_paper, a_table

from mailbot.domain.books import Timeliness
from mailbot.domain.moments import shanghai
from mailbot.domain.period import Period

pytestmark = QUIET_SMTP

SEPTEMBER = Period(2021, 9)
BEGUN_IN_SEPTEMBER = Rules(answer_after="2021-09-01")
MONDAY = "2021-09-27T10:00"


def takes_out_the_year(office: Office) -> str:
    """Let nobody have entered 2021 in holidays.yaml; return what it held."""
    holidays = office.folder / "holidays.yaml"
    text = holidays.read_text("utf-8")
    holidays.write_text(re.sub(r"(?ms)^2021:.*?(?=^20|\Z)", "", text), "utf-8")
    return text


def answers_a_table_and_enters_the_year(office: Office) -> None:
    """Let an office answer a table while the year is not entered, and enter it then."""
    office.rules = BEGUN_IN_SEPTEMBER
    office.rounds(at="2021-09-01T09:00")
    with_it = takes_out_the_year(office)
    office.receives(a_table(LABOUR, sender=OTHER_CLERK, period=SEPTEMBER), at="2021-09-20T10:00")
    office.rounds(at="2021-09-20T10:05")
    (office.folder / "holidays.yaml").write_text(with_it, "utf-8")


class TestAWorkedSundayEnteredLater:
    """Saturday 25 September moves the date to Monday, as long as nobody says that the Sunday is worked."""

    def test_makes_nobody_late_who_was_in_time(self, office: Office) -> None:
        office.rules = BEGUN_IN_SEPTEMBER
        office.rounds(at="2021-09-01T09:00")
        with_it = takes_out_the_year(office)
        office.receives(a_report(period=SEPTEMBER), at=MONDAY)
        office.rounds(at="2021-09-27T10:05")
        assert "按时报送" in text_of(office.sent_to(CLERK)[-1])

        (office.folder / "holidays.yaml").write_text(with_it, "utf-8")

        rows = office.ledger("2021-09")
        assert rows[EDUCATION].standing.timeliness is Timeliness.ON_TIME
        assert rows[LABOUR].standing.days_late == 1

    def test_leaves_a_unit_the_day_until_which_it_was_asked_for_the_rest(self, office: Office) -> None:
        answers_a_table_and_enters_the_year(office)

        office.rounds(at="2021-09-27T10:00")
        told = office.sent_to(OTHER_CLERK)
        office.receives(a_sealed_paper(LABOUR, sender=OTHER_CLERK, period=SEPTEMBER), at="2021-09-27T11:00")
        office.rounds(at="2021-09-27T11:05")

        assert "顺延至9月27日24:00前" in text_of(told[0])
        assert not any("催报" in str(mail["Subject"]) for mail in told)
        assert office.ledger("2021-09")[LABOUR].standing.timeliness is Timeliness.ON_TIME

    def test_is_followed_by_an_urging_once_the_day_that_the_unit_was_told_is_over(self, office: Office) -> None:
        answers_a_table_and_enters_the_year(office)

        office.rounds(at="2021-09-28T10:00")

        assert "现已超过规定时限1个工作日" in text_of(office.sent_to(OTHER_CLERK)[-1])


def test_a_rule_of_the_notice_that_is_corrected_counts_for_what_is_booked_already(office: Office) -> None:
    office.rounds(at="2021-04-15T09:00")
    notice = office.folder / "notices" / "zhongyuan-2021-8.yaml"
    right = notice.read_text("utf-8")
    notice.write_text(right.replace("day: 25", "day: 28"), "utf-8")
    office.receives(a_report(), at="2021-04-27T08:00")
    office.rounds(at="2021-04-27T08:05")
    assert office.ledger("2021-04")[EDUCATION].standing.days_late == 0

    notice.write_text(right, "utf-8")

    row = office.ledger("2021-04")[EDUCATION]
    assert (row.standing.days_late, row.obligation.due) == (2, shanghai("2021-04-26"))
