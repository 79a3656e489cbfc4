"""Which leaves come out of a mail, with which names and bytes."""

from __future__ import annotations

import hashlib
import tracemalloc
from pathlib import Path

import pytest
from tests.raw_mails import RawPart, a_file, a_mail, a_text, multipart, named

from mailbot.domain.message import FileKind
from mailbot.reading.carver import MAX_ENCLOSED, carve
from mailbot.reading.jobs import Carved

PDF = b"%PDF-1.4\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def carved(folder: Path, raw: bytes) -> Carved:
    message = folder / "message"
    message.write_bytes(raw)
    return carve(message, folder)


def files(found: Carved) -> list[str]:
    return [leaf.file for leaf in found.leaves]


def test_a_leaf_lies_in_a_file_with_its_size_and_sha256(folder: Path) -> None:
    leaf = carved(folder, a_mail(a_text(), named("报表.pdf", PDF))).leaves[0]

    assert (folder / leaf.stored).read_bytes() == PDF
    assert (leaf.file, leaf.kind, leaf.size) == ("报表.pdf", FileKind.PDF, len(PDF))
    assert leaf.sha256 == hashlib.sha256(PDF).hexdigest()


def test_a_bare_pdf_without_name_or_disposition_counts(folder: Path) -> None:
    found = carved(folder, a_mail(a_text(), a_file(PDF, b"Content-Type: application/pdf")))

    assert files(found) == ["未命名-1.pdf"]


def test_a_mail_that_is_nothing_but_a_pdf_gives_it(folder: Path) -> None:
    assert files(carved(folder, a_mail(a_file(PDF, b"Content-Type: application/pdf")))) == ["未命名-1.pdf"]


def test_text_with_a_file_name_is_an_attachment(folder: Path) -> None:
    text = a_file("四月".encode(), b"Content-Type: text/plain; name=note.txt")

    assert files(carved(folder, a_mail(a_text(), text))) == ["note.txt"]


def test_a_second_text_called_attachment_is_one_and_one_that_is_not_is_body(folder: Path) -> None:
    attached = a_file(b"text", b"Content-Type: text/plain", b"Content-Disposition: attachment")

    assert files(carved(folder, a_mail(a_text(), a_text("签名"), attached))) == ["未命名-1.txt"]


def test_the_two_forms_of_a_body_are_no_attachments(folder: Path) -> None:
    body = multipart(a_text(), a_text("<p>您好", subtype="html"), boundary=b"alt", subtype=b"alternative")

    assert files(carved(folder, a_mail(body, named("a.pdf", PDF)))) == ["a.pdf"]


def test_the_leaves_of_an_enclosed_message_follow_it(folder: Path) -> None:
    inner = a_mail(multipart(a_text(), named("报表.pdf", PDF), boundary=b"inner"))
    enclosed = RawPart((b"Content-Type: message/rfc822; name=outer.eml",), inner)

    assert files(carved(folder, a_mail(a_text(), enclosed))) == ["outer.eml", "outer.eml/报表.pdf"]


def test_an_enclosed_message_in_base64_is_opened_too(folder: Path) -> None:
    inner = a_mail(a_text(), named("报表.pdf", PDF))
    enclosed = a_file(inner, b"Content-Type: message/rfc822", b"Content-Disposition: attachment")

    assert files(carved(folder, a_mail(a_text(), enclosed))) == ["未命名-1.eml", "未命名-1.eml/报表.pdf"]


def test_messages_enclosed_a_thousand_deep_end_at_the_limit(folder: Path) -> None:
    found = carved(folder, b"Content-Type: message/rfc822\r\n\r\n" * 1000 + b"Subject: x\r\n\r\nbody")

    assert len(found.leaves) == MAX_ENCLOSED + 1
    assert [problem.code for problem in found.problems] == ["too_deep"]


def test_two_files_of_one_name_are_told_apart(folder: Path) -> None:
    assert files(carved(folder, a_mail(a_text(), named("a.pdf", PDF), named("a.pdf", PDF)))) == ["a.pdf", "a (2).pdf"]


def test_a_file_written_into_the_text_is_taken_out(folder: Path) -> None:
    text = RawPart((b"Content-Type: text/plain",), b"see below\r\nbegin 644 a.txt\r\n#86)C\r\n`\r\nend\r\nbye\r\n")
    found = carved(folder, a_mail(text))

    assert files(found) == ["a.txt"]
    assert (folder / found.leaves[0].stored).read_bytes() == b"abc"


def test_a_content_id_is_kept_for_the_html_that_shows_it(folder: Path) -> None:
    picture = a_file(b"\xff\xd8\xff", b"Content-Type: image/jpeg", b"Content-ID: <p1@x>")

    assert carved(folder, a_mail(a_text(), picture)).leaves[0].content_id == "p1@x"


def test_a_large_attachment_is_cut_out_in_constant_memory(folder: Path) -> None:
    (folder / "message").write_bytes(a_mail(a_text(), named("a.bin", b"\x01" * (30 << 20))))
    (folder / "leaves").mkdir()
    tracemalloc.start()
    carve(folder / "message", folder / "leaves")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert peak < 10 << 20
