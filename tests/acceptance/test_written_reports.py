"""What a unit writes into the mail itself is its electronic version, from the mailbox to the acknowledgement."""

from __future__ import annotations

from dataclasses import replace

from tests.office import CLERK, EDUCATION, QUIET_SMTP, Office, text_of
from tests.office_mails import a_letter, a_sealed_paper

from mailbot.demo.samples import report_mail
from mailbot.domain.books import Completeness
from mailbot.domain.report import PartKind

pytestmark = QUIET_SMTP

NIL = "区教育局4月份重点民生实事工作无变化，特此报告。"


def a_written_report(at: str = "") -> bytes:
    """Return a mail without any file; `at` makes it another mail with the same words."""
    return report_mail(replace(a_letter(body=NIL), extra=(("X-Note", at),) if at else ()))


def test_the_text_is_acknowledged_as_the_electronic_version_and_the_scan_is_asked_for(office: Office) -> None:
    office.receives(a_written_report(), at="2021-04-15T09:00")

    office.rounds(at="2021-04-15T09:05")

    (mail,) = office.sent_to(CLERK)
    assert "电子版：邮件正文" in text_of(mail)
    assert "盖章扫描件" in mail["Subject"]
    assert office.ledger("2021-04")[EDUCATION].standing.completeness is Completeness.LACKS_SEALED_SCAN


def test_the_sealed_paper_completes_it_in_a_later_mail(office: Office) -> None:
    office.receives(a_written_report(), at="2021-04-15T09:00")
    office.receives(a_sealed_paper(), at="2021-04-16T09:00")

    office.rounds(at="2021-04-16T09:05")

    row = office.ledger("2021-04")[EDUCATION]
    assert row.standing.completeness is Completeness.COMPLETE
    assert {(part.part.kind, part.part.file is None) for part in row.parts} == {
        (PartKind.ELECTRONIC, True),
        (PartKind.SEALED_SCAN, False),
    }


def test_the_same_words_again_are_no_second_part(office: Office) -> None:
    office.receives(a_written_report(), at="2021-04-15T09:00")
    office.rounds(at="2021-04-15T09:05")
    office.receives(a_written_report("again"), at="2021-04-15T10:00")

    office.rounds(at="2021-04-15T10:05")

    (part,) = office.ledger("2021-04")[EDUCATION].parts
    assert f"{part.arrived:%H:%M}" == "09:00"
    assert "与此前收到的内容完全相同" in text_of(office.sent_to(CLERK)[-1])
