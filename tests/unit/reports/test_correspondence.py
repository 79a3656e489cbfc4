"""待处理 and 发出邮件."""

from __future__ import annotations

from tests.ledger_builders import APRIL

from mailbot.domain.books import OutboxItem, Outgoing, OutgoingKind, OutgoingState, TriageItem
from mailbot.domain.moments import shanghai
from mailbot.reports.correspondence import sent, waiting
from mailbot.reports.sheet import Look, Marked

ARRIVED = shanghai("2021-04-23T10:00")


def test_what_waits_names_its_guess_its_reasons_and_the_command() -> None:
    item = TriageItem(7, "ab", ARRIVED, "a@qq.com", "4月", "区教育局", APRIL, ("地址未绑定", "两个单位"))

    assert waiting([item]).rows == (
        (
            7,
            ARRIVED,
            "a@qq.com",
            "4月",
            "区教育局",
            "2021年4月",
            "地址未绑定\n两个单位",
            "mailbot triage assign 7 --unit 区教育局 --period 2021-04",
        ),
    )


def test_where_nothing_is_guessed_the_command_shows_what_to_fill_in() -> None:
    row = waiting([TriageItem(7, "ab", None, "", "", None, None, ())]).rows[0]

    assert row[1:6] == (None, "", "", None, None)
    assert row[-1] == "mailbot triage assign 7 --unit 单位名称 --period YYYY-MM"


def test_an_empty_list_says_so() -> None:
    assert "没有待处理" in waiting([]).note


def test_a_mail_about_several_submissions_names_each_unit_and_period_once() -> None:
    about = (("n", "区房管局", APRIL), ("n", "区城建局", APRIL))
    mail = Outgoing("k", OutgoingKind.ACKNOWLEDGEMENT, "a@qq.com", "【回执】", "<1@x>", "", b"", about)
    row = sent([OutboxItem(3, mail, OutgoingState.FAILED, 5, ARRIVED, ARRIVED, None, "地址不存在")]).rows[0]

    assert row[:4] == (3, "回执", "区房管局\n区城建局", "2021年4月")
    assert row[6:] == (Marked("发送失败", Look.BAD), 5, ARRIVED, ARRIVED, "地址不存在")
