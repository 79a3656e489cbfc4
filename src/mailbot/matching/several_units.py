"""Files that hold the reports of several units: sheet by sheet, or one table below the other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice, pairwise

from mailbot.chinese.fold import fold
from mailbot.domain.message import Cell
from mailbot.matching.case import Case
from mailbot.matching.leaves import Leaf, Sheet
from mailbot.matching.naming import label_values, reported
from mailbot.matching.rows import MOST_ROWS, ProgressTable, progress_table

_ONLY_BESIDE = re.compile(r"(?:会同|联合|配合|协调|协同|向|致|报|请|由|抄送|抄报|转发?|对接|联系|经|商)$")
_WHOSE_TASK = re.compile(r"牵头|为?责任单位|主办")  # 区人社局牵头事项, in the report of a unit that takes part in it
_LONGEST_TITLE = 80
_MOST_SECTIONS = 30  # of a sheet: twelve units lead


def units_held(case: Case, leaf: Leaf) -> tuple[str, ...]:
    """Return the units whose reports a file holds, where it clearly holds those of several, else none.

    Each is named by label, title, sheet or file, by the subject or the address, and rows report on a task that it leads
    and none of the others does. Columns such as 配合单位 and 责任单位, and 会同区人社局, name nobody here.
    """
    sections = [section for sheet in leaf.sheets for section in _sections(case, sheet)]
    texts = ["" if case.answers_somebody else case.subject, leaf.stem, *(title for title, _ in sections)]
    texts += [value[:60] for _, value in label_values(leaf)]
    texts += [text for sheet in leaf.sheets for text in (sheet.name, *sheet.titles)]
    named = dict.fromkeys((*case.bound, *(unit for text in texts for unit in _headed(case, text))))
    units = [unit for unit in named if unit in case.lead_units]
    if len(units) < 2:
        return ()
    tables = [table for _, table in sections if table]
    leading = [
        set(task.lead_units) & set(units)
        for notice in case.situation.notices
        for task in reported(tables, notice).values()
    ]
    held = tuple(unit for unit in units if {unit} in leading)
    return held if len(held) > 1 else ()


def _headed(case: Case, text: str) -> Iterator[str]:
    """Yield the units whose a text says that something is."""
    folded = fold(text)
    for mention in case.names.mentions(text[:500]):
        beside = _ONLY_BESIDE.search(folded[max(0, mention.start - 2) : mention.start])
        if not beside and not _WHOSE_TASK.match(folded, mention.end):
            yield mention.unit


def _sections(case: Case, sheet: Sheet) -> Iterator[tuple[str, ProgressTable | None]]:
    """Yield the tables that stand one below the other on a sheet, each with the title that names a unit, if it has one.

    Each begins with such a title or with the head again; a line such as 填报人 ends only its own.
    """
    if sheet.progress is None:
        return
    yield "", sheet.progress
    rows, head = sheet.table.rows, sheet.progress.head
    repeated = [cell.text for cell in rows[head.top]]
    end = min(len(rows), head.first_row + MOST_ROWS)
    begins = (
        number
        for number, row in enumerate(rows[head.first_row : end], start=head.first_row)
        if _unit_title(case, row) or [cell.text for cell in row] == repeated
    )
    tops = islice(begins, _MOST_SECTIONS)
    for top, below in pairwise((*tops, end)):
        yield _unit_title(case, rows[top]), progress_table(replace(sheet.table, rows=rows[top:below]))


def _unit_title(case: Case, row: tuple[Cell, ...]) -> str:
    """Return the only text of a row where it is short and names a unit, else ''."""
    texts = {cell.text.strip() for cell in row} - {""}
    text = texts.pop() if len(texts) == 1 else ""
    return text if len(text) <= _LONGEST_TITLE and case.names.mentions(text) else ""
