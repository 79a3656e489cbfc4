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
            return Reading(Document(pages=3, metadata=PdfMetadata(producer="Canon")))
        self._perhaps_die("second_turn")
        return Reading(Document(is_scan=True, metadata=PdfMetadata(dots_per_inch=150)))

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


def test_what_two_readers_found_in_one_file_is_put_together(tmp_path: Path) -> None:
    document = gathered(tmp_path).attachments[1].document

    assert (document.pages, document.is_scan) == (3, True)
    assert document.metadata == PdfMetadata(producer="Canon", dots_per_inch=150)


@pytest.mark.parametrize("job", ["second_turn", "pdf"])
def test_a_pdf_that_dies_is_told_once(tmp_path: Path, job: str) -> None:
    pdf = codes(gathered(tmp_path, **{job: JobDied("内存超限")}))[1]

    assert pdf == ["reader_killed"]
