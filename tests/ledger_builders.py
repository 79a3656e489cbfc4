"""What the ledger speaks of, with defaults, so that a test says only what matters: 区教育局, April 2021."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from hashlib import sha256 as hash_of

from mailbot.domain.books import LedgerRow, Obligation, Receipt, ReceivedPart
from mailbot.domain.calendar import WorkingCalendar
from mailbot.domain.moments import shanghai
from mailbot.domain.notice import DeadlineRule, Notice, Target, Task
from mailbot.domain.period import Period
from mailbot.domain.report import Figure, Meaning, Part, PartKind, Progress, Source
from mailbot.domain.unit import Directory, Unit
from mailbot.rules.ledger_rows import ledger_rows

APRIL = Period(2021, 4)
BOTH = (PartKind.ELECTRONIC, PartKind.SEALED_SCAN)
RULE = DeadlineRule(day=25)
MARCH, DECEMBER = Period(2021, 3), Period(2021, 12)
NO_HOLIDAYS = WorkingCalendar()


def _days(month: int, *days: int, year: int = 2021) -> set[date]:
    return {date(year, month, day) for day in days}


# 国办发明电〔2020〕27号 from April on, and the spring festival of 2020 as it was prolonged to 2 February.
CALENDAR = WorkingCalendar(
    off=frozenset(
        _days(4, 3, 4, 5)
        | _days(5, 1, 2, 3, 4, 5)
        | _days(6, 12, 13, 14)
        | _days(9, 19, 20, 21)
        | _days(10, *range(1, 8))
        | _days(1, *range(24, 32), year=2020)
        | _days(2, 1, 2, year=2020)
    ),
    work=frozenset(_days(4, 25) | _days(5, 8) | _days(9, 18, 26) | _days(10, 9) | _days(1, 19, year=2020)),
    years=frozenset({2020, 2021}),
)


def a_task(number: int = 10, *, lead: tuple[str, ...] = ("区教育局",), not_applicable: str | None = None) -> Task:
    return Task(
        number,
        section="扩大教育资源供给",
        text=f"第{number}项任务的文字。",
        lead_units=lead,
        targets=(Target("新建、改扩建幼儿园", 50, "所"),),
        not_applicable=not_applicable,
    )


def a_notice(*tasks: Task, key: str = "zhongyuan-2021-8", first: Period = MARCH, last: Period = DECEMBER) -> Notice:
    return Notice(
        key=key,
        document_number="中原政办〔2021〕8号",
        title="关于印发2021年郑州市重点民生实事任务分解的通知",
        issuer="郑州市中原区人民政府办公室",
        dated=date(2021, 3, 16),
        reporting_sentence="各牵头单位每月25日前将进展情况报区政府督查室",
        mailbox="zydc697@163.com",
        tasks=tasks or (a_task(),),
        required=BOTH,
        deadline=RULE,
        first_period=first,
        last_period=last,
        short_title="重点民生实事",
    )


def an_obligation(*, unit: str = "区教育局", period: Period = APRIL, due: str = "2021-04-26T00:00") -> Obligation:
    return Obligation("zhongyuan-2021-8", unit, period, shanghai(due), BOTH, (10,))


def a_part(kind: PartKind = PartKind.ELECTRONIC, file: str | None = "4月.xlsx", *, holds: str = "") -> Part:
    """Return a file; what it `holds` makes its bytes."""
    return Part(kind, file, sha256=hash_of(f"{kind}{file}{holds}".encode()).hexdigest(), size=12345)


def a_received(
    kind: PartKind, arrived: str, *, receipt: str = "", file: str | None = None, holds: str = ""
) -> ReceivedPart:
    """Return a file with its mail; each mail brings other bytes unless they are said to be the same."""
    return ReceivedPart(
        a_part(kind, file, holds=holds or receipt or arrived), shanghai(arrived), receipt or arrived, "INBOX"
    )


def a_figure(value: float = 3, *, task: int = 10, what: str = "开工", meaning: Meaning = Meaning.CUMULATIVE) -> Figure:
    return Figure(task, what, value, "所", meaning, Source("4月.xlsx", "Sheet1", "F3"))


def some_progress(text: str = "已开工3所。", *, task: int = 10) -> Progress:
    return Progress(task, text, Source("4月.xlsx", "Sheet1", "E3"))


def a_receipt(
    arrived: str = "2021-04-20T09:00",
    *kinds: PartKind,
    unit: str = "区教育局",
    period: Period = APRIL,
    figures: tuple[Figure, ...] = (),
    progress: tuple[Progress, ...] = (),
) -> Receipt:
    return Receipt(
        number=f"登记号 {period}-{shanghai(arrived):%m%d%H%M}",
        sha256="cd" * 32,
        notice="zhongyuan-2021-8",
        unit=unit,
        period=period,
        arrived=shanghai(arrived),
        folder="INBOX",
        parts=tuple(a_part(kind, holds=arrived) for kind in kinds),
        tasks=(10,),
        figures=figures,
        progress=progress,
    )


def a_row(*receipts: Receipt, obligation: Obligation | None = None, now: str = "2021-04-23T10:00") -> LedgerRow:
    return ledger_rows([obligation or an_obligation()], receipts, [], shanghai(now))[0]


def a_directory(*addresses: str, unit: str = "区教育局") -> Directory:
    return Directory((Unit(unit, addresses=addresses),))


def days_off(*days: str) -> WorkingCalendar:
    return replace(NO_HOLIDAYS, off=frozenset(datetime.fromisoformat(day).date() for day in days))
