"""From a raw message in a file to its facts, whoever's hands do the jobs.

    carve ──▶ leaves ──▶ document, a job each ──┐
    mail ───────────────────────────────────────┴──▶ Facts

A job that dies costs what it was about and leaves a problem in its place.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from mailbot.domain.message import Address, Attachment, Facts, Mail
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
    reading = _reading(leaf, folder, hands)
    return Attachment(
        file=leaf.file,
        kind=leaf.kind,
        size=leaf.size,
        sha256=leaf.sha256,
        document=reading.document,
        inline=bool(leaf.content_id) and f"cid:{leaf.content_id}" in html,
        problems=tuple(_in_file(found, leaf.file) for found in reading.problems),
    )


def _reading(leaf: Leaf, folder: Path, hands: Hands) -> Reading:
    """Return what the first reader finds in a leaf; where it dies, that, and what the next one finds."""
    deaths: dict[str, Problem] = {}
    for turn in range(TURNS.get(leaf.kind, 1)):
        try:
            found = hands.document(folder / leaf.stored, leaf.kind, turn)
        except OutOfTime:
            deaths.setdefault("not_read_in_time", problem("not_read_in_time"))
        except JobDied as death:
            deaths.setdefault("reader_killed", problem("reader_killed", death.detail))
        else:
            return Reading(found.document, (*found.problems, *deaths.values()))
    return Reading(problems=tuple(deaths.values()))


def _in_file(found: Problem, file: str) -> Problem:
    return replace(found, place=replace(found.place, file=file))
