from __future__ import annotations

import pytest

from mailbot.chinese.quotation import is_answer, own_words, without_prefixes

OWN = "您好，补报盖章件，请查收。\n"


@pytest.mark.parametrize(
    "quotation",
    [
        "---- 回复的原邮件 ----\n发件人 督查室\n",
        '------------------ 原始邮件 ------------------\n发件人: "督查室"\n',
        "-----Original Message-----\n",
        '在 2021-04-20 09:00:00，"督查室" <office@163.example> 写道：\n> 请报送',
        "On Tue, 20 Apr 2021, office wrote:\n",
        "> 请报送4月进展",
        "发件人：督查室 <office@163.example>\n发送时间：2021年4月20日\n",
        "发件人: 督查室\n发送时间: 2021年4月20日\n",
        "---------- 转发邮件信息 ----------\n",
    ],
)
def test_what_a_mail_program_quotes_is_left_out(quotation: str) -> None:
    assert own_words(OWN + quotation + "3月份进展").strip() == OWN.strip()


def test_a_mail_without_quotation_is_all_its_senders() -> None:
    assert own_words("发件人：张三\n区教育局") == "发件人：张三\n区教育局"


@pytest.mark.parametrize("subject", ["回复：x", "回复:x", "Re: x", "RE：x", "答复: x", "Re[3]: x", "Re: Fw: x"])
def test_an_answer_is_told_by_its_subject(subject: str) -> None:
    assert is_answer(subject)
    assert without_prefixes(subject) == "x"


@pytest.mark.parametrize("subject", ["转发：x", "Fw: x", "Fwd: x", "FW: Re: x"])
def test_who_forwards_a_mail_means_its_words(subject: str) -> None:
    assert not is_answer(subject)
    assert without_prefixes(subject) == "x"


@pytest.mark.parametrize("subject", ["", "4月进展", "关于回复意见的函", "Report"])
def test_an_ordinary_subject_is_no_answer(subject: str) -> None:
    assert not is_answer(subject)
    assert without_prefixes(subject) == subject
