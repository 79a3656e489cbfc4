"""A second automatic answerer, on real servers: however stubborn it is, the two stop after the first exchange."""

from __future__ import annotations

from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
from tests.bot import Bot, a_bot
from tests.office import EDUCATION, QUIET_SMTP, Rules, parsed, write_units
from tests.office_mails import a_report
from tests.servers.certificates import Certificates
from tests.servers.post_office import AWAY, PostOffice, count, start_post_office
from tests.servers.smtp_server import USER

from mailbot.clock import SystemClock
from mailbot.domain.period import Period
from mailbot.settings import Security

pytestmark = [*QUIET_SMTP, pytest.mark.dovecot, pytest.mark.postfix]


@pytest.fixture(params=[False, True], ids=["honest", "careless"])
def post_office(request: pytest.FixtureRequest, certificates: Certificates) -> Iterator[PostOffice]:
    """Return one that keeps the marks of a machine's mail, and one that takes them all off."""
    post_office = start_post_office(certificates, careless=request.param)
    yield post_office
    post_office.stop()


@pytest.fixture
def bot(tmp_path: Path, post_office: PostOffice) -> Bot:
    """Return a bot whose notice holds to this day: a real mail server delivers now, and at no other time."""
    smtp = post_office.postfix.server(Security.TLS)
    bot = a_bot(tmp_path, post_office.bot, smtp, post_office.postfix.password, Rules())
    write_units(tmp_path, {EDUCATION: (AWAY,)})
    notice = tmp_path / "notices" / "zhongyuan-2021-8.yaml"
    notice.write_text(
        notice.read_text("utf-8").replace("last_period: 2021-12", f"last_period: {this_month()}"), "utf-8"
    )
    return bot


def this_month() -> Period:
    """Return the month that is reported on now."""
    now = SystemClock().now()
    return Period(now.year, now.month)


def mails_of(post_office: PostOffice, user: str) -> list[EmailMessage]:
    """Return the mails that lie in a user's mailbox."""
    return [
        parsed(path.read_bytes())
        for path in sorted((post_office.dovecot.folder / "mail" / user).rglob("*"))
        if path.parent.name in {"cur", "new"}
    ]


def test_an_automatic_answer_is_no_reason_for_another(bot: Bot, post_office: PostOffice) -> None:
    """Pigeonhole's `vacation` answers what is not marked, and marks its own; the careless provider hides both marks."""
    post_office.posts(a_report(sender=AWAY, period=this_month()))
    bot("poll")
    (ours,) = mails_of(post_office, AWAY)
    answers = 0 if ours["Auto-Submitted"] else 1
    post_office.await_mails(post_office.bot, 1 + answers)

    for _ in range(2):
        bot("poll")

    assert (count(post_office.bot), count(post_office.away)) == (1 + answers, 1)
    theirs = [mail for mail in mails_of(post_office, USER) if mail["In-Reply-To"] == ours["Message-ID"]]
    assert len(theirs) == answers
    assert [mail["Auto-Submitted"] for mail in theirs] == [None] * answers


def test_one_that_answers_everything_with_a_report_and_no_mark_of_a_machine_is_not_answered_for_ever(
    bot: Bot, post_office: PostOffice
) -> None:
    """It attaches the same files to each of its mails, as an answer with a file does."""
    post_office.posts(a_report(sender=AWAY, period=this_month()))
    for number in range(4):
        before = count(post_office.away)
        bot("poll")
        for ours in mails_of(post_office, AWAY)[before:]:
            report = a_report(
                sender=AWAY, period=this_month(), answers=str(ours["Message-ID"]), body=f"自动答复{number}"
            )
            post_office.posts(report)

    assert count(post_office.away) == 1
