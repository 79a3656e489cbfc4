"""A message fetched whole, as most tests want it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailbot.errors import MessageVanished

if TYPE_CHECKING:
    from mailbot.domain.mailbox import Sighting
    from mailbot.stages.protocols import Mailbox


def fetched(mailbox: Mailbox, sighting: Sighting) -> bytes | None:
    """Return a message's bytes; None where it vanished since it was listed."""
    try:
        return b"".join(mailbox.fetch(sighting))
    except MessageVanished:
        return None
