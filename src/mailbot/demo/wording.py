"""The words of a unit's report: its name in full, title, paragraphs. Used by the Word report and the scan alike."""

from __future__ import annotations

from datetime import date

from mailbot.demo.district import Row, rows_of
from mailbot.domain.period import Period

NUMERALS = "一二三四五六七八九十"
CLERK, REVIEWER = "张三", "李四"


def official_name(unit: str) -> str:
    """Return a unit's name with the district's before it.

    >>> official_name("区政务办（区大数据局）")
    '中原区政务办（区大数据局）'
    """
    return f"中原{unit}"


def written_on(period: Period) -> date:
    """Return the day on which reports of a month are written: the 23rd."""
    return period.day(23)


def chinese_day(day: date) -> str:
    """Return a day as letters date themselves.

    >>> chinese_day(date(2021, 4, 23))
    '2021年4月23日'
    """
    return f"{day.year}年{day.month}月{day.day}日"


def report_title(unit: str, period: Period) -> str:
    """Return the title of a unit's report in words."""
    return f"{official_name(unit)}关于{period.chinese()}重点民生实事进展情况的报告"


def report_paragraphs(unit: str, period: Period) -> tuple[str, ...]:
    """Return the report's paragraphs, from the address to the last sentence.

    >>> report_paragraphs("区发改委", Period(2021, 4))[0]
    '区政府督查室：'
    """
    rows = rows_of(unit, period)
    numbers = tuple(dict.fromkeys(row.task for row in rows))
    by_task = [[row for row in rows if row.task == number] for number in numbers]
    tasks = [_about(numeral, its_rows) for numeral, its_rows in zip(NUMERALS, by_task, strict=False)]
    opening = f"现将我单位牵头的{period.chinese()}重点民生实事进展情况报告如下："
    return ("区政府督查室：", opening, *tasks, "特此报告。")


def _about(numeral: str, rows: list[Row]) -> str:
    counted = "，".join(
        f"{row.what}本月完成{row.monthly:g}{row.unit_of_measure}、累计完成{row.cumulative:g}{row.unit_of_measure}"
        for row in rows
        if row.cumulative is not None
    )
    first = rows[0]
    return f"{numeral}、{first.text}（任务{first.task}）。{counted + '。' if counted else ''}{first.progress}"
