"""The whole reading room behind its door, on mails as they come and on mails made to hurt."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.files import a_pdf_bomb, a_scan, a_slow_pdf, a_workbook
from tests.raw_mails import a_file, a_mail, a_text, named

from mailbot.domain.message import Facts, FileKind
from mailbot.reading.limits import MEGABYTE, Limits
from mailbot.reading.local import read_here
from mailbot.reading.reader import SandboxedReader


@pytest.fixture(scope="module")
def reader() -> Iterator[SandboxedReader]:
    with SandboxedReader(Limits(cpu_seconds=3, wall_seconds=10, memory=700 * MEGABYTE)) as reader:
        yield reader


def codes(facts: Facts) -> dict[str, list[str]]:
    return {one.file: [problem.code for problem in one.problems] for one in facts.attachments if one.problems}


REPORT = a_mail(a_text("报送4月报表"), named("报表.xlsx", a_workbook()), named("盖章.pdf", a_scan()))


def test_a_report_is_read_whole(reader: SandboxedReader) -> None:
    facts = reader.read_bytes(REPORT)

    workbook, scan = facts.attachments
    assert (facts.mail.text, facts.problems) == ("报送4月报表", ())
    assert (workbook.file, workbook.kind) == ("报表.xlsx", FileKind.XLSX)
    assert workbook.document.tables[0].rows[0][1].text == "区教育局"
    assert (scan.document.pages, scan.document.is_scan) == (2, True)
    assert scan.document.metadata is not None
    assert (scan.document.metadata.producer, scan.document.metadata.dots_per_inch) == ("Canon iR-ADV", 150)


def test_the_worker_says_the_same_as_this_process(reader: SandboxedReader) -> None:
    assert reader.read_bytes(REPORT) == read_here(REPORT)


def test_a_problem_names_the_file_it_is_in(reader: SandboxedReader) -> None:
    facts = reader.read_bytes(a_mail(a_text(), named("坏.xlsx", a_workbook()[:900])))

    assert [problem.place.file for problem in facts.attachments[0].problems] == ["坏.xlsx"]


def test_a_picture_shown_in_the_html_is_inline(reader: SandboxedReader) -> None:
    html = a_text('<img src="cid:p1@x">', subtype="html")
    shown = a_file(b"\xff\xd8\xff", b"Content-Type: image/jpeg", b"Content-ID: <p1@x>")
    other = a_file(b"\xff\xd8\xff", b"Content-Type: image/jpeg", b"Content-ID: <p2@x>")

    assert [one.inline for one in reader.read_bytes(a_mail(html, shown, other)).attachments] == [True, False]


@pytest.mark.slow
def test_a_pdf_bomb_costs_its_pages_and_neither_its_properties_nor_the_others(reader: SandboxedReader) -> None:
    facts = reader.read_bytes(a_mail(a_text(), named("炸弹.pdf", a_pdf_bomb()), named("报表.xlsx", a_workbook())))

    bomb, workbook = facts.attachments
    assert codes(facts) == {"炸弹.pdf": ["reader_killed"]}
    assert "内存超限" in bomb.problems[0].text
    assert bomb.document.metadata is not None
    assert (bomb.document.pages, bomb.document.metadata.producer) == (1, "bomb")
    assert workbook.document.tables


@pytest.mark.slow
def test_a_pdf_of_millions_of_operators_is_ended_by_the_processors_limit(reader: SandboxedReader) -> None:
    facts = reader.read_bytes(a_mail(a_text(), named("慢.pdf", a_slow_pdf())))

    assert codes(facts) == {"慢.pdf": ["reader_killed"]}
    assert "处理器用时超限" in facts.attachments[0].problems[0].text


def test_mail_that_nobody_can_read_still_has_facts() -> None:
    with SandboxedReader(Limits(wall_seconds=0.0)) as reader:
        facts = reader.read_bytes(REPORT)

    assert [problem.code for problem in facts.problems] == ["unreadable_message"]
    assert (facts.mail.subject, facts.attachments) == ("", ())


def test_nothing_of_the_mail_is_left_behind(tmp_path: Path) -> None:
    with SandboxedReader(scratch=tmp_path) as reader:
        reader.read_bytes(REPORT)

    assert list(tmp_path.iterdir()) == []


def test_a_reader_that_was_never_asked_closes_too() -> None:
    SandboxedReader().close()


@settings(max_examples=30, deadline=None)
@given(st.binary(max_size=400), st.integers(0, 100_000))
def test_a_report_spoilt_anywhere_is_read_without_a_death(noise: bytes, at: int) -> None:
    place = at % len(REPORT)
    facts = read_here(REPORT[:place] + noise + REPORT[place + len(noise) :])

    assert {problem.code for problem in facts.problems} <= {"boundary_missing"}


def test_a_scratch_disk_too_small_for_the_parts_is_the_machines_fault_and_not_the_mails(tmp_path: Path) -> None:
    """The parts of a mail that is itself on the disk already."""
    command = ["/bin/mount", "-t", "tmpfs", "-o", "size=48k", "tmpfs", str(tmp_path)]
    if os.getuid() != 0 or subprocess.run(command, check=False, capture_output=True).returncode != 0:  # noqa: S603
        pytest.skip("a small disk cannot be mounted here")
    try:
        with SandboxedReader(scratch=tmp_path) as reader:
            with pytest.raises(OSError, match="No space left"):
                reader.read_bytes(a_mail(a_text(), named("说明.txt", bytes(range(32, 127)) * 330)))
            assert reader.read_bytes(a_mail(a_text("短"))).mail.text == "短"
    finally:
        subprocess.run(["/bin/umount", "-l", tmp_path], check=True)  # noqa: S603


@pytest.mark.parametrize("raw", [REPORT, REPORT.replace(b"\r\n", b"\r")], ids=["usual", "bare CR"])
def test_a_message_is_read_where_it_lies_and_nothing_is_written_to_it_or_beside_it(
    reader: SandboxedReader, tmp_path: Path, raw: bytes
) -> None:
    message = tmp_path / "message.eml"
    message.write_bytes(raw)
    message.chmod(0o400)
    tmp_path.chmod(0o500)
    before = message.stat(), tmp_path.stat()

    assert reader.read(message) == reader.read_bytes(raw)

    after = message.stat(), tmp_path.stat()
    assert [each.st_mtime_ns for each in after] == [each.st_mtime_ns for each in before]
    assert message.read_bytes() == raw
    tmp_path.chmod(0o700)
