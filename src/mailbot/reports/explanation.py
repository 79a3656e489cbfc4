"""说明: the rules in force, what the signs mean, when the workbook was made, and the sum that nothing was lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailbot.domain.books import MessageStanding
from mailbot.domain.labels import label
from mailbot.reports.overview import LEGEND
from mailbot.reports.sheet import Column, Look, Marked, Sheet, Side, in_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from mailbot.domain.books import MessageRow
    from mailbot.domain.notice import DeadlineRule, Notice
    from mailbot.reports.sheet import Entry

COLUMNS = (Column("项目", 18, Side.CENTRE), Column("内容", 110))


def explanation(notices: Iterable[Notice], messages: Sequence[MessageRow], made_at: datetime) -> Sheet:
    """Return what a reader has to know of the other sheets."""
    lines: list[tuple[Entry, ...]] = [("制表时间", f"{in_words(made_at)}（北京时间）")]
    for notice in notices:
        lines += _of_notice(notice)
    lines += [
        ("收到时间", "以邮件服务器收到的时间为准，不以发件人所写时间为准。"),
        ("报齐", "要求的报送件均已收到。报齐时间为各件首次收到时间中最晚的一个；此后更正不改变报齐时间和时效。"),
        ("逾期天数", "报齐时间（未报齐的为制表时间）超过应报时限的天数，不足一天按一天计。"),
        ("待核", "来件的单位、报送期或内容需人工判断；判断之前按收到时间计，不计该单位逾期。"),
        ("市级目标", "通知所列目标为全市目标，本表不据此计算本区完成率；完成率均为单位自报。"),
        *((mark, text) for mark, text in LEGEND),
        ("来件合计", Marked(sum_of(messages), Look.TOTAL)),
    ]
    return Sheet(tab="说明", heading="说明", note="本工作簿由系统根据台账生成。", columns=COLUMNS, rows=tuple(lines))


def sum_of(messages: Iterable[MessageRow]) -> str:
    """Return the sum in words: each message is in exactly one place, however often it was seen.

    >>> sum_of([])
    '共收取 0 封 = 已登记 0 封 + 待处理 0 封 + 不登记 0 封 + 待读取 0 封'
    """
    standing_of = {message.sha256: message.standing for message in messages}
    found = list(standing_of.values())
    order = (MessageStanding.RECEIPTS, MessageStanding.TRIAGE, MessageStanding.IGNORED, MessageStanding.UNDECIDED)
    parts = " + ".join(f"{label(standing)} {found.count(standing)} 封" for standing in order)
    return f"共收取 {len(found)} 封 = {parts}"


def _of_notice(notice: Notice) -> list[tuple[Entry, ...]]:
    """Return the lines on one notice: its name, who reports what for which months, and until when."""
    required = "、".join(label(kind) for kind in notice.required)
    return [
        ("依据", f"《{notice.title}》（{notice.document_number}）"),
        ("报送要求", notice.reporting_sentence),
        ("报送期", f"{notice.first_period.chinese()}至{notice.last_period.chinese()}，每月须报：{required}"),
        ("应报时限", deadline_in_words(notice.deadline)),
    ]


def deadline_in_words(rule: DeadlineRule) -> str:
    """Return a deadline rule as the office reads it.

    >>> from mailbot.domain.notice import DeadlineRule
    >>> deadline_in_words(DeadlineRule(day=25))
    '每月25日（含当日）24:00前；遇非工作日顺延至下一工作日'
    """
    counts = "含当日" if rule.inclusive else "不含当日，即前一日"
    clock = f"{rule.cutoff:%H:%M}" if rule.cutoff else "24:00"
    return f"每月{rule.day}日（{counts}）{clock}前；{label(rule.shift)}"
