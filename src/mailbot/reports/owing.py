"""The list of who owes (欠报名单), as lines for paper: what lacks, until when, and where the unit is reached."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING

from mailbot.domain.labels import label
from mailbot.domain.moments import in_shanghai
from mailbot.rules.deadline import printed_due
from mailbot.rules.standing import lacking

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from mailbot.domain.books import LedgerRow
    from mailbot.domain.unit import Directory

NO_ADDRESS = "（未登记邮箱）"


def owing_lines(rows: Sequence[LedgerRow], directory: Directory, now: datetime) -> Iterator[str]:
    """Return the list: a heading, then each period with its units. `rows` are those that owe, the periods in order."""
    moment = in_shanghai(now)
    yield f"欠报单位名单（截至{moment.year}年{moment.month}月{moment.day}日{moment:%H:%M}，共 {len(rows)} 项）"
    for (period, due), found in groupby(rows, lambda row: (row.obligation.period, row.obligation.due)):
        yield ""
        yield f"{period.chinese()}，应于{printed_due(due)}报齐："
        for number, row in enumerate(found, start=1):
            yield from _unit(number, row, directory)


def _unit(number: int, row: LedgerRow, directory: Directory) -> Iterator[str]:
    unit = directory.unit(row.obligation.unit)
    lacks = "、".join(label(kind) for kind in lacking(row.obligation, row.parts))
    late = f"　已逾期{row.standing.days_late}天" if row.standing.days_late else ""
    yield f"  {number:>2}. {row.obligation.unit}　{label(row.standing.completeness)}（{lacks}）{late}"
    yield f"      联系：{'、'.join(unit.addresses if unit else ()) or NO_ADDRESS}　　结果：____________"
