"""One letter of every sort, made up, to try the office's templates on before a real one is needed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from mailbot.domain.books import Completeness, ReceivedPart, Standing, Timeliness
from mailbot.domain.ladder import Rung, Side
from mailbot.domain.message import Attachment, FileKind
from mailbot.domain.moments import shanghai
from mailbot.domain.notice import DeadlineRule, Notice, Task
from mailbot.domain.period import Period
from mailbot.domain.report import Figure, Meaning, Part, PartKind, Source
from mailbot.domain.trouble import Trouble
from mailbot.errors import Place, Problem
from mailbot.outgoing.letters import (
    Acknowledged,
    AcknowledgementLetter,
    AlarmLetter,
    AllClearLetter,
    Deadline,
    Letter,
    ReminderLetter,
)

NOTICE = Notice(
    key="sample",
    document_number="示例〔2021〕1号",
    title="示例通知",
    issuer="示例",
    dated=date(2021, 3, 16),
    reporting_sentence="各牵头单位每月25日前报送进展情况。",
    mailbox="office@example.test",
    tasks=(Task(10, "示例", "示例任务", lead_units=("区教育局",)),),
    required=(PartKind.ELECTRONIC, PartKind.SEALED_SCAN),
    deadline=DeadlineRule(day=25),
    first_period=Period(2021, 3),
    last_period=Period(2021, 12),
    short_title="重点民生实事",
)
WORKBOOK = Part(PartKind.ELECTRONIC, "进展.xlsx", "0" * 64, 19046)
SCAN = Part(PartKind.SEALED_SCAN, "扫描件.pdf", "1" * 64, 1258291, pages=2)
ARRIVED = shanghai("2021-07-22T16:05")
EARLIER = ReceivedPart(WORKBOOK, shanghai("2021-07-20T09:00"), "2021-07-0001", "INBOX")
DEADLINE = Deadline(date(2021, 7, 25), shanghai("2021-07-27T00:00"))

COMPLETE = Acknowledged(
    notice=NOTICE,
    unit="区教育局",
    period=Period(2021, 7),
    receipt_number="2021-07-0002",
    deadline=DEADLINE,
    standing=Standing(Completeness.COMPLETE, Timeliness.ON_TIME, 0, EARLIER.arrived, ARRIVED),
    parts=(SCAN,),
    earlier=(EARLIER,),
)
LACKING = Acknowledged(
    notice=NOTICE,
    unit="区残联",
    period=Period(2021, 7),
    receipt_number="2021-07-0003",
    deadline=DEADLINE,
    standing=Standing(Completeness.LACKS_SEALED_SCAN, Timeliness.NOT_DUE, 0, EARLIER.arrived, None),
    parts=(WORKBOOK,),
    tasks=(10,),
    figures=(Figure(10, "新建学校", 3.0, "所", Meaning.CUMULATIVE, Source("进展.xlsx", "Sheet1", "D4")),),
    missing=(PartKind.SEALED_SCAN,),
    superseded=(EARLIER,),
    repeated=(WORKBOOK,),
)
REMINDER = ReminderLetter(
    notice=NOTICE,
    unit="区教育局",
    period=Period(2021, 7),
    rung=Rung(Side.BEFORE, 3),
    as_of=ARRIVED,
    deadline=DEADLINE,
    missing=(PartKind.SEALED_SCAN,),
    present=(EARLIER,),
)

TO_UNITS: tuple[Letter, ...] = (
    AcknowledgementLetter(ARRIVED, (COMPLETE,)),
    AcknowledgementLetter(
        ARRIVED,
        (COMPLETE, LACKING),
        other_files=(Attachment("说明.docx", FileKind.DOCX, 1024, "2" * 64),),
        problems=(Problem("encrypted", "文件设有密码", Place(file="说明.docx")),),
    ),
    REMINDER,
    replace(REMINDER, rung=Rung(Side.AFTER, 1), days_late=1, workdays_late=1),
)
TO_OFFICE: tuple[Letter, ...] = (
    AlarmLetter(Trouble("mailbox", EARLIER.arrived, "与邮件服务器的连接中断。系统会自动重试。"), ARRIVED),
    AllClearLetter("mailbox", EARLIER.arrived, ARRIVED),
)
SAMPLES = (*TO_UNITS, *TO_OFFICE)
