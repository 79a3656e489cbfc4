"""The head of a progress table: which row it is, and what each column holds, by its words. No form is prescribed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from mailbot.chinese.fold import fold
from mailbot.chinese.numerals import measure, quantity
from mailbot.chinese.periods import mentions
from mailbot.domain.message import Cell, Table

_ROWS_SEARCHED = 15
_LONGEST_HEAD = 30
_LONGEST_JOINED = 100


class Role(Enum):
    """What a column holds."""

    __hash__ = object.__hash__  # of a member there is one: the usual hash of its name is asked for at every cell

    NUMBER = "number"
    TASK = "task"
    ITEM = "item"
    TARGET = "target"
    MONTHLY = "monthly"
    CUMULATIVE = "cumulative"
    PERCENT = "percent"
    MEASURE = "measure"
    PROGRESS = "progress"
    DIFFICULTIES = "difficulties"
    NEXT_STEPS = "next_steps"
    OTHER = "other"


# Read top to bottom: the first pattern found in a column's head names it.
_ROLES: tuple[tuple[Role, re.Pattern[str]], ...] = tuple(
    (role, re.compile(pattern))
    for role, pattern in (
        (Role.OTHER, r"牵头|责任|主办|配合|协办|分管|领导|联系|电话|填报|审核|备注|时限|时间|日期|附件|投资|资金"),
        (Role.OTHER, r"上月|上期|去年|上年|同期|同比|环比|增长率|增[幅速]"),
        (Role.OTHER, r"[本上当][周旬日季]|[今昨][日天]|[二三四2-4]季度|下半年"),  # no month and no year to date
        (
            Role.OTHER,
            r"(?<![与和/、])(?:未|没有)(?:完成|竣工|开工|启动|达标?)(?!.*原因)|尚[未余欠]|剩余|还差|缺口|差[额距]",
        ),
        (
            Role.OTHER,
            r"序时(?!.*(?:进展|情况))|(?:计划|目标|要求|应达到?)进度|预计|应完成",
        ),  # a pace, no deed
        (Role.DIFFICULTIES, r"问题|困难|未完成.*原因"),
        (Role.NEXT_STEPS, r"下步|下一步|措施|打算|下月"),
        (Role.NUMBER, r"^(?:任务|项目|事项)?(?:序号?|编号|号|项次)$"),
        (Role.MEASURE, r"计量单位|^(?:数量)?单位$"),
        (Role.PERCENT, r"率|比例|占比|百分比|进度|^%$"),
        (Role.TARGET, r"目标[值数量]|(?:目标|计划|任务)(?:总)?[数量值]|(?:年度|全年|年)(?:目标|计划)$|^目标$|^目标\("),
        (Role.ITEM, r"指标|分项|子项|细项|目标"),
        (Role.TASK, r"任务|事项|内容|项目|工作名称|民生实事|名称"),
        (Role.CUMULATIVE, r"累计|总计|截[至止]|(?:\d|[一二三四五六七八九十])月?-\d{1,2}月"),
        (Role.MONTHLY, r"本月|当月|本期|当期|月度"),
        (Role.MONTHLY, r"(?<![-\d])\d{1,2}月份?(?:(?:完成|新增|实际)[数量值]?(?:情况)?|数|量|情况)?(?:\(|$)"),
        (Role.PROGRESS, r"是否完成|进展|推进|完成情况|落实|工作情况|实施情况|取得成效|情况"),
        (Role.CUMULATIVE, r"完成[数量值]?|实际|已完成|现状"),
    )
)


@dataclass(frozen=True, slots=True)
class Column:
    """A column: where it is, what it holds, its head's words, and the month (1-4月: 4) and years that those name."""

    index: int
    role: Role
    head: str
    month: int | None = None
    unit_of_measure: tuple[float, str] | None = None
    years: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Head:
    """The columns of a table and the first row below its head."""

    columns: tuple[Column, ...]
    first_row: int
    top: int

    def of(self, *roles: Role) -> tuple[Column, ...]:
        """Return the columns of these roles, left to right."""
        return tuple(column for column in self.columns if column.role in roles)


