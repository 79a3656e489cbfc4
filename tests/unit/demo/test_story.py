"""The story: what the month promises to hold, and that its mails can be built."""

from __future__ import annotations

import email
import email.policy

import pytest
import yaml

from mailbot.demo import story
from mailbot.demo.district import TASKS_OF
from mailbot.demo.letters import Letter, report_mail
from mailbot.demo.mailing import newest_to
from mailbot.domain.moments import shanghai


def our_mail(to: str) -> bytes:
    return report_mail(Letter(story.MAILBOX, "【回执】4月", "已收悉。", to=to))


OUR_MAILS = tuple(our_mail(address) for addresses in story.ADDRESSES.values() for address in addresses)


def test_arrivals_stand_in_the_order_of_their_moments() -> None:
    moments = [arrival.moment for arrival in story.ARRIVALS]

    assert moments == sorted(moments)
    assert story.BEGINS < moments[0] < moments[-1] < story.ENDS


def test_every_lead_unit_has_a_part_in_the_story() -> None:
    assert story.ADDRESSES.keys() == TASKS_OF.keys()


@pytest.fixture(scope="module")
def unanswered() -> dict[str, bytes | None]:
    """Return every mail of the month, by its note, where we have sent nothing."""
    return {arrival.note: arrival.build(()) for arrival in story.ARRIVALS}


def test_every_mail_goes_to_the_office(unanswered: dict[str, bytes | None]) -> None:
    mails = [email.message_from_bytes(raw, policy=email.policy.default) for raw in unanswered.values() if raw]

    assert {mail["To"] for mail in mails} == {story.MAILBOX}
    assert len(unanswered) == len(story.ARRIVALS)


def test_what_answers_us_does_not_come_where_we_sent_nothing(unanswered: dict[str, bytes | None]) -> None:
    silent = [note for note, raw in unanswered.items() if raw is None]

    assert silent == ["区人社局经办人的假期自动回复，不得再回", "发给区残联的邮件被退回"]


def test_it_comes_where_we_did(unanswered: dict[str, bytes | None]) -> None:
    silent = [arrival for arrival in story.ARRIVALS if unanswered[arrival.note] is None]

    assert all(arrival.build(OUR_MAILS) for arrival in silent)


def test_an_answer_names_our_newest_mail_to_its_sender() -> None:
    older, newer = our_mail("a@box.example"), report_mail(Letter(story.MAILBOX, "后一封", to="a@box.example"))

    found = newest_to("a@box.example", (older, newer, our_mail("b@box.example")))

    assert found is not None
    assert found.subject == "后一封"


def test_no_address_of_the_story_can_be_a_real_one() -> None:
    addresses = [address for bound in story.ADDRESSES.values() for address in bound] + [story.UNBOUND, story.MAILBOX]

    assert all(address.endswith((".example", ".test")) for address in addresses)


def test_the_unit_list_keeps_aliases_and_gains_addresses() -> None:
    shipped = (
        "- {name: 区教育局, aliases: [区教体局], addresses: [], full_name: x}\n- {name: 区财政局, addresses: []}\n"
    )

    units = yaml.safe_load(story.units_yaml(shipped))

    assert units[0]["aliases"] == ["区教体局"]
    assert units[0]["addresses"] == ["jyj_bgs@box163.example"]
    assert units[1]["addresses"] == []


def test_the_unbound_box_is_bound_while_its_acknowledgement_may_still_go() -> None:
    (binding,) = story.BINDINGS
    arrived = shanghai("2021-04-23T11:00")

    assert binding.address == story.UNBOUND
    assert 0 < (binding.moment - arrived).days < 3
