"""The one Chinese word for each value that people see. The same thing is called the same on every screen and mail."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from mailbot.domain.books import Completeness, MessageStanding, OutgoingKind, OutgoingState, Timeliness
from mailbot.domain.decision import About, MailKind, Verdict
from mailbot.domain.ladder import Side
from mailbot.domain.mailbox import Listing, Origin, StandIn
from mailbot.domain.message import FileKind
from mailbot.domain.notice import Shift
from mailbot.domain.period import Period
from mailbot.domain.report import Meaning, PartKind, Seal
from mailbot.domain.server import Security

if TYPE_CHECKING:
    from mailbot.domain.books import Standing
    from mailbot.domain.decision import Evidence

LABELS: dict[Enum, str] = {
    Completeness.MISSING: "未报",
    Completeness.LACKS_SEALED_SCAN: "缺盖章件",
    Completeness.LACKS_ELECTRONIC: "缺电子版",
    Completeness.COMPLETE: "已报齐",
    Completeness.IN_DOUBT: "待核",
    Completeness.RETURNED: "退回",
    Completeness.EXEMPT: "免报",
    Timeliness.NOT_DUE: "未到期",
    Timeliness.ON_TIME: "按时",
    Timeliness.LATE: "逾期",
    PartKind.ELECTRONIC: "电子版",
    PartKind.SEALED_SCAN: "盖章扫描件",
    PartKind.SCAN_WITHOUT_SEAL: "无章扫描件",
    Seal.PRESENT: "有公章",
    Seal.ABSENT: "无公章",
    Seal.ILLEGIBLE: "公章不清",
    Seal.COPY: "公章系复印",
    Meaning.CUMULATIVE: "累计",
    Meaning.MONTHLY: "当月",
    Meaning.PERCENT: "百分比",
    MessageStanding.UNDECIDED: "待读取",
    MessageStanding.RECEIPTS: "已登记",
    MessageStanding.TRIAGE: "待处理",
    MessageStanding.IGNORED: "不登记",
    OutgoingKind.ACKNOWLEDGEMENT: "回执",
    OutgoingKind.REMINDER: "提醒",
    OutgoingKind.DIGEST: "办公室提要",
    OutgoingState.HELD: "待批准",
    OutgoingState.QUEUED: "待发送",
    OutgoingState.SENDING: "发送中",
    OutgoingState.SENT: "已发送",
    OutgoingState.UNKNOWN: "结果不明",
    OutgoingState.FAILED: "发送失败",
    OutgoingState.EXPIRED: "已过期未发",
    OutgoingState.CANCELLED: "已取消",
    MailKind.REPORT: "报送",
    MailKind.EXPLANATION: "情况说明",
    MailKind.INQUIRY: "咨询",
    MailKind.BOUNCE: "退信",
    MailKind.AUTO_REPLY: "自动回复",
    MailKind.READ_RECEIPT: "阅读回执",
    MailKind.BULK: "群发邮件",
    MailKind.OTHER: "其他",
    Verdict.RECORD: "登记",
    Verdict.TRIAGE: "转待处理",
    Verdict.IGNORE: "不予登记",
    About.UNIT: "单位",
    About.PERIOD: "报送期",
    About.KIND: "来件性质",
    About.PART: "报送件",
    Side.BEFORE: "到期前",
    Side.AFTER: "到期后",
    Shift.NONE: "不顺延",
    Shift.NEXT_WORKDAY: "遇非工作日顺延至下一工作日",
    Shift.PREV_WORKDAY: "遇非工作日提前至上一工作日",
    Shift.STATUTORY_ONLY: "仅遇放假安排所列放假日顺延",
    StandIn.TOO_LARGE: "超过大小限制",
    StandIn.NOT_GIVEN: "服务器未给出",
    Origin.IMAP: "邮箱收取",
    Origin.INGEST: "人工导入",
    Listing.FULL: "全部列出",
    Listing.ADDED: "仅列新增",
    Listing.UNCHANGED: "没有变化",
    Security.TLS: "TLS 加密",
    Security.STARTTLS: "STARTTLS 加密",
    Security.PLAIN: "不加密",
    FileKind.XLSX: "Excel 工作簿",
    FileKind.DOCX: "Word 文档",
    FileKind.PDF: "PDF 文件",
    FileKind.PICTURE: "图片",
    FileKind.OLE: "旧版 Office 或 WPS 文件",
    FileKind.OFD: "OFD 版式文件",
    FileKind.ARCHIVE: "压缩包",
    FileKind.MESSAGE: "邮件",
    FileKind.HTML: "网页",
    FileKind.TEXT: "纯文本",
    FileKind.EMPTY: "空文件",
    FileKind.OTHER: "其他文件",
}


def label(value: Enum) -> str:
    """Return the Chinese word for a value.

    >>> from mailbot.domain.books import Completeness
    >>> label(Completeness.MISSING)
    '未报'
    """
    return LABELS[value]


PLACES = {
    "subject": "邮件主题",
    "body": "邮件正文",
    "sender": "发件地址",
    "headers": "邮件头",
    "thread": "所回复的邮件",
    "arrival": "到件时间",
    "person": "经办人",
}


def points_to_label(evidence: Evidence) -> str:
    """Return in Chinese what a piece of evidence points to.

    >>> from mailbot.domain.decision import About, Evidence
    >>> points_to_label(Evidence(About.PERIOD, "2021-04", "subject", "4月", 0.8))
    '2021年4月'
    """
    match evidence.about:
        case About.KIND:
            return label(MailKind(evidence.points_to))
        case About.PART:
            return label(PartKind(evidence.points_to))
        case About.PERIOD:
            return Period.parse(evidence.points_to).chinese()
        case _:
            return evidence.points_to


def part_kind_called(word: str) -> PartKind:
    """Return which part a person means.

    >>> part_kind_called("电子版")
    <PartKind.ELECTRONIC: 'electronic'>
    """
    return next(kind for kind in PartKind if LABELS[kind] == word)


def standing_label(standing: Standing) -> str:
    """Return both axes in one phrase, as the office says it (报送状态).

    >>> from mailbot.domain.books import Completeness, Standing, Timeliness
    >>> standing_label(Standing(Completeness.COMPLETE, Timeliness.LATE, 2, None, None))
    '已报齐（逾期2天）'
    >>> standing_label(Standing(Completeness.MISSING, Timeliness.NOT_DUE, 0, None, None))
    '未报（未到期）'
    """
    late = f"逾期{standing.days_late}天" if standing.timeliness is Timeliness.LATE else label(standing.timeliness)
    return f"{label(standing.completeness)}（{late}）"
