"""The mails that are measured with, the same ones each time: reports of 2021 by the notice's units, and small ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from benchmarks.scans import large_scan, scan
from benchmarks.tables import long_table

from mailbot.demo.district import TASKS_OF
from mailbot.demo.letters import File, Letter, Style, report_mail
from mailbot.demo.wording import official_name
from mailbot.demo.workbooks import progress_workbook
from mailbot.domain.moments import shanghai
from mailbot.domain.period import Period

UNITS = tuple(TASKS_OF)
MONTHS = tuple(Period(2021, month) for month in range(3, 13))
FIRST_DAY = 18  # of the month in which its reports arrive; a minute apart, 500 take no more than an hour of it
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BULK = (("Precedence", "bulk"), ("List-Unsubscribe", "<mailto:leave@example.test>"))


@dataclass(frozen=True, slots=True)
class Delivered:
    """A mail and when it arrived."""

    raw: bytes
    arrived: datetime


def address_of(unit: str) -> str:
    """Return the address that a unit is bound to."""
    return f"unit{UNITS.index(unit) + 1:02d}@example.test"


def reports(count: int, first: int = 0) -> Iterator[Delivered]:
    """Give so many reports in the order of their arrival, over the ten months and twelve units, all different.

    Those of another `first` number are others.
    """
    for place in range(count):
        letter = _letter(first + place, MONTHS[place * len(MONTHS) // count], place * len(MONTHS) % count)
        yield Delivered(report_mail(letter), letter.sent)


def one_report(attached: int) -> Delivered:
    """Return one report with so many bytes attached: the workbook, and a scan of the rest."""
    letter = _letter(0, MONTHS[0], 0)
    table, paper = letter.files
    grown = replace(paper, content=large_scan(UNITS[0], attached - len(table.content)))
    return Delivered(report_mail(replace(letter, files=(table, grown))), letter.sent)


def small_messages(count: int) -> Iterator[Delivered]:
    """Give so many small mails as in an old mailbox: of ten, one a table, two questions, one a stranger's, six bulk."""
    for number in range(count):
        month = MONTHS[number * len(MONTHS) // count]
        sent = _sent(month, number * len(MONTHS) % count)
        yield Delivered(report_mail(_small(number, month, sent)), sent)


def _letter(number: int, month: Period, place: int) -> Letter:
    unit = UNITS[number % len(UNITS)]
    name = official_name(unit)
    table = long_table(unit, month, number)
    return Letter(
        sender=address_of(unit),
        subject=f"{name}{month.chinese()}重点民生实事进展情况",
        body=f"区政府督查室：\n　　现报送{name}{month.chinese()}重点民生实事进展情况表和盖章扫描件，请查收。\n",
        files=(
            File(f"{name}{month.month}月进展情况表.xlsx", table, XLSX),
            File(f"{name}{month.month}月进展情况（盖章）.pdf", scan(unit, str(number)), "application/pdf"),
        ),
        sent=_sent(month, place),
        style=tuple(Style)[number % len(Style)],
        name="张三",
    )


def _small(number: int, month: Period, sent: datetime) -> Letter:
    unit = UNITS[number // 10 % len(UNITS)]
    style = tuple(Style)[number % len(Style)]
    match number % 10:
        case 0:
            table = File(f"{month.month}月进展情况表.xlsx", progress_workbook(unit, month), XLSX)
            subject = f"{official_name(unit)}{month.chinese()}重点民生实事进展情况"
            return Letter(address_of(unit), subject, f"第{number}件，请查收。", (table,), sent, style)
        case 1 | 2:
            body = f"请问报送材料是否需要加盖公章？（第{number}次咨询）"
            return Letter(address_of(unit), "咨询报送事宜", body, sent=sent, style=style)
        case 3:
            sender, body = f"stranger{number}@example.test", f"这是第{number}封与报送无关的来信。"
            return Letter(sender, f"关于小区停车问题的反映（{number}）", body, sent=sent, style=style)
        case _:
            body = f"第{number}期电子报，退订请回复本邮件。"
            return Letter("news@example.test", f"电子报第{number}期", body, sent=sent, style=style, extra=BULK)


def _sent(month: Period, place: int) -> datetime:
    """Return when the mail of that place in its month was sent: a second apart in the order of the places."""
    return shanghai(f"{month}-{FIRST_DAY}T08:00") + timedelta(seconds=place)
