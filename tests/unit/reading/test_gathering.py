"""What is left of a message when jobs die on the way."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.raw_mails import a_mail, a_text, named

from mailbot.domain.message import Document, Facts, FileKind, PdfMetadata
from mailbot.reading.gathering import gather
from mailbot.reading.jobs import Carved, JobDied, MailReading, OutOfTime, Reading
from mailbot.reading.local import LocalHands

RAW = a_mail(a_text("正文"), named("a.txt", "四月".encode()), named("b.pdf", b"%PDF-1.4\n"))


class WeakHands(LocalHands):
    """Hands whose jobs of some sorts die."""

    def __init__(self, **deaths: JobDied) -> None:
        self.deaths = deaths

    def carve(self, message: Path, folder: Path) -> Carved:
        self._perhaps_die("carve")
        return super().carve(message, folder)

    def mail(self, message: Path, folder: Path) -> MailReading:
        self._perhaps_die("mail")
        return super().mail(message, folder)

    def document(self, path: Path, kind: FileKind, turn: int) -> Reading:
        self._perhaps_die(kind.value)
        if kind is not FileKind.PDF:
            return super().document(path, kind, turn)
        if turn == 0:
            self._perhaps_die("pages")
            return Reading(Document(pages=3, is_scan=True))
        return Reading(Document(pages=3, metadata=PdfMetadata(producer="Canon")))

    def _perhaps_die(self, job: str) -> None:
        if job in self.deaths:
            raise self.deaths[job]


def gathered(folder: Path, **deaths: JobDied) -> Facts:
    message = folder / "message"
    message.write_bytes(RAW)
    return gather(message, folder, WeakHands(**deaths))


def codes(facts: Facts) -> list[list[str]]:
    return [[problem.code for problem in one.problems] for one in facts.attachments]


def test_a_death_over_the_headers_leaves_the_attachments(tmp_path: Path) -> None:
    facts = gathered(tmp_path, mail=JobDied("内存超限"))

    assert [one.file for one in facts.attachments] == ["a.txt", "b.pdf"]
    assert [problem.code for problem in facts.problems] == ["unreadable_message"]
    assert facts.mail.sender.spec == ""


def test_a_death_over_the_cutting_leaves_headers_and_text(tmp_path: Path) -> None:
    facts = gathered(tmp_path, carve=JobDied("用时过长"))

    assert (facts.mail.text, facts.attachments) == ("正文", ())
    assert "用时过长" in facts.problems[0].text


def test_a_death_over_one_attachment_costs_that_alone(tmp_path: Path) -> None:
    assert codes(gathered(tmp_path, text=JobDied("内存超限"))) == [["reader_killed"], []]


def test_time_used_up_is_told_apart_from_a_death(tmp_path: Path) -> None:
    assert codes(gathered(tmp_path, text=OutOfTime("整封邮件用时过长"))) == [["not_read_in_time"], []]


def test_a_pdf_whose_pages_nobody_lived_to_read_is_asked_for_its_properties(tmp_path: Path) -> None:
    pdf = gathered(tmp_path, pages=JobDied("内存超限")).attachments[1]

    assert (pdf.document.pages, pdf.document.is_scan) == (3, False)
    assert pdf.document.metadata == PdfMetadata(producer="Canon")


@pytest.mark.parametrize("job", ["pages", "pdf"])
def test_a_pdf_that_dies_is_told_once(tmp_path: Path, job: str) -> None:
    pdf = codes(gathered(tmp_path, **{job: JobDied("内存超限")}))[1]

    assert pdf == ["reader_killed"]
