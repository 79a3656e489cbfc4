"""The line is lost, or the server says something odd, at each step of sending: three outcomes, and nothing raises."""

from __future__ import annotations

import logging
from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from tests.outgoing_builders import a_mail
from tests.servers.certificates import Certificates, make_expired, make_for_another_host
from tests.servers.scripted_smtp import (
    GO_ON,
    HELLO,
    LET_IN,
    OK,
    QUEUED,
    READY,
    TAKEN,
    Endless,
    Fault,
    Script,
    ScriptedSmtp,
)
from tests.servers.smtp_server import start_smtp

from mailbot.domain.books import Outgoing
from mailbot.errors import CertificateRefused, ConnectionLost, LoginRefused, ProtocolRefused, Retry
from mailbot.outgoing.answers import LONGEST_ANSWER
from mailbot.outgoing.connection import Timeouts
from mailbot.outgoing.courier import Outcome, Refused, Scope, Taken, Unknown
from mailbot.outgoing.smtp import MAILS_PER_CONNECTION, check_login, open_courier
from mailbot.settings import Security, Server

CODE = "a-very-secret-code"
QUICK = Timeouts(connect=0.3, command=0.3, content=0.3, verdict=0.3, farewell=0.3)
WANTS_LOGIN: Script = [READY, b"250-hello\r\n250 AUTH LOGIN PLAIN\r\n"]


def sent(*mails: Outgoing, server: Server) -> list[Outcome]:
    with open_courier(server, CODE, timeouts=QUICK) as courier:
        return [courier.deliver(mail) for mail in mails]


def outcome_of(*script: bytes | Fault | Endless) -> Outcome:
    with ScriptedSmtp((list(script),)) as peer:
        (outcome,) = sent(a_mail(), server=peer.server())
    return outcome


BEFORE_THE_DOT = {
    "at the greeting": [],
    "at EHLO": [READY],
    "at MAIL": [READY, HELLO],
    "at RCPT": [READY, HELLO, OK],
    "at DATA": [READY, HELLO, OK, OK],
}


@pytest.mark.parametrize("script", BEFORE_THE_DOT.values(), ids=BEFORE_THE_DOT.keys())
@pytest.mark.parametrize(
    "fault",
    [
        pytest.param([Fault.HANG_UP], id="hang up"),
        pytest.param([Fault.SAY_NOTHING], id="silence"),
        pytest.param([b"250 half a li", Fault.HANG_UP], id="half a line"),
        pytest.param([b"what is this?\r\n", Fault.HANG_UP], id="garbage"),
        pytest.param([b"\xff\x00\r\n", Fault.HANG_UP], id="binary"),
        pytest.param([b"2" * 20000 + b"\r\n", Fault.HANG_UP], id="a very long line"),
        pytest.param([Endless(b"2" * 4000)], id="a line without end"),
        pytest.param([Endless(b"250-AAAAAAAAAAAAAAAAAAAA\r\n" * 100)], id="an answer without end"),
        pytest.param([Endless(b"250-x\r\n", pause=0.1)], id="a line now and then"),
        pytest.param([Endless(b"2", pause=0.1)], id="a byte now and then"),
    ],
)
def test_what_is_lost_before_the_dot_was_not_sent_and_is_tried_again(script: Script, fault: Script) -> None:
    outcome = outcome_of(*script, *fault)

    assert isinstance(outcome, Refused)
    assert outcome.scope is Scope.SERVER
    assert outcome.retry in {Retry.SOON, Retry.LATER}


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param([Fault.HANG_UP], id="hang up"),
        pytest.param([Fault.SAY_NOTHING], id="silence"),
        pytest.param([b"250 que", Fault.HANG_UP], id="half a yes"),
        pytest.param([b"25", Fault.HANG_UP], id="half a number"),
        pytest.param([b"250-Mail OK\r\n", Fault.HANG_UP], id="an answer cut between its lines"),
        pytest.param([b"queued, I think\r\n", Fault.HANG_UP], id="garbage"),
        pytest.param([Endless(b"2" * 4000)], id="a line without end"),
        pytest.param([Endless(b"250-AAAAAAAAAAAAAAAAAAAA\r\n" * 100)], id="an answer without end"),
        pytest.param([Endless(b"250-x\r\n", pause=0.1)], id="a line now and then"),
    ],
)
def test_what_is_lost_after_the_dot_is_unknown(fault: Script) -> None:
    assert isinstance(outcome_of(*LET_IN, OK, OK, GO_ON, *fault), Unknown)


