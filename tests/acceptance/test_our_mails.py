"""What the mails that leave say and carry, whatever it was that they answer."""

from __future__ import annotations

import pytest
from tests.office import CLERK, EDUCATION, LABOUR, OTHER_CLERK, QUIET_SMTP, Office, text_of
from tests.office_mails import a_report, a_table

pytestmark = QUIET_SMTP


@pytest.fixture
def month(office: Office) -> Office:
    """Return the office after April 2021: one unit reports half and goes on, the other never does."""
    office.receives(a_table(body="请查收。内部联系人张三，勿外传。"), at="2021-04-15T09:00")
    for day in (15, 21, 23, 26, 27):
        office.rounds(at=f"2021-04-{day}T10:30")
    office.receives(a_report(), at="2021-04-28T10:00")
    office.rounds(at="2021-04-28T10:30")
    return office


def words_to(office: Office, address: str) -> list[str]:
    return [f"{mail['Subject']}\n{text_of(mail)}" for mail in office.sent_to(address)]


def test_both_kinds_of_mail_left(month: Office) -> None:
    """Else the tests below would prove nothing."""
    subjects = " ".join(mail["Subject"] for mail in month.sent())

    assert "回执" in subjects
    assert "提醒" in subjects
    assert "催报" in subjects


def test_no_leader_is_named(month: Office) -> None:
    """Source: reports go to leaders through the office, never from a machine."""
    notices = month.app.desk().notices
    leaders = {leader for notice in notices for task in notice.tasks for leader in task.leaders}

    assert len(leaders) == 7
    assert [name for name in leaders for mail in month.sent() if name in text_of(mail)] == []


def test_no_other_unit_is_named(month: Office) -> None:
    assert not any(LABOUR in words for words in words_to(month, CLERK))
    assert not any(EDUCATION in words for words in words_to(month, OTHER_CLERK))


def test_nothing_of_the_mail_answered_goes_back_but_the_names_of_its_files(month: Office) -> None:
    """An answer that quotes or returns what came makes us an amplifier. Source: RFC 3834 §4."""
    for mail in month.sent_to(CLERK):
        assert [part.get_filename() for part in mail.walk() if part.get_filename()] == []
        assert "勿外传" not in text_of(mail)
        assert len(mail.as_bytes()) < 64 * 1024


def test_the_envelopes_sender_is_the_one_in_the_mail_and_the_login(month: Office) -> None:
    """NetEase refuses any other: 553 Mail from must equal authorized user, 554 DT:SUM."""
    ours = month.app.settings.smtp.user

    assert {mail.sender for mail in month.smtp.recorder.mails} == {ours}
    assert {mail["From"].addresses[0].addr_spec for mail in month.sent()} == {ours}


def test_who_is_only_in_blind_copy_is_answered_if_bound(office: Office) -> None:
    raw = a_report().replace(b"\r\nTo: ", b"\r\nX-Told: ")
    assert b"\r\nTo: " not in raw
    office.receives(raw, at="2021-04-15T09:00")

    office.rounds(at="2021-04-15T09:05")

    assert len(office.sent_to(CLERK)) == 1


def test_a_unit_is_mailed_once_for_each_of_its_messages_and_each_rung(month: Office) -> None:
    """Two messages and three rungs; no message and three rungs."""
    assert [len(words_to(month, CLERK)), len(words_to(month, OTHER_CLERK))] == [2 + 3, 3]
