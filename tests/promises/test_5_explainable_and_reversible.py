"""Everything is explainable and reversible: each fact leads back to its cell, each word of a person is an event."""

from __future__ import annotations

from io import BytesIO

from openpyxl import load_workbook
from tests.office import EDUCATION, QUIET_SMTP, Office, parsed
from tests.office_mails import APRIL, a_doubtful_report, a_report
from tests.promises.proofs import missing

from mailbot.demo.samples import stranger_mail
from mailbot.domain.decision import Ruling
from mailbot.domain.moments import shanghai
from mailbot.domain.report import Meaning

pytestmark = QUIET_SMTP

PROOFS = (
    "acceptance/test_interfaces.py::TestExplain",
    "acceptance/test_rulings.py::TestTriage",
    "contracts/test_ledger.py",
    "unit/matching/test_figures.py",
)


def test_its_proofs_are_there() -> None:
    assert missing(PROOFS) == []


def test_every_figure_in_the_ledger_is_found_in_the_cell_that_it_names(office: Office) -> None:
    office.receives(a_report(), at="2021-04-15T09:00")
    office.rounds(at="2021-04-15T09:05")
    (receipt,) = office.receipts()

    mail = parsed(office.app.archive.checked(receipt.sha256).read_bytes())
    files = {part.get_filename(): part.get_content() for part in mail.iter_attachments()}

    assert receipt.figures
    for figure in receipt.figures:
        assert figure.source.file is not None
        book = load_workbook(BytesIO(files[figure.source.file]), data_only=True)
        assert figure.source.sheet is not None
        assert figure.source.cell is not None
        cell = book[figure.source.sheet][figure.source.cell]
        shown = float(str(cell.value).rstrip("%％"))
        assert figure.value in {shown, round(shown * 100, 9) if figure.meaning is Meaning.PERCENT else shown}


def test_whatever_a_person_decides_is_an_event_on_top_with_his_name(office: Office) -> None:
    office.receives(a_doubtful_report(), at="2021-04-15T09:00")
    office.receives(stranger_mail(shanghai("2021-04-15T09:00")), at="2021-04-15T09:00")
    office.rounds(at="2021-04-15T09:05")
    doubtful, stranger = sorted(office.triage(), key=lambda item: item.unit is None)
    before = office.events()

    office.bench.assign(doubtful.id, Ruling(EDUCATION, APRIL))
    office.bench.ignore(stranger.id, "a citizen's question")
    office.bench.bind("someone@private.example", EDUCATION)

    after = office.events()
    assert after[: len(before)] == before
    assert [(e.actor, e.what) for e in after[len(before) :] if e.actor != "mailbot"] == [
        ("office", "assigned"),
        ("office", "ignored"),
        ("office", "bound"),
    ]
