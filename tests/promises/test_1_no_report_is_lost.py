"""No report is lost: whatever happens to mailbox and line, every message ends in exactly one place, byte for byte."""

from __future__ import annotations

import random
from hashlib import sha256

import pytest
from tests.office import QUIET_SMTP, Office
from tests.office_mails import a_sealed_paper, a_table
from tests.promises.proofs import missing
from tests.servers.misbehaviour import bye, cut_after
from tests.servers.netease import NetEase

from mailbot.domain.books import MessageStanding

pytestmark = QUIET_SMTP

WATCHED = ("INBOX", "垃圾邮件", "广告邮件", "订阅邮件")
PROOFS = (
    "faults/test_killing.py::test_killed_at_any_step_every_message_and_every_answer_is_there_once",
    "faults/test_full_disk.py::test_with_room_again_it_goes_on_by_itself",
    "contracts/test_ledger_sum.py",
    "contracts/test_round.py::test_wherever_the_line_is_cut_the_mail_before_it_is_kept",
    "unit/stages/test_intake.py::test_a_folder_of_which_something_listed_never_comes_is_incomplete_and_the_next_is_polled",
)


def test_its_proofs_are_there() -> None:
    assert missing(PROOFS) == []


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_whatever_happens_the_sum_is_right(office: Office, netease: NetEase, seed: int) -> None:
    """Mail comes, is moved and deleted, the line breaks and the program restarts, in an order drawn by lot."""
    lot = random.Random(seed)  # noqa: S311 - an order of events, not a secret
    arrived: set[str] = set()
    for step in range(20):
        raw = lot.choice((a_table, a_sealed_paper))().replace(b"X-Priority: 3", b"X-Priority: %d" % lot.randrange(8))
        office.receives(raw, at="2021-04-15T09:00", folder=lot.choice(("INBOX", "INBOX", "垃圾邮件")))
        arrived.add(sha256(raw).hexdigest())
        something_breaks(lot, office, netease)
        office.rounds(at=f"2021-04-15T10:{step:02d}", relist=lot.random() < 0.5)
        if not office.status().wrong and netease.folders["INBOX"]:
            a_person_tidies(lot, netease)
    netease._on_order.clear()
    office.rounds(at="2021-04-15T11:00", relist=True)

    rows = office.messages()
    assert {row.sha256 for row in rows} == arrived
    assert sum(row.in_view for row in rows) == sum(len(netease.folders[name]) for name in WATCHED)
    assert all(sha256(office.app.archive.checked(each).read_bytes()).hexdigest() == each for each in arrived)
    with office.app.ledger.reading() as books:
        standings = books.standings()
    assert standings.pop(MessageStanding.UNDECIDED) == 0
    assert sum(standings.values()) == len(arrived)


def something_breaks(lot: random.Random, office: Office, netease: NetEase) -> None:
    """Let nothing break, or the line, or the program end."""
    match lot.randrange(4):
        case 0:
            netease.when("EXAMINE", bye())
        case 1:
            netease.when("UID FETCH", cut_after(lot.randrange(20_000), "UID FETCH"))
        case 2:
            office.restarts()


def a_person_tidies(lot: random.Random, netease: NetEase) -> None:
    """Let a person delete a mail that was fetched, or move it, or leave everything."""
    number = lot.randrange(len(netease.folders["INBOX"])) + 1
    match lot.randrange(3):
        case 0:
            netease.remove("INBOX", number)
        case 1:
            netease.move("INBOX", number, "广告邮件")
