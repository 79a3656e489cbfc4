"""What a mail server can do wrong, to be ordered of `NetEase.when`: each in place of, or round, the right answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.servers.netease import Hangup

if TYPE_CHECKING:
    from tests.servers.netease import Conversation, Misbehaviour


def cut_after(size: int, command: str) -> Misbehaviour:
    """Answer a command rightly, but only so many bytes of it; then the line is cut."""

    def misbehave(talk: Conversation, tag: str, rest: str) -> None:
        if size == 0:
            raise Hangup
        talk.budget = size
        talk.behave(tag, command, rest)

    return misbehave


def says(*lines: bytes, status: str = "OK done") -> Misbehaviour:
    """Send these lines, then end the command with that status ('' for not at all)."""

    def misbehave(talk: Conversation, tag: str, _rest: str) -> None:
        for line in lines:
            talk.say(line)
        if status:
            talk.say(f"{tag} {status}")

    return misbehave


def after(command: str, *lines: bytes) -> Misbehaviour:
    """Send these lines unasked, then answer rightly."""

    def misbehave(talk: Conversation, tag: str, rest: str) -> None:
        for line in lines:
            talk.say(line)
        talk.behave(tag, command, rest)

    return misbehave


def bye(words: str = "Autologout; idle for too long") -> Misbehaviour:
    """Say BYE and hang up."""

    def misbehave(talk: Conversation, _tag: str, _rest: str) -> None:
        talk.say(f"* BYE {words}")
        raise Hangup

    return misbehave


def drips(data: bytes, *, every: float) -> Misbehaviour:
    """Send the same again and again, with so many seconds between, until the client leaves."""

    def misbehave(talk: Conversation, _tag: str, _rest: str) -> None:
        while not talk.host.released.wait(every):
            talk.send(data)
        raise Hangup

    return misbehave


def floods(data: bytes, *, limit: int = 200_000_000) -> Misbehaviour:
    """Send the same again and again, as fast as it goes, until the client leaves."""

    def misbehave(talk: Conversation, _tag: str, _rest: str) -> None:
        many = data * (1 + 65_536 // len(data))
        for _ in range(limit // len(many)):
            talk.send(many)
        raise Hangup

    return misbehave


def stalls(sent: bytes = b"") -> Misbehaviour:
    """Send something, then nothing more until the test is over."""

    def misbehave(talk: Conversation, _tag: str, _rest: str) -> None:
        if sent:
            talk.send(sent)
        talk.host.released.wait(30)
        raise Hangup

    return misbehave
