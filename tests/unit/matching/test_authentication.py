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
        ("spf=softfail smtp.mail=jyj@qq.example;", Authenticity.UNVERIFIED),
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