def find_head(table: Table) -> Head | None:
    """Return the head of a progress table, None where no row looks like one.

    A head has at least two columns that say what the rows are about or how far they have come. Where the row below
    still names columns (a head of two lines), both are read together.
    """
    for top, row in enumerate(table.rows[:_ROWS_SEARCHED]):
        if not _is_head(row):
            continue
        below = table.rows[top + 1] if len(table.rows) > top + 1 else ()
        double = _continues(row, below)
        heads = [_joined(cell.text, below[i].text if double and i < len(below) else "") for i, cell in enumerate(row)]
        columns = tuple(_column(index, head) for index, head in enumerate(heads))
        return Head(columns, top + (2 if double else 1), top)
    return None


@lru_cache(maxsize=1024)  # the heads of a unit's tables are the same each month
def role_of(head: str) -> Role:
    """Return what a column with this head holds.

    >>> [role_of(head).value for head in ("序号", "任务内容", "累计完成（万人）", "完成率", "责任单位", "存在问题")]
    ['number', 'task', 'cumulative', 'percent', 'other', 'difficulties']
    >>> [role_of(head).value for head in ("7月完成（人）", "1-7月（人）", "截至本月累计", "完成情况4月", "4月进展")]
    ['monthly', 'cumulative', 'cumulative', 'monthly', 'progress']
    >>> [role_of(head).value for head in ("序时进度", "计划进度", "同比增长率", "工作进度", "完成情况及序时进度情况")]
    ['other', 'other', 'other', 'percent', 'percent']
    """
    folded = fold(head).replace("\n", "")
    return next((role for role, pattern in _ROLES if pattern.search(folded)), Role.OTHER)


def _is_head(row: tuple[Cell, ...]) -> bool:
    """Tell whether a row's words are those of a head."""
    texts = {fold(cell.text).replace("\n", "") for cell in row if cell.text.strip()}
    roles = {role_of(text) for text in texts if len(text) <= _LONGEST_HEAD and quantity(text) is None}
    subjects = {Role.NUMBER, Role.TASK, Role.ITEM, Role.TARGET}
    values = {Role.MONTHLY, Role.CUMULATIVE, Role.PERCENT, Role.PROGRESS, Role.DIFFICULTIES}
    return len(texts) >= 2 and bool(roles & subjects) and (bool(roles & values) or len(roles - {Role.OTHER}) >= 3)


def _continues(row: tuple[Cell, ...], below: tuple[Cell, ...]) -> bool:
    """Tell whether the row below belongs to the head: it repeats merged heads or divides one, and has no values."""
    pairs = ((above.text.strip(), cell.text.strip()) for above, cell in zip(row, below, strict=False))
    told = [pair for pair in pairs if pair[1]]
    if not told or any(cell.value is not None for cell in below):
        return False
    divided = [lower for upper, lower in told if lower != upper]
    repeated = len(told) - len(divided)
    names = [word for word in divided if len(word) <= _LONGEST_HEAD and role_of(word) is not Role.OTHER]
    return len(names) == len(divided) and (repeated > 0 or len(names) >= 2) and bool(names or repeated)


def _joined(upper: str, lower: str) -> str:
    """Return the two lines of a head as one, repeated words once."""
    one, two = fold(upper).replace("\n", "").strip(), fold(lower).replace("\n", "").strip()
    return one if not two or one == two else one + two


@lru_cache(maxsize=1024)  # as above
def _column(index: int, head: str) -> Column:
    """Return the column under a head."""
    months = [mention.month for mention in mentions(head[:_LONGEST_JOINED])]
    in_brackets = re.search(r"\(([^()]+)\)|[/、,](\S+)$", head)
    unit_of_measure = measure((in_brackets[1] or in_brackets[2]).removeprefix("单位:")) if in_brackets else None
    years = frozenset(int(year) for year in re.findall(r"(?<!\d)20\d\d(?!\d)", head[:_LONGEST_JOINED]))
    return Column(index, role_of(head), head, months[-1] if months else None, unit_of_measure, years)
