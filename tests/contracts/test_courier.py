"""What the stages may rely on when a mail is sent, held against aiosmtpd (each protection) and Postfix alike."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
from tests.outgoing_builders import a_mail
from tests.servers.certificates import Certificates
from tests.servers.postfix import Postfix, start_postfix
from tests.servers.smtp_server import Delivered, Recorder, start_smtp

from mailbot.errors import CertificateRefused, ConnectionLost, LoginRefused, Retry
from mailbot.outgoing.connection import Timeouts
from mailbot.outgoing.courier import Refused, Scope, Taken
from mailbot.outgoing.smtp import check_login, open_courier
from mailbot.settings import Security, Server

pytestmark = [
    pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS:UserWarning"),
    pytest.mark.filterwarnings("ignore:Session.login_data is deprecated:DeprecationWarning"),
]

QUICK = Timeouts(connect=10, command=10, content=10, verdict=10, farewell=2)
POSTFIX = [pytest.mark.postfix, pytest.mark.dovecot]


@dataclass(frozen=True, slots=True)
class SmtpHost:
    """A mail server with one account, and what it took."""

    server: Server
    password: str
    recorder: Recorder

    def deliveries(self, count: int) -> list[Delivered]:
        """Return the mails taken, waiting a moment for a server that delivers after its answer."""
        pause = threading.Event()
        for _ in range(100):
            if len(self.recorder.mails) >= count:
                break
            pause.wait(0.05)
        return self.recorder.mails

    def took(self, count: int) -> list[bytes]:
        """Return their bytes."""
        return [mail.raw for mail in self.deliveries(count)]


@pytest.fixture(scope="module")
def postfix(certificates: Certificates) -> Iterator[Postfix]:
    server = start_postfix(certificates)
    yield server
    server.stop()


@pytest.fixture(
    params=[
        pytest.param("aiosmtpd tls", id="aiosmtpd-tls"),
        pytest.param("aiosmtpd starttls", id="aiosmtpd-starttls"),
        pytest.param("aiosmtpd plain", id="aiosmtpd-plain"),
        pytest.param("postfix tls", id="postfix-tls", marks=POSTFIX),
        pytest.param("postfix starttls", id="postfix-starttls", marks=POSTFIX),
    ]
)
def smtp_host(request: pytest.FixtureRequest, certificates: Certificates) -> Iterator[SmtpHost]:
    program, security = request.param.split()
    if program == "postfix":
        postfix = request.getfixturevalue("postfix")
        postfix.recorder.mails.clear()
        yield SmtpHost(postfix.server(Security(security)), postfix.password, postfix.recorder)
        return
    server = start_smtp(certificates, Security(security))
    yield SmtpHost(server.server, server.password, server.recorder)
    server.stop()


class TestCourier:
    def test_a_mail_arrives_with_the_very_bytes_that_were_stored(self, smtp_host: SmtpHost) -> None:
        mail = a_mail()
        mail = replace(mail, raw=mail.raw + b".a line that begins with a dot\r\n..two\r\n.\r\nthe last\r\n")

        with open_courier(smtp_host.server, smtp_host.password, timeouts=QUICK) as courier:
            outcome = courier.deliver(mail)

        assert isinstance(outcome, Taken)
        assert outcome.answer.startswith("250 ")
        (raw,) = smtp_host.took(1)
        assert raw.endswith(mail.raw)

    def test_several_mails_go_in_one_flush(self, smtp_host: SmtpHost) -> None:
        with open_courier(smtp_host.server, smtp_host.password, timeouts=QUICK) as courier:
            outcomes = [courier.deliver(a_mail(key=f"mail {number}")) for number in range(7)]

        assert [type(outcome) for outcome in outcomes] == [Taken] * 7
        assert len(set(smtp_host.took(7))) == 7

    def test_a_mail_to_several_goes_once_to_all_of_them(self, smtp_host: SmtpHost) -> None:
        with open_courier(smtp_host.server, smtp_host.password, timeouts=QUICK) as courier:
            outcome = courier.deliver(a_mail(to="clerk@example.test, bot@example.test"))

        assert isinstance(outcome, Taken)
        (mail,) = smtp_host.deliveries(1)
        assert sorted(mail.recipients) == ["bot@example.test", "clerk@example.test"]

    def test_a_mail_goes_where_one_recipient_is_taken_and_names_the_refused(self, smtp_host: SmtpHost) -> None:
        smtp_host.recorder.answers["nobody@example.test"] = "550 5.1.1 unknown"

        with open_courier(smtp_host.server, smtp_host.password, timeouts=QUICK) as courier:
            outcome = courier.deliver(a_mail(to="nobody@example.test, clerk@example.test"))

        assert isinstance(outcome, Taken)
        assert "未送达：nobody@example.test（服务器拒绝该收件人地址，550 " in outcome.answer
        assert [mail.recipients for mail in smtp_host.deliveries(1)] == [("clerk@example.test",)]

    def test_a_mail_is_refused_where_every_recipient_is(self, smtp_host: SmtpHost) -> None:
        for nobody in ("nobody@example.test", "nemo@example.test"):
            smtp_host.recorder.answers[nobody] = "550 5.1.1 unknown"

        with open_courier(smtp_host.server, smtp_host.password, timeouts=QUICK) as courier:
            refused = courier.deliver(a_mail(to="nobody@example.test, nemo@example.test"))
            taken = courier.deliver(a_mail())

        assert isinstance(refused, Refused)
        assert (refused.scope, refused.retry) == (Scope.RECIPIENT, Retry.NEVER)
        assert isinstance(taken, Taken)
        assert len(smtp_host.took(1)) == 1  # Postfix delivers after its answer; the next test begins with none

    def test_an_unknown_recipient_is_refused_for_good_and_the_next_mail_still_goes(self, smtp_host: SmtpHost) -> None:
        smtp_host.recorder.answers["nobody@example.test"] = "550 5.1.1 unknown"

        with open_courier(smtp_host.server, smtp_host.password, timeouts=QUICK) as courier:
            refused = courier.deliver(a_mail(to="nobody@example.test"))
            taken = courier.deliver(a_mail())

        assert isinstance(refused, Refused)
        assert (refused.scope, refused.retry) == (Scope.RECIPIENT, Retry.NEVER)
        assert refused.answer.startswith("550 ")
        assert isinstance(taken, Taken)
        assert len(smtp_host.took(1)) == 1  # Postfix delivers after its answer; the next test begins with none
        assert len(smtp_host.took(1)) == 1  # waited for: a mail delivered late would be the next test's

    def test_a_wrong_code_is_for_a_person_and_tried_once_a_flush(self, smtp_host: SmtpHost) -> None:
        with open_courier(smtp_host.server, "wrong", timeouts=QUICK) as courier:
            outcomes = [courier.deliver(a_mail()), courier.deliver(a_mail())]

        assert [(outcome.scope, outcome.retry) for outcome in outcomes if isinstance(outcome, Refused)] == [
            (Scope.LOGIN, Retry.NEEDS_PERSON)
        ] * 2
        assert len(smtp_host.recorder.logins) <= 1  # Postfix asks Dovecot
        assert smtp_host.took(0) == []

    def test_the_login_can_be_tried_without_sending(self, smtp_host: SmtpHost) -> None:
        check_login(smtp_host.server, smtp_host.password, timeouts=QUICK)

        assert smtp_host.took(0) == []

    def test_a_wrong_code_is_told_to_whoever_tries_the_login(self, smtp_host: SmtpHost) -> None:
        with pytest.raises(LoginRefused) as told:
            check_login(smtp_host.server, "wrong", timeouts=QUICK)

        assert "535" in str(told.value)
        assert "wrong" not in str(told.value) + told.value.for_people()

    def test_a_server_that_nobody_vouches_for_gets_nothing(self, smtp_host: SmtpHost) -> None:
        if smtp_host.server.security is Security.PLAIN:
            return
        stranger = replace(smtp_host.server, ca_file=None)

        with open_courier(stranger, smtp_host.password, timeouts=QUICK) as courier:
            outcome = courier.deliver(a_mail())
        with pytest.raises(CertificateRefused):
            check_login(stranger, smtp_host.password, timeouts=QUICK)

        assert isinstance(outcome, Refused)
        assert (outcome.scope, outcome.retry) == (Scope.SERVER, Retry.NEEDS_PERSON)
        assert smtp_host.recorder.logins == []

    def test_a_server_that_is_not_there_is_tried_again_soon(self, smtp_host: SmtpHost) -> None:
        nobody = replace(smtp_host.server, port=1)

        with open_courier(nobody, smtp_host.password, timeouts=QUICK) as courier:
            outcome = courier.deliver(a_mail())
        with pytest.raises(ConnectionLost):
            check_login(nobody, smtp_host.password, timeouts=QUICK)

        assert isinstance(outcome, Refused)
        assert (outcome.scope, outcome.retry) == (Scope.SERVER, Retry.SOON)
