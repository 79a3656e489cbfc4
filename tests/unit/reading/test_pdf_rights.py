"""A PDF that anybody may open and nobody may copy from, as multifunction printers make it where that is ticked."""

from __future__ import annotations

import hashlib
import logging
from pathlib import Path

import pytest
from tests.files import pdf_of

from mailbot.reading.pdf import read_pdf

PADDING = bytes.fromhex("28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a")
PRINTING_ONLY = -60  # bit 5, copying, is not set


def rc4(key: bytes, data: bytes) -> bytes:
    """Encrypt. Source: PDF 32000-1 §7.6.2 asks for it up to revision 3."""
    state, j = list(range(256)), 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    i = j = 0
    out = bytearray()
    for byte in data:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) % 256])
    return bytes(out)


def restricted() -> bytes:
    """Return a page that says 4, under an owner's password and an empty one of the user's (algorithms 2 to 4)."""
    owner = rc4(hashlib.md5(b"owner".ljust(5) + PADDING[:27], usedforsecurity=False).digest()[:5], PADDING)
    rights = PRINTING_ONLY.to_bytes(4, "little", signed=True)
    key = hashlib.md5(PADDING + owner + rights + b"\0", usedforsecurity=False).digest()[:5]
    ours = hashlib.md5(key + (4).to_bytes(3, "little") + b"\0\0", usedforsecurity=False).digest()[:10]
    content = rc4(ours, b"BT /F1 12 Tf 72 720 Td (4) Tj ET")
    lock = b"<< /Filter /Standard /V 1 /R 2 /P %d /O <%s> /U <%s> >>" % (
        PRINTING_ONLY,
        owner.hex().encode(),
        rc4(key, PADDING).hex().encode(),
    )
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
        (
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
            b" /Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>"
        ),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        lock,
    ]
    return pdf_of(objects, b"/Root 1 0 R /Encrypt 5 0 R /ID [<00><00>]")


def test_a_pdf_that_may_not_be_copied_from_is_read_all_the_same(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "file"
    path.write_bytes(restricted())

    document, problems = read_pdf(path)

    assert (document.pages, document.text, problems) == (1, "4", ())
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]
