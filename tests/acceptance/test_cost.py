"""What a report costs the ledger: counted in questions, not in time, so that it holds on any machine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine
from tests.office import QUIET_SMTP, Office
from tests.office_mails import a_doubtful_report, a_report

from mailbot.domain.mailbox import Sighting
from mailbot.domain.moments import shanghai

pytestmark = QUIET_SMTP

MORNING = "2021-04-15T09:00"
# Looked through whole: the addresses that persons bound, and the parts of all receipts, for what still lacks where.
LOOKED_THROUGH = ("SCAN bindings", "SCAN parts")

Question = tuple[str, Any]


def waits(office: Office, raw: bytes, uid: int) -> None:
    """Let a message be in the archive and the ledger, and nothing be made of it yet."""
    sha256 = office.app.archive.put(raw)
    with office.app.ledger.transaction() as books:
        books.sight(Sighting("INBOX", 1, uid, shanghai(MORNING), len(raw)), sha256, shanghai(MORNING))


@contextmanager
def questions() -> Iterator[list[Question]]:
    """Note what any ledger is asked meanwhile."""
    asked: list[Question] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        asked.append((statement, parameters))

    event.listen(Engine, "before_cursor_execute", note)
    yield asked
    event.remove(Engine, "before_cursor_execute", note)


def recorded(office: Office) -> list[Question]:
    """Let the office record what waits, and return what its ledger was asked for it."""
    with questions() as asked:
        office.app.clerk(office.reader).record_backlog()
    return asked


def test_a_report_costs_as_many_questions_however_much_waits_for_a_person(office: Office) -> None:
    waits(office, a_report(), 1)
    alone = recorded(office)
    for uid in range(2, 12):
        waits(office, a_doubtful_report(f"stranger{uid}@private.example"), uid)
    recorded(office)
    assert len(office.triage()) == 10

    waits(office, a_report(body="更正。"), 20)
    among_others = recorded(office)

    assert len(among_others) <= len(alone) + 3  # what the first report brought is read with what it holds


def test_a_report_costs_no_more_than_a_few_dozen_questions(office: Office) -> None:
    waits(office, a_report(), 1)

    assert len(recorded(office)) <= 35


def test_nothing_that_is_asked_for_a_report_looks_through_what_came_before_it(office: Office) -> None:
    waits(office, a_report(), 1)
    asked = recorded(office)

    plans = [step for question in asked for step in steps(office, question)]

    assert [step for step in plans if step.startswith("SCAN") and not step.startswith(LOOKED_THROUGH)] == []


def steps(office: Office, question: Question) -> Iterator[str]:
    """Give how SQLite goes about a question."""
    statement, parameters = question
    if not statement.startswith(("SELECT", "UPDATE", "DELETE")):
        return
    with office.app.ledger._database.reading() as connection:
        for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters):
            yield f"{row[3]} in {statement}"
