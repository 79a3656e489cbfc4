"""Measured: the parts that nobody can leave out, each alone, over the same mails as the product and in the same run.

Receive, hash, durable write, decode, header parsing, workbook by its library, PDF metadata, rendering the answer,
commit; a few mails at a time, each part in a loop of its own, with all that it needs made ready before the watch runs.
"""

from __future__ import annotations

import email
import os
import pickle
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from itertools import islice
from pathlib import Path
from time import process_time
from typing import Any

import mailparser
import pybase64
from benchmarks.fresh import answer
from benchmarks.rows import books_of, empty_ledger
from imapclient import IMAPClient
from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.stylesheet import apply_stylesheet
from openpyxl.worksheet._reader import WorkSheetParser
from pdfminer.pdfdocument import PDFDocument
from pdfminer.pdfpage import PDFPage
from pdfminer.pdfparser import PDFParser
from pdfminer.pdftypes import resolve1

from mailbot.data import shipped
from mailbot.outgoing import rendering
from mailbot.outgoing.envelope import build
from mailbot.outgoing.rendering import Rendered

AT_ONCE = 25  # mails in memory


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail with what its parts need: where its files lie in it, what remains without them, the files themselves."""

    raw: bytes
    skeleton: bytes
    files: tuple[bytes, ...]

    @classmethod
    def of(cls, raw: bytes) -> Mail:
        """Take a mail apart with the standard library."""
        whole = email.message_from_bytes(raw)
        leaves = [part for part in whole.walk() if part.get_filename()]
        files = tuple(bytes(part.get_payload(decode=True)) for part in leaves)
        whole.set_payload([part for part in whole.get_payload() if part not in leaves])
        return cls(raw, whole.as_bytes(), files)


def measured(host: str, port: int, user: str, password: str, done: str, folder: str) -> dict[str, object]:
    """Return CPU seconds by part; `done` is where the product did the same mails with letters kept."""
    Path(folder).mkdir()
    letters = iter(pickle.loads((Path(done) / "letters").read_bytes()))  # noqa: S301  # written by stages.py just now
    books = iter(books_of(Path(done) / "ledger.db"))
    answering, ledger = Answering(), empty_ledger(Path(folder))
    spent: defaultdict[str, float] = defaultdict(float)
    client = IMAPClient(host, port=port, ssl=False)
    client._imap.debug = 0  # noqa: SLF001  # as shipped it formats every literal twice: nobody needs that
    client.login(user, password)
    client.select_folder("INBOX", readonly=True)
    uids = iter(client.search("ALL"))
    messages = 0
    while some := list(islice(uids, AT_ONCE)):
        _timed(spent, "receive", lambda uid: len(_received(client, uid)), some)  # not kept, as nobody keeps so many
        mails = [Mail.of(_received(client, uid)) for uid in some]
        _timed(spent, "hash", lambda mail: sha256(mail.raw).hexdigest(), mails)
        _timed(spent, "durable write", lambda mail: _write(Path(folder), mail.raw), mails)
        _timed(spent, "decode", lambda mail: _decoded(mail.raw), mails)
        _timed(spent, "headers", lambda mail: _headers(mail.skeleton), mails)
        _timed(spent, "workbook", lambda mail: _workbook(mail.files[0]), mails)
        _timed(spent, "PDF", lambda mail: _pdf(mail.files[1]), mails)
        _timed(spent, "answer", answering.write, list(islice(letters, len(mails))))
        _timed(spent, "commit", ledger.commit, list(islice(books, len(mails))))
        messages += len(mails)
    client.logout()
    return {"cpu": sum(spent.values()), "messages": messages, "parts": spent}


def _timed(spent: defaultdict[str, float], part: str, work: Callable[[Any], Any], things: Iterable[Any]) -> list[Any]:
    began = process_time()
    found = [work(thing) for thing in things]
    spent[part] += process_time() - began
    return found


def _received(client: IMAPClient, uid: int) -> bytes:
    """Fetch one mail by imaplib, which is below imapclient and costs least."""
    _, data = client._imap.uid("FETCH", str(uid), "(UID INTERNALDATE BODY.PEEK[])")  # noqa: SLF001  # as above
    raw: bytes = data[0][1]
    return raw


def _write(folder: Path, raw: bytes) -> None:
    """Write one file durably, over the one before: bytes, name, entry in the folder."""
    unfinished = folder / "unfinished"
    with unfinished.open("wb") as file:
        file.write(raw)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(folder / "message")
    descriptor = os.open(folder, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)


def _decoded(raw: bytes) -> list[str]:
    """Cut the files out by their boundary, decode them and return their hashes, which the answer names."""
    start = raw.index(b'boundary="') + len(b'boundary="')
    boundary = b"\r\n--" + raw[start : raw.index(b'"', start)]
    hashes = []
    at = raw.index(boundary, start)
    while (end := raw.find(boundary, at + len(boundary))) >= 0:
        body = raw.index(b"\r\n\r\n", at) + 4
        hashes.append(sha256(pybase64.b64decode(raw[body:end])).hexdigest())
        at = end
    return hashes


def _headers(skeleton: bytes) -> tuple[object, ...]:
    mail = mailparser.parse_from_bytes(skeleton)
    return mail.from_, mail.to, mail.subject, mail.date, mail.message_id, mail.text_plain


def _workbook(content: bytes) -> list[object]:
    """Return the values and number formats of the cells, by as much of the library as that takes."""
    book = ExcelReader(BytesIO(content), data_only=True, keep_links=False)
    book.read_manifest()
    book.read_strings()
    book.read_workbook()
    apply_stylesheet(book.archive, book.wb)
    wb = book.wb
    dates = {"date_formats": wb._date_formats, "timedelta_formats": wb._timedelta_formats}  # noqa: SLF001  # its own
    styles = wb._cell_styles  # noqa: SLF001  # likewise
    sheets = [BytesIO(book.archive.read(relation.target)) for _, relation in book.parser.find_sheets()]
    parsers = (WorkSheetParser(one, book.shared_strings, data_only=True, epoch=wb.epoch, **dates) for one in sheets)
    rows = (row for parser in parsers for row in parser.parse())
    return [(cell["value"], styles[cell["style_id"]].numFmtId) for _, cells in rows for cell in cells]


def _pdf(content: bytes) -> list[object]:
    """Return properties, and of each page whether it has fonts and which pictures."""
    document = PDFDocument(PDFParser(BytesIO(content)))
    found: list[object] = [resolve1(value) for entry in document.info for value in entry.values()]
    for page in PDFPage.create_pages(document):
        resources = resolve1(page.resources)
        pictures = resolve1(resources.get("XObject", {})).values()
        found += [resources.get("Font"), page.mediabox, *(resolve1(picture).attrs for picture in pictures)]
    return found


class Answering:
    """The product's templates, compiled once, rendered and made a mail of."""

    def __init__(self) -> None:
        made = rendering._new_environment  # noqa: SLF001  # what the templates need is known there alone
        plain, escaping = (made((shipped("templates"),), escaping=escaping) for escaping in (False, True))
        name = "mails/acknowledgement"
        self._templates = [
            plain.get_template(f"{name}.subject"),
            plain.get_template(f"{name}.txt"),
            escaping.get_template(f"{name}.html"),
        ]

    def write(self, letter_and_envelope: tuple[Any, Any]) -> bytes:
        """Return the answer as bytes."""
        letter, envelope = letter_and_envelope
        words = {"letter": letter, "remarks": (), "signature": "中原区政府督查室", "contact": ""}
        subject, text, html = (template.render(words).strip() for template in self._templates)
        return build(Rendered(subject, text, html), envelope)


if __name__ == "__main__":
    answer(measured)
