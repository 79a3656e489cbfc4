"""From a raw message in a file to its facts, whoever's hands do the jobs.

    carve ──▶ leaves ──▶ document, a job each (a PDF: two) ──┐
    mail ────────────────────────────────────────────────────┴──▶ Facts

A job that dies costs what it was about and leaves a problem in its place.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from mailbot.domain.message import Address, Attachment, Document, Facts, Mail, PdfMetadata
from mailbot.errors import Problem
from mailbot.reading.jobs import TURNS, Carved, Hands, JobDied, Leaf, MailReading, OutOfTime, Reading
from mailbot.reading.problems import problem

EMPTY_MAIL = Mail((), "", Address("", ""), (), "", (), None, "", "")


def gather(message: Path, folder: Path, hands: Hands) -> Facts:
    """Return the facts of the raw message in a file; its leaves are left in the folder. The message is only read."""
    carved = _carved(message, folder, hands)
    read = _mail(message, folder, hands)
    attachments = tuple(_attachment(leaf, folder, read.mail.html, hands) for leaf in carved.leaves)
    return Facts(read.mail, attachments, tuple(dict.fromkeys(carved.problems + read.problems)))


def _carved(message: Path, folder: Path, hands: Hands) -> Carved:
    try:
        return hands.carve(message, folder)
    except JobDied as death:
        return Carved(problems=(problem("unreadable_message", death.detail),))


def _mail(message: Path, folder: Path, hands: Hands) -> MailReading:
    try:
        return hands.mail(message, folder)
    except JobDied as death:
        return MailReading(EMPTY_MAIL, (problem("unreadable_message", death.detail),))


def _attachment(leaf: Leaf, folder: Path, html: str, hands: Hands) -> Attachment:
    reading = Reading()
    for turn in range(TURNS.get(leaf.kind, 1)):
        reading = _together(reading, _turn(leaf, folder, turn, hands))
    return Attachment(
        file=leaf.file,
        kind=leaf.kind,
        size=leaf.size,
        sha256=leaf.sha256,
        document=reading.document,
        inline=bool(leaf.content_id) and f"cid:{leaf.content_id}" in html,
        problems=tuple(_in_file(found, leaf.file) for found in reading.problems),
    )


def _turn(leaf: Leaf, folder: Path, turn: int, hands: Hands) -> Reading:
    try:
        return hands.document(folder / leaf.stored, leaf.kind, turn)
    except OutOfTime:
        return Reading(problems=(problem("not_read_in_time"),))
    except JobDied as death:
        return Reading(problems=(problem("reader_killed", death.detail),))


def _in_file(found: Problem, file: str) -> Problem:
    return replace(found, place=replace(found.place, file=file))


def _together(first: Reading, second: Reading) -> Reading:
    """Return what two turns found in one file as one; what the first already said of it is not said twice."""
    one, two = first.document, second.document
    document = Document(
        tables=one.tables + two.tables,
        text=one.text + two.text,
        pages=one.pages if two.pages is None else two.pages,
        has_text=one.has_text or two.has_text,
        is_scan=one.is_scan or two.is_scan,
        metadata=_metadata(one.metadata, two.metadata),
        pixels=one.pixels or two.pixels,
    )
    said = {known.code for known in first.problems}
    return Reading(document, first.problems + tuple(new for new in second.problems if new.code not in said))


def _metadata(one: PdfMetadata | None, two: PdfMetadata | None) -> PdfMetadata | None:
    if one is None or two is None:
        return one or two
    return replace(one, dots_per_inch=two.dots_per_inch)
