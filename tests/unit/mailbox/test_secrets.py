"""A server that quotes the authorisation code in what it says, wherever and however it says it."""

from __future__ import annotations

import traceback
from base64 import b64encode
from typing import TYPE_CHECKING

import pytest
from tests.servers.misbehaviour import bye, says
from tests.servers.netease import PASSWORD, USER, NetEase

from mailbot.errors import MailboxError
from mailbot.mailbox.session import open_mailbox

if TYPE_CHECKING:
    from tests.servers.netease import Misbehaviour

QUOTED = {
    "as it is": PASSWORD,
    "in small letters": PASSWORD.lower(),
    "where it would be cut": "x" * 190 + " " + PASSWORD,
    "in base64": b64encode(PASSWORD.encode()).decode(),
    "in SASL PLAIN": b64encode(f"\0{USER}\0{PASSWORD}".encode()).decode(),
    "in LOGIN": f'LOGIN {USER} "{PASSWORD}"',
}
PIECES = (PASSWORD[:8], PASSWORD[-8:], PASSWORD[:8].lower(), QUOTED["in base64"][:8], QUOTED["in SASL PLAIN"][-12:])
ANSWERS = {
    "NO": lambda words: says(status=f"NO {words}"),
    "BAD": lambda words: says(status=f"BAD {words}"),
    "BYE": bye,
    "no IMAP": lambda words: says(words.encode(), status=""),
    "another tag": lambda words: says(f"zz9 OK {words}".encode(), status=""),
    "an unterminated list": lambda words: says(f'* LIST (("{words}'.encode(), status=f"NO {words}"),
}


@pytest.mark.parametrize("command", ["greeting", "CAPABILITY", "LOGIN", "ID", "LIST", "EXAMINE", "FETCH", "UID FETCH"])
@pytest.mark.parametrize("answer", ANSWERS)
@pytest.mark.parametrize("quoted", QUOTED)
def test_nothing_that_is_told_quotes_the_code(netease: NetEase, command: str, answer: str, quoted: str) -> None:
    misbehaviour: Misbehaviour = ANSWERS[answer](QUOTED[quoted])  # type: ignore[no-untyped-call]  # a lambda
    netease.when(command, misbehaviour)

    with pytest.raises(MailboxError) as caught:
        read_everything(netease)

    told = "".join([str(caught.value), caught.value.for_people(), *traceback.format_exception(caught.value)])
    assert all(piece not in told for piece in PIECES)


def read_everything(host: NetEase) -> None:
    with open_mailbox(host.server, host.password) as mailbox:
        mailbox.folders()
        mailbox.line.examine("INBOX")
        mailbox.line.fetch("1:1", "(UID)")
        mailbox.line.fetch_uids("1", "(UID)")