def test_an_answer_that_nobody_asked_for_is_not_taken_for_the_answer_to_the_dot() -> None:
    assert isinstance(outcome_of(*LET_IN, OK, OK, GO_ON + QUEUED, b"554 DT:SPM\r\n"), Unknown)


def test_after_an_unknown_outcome_the_next_mail_takes_a_new_connection() -> None:
    with ScriptedSmtp(([*LET_IN, OK, OK, GO_ON, Fault.HANG_UP], [*LET_IN, *TAKEN])) as peer:
        first, second = sent(a_mail(), a_mail(key="2"), server=peer.server())

    assert isinstance(first, Unknown)
    assert isinstance(second, Taken)
    assert peer.connections == 2


def test_the_queue_id_is_kept() -> None:
    outcome = outcome_of(*LET_IN, OK, OK, GO_ON, QUEUED)

    assert outcome == Taken("250 Mail OK queued as smtp11,D8Cow")


def test_a_connection_cut_while_idle_is_made_anew_and_the_mail_goes_once() -> None:
    with ScriptedSmtp(([*LET_IN, *TAKEN, Fault.HANG_UP], [*LET_IN, *TAKEN])) as peer:
        outcomes = sent(a_mail(), a_mail(key="2"), server=peer.server())

    assert [type(outcome) for outcome in outcomes] == [Taken, Taken]
    assert sum(said.endswith(b"\r\n.\r\n") for said in peer.said) == 2


TWO_CLERKS = a_mail(to="a@example.test, b@example.test")


def outcome_for_two(*answers: bytes) -> Outcome:
    with ScriptedSmtp(([*LET_IN, OK, *answers],)) as peer:
        (outcome,) = sent(TWO_CLERKS, server=peer.server())
    return outcome


def test_of_several_who_are_all_refused_the_one_to_be_tried_again_decides() -> None:
    outcome = outcome_for_two(b"550 no such user\r\n", b"450 mailbox busy\r\n", OK)

    assert isinstance(outcome, Refused)
    assert (outcome.scope, outcome.retry) == (Scope.RECIPIENT, Retry.LATER)
    assert "a@example.test（服务器拒绝该收件人地址，550 no such user）、b@example.test（" in outcome.reason


def test_a_server_that_closes_at_the_second_recipient_takes_the_mail_for_nobody() -> None:
    outcome = outcome_for_two(OK, b"421 closing\r\n")

    assert isinstance(outcome, Refused)
    assert outcome.scope is Scope.SERVER


def test_a_refused_mail_leaves_the_connection_usable() -> None:
    with ScriptedSmtp(([*LET_IN, OK, OK, GO_ON, b"552 Illegal Attachment\r\n", OK, *TAKEN],)) as peer:
        refused, taken = sent(a_mail(), a_mail(key="2"), server=peer.server())

    assert isinstance(refused, Refused)
    assert refused.scope is Scope.MAIL
    assert isinstance(taken, Taken)
    assert b"RSET\r\n" in peer.said


def test_a_connection_is_not_used_for_more_mails_than_netease_likes() -> None:
    full = [*LET_IN, *TAKEN * MAILS_PER_CONNECTION, b"221 bye\r\n"]
    with ScriptedSmtp((full, [*LET_IN, *TAKEN])) as peer:
        outcomes = sent(*(a_mail(key=str(number)) for number in range(MAILS_PER_CONNECTION + 1)), server=peer.server())

    assert {type(outcome) for outcome in outcomes} == {Taken}
    assert peer.connections == 2


