from __future__ import annotations

import pytest
from tests.unit.matching.builders import EDUCATION, doubts, judged, mail, school_workbook

from mailbot.domain.decision import Verdict
from mailbot.matching.authentication import Authenticity, authenticity

RECEIVED = ("received", "from x by mx27 (Coremail) with SMTP id x8mowAB123--.456S2; Tue, 20 Apr 2021 09:00:00 +0800")
MARK = ("x-cm-transid", "x8mowAB123--.456S2")


def verdict(words: str, *, server: str = "mx27") -> tuple[str, str]:
    return ("authentication-results", f"{server}; {words}")


def of(*headers: tuple[str, str], sender: str = EDUCATION) -> Authenticity:
    return authenticity(mail(sender, headers=headers))


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("spf=pass smtp.mail=jyj@qq.example;", Authenticity.VERIFIED),
        ("spf=pass smtp.mailfrom=jyj@qq.example; dkim=none", Authenticity.VERIFIED),
        ("spf=none smtp.mail=jyj@qq.example; dkim=pass header.i=@qq.example", Authenticity.VERIFIED),
        ("spf=pass smtp.mail=x@mail.qq.example; dkim=none", Authenticity.VERIFIED),
        ("spf=fail smtp.mail=jyj@qq.example; dkim=pass header.d=qq.example", Authenticity.VERIFIED),
        ("spf=neutral smtp.mail=jyj@qq.example;", Authenticity.UNVERIFIED),
        ("spf=softfail smtp.mail=jyj@qq.example;", Authenticity.SUSPECT),
        ("spf=none; dkim=none", Authenticity.UNVERIFIED),
        ("", Authenticity.UNVERIFIED),
        ("spf=fail smtp.mail=jyj@qq.example;", Authenticity.FAILED),
        ("spf=pass smtp.mail=forger@evil.example; dkim=none", Authenticity.FAILED),
        ("spf=pass smtp.mail=forger@notqq.example;", Authenticity.FAILED),
        ("spf=none; dkim=fail header.i=@qq.example", Authenticity.FAILED),
    ],
)
def test_the_receiving_servers_verdict_is_taken_with_alignment(words: str, expected: Authenticity) -> None:
    assert of(RECEIVED, MARK, verdict(words)) is expected


FAIL = verdict("spf=fail smtp.mail=jyj@qq.example;")
PASS = verdict("spf=pass smtp.mail=jyj@qq.example;")


@pytest.mark.parametrize(
    "headers",
    [
        (PASS,),  # no mark of the receiving server at all
        (RECEIVED, PASS),  # no transaction
        (RECEIVED, PASS, MARK),  # written before it: the sender's own
        (RECEIVED, ("x-cm-transid", "guessed"), PASS),
        (RECEIVED, MARK, verdict("spf=pass smtp.mail=jyj@qq.example;", server="mx9")),
        (("received", "from x by mail.example with SMTP id 1"), RECEIVED, MARK, PASS),  # not the first hop
    ],
)
def test_a_verdict_that_the_sender_could_have_written_says_nothing(headers: tuple[tuple[str, str], ...]) -> None:
    assert of(*headers) is Authenticity.UNVERIFIED


def test_of_several_verdicts_only_the_receiving_servers_counts() -> None:
    assert of(RECEIVED, PASS, MARK, FAIL) is Authenticity.FAILED


def test_a_failure_that_anybody_wrote_counts_where_nobody_to_trust_vouches() -> None:
    received_spf = ("received-spf", "fail (mx: domain of jyj@qq.example does not designate 203.0.113.7)")
    dmarc = (
        "authentication-results",
        "mx.gov; spf=pass smtp.mailfrom=a@evil.example; dmarc=fail",
    )

    for headers in ((FAIL,), (received_spf,), (dmarc,), (RECEIVED, MARK, verdict("spf=none; dkim=none"), dmarc)):
        assert of(*headers) is Authenticity.FAILED


@pytest.mark.parametrize("words", ["SPF=Fail smtp.mail=jyj@qq.example;\n\tdkim=none", "dkim=fail header.d=qq.example"])
def test_a_failure_may_be_written_in_capitals_or_be_of_the_signature(words: str) -> None:
    assert of(verdict(words)) is Authenticity.FAILED


def test_a_signature_that_a_list_broke_is_no_failure_where_the_envelope_is_proved() -> None:
    assert of(verdict("spf=pass smtp.mail=jyj@qq.example; dkim=fail header.d=qq.example")) is Authenticity.UNVERIFIED


def test_an_earlier_hops_failure_does_not_stand_against_the_receiving_servers_pass() -> None:
    earlier = ("authentication-results", "list.example; spf=fail smtp.mail=list@x.example")
    above = ("authentication-results", "mx.gov.example; spf=pass smtp.mailfrom=jyj@qq.example")

    assert of(earlier, RECEIVED, MARK, PASS) is Authenticity.VERIFIED
    assert of(above, ("received", "from x by mx.gov.example with SMTP id 1"), earlier) is Authenticity.VERIFIED
    assert of(RECEIVED, earlier, above) is Authenticity.FAILED


def test_a_soft_failure_withholds_the_answer_only() -> None:
    soft = verdict("spf=softfail smtp.mail=jyj@qq.example;")
    decision = judged(school_workbook("4月报表.xlsx"), subject="4月民生实事", headers=[RECEIVED, MARK, soft])

    assert of(("received-spf", "SoftFail (mx: transitioning domain)")) is Authenticity.SUSPECT
    assert decision.verdict is Verdict.RECORD
    assert decision.reasons_not_to_answer == ("sender_suspect",)


def test_without_an_address_nothing_is_verified() -> None:
    assert of(RECEIVED, MARK, PASS, sender="") is Authenticity.UNVERIFIED


def test_a_forged_sender_is_a_doubt_and_gets_no_answer() -> None:
    decision = judged(school_workbook("4月报表.xlsx"), subject="4月民生实事", headers=[RECEIVED, MARK, FAIL])

    assert decision.verdict is Verdict.TRIAGE
    assert doubts(decision) == {"forged_sender"}
    assert "forged_sender" in decision.reasons_not_to_answer


@pytest.mark.parametrize("name", [EDUCATION, f"区教育局 <{EDUCATION}>", "JYJ＠qq.example"])
def test_a_display_name_that_shows_another_address_is_a_doubt(name: str) -> None:
    decision = judged(
        school_workbook("4月报表.xlsx", label="填报单位：区教育局"), sender="x@evil.example", name=name, subject="4月"
    )

    assert "forged_sender" in doubts(decision)


def test_a_display_name_that_repeats_the_own_address_is_none() -> None:
    assert doubts(judged(school_workbook("4月报表.xlsx"), name=EDUCATION.upper(), subject="4月民生实事")) == set()
