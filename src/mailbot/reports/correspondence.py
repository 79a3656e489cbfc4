"""待处理 and 发出邮件: what waits for a person, and what we wrote to whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailbot.domain.books import OutgoingState
from mailbot.domain.labels import label
from mailbot.reports.sheet import DAY_AND_TIME, Column, Look, Marked, Sheet, Side

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mailbot.domain.books import OutboxItem, TriageItem
    from mailbot.reports.sheet import Entry

CENTRE = Side.CENTRE
WAITING_COLUMNS = (
    Column("编号", 7, CENTRE, "0"),
    Column("收到时间", 13, CENTRE, DAY_AND_TIME),
    Column("发件人", 26),
    Column("主题", 34),
    Column("可能的单位", 18),
    Column("可能的报送期", 14, CENTRE),
    Column("需人工判断的原因", 36),
    Column("处理命令", 42),
)
SENT_COLUMNS = (
    Column("编号", 7, CENTRE, "0"),
    Column("类别", 10, CENTRE),
    Column("单位", 18),
    Column("报送期", 12, CENTRE),
    Column("收件人", 26),
    Column("主题", 40),
    Column("状态", 12, CENTRE),
    Column("尝试\n次数", 6, CENTRE, "0"),
    Column("拟稿时间", 13, CENTRE, DAY_AND_TIME),
    Column("最近尝试", 13, CENTRE, DAY_AND_TIME),
    Column("说明", 26),
)
LOOKS = {
    OutgoingState.SENT: Look.GOOD,
    OutgoingState.HELD: Look.PARTLY,
    OutgoingState.UNKNOWN: Look.DOUBT,
    OutgoingState.FAILED: Look.BAD,
    OutgoingState.EXPIRED: Look.LATE,
    OutgoingState.CANCELLED: Look.SPARED,
}


def waiting(triage: Sequence[TriageItem]) -> Sheet:
    """Return what waits for a person, with the command that settles it."""
    return Sheet(
        tab="待处理",
        heading="待处理来件",
        note="以下来件需人工判断；处理之前按收到时间计，不计该单位逾期。" if triage else "目前没有待处理的来件。",
        columns=WAITING_COLUMNS,
        rows=tuple(_waiting(item) for item in triage),
        frozen_columns=1,
    )


def sent(outbox: Sequence[OutboxItem]) -> Sheet:
    """Return what we wrote: sent, waiting, and never sent."""
    return Sheet(
        tab="发出邮件",
        heading="发出邮件登记",
        note="“结果不明”指连接在最后一刻中断，对方可能已收到；“待批准”须执行 mailbot outbox send 后发出。",
        columns=SENT_COLUMNS,
        rows=tuple(_sent(item) for item in outbox),
        frozen_columns=1,
    )


def _waiting(item: TriageItem) -> tuple[Entry, ...]:
    """Return the row of one message in triage."""
    return (
        item.id,
        item.arrived,
        item.sender,
        item.subject,
        item.unit,
        item.period.chinese() if item.period else None,
        "\n".join(item.reasons),
        f"mailbot triage assign {item.id} --unit {item.unit or '单位名称'} --period {item.period or 'YYYY-MM'}",
    )


def _sent(item: OutboxItem) -> tuple[Entry, ...]:
    """Return the row of one mail of ours."""
    mail = item.mail
    return (
        item.id,
        label(mail.kind),
        "\n".join(dict.fromkeys(unit for _, unit, _ in mail.about)),
        "\n".join(dict.fromkeys(period.chinese() for _, _, period in mail.about)),
        mail.to,
        mail.subject,
        Marked(label(item.state), LOOKS.get(item.state, Look.PLAIN)),
        item.tries,
        item.created,
        item.tried,
        item.reason,
    )
