"""Moments, sizes, numbers and kinds as our mails write them: the filters of the templates."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from decimal import Decimal

from mailbot.domain.labels import label
from mailbot.domain.message import Attachment
from mailbot.domain.moments import in_shanghai
from mailbot.domain.notice import Shift
from mailbot.domain.period import Period
from mailbot.domain.report import Figure, Meaning, Part, PartKind
from mailbot.outgoing.letters import Deadline
from mailbot.outgoing.one_line import one_line
from mailbot.rules.deadline import last_day, printed_due

WEEKDAYS = "一二三四五六日"


def moment(when: datetime) -> str:
    """Return a moment as a person writes it.

    >>> moment(datetime(2021, 4, 22, 9, 5))
    '2021年4月22日9:05'
    """
    when = in_shanghai(when)
    return f"{when.year}年{when.month}月{when.day}日{when.hour}:{when.minute:02d}"


def month(period: Period) -> str:
    """Return a period as people write it."""
    return period.chinese()


def day(when: date) -> str:
    """Return a day with its weekday.

    >>> day(date(2021, 7, 25))
    '7月25日（星期日）'
    """
    return f"{when.month}月{when.day}日（星期{WEEKDAYS[when.weekday()]}）"


def shifted(deadline: Deadline, shift: Shift) -> str:
    """Return what a day off did to the printed day, '' where it did nothing.

    >>> shifted(Deadline(date(2021, 7, 25), datetime(2021, 7, 24)), Shift.PREV_WORKDAY)
    '逢休息日提前至7月23日24:00前'
    """
    last = last_day(deadline.due)
    if last > deadline.printed:
        return f"逢休息日顺延至{printed_due(deadline.due)}"
    if shift is Shift.PREV_WORKDAY and last < deadline.printed:
        return f"逢休息日提前至{printed_due(deadline.due)}"
    return ""


def size(count: int) -> str:
    """Return a size in bytes as people read it.

    >>> size(0), size(19046), size(5 * 1024 * 1024)
    ('0 字节', '18.6 KB', '5.0 MB')
    """
    if count < 1024:
        return f"{count} 字节"
    if count < 1024 * 1024:
        return f"{count / 1024:.1f} KB"
    return f"{count / 1024 / 1024:.1f} MB"


def number(value: float) -> str:
    """Return a number in full, with separators, never rounded.

    >>> number(120000.0), number(1234.5), number(0.1)
    ('120,000', '1,234.5', '0.1')
    """
    return f"{Decimal(repr(value)).normalize():,f}"


def figure(read: Figure) -> str:
    """Return a figure with what it counts.

    >>> from mailbot.domain.report import Source
    >>> figure(Figure(1, "新增城镇就业", 12000.0, "人", Meaning.CUMULATIVE, Source()))
    '新增城镇就业：累计 12,000 人'
    >>> figure(Figure(1, "完成率", 65.0, "%", Meaning.PERCENT, Source()))
    '完成率：65%'
    """
    if read.meaning is Meaning.PERCENT:
        return one_line(f"{read.what}：{number(read.value)}%")
    return one_line(f"{read.what}：{label(read.meaning)} {number(read.value)} {read.unit_of_measure}")


def kinds(parts: Iterable[PartKind]) -> str:
    """Return the words for parts.

    >>> kinds((PartKind.ELECTRONIC, PartKind.SEALED_SCAN))
    '电子版和盖章扫描件'
    """
    return "和".join(label(part) for part in parts)


def tasks(numbers: Iterable[int]) -> str:
    """Return task numbers; three or more in a row as a range.

    >>> tasks((6, 7, 11, 12, 13, 14, 15)), tasks((10,))
    ('第6、7、11至15项', '第10项')
    """
    runs: list[list[int]] = []
    for one in sorted(set(numbers)):
        if runs and runs[-1][-1] == one - 1:
            runs[-1].append(one)
        else:
            runs.append([one])
    words = [f"{run[0]}至{run[-1]}" if len(run) > 2 else "、".join(map(str, run)) for run in runs]
    return f"第{'、'.join(words)}项"


def file(part: Part | Attachment) -> str:
    """Return a file's name on one line, without marks that turn the direction; or that it is the mail's own text."""
    return one_line(part.file or "邮件正文")


def receipt(issued: str) -> str:
    """Return a receipt's number with the word before it, which the office's pattern may hold or not.

    >>> receipt("2021-04-0042"), receipt("登记号 2021-04-0042")
    ('登记号 2021-04-0042', '登记号 2021-04-0042')
    """
    return issued if issued.startswith("登记号") else f"登记号 {issued}"


FILTERS: dict[str, Callable[..., str]] = {
    "moment": moment,
    "month": month,
    "day": day,
    "before": printed_due,
    "size": size,
    "number": number,
    "figure": figure,
    "label": label,
    "kinds": kinds,
    "tasks": tasks,
    "file": file,
    "receipt": receipt,
}
