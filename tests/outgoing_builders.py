"""Mails of ours as they lie in the outbox, with only what a test cares about."""

from __future__ import annotations

from mailbot.domain.books import Outgoing, OutgoingKind
from mailbot.domain.message import Address
from mailbot.domain.moments import shanghai
from mailbot.outgoing.envelope import Envelope, build, new_message_id
from mailbot.outgoing.rendering import Rendered

BOT = "bot@example.test"


def an_envelope(
    *,
    kind: OutgoingKind = OutgoingKind.ACKNOWLEDGEMENT,
    to: tuple[str, ...] = ("clerk@example.test",),
    sender: str = "中原区政府督查室",
    in_reply_to: str = "<report@example.test>",
    references: tuple[str, ...] = (),
) -> Envelope:
    return Envelope(
        kind=kind,
        sender=Address(sender, BOT),
        to=to,
        date=shanghai("2021-04-22T16:06"),
        message_id=new_message_id("ack:1", BOT),
        in_reply_to=in_reply_to,
        references=references,
    )


def a_mail(*, key: str = "ack:1", to: str = "clerk@example.test", body: str = "收悉。") -> Outgoing:
    rendered = Rendered("【回执】2021年4月（区教育局）", body, f"<p>{body}</p>")
    message_id = new_message_id(key, BOT)
    envelope = Envelope(
        OutgoingKind.ACKNOWLEDGEMENT,
        Address("", BOT),
        tuple(to.split(", ")) if "@" in to else ("x@y.z",),
        shanghai("2021-04-22T16:06"),
        message_id,
    )
    raw = build(rendered, envelope)
    return Outgoing(
        key=key,
        kind=OutgoingKind.ACKNOWLEDGEMENT,
        to=to,
        subject=rendered.subject,
        message_id=message_id,
        in_reply_to="",
        raw=raw,
        about=(),
    )
