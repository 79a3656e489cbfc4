"""Labels such as 填报单位：区教育局 in tables and lines, and what stands after them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from mailbot.chinese.fold import fold
from mailbot.domain.message import Table

LABEL = re.compile(r"^(?:填报|报送|填表|上报|报告|编制|申报|呈报|制表)(?:单位|部门)(?:名称)?(?:\((?:盖章|公章)\))?:?")
_BARE_LABEL = re.compile(r"^(?:单位|部门)(?:名称)?(?:\((?:盖章|公章)\))?:")
_LABEL_ROWS = 12


def labels_of_table(table: Table) -> Iterator[tuple[str, str]]:
    """Yield each label of a table and what stands after it, in the same cell or the one to its right.

    >>> from mailbot.domain.message import Cell
    >>> list(labels_of_table(Table("", ((Cell("填报单位："), Cell("区教育局")), (Cell("任务"),)))))
    [('填报单位:', '区教育局')]
    """
    for cell_text, right in _neighbours(table):
        label = LABEL.match(cell_text) or _BARE_LABEL.match(cell_text)
        if label:
            yield cell_text, cell_text[label.end() :] or right


def labels_of_lines(lines: list[str]) -> Iterator[tuple[str, str]]:
    """Yield each label that begins a line, as the whole line, and what stands after it.

    >>> list(labels_of_lines(["填报单位:区教育局", "单位:区教育局"]))
    [('填报单位:区教育局', '区教育局')]
    """
    for line in lines:
        label = LABEL.match(line)
        if label:
            yield line, line[label.end() :]


def _neighbours(table: Table) -> Iterator[tuple[str, str]]:
    """Yield the cells of a table's first and last rows, each with the next different one to its right."""
    rows = table.rows if len(table.rows) <= 2 * _LABEL_ROWS else (*table.rows[:_LABEL_ROWS], *table.rows[-_LABEL_ROWS:])
    for row in rows:
        texts = list(dict.fromkeys(fold(cell.text).strip() for cell in row if cell.text.strip()))
        yield from pairwise([*texts, ""])
