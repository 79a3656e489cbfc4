"""How an arrival of the story becomes bytes: some mails are fixed, some answer what we have sent by then."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from email import message_from_bytes
from email.policy import default
from typing import TypeAlias

from mailbot.demo.letters import File, Letter, report_mail

Sent: TypeAlias = tuple[bytes, ...]  # our own mails so far, oldest first
Builder: TypeAlias = Callable[[Sent, datetime], bytes | None]  # None: what it would answer was not sent


@dataclass(frozen=True, slots=True)
class Arrival:
    """A mail that comes in: when, into which folder, what people should know of it, and how it is made."""

    moment: datetime
    note: str
    builder: Builder
    folder: str = "INBOX"

    def build(self, sent: Sent) -> bytes | None:
        """Return the mail; None where it would answer a mail that was not sent."""
        return self.builder(sent, self.moment)


@dataclass(frozen=True, slots=True)
class OurMail:
    """What an answer needs to know of the mail it answers."""

    message_id: str
    subject: str


def newest_to(address: str, sent: Sent) -> OurMail | None:
    """Return our newest mail to an address, if there is one."""
    for raw in reversed(sent):
        mail = message_from_bytes(raw, policy=default)
        if address in str(mail["To"]):
            return OurMail(str(mail["Message-ID"]), str(mail["Subject"]))
    return None


def letter(draft: Letter, files: Callable[[], tuple[File, ...]] = tuple) -> Builder:
    """Return the builder of a letter; its files are made when it is needed."""

    def build(_sent: Sent, moment: datetime) -> bytes:
        return report_mail(replace(draft, files=files(), sent=moment))

    return build


def answer(draft: Letter, files: Callable[[], tuple[File, ...]] = tuple) -> Builder:
    """Return the builder of a letter that answers our newest mail to its sender, where there is one."""

    def build(sent: Sent, moment: datetime) -> bytes:
        ours = newest_to(draft.sender, sent)
        answered = replace(draft, subject=f"Re: {ours.subject}", in_reply_to=ours.message_id) if ours else draft
        return report_mail(replace(answered, files=files(), sent=moment))

    return build


def machine(address: str, make: Callable[[OurMail, datetime], bytes]) -> Builder:
    """Return the builder of what a machine writes about our newest mail to an address: nothing if there is none."""

    def build(sent: Sent, moment: datetime) -> bytes | None:
        ours = newest_to(address, sent)
        return make(ours, moment) if ours else None

    return build