def test_the_dots_at_the_beginning_of_lines_are_doubled() -> None:
    mail = replace(a_mail(), raw=b".a\r\n..b\r\nc.\r\n.\r\n")
    with ScriptedSmtp(([*LET_IN, *TAKEN],)) as peer:
        sent(mail, server=peer.server())

    assert b"..a\r\n...b\r\nc.\r\n..\r\n.\r\n" in peer.said


@pytest.mark.parametrize("address", ["a@b.c>\r\nRCPT TO:<x@y.z", "张三@163.com", "<a@b.c>", "a b@c.d", ""])
def test_an_address_that_could_harm_is_never_put_on_the_wire(address: str) -> None:
    with ScriptedSmtp(([*LET_IN, *TAKEN],)) as peer:
        (outcome,) = sent(replace(a_mail(), to=address), server=peer.server())

    assert isinstance(outcome, Refused)
    assert (outcome.scope, outcome.retry) == (Scope.RECIPIENT, Retry.NEVER)
    assert peer.said == []


# --- login


def test_one_wrong_code_is_one_failed_login() -> None:
    with ScriptedSmtp(([*WANTS_LOGIN, b"535 Error: authentication failed\r\n"],)) as peer:
        outcomes = sent(a_mail(), a_mail(key="2"), server=peer.server())

    assert {(out.scope, out.retry) for out in outcomes if isinstance(out, Refused)} == {
        (Scope.LOGIN, Retry.NEEDS_PERSON)
    }
    assert sum(said.startswith(b"AUTH") for said in peer.said) == 1
    assert peer.connections == 1


def test_a_server_that_knows_only_auth_login_is_spoken_to_in_its_way() -> None:
    script = [
        READY,
        b"250-hello\r\n250 AUTH LOGIN\r\n",
        b"334 VXNlcm5hbWU6\r\n",
        b"334 UGFzc3dvcmQ6\r\n",
        b"235 in\r\n",
    ]
    with ScriptedSmtp(([*script, *TAKEN],)) as peer:
        (outcome,) = sent(a_mail(), server=peer.server())

    assert isinstance(outcome, Taken)


@pytest.mark.parametrize("answer", ["535 Error: authentication failed", "550 User has no permission", "550 用户被锁定"])
def test_a_refused_login_names_the_authorisation_code(answer: str) -> None:
    with (
        ScriptedSmtp(([*WANTS_LOGIN, answer.encode("gbk") + b"\r\n"],)) as peer,
        pytest.raises(LoginRefused) as told,
    ):
        check_login(peer.server(), CODE, timeouts=QUICK)

    assert answer in str(told.value)
    assert "授权码" in told.value.for_people()


def test_a_locked_account_is_left_alone_for_hours() -> None:
    outcome = outcome_of(*WANTS_LOGIN, b"451 Requested mail action not taken: too much fail authentication\r\n")

    assert isinstance(outcome, Refused)
    assert outcome.retry is Retry.LATER
    assert outcome.wait.total_seconds() >= 3600


