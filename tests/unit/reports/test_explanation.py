"""说明: rules in force and the sum."""

from __future__ import annotations

from datetime import time as time_of_day

from tests.ledger_builders import a_notice

from mailbot.domain.books import MessageRow, MessageStanding
from mailbot.domain.moments import shanghai
from mailbot.domain.notice import DeadlineRule, Shift
from mailbot.reports.explanation import deadline_in_words, explanation, sum_of

NOW = shanghai("2021-04-26T09:00")


def seen(sha256: str, standing: MessageStanding, uid: int = 1) -> MessageRow:
    return MessageRow(sha256, "<1@x>", "INBOX", uid, NOW, "imap", in_view=True, standing=standing, receipts=(), why="")


def test_each_message_counts_once_however_often_it_was_seen() -> None:
    messages = [
        seen("a", MessageStanding.RECEIPTS),
        seen("a", MessageStanding.RECEIPTS, uid=2),
        seen("b", MessageStanding.TRIAGE),
        seen("c", MessageStanding.IGNORED),
        seen("d", MessageStanding.UNDECIDED),
    ]

    assert sum_of(messages) == "共收取 4 封 = 已登记 1 封 + 待处理 1 封 + 不登记 1 封 + 待读取 1 封"


def test_a_deadline_rule_is_told_in_words() -> None:
    rule = DeadlineRule(day=25, inclusive=False, cutoff=time_of_day(17, 30), shift=Shift.NONE)

    assert deadline_in_words(rule) == "每月25日（不含当日，即前一日）17:30前；不顺延"


def test_the_notice_its_rule_and_the_moment_are_named() -> None:
    lines = {row[0]: row[1] for row in explanation([a_notice()], [], NOW).rows}

    assert lines["制表时间"] == "2021年4月26日9:00（北京时间）"
    assert "中原政办〔2021〕8号" in str(lines["依据"])
    assert lines["报送期"] == "2021年3月至2021年12月，每月须报：电子版、盖章扫描件"
