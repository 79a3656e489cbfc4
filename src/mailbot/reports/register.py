"""收件台账: one row an obligation, with what came for it and when."""

from __future__ import annotations

from datetime import datetime
from datetime import time as time_of_day
from typing import TYPE_CHECKING

from mailbot.domain.labels import label
from mailbot.domain.moments import in_shanghai
from mailbot.domain.report import PartKind
from mailbot.reports.overview import sign, up_to
from mailbot.reports.sheet import DAY_AND_TIME, MONTH, Column, Marked, Sheet, Side
from mailbot.rules.deadline import last_day

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mailbot.domain.books import LedgerRow, ReceivedPart
    from mailbot.reports.sheet import Entry, Value

CENTRE = Side.CENTRE
COLUMNS = (
    Column("序号", 5, CENTRE),
    Column("报送期", 11, CENTRE, MONTH),
    Column("牵头单位", 15),
    Column("涉及任务", 10, CENTRE),
    Column("应报时限", 13, CENTRE, 'mm"-"dd" 24:00"'),
    Column("电子版\n首次收到", 12, CENTRE, DAY_AND_TIME),
    Column("电子版文件", 22),
    Column("盖章扫描件\n首次收到", 12, CENTRE, DAY_AND_TIME),
    Column("盖章扫描件文件", 22),
    Column("首次收到", 12, CENTRE, DAY_AND_TIME),
    Column("报齐时间", 12, CENTRE, DAY_AND_TIME),
    Column("完整性", 10, CENTRE),
    Column("时效", 8, CENTRE),
    Column("逾期\n天数", 6, CENTRE, "0"),
    Column("登记号", 20),
    Column("所在\n文件夹", 10, CENTRE),
    Column("备注", 18),
)


def register(rows: Iterable[LedgerRow], made_at: datetime) -> Sheet:
    """Return the register of what was owed and what came, up to the month in which it is made."""
    return Sheet(
        tab="收件台账",
        heading="收件台账",
        note="收到时间以邮件服务器收到为准（北京时间）；更正件不改变首次收到时间和报齐时间。",
        columns=COLUMNS,
        rows=tuple(_row(number, row) for number, row in enumerate(up_to(rows, made_at), 1)),
        frozen_columns=3,
    )


def _row(number: int, row: LedgerRow) -> tuple[Entry, ...]:
    """Return one obligation's row."""
    owed, standing = row.obligation, row.standing
    look = sign(standing).look
    return (
        number,
        owed.period.first_day(),
        owed.unit,
        "、".join(str(task) for task in owed.tasks),
        _time_limit(owed.due),
        *_part(row, PartKind.ELECTRONIC),
        *_part(row, PartKind.SEALED_SCAN),
        standing.first_arrival,
        standing.completed_at,
        Marked(label(standing.completeness), look),
        Marked(label(standing.timeliness), look),
        standing.days_late or None,
        "\n".join(row.receipts),
        "、".join(dict.fromkeys(part.folder or "人工导入" for part in _everything(row))),
        _remarks(row),
    )


def _time_limit(due: datetime) -> Value:
    """Return the last day that is in time, to be shown with 24:00; with a cutoff, the moment in words."""
    moment = in_shanghai(due)
    return last_day(due) if moment.time() == time_of_day(0) else f"{moment:%m-%d %H:%M}"


def _part(row: LedgerRow, kind: PartKind) -> tuple[Value, Value]:
    """Return when a kind first came, and the files that hold now."""
    arrivals = [part.arrived for part in _everything(row) if part.part.kind is kind]
    return min(arrivals, default=None), _files(part for part in row.parts if part.part.kind is kind)


def _files(parts: Iterable[ReceivedPart]) -> str:
    """Return the names of files, a line each; the body of a mail has none."""
    return "\n".join(part.part.file or "（邮件正文）" for part in parts)


def _everything(row: LedgerRow) -> tuple[ReceivedPart, ...]:
    """Return all that came, what was replaced too."""
    return (*row.parts, *row.superseded)


def _remarks(row: LedgerRow) -> str:
    """Return what the columns do not say: scans without a seal, and what a later mail replaced."""
    unsealed = _files(part for part in _everything(row) if part.part.kind is PartKind.SCAN_WITHOUT_SEAL)
    remarks = [
        f"另收到无章扫描件：{unsealed}" if unsealed else "",
        f"已被更正：{_files(row.superseded)}" if row.superseded else "",
    ]
    return "\n".join(remark for remark in remarks if remark)