def test_the_code_stands_in_no_log_outcome_or_error(
    caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    with ScriptedSmtp(([*WANTS_LOGIN, b"535 no\r\n"], [*WANTS_LOGIN, b"535 no\r\n"])) as peer:
        outcomes = sent(a_mail(), server=peer.server())
        with pytest.raises(LoginRefused) as told:
            check_login(peer.server(), CODE, timeouts=QUICK)

    assert CODE not in repr(outcomes) + repr(told.value) + told.value.for_people() + caplog.text
    assert CODE not in "".join(capfd.readouterr())


QUOTES = {
    "as it is": CODE,
    "in capitals": CODE.upper(),
    "in base64": b64encode(CODE.encode()).decode(),
    "as AUTH PLAIN has it": b64encode(f"\0bot@example.test\0{CODE}".encode()).decode(),
    "where the answer is cut": "x" * (LONGEST_ANSWER - 8) + " " + CODE,
}


@pytest.mark.parametrize("quote", QUOTES.values(), ids=QUOTES.keys())
@pytest.mark.parametrize(
    "before",
    [
        pytest.param([], id="at the greeting"),
        pytest.param(WANTS_LOGIN, id="at the login"),
        pytest.param([*WANTS_LOGIN, b"235 in\r\n"], id="at MAIL"),
        pytest.param([*WANTS_LOGIN, b"235 in\r\n", OK, OK, GO_ON], id="after the dot"),
    ],
)
def test_a_server_that_quotes_the_code_spreads_no_piece_of_it(before: Script, quote: str) -> None:
    outcome = outcome_of(*before, b"535 cannot understand " + quote.encode() + b"\r\n")

    assert isinstance(outcome, Refused)
    assert quote.rstrip("=")[-6:] not in outcome.answer
    assert quote.strip("x ")[:6] not in outcome.answer


def test_a_server_that_quotes_the_code_in_its_yes_spreads_no_piece_of_it() -> None:
    outcome = outcome_of(*WANTS_LOGIN, b"235 in\r\n", OK, OK, GO_ON, f"250 queued by {CODE}\r\n".encode())

    assert outcome == Taken("250 queued by ***")


def test_a_server_that_quotes_the_code_instead_of_beginning_tls_spreads_no_piece_of_it() -> None:
    script: Script = [READY, b"250-hello\r\n250 STARTTLS\r\n", f"454 not for {CODE}\r\n".encode()]
    with ScriptedSmtp((script,)) as peer, pytest.raises(ProtocolRefused) as told:
        check_login(peer.server(Security.STARTTLS), CODE, timeouts=QUICK)

    assert "a-very" not in str(told.value) + told.value.for_people()


# --- protection


def test_a_line_in_the_clear_leaves_this_machine_never() -> None:
    server = Server("mail.example.test", 25, Security.PLAIN, "bot@example.test")

    (outcome,) = sent(a_mail(), server=server)

    assert isinstance(outcome, Refused)
    assert outcome.retry is Retry.NEEDS_PERSON


@pytest.mark.parametrize(
    "script",
    [
        pytest.param([READY, b"250-hello\r\n250 AUTH PLAIN\r\n"], id="not offered"),
        pytest.param([READY, b"250-hello\r\n250 STARTTLS\r\n", b"454 not now\r\n"], id="refused"),
    ],
)
def test_without_starttls_nothing_is_said_in_the_clear(script: Script) -> None:
    with ScriptedSmtp((script, script)) as peer:
        (outcome,) = sent(a_mail(), server=peer.server(Security.STARTTLS))
        with pytest.raises(ProtocolRefused):
            check_login(peer.server(Security.STARTTLS), CODE, timeouts=QUICK)

    assert isinstance(outcome, Refused)
    assert outcome.scope is Scope.SERVER
    assert not any(said.startswith((b"AUTH", b"MAIL")) for said in peer.said)


def test_a_protected_server_without_login_is_not_used(certificates: Certificates) -> None:
    host = start_smtp(certificates, Security.TLS, login=False)

    (outcome,) = sent(a_mail(), server=host.server)
    host.stop()

    assert isinstance(outcome, Refused)
    assert outcome.retry is Retry.NEEDS_PERSON
    assert host.recorder.mails == []


@pytest.mark.parametrize("make", [make_expired, make_for_another_host])
@pytest.mark.parametrize("security", [Security.TLS, Security.STARTTLS])
@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS:UserWarning")
def test_a_certificate_that_proves_nothing_is_refused(
    make: Callable[[Path], Certificates], security: Security, tmp_path: Path
) -> None:
    host = start_smtp(make(tmp_path), security)

    with pytest.raises(CertificateRefused):
        check_login(host.server, CODE, timeouts=Timeouts(connect=5, command=5))
    host.stop()

    assert host.recorder.logins == []


def test_a_missing_root_certificate_is_told_as_such(tmp_path: Path) -> None:
    server = Server("127.0.0.1", 1, Security.TLS, "bot@example.test", ca_file=tmp_path / "none.pem")

    with pytest.raises(CertificateRefused) as told:
        check_login(server, CODE, timeouts=QUICK)

    assert "ca_file" in told.value.for_people()


@pytest.mark.parametrize("host", ["a..b", "x" * 70 + ".test"])
def test_a_host_that_is_no_name_is_a_lost_connection(host: str) -> None:
    with pytest.raises(ConnectionLost):
        check_login(Server(host, 465, Security.TLS, "bot@example.test"), CODE, timeouts=QUICK)


@pytest.mark.parametrize("greeting", [b"421 HL:ICC smtp1\r\n", b"554 no service\r\n"])
def test_a_server_that_turns_us_away_at_the_door_is_tried_later(greeting: bytes) -> None:
    with ScriptedSmtp(([greeting], [greeting])) as peer:
        (outcome,) = sent(a_mail(), server=peer.server())
        with pytest.raises(ProtocolRefused) as told:
            check_login(peer.server(), CODE, timeouts=QUICK)

    assert isinstance(outcome, Refused)
    assert (outcome.scope, outcome.retry) == (Scope.SERVER, Retry.LATER)
    assert greeting.decode().strip() in str(told.value)


def test_a_mechanism_we_do_not_know_is_said_to_be_so() -> None:
    outcome = outcome_of(READY, b"250-hello\r\n250 AUTH XOAUTH2\r\n")

    assert isinstance(outcome, Refused)
    assert "登录方式" in outcome.reason


def test_a_server_that_stops_reading_in_the_middle_of_a_mail_is_tried_again() -> None:
    """The mail is larger than every buffer between, so that writing stalls before the final dot."""
    mail = replace(a_mail(), raw=(b"x" * 76 + b"\r\n") * 400_000)
    with ScriptedSmtp(([*LET_IN, OK, OK, GO_ON, Fault.SAY_NOTHING],)) as peer:
        peer.reads_mail = False
        (outcome,) = sent(mail, server=peer.server())

    assert isinstance(outcome, Refused)
    assert (outcome.scope, outcome.retry) == (Scope.SERVER, Retry.SOON)


def test_tls_that_is_no_tls_is_a_lost_connection() -> None:
    with ScriptedSmtp(([READY],)) as peer, pytest.raises(ConnectionLost):
        check_login(peer.server(Security.TLS), CODE, timeouts=QUICK)


def test_starttls_that_is_no_tls_is_a_lost_connection() -> None:
    script: Script = [READY, b"250-hello\r\n250 STARTTLS\r\n", b"220 go\r\n", b"not TLS at all\r\n"]
    with ScriptedSmtp((script,)) as peer, pytest.raises(ConnectionLost):
        check_login(peer.server(Security.STARTTLS), CODE, timeouts=QUICK)


def test_a_server_that_closes_in_the_middle_is_left_and_tried_later() -> None:
    with ScriptedSmtp(([*LET_IN, OK, b"421 4.3.2 shutting down\r\n"], [*LET_IN, *TAKEN])) as peer:
        refused, taken = sent(a_mail(), a_mail(key="2"), server=peer.server())

    assert isinstance(refused, Refused)
    assert (refused.scope, refused.retry) == (Scope.SERVER, Retry.LATER)
    assert isinstance(taken, Taken)


def test_a_refused_recipient_stays_refused_where_the_line_breaks_after_it() -> None:
    with ScriptedSmtp(([*LET_IN, OK, b"550 Invalid User\r\n", Fault.HANG_UP], [*LET_IN, *TAKEN])) as peer:
        refused, taken = sent(a_mail(), a_mail(key="2"), server=peer.server())

    assert isinstance(refused, Refused)
    assert (refused.scope, refused.retry) == (Scope.RECIPIENT, Retry.NEVER)
    assert isinstance(taken, Taken)
