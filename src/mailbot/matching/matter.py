"""Whether files are of a notice's matter: what ties them to it, and what says that they are other business."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from mailbot.chinese.fold import fold
from mailbot.domain.report import PartKind
from mailbot.matching.case import Case
from mailbot.matching.leaves import Leaf, Use
from mailbot.matching.likeness import covered
from mailbot.matching.plain_words import names_nothing_else, own_tasks
from mailbot.matching.tasks import match_rows, rating

REPORT_WORDS = re.compile(
    r"进展|月报|报表|报送|上报|台账|盖章|扫描|电子版|补报|更正|情况|实事|零报告|无变化|完成|材料|统计"
)
NIL = re.compile(r"零报告|无变化|无新进展|暂无进展|无进展|与上月(?:相同|一致)")
_OTHER_PAPER = re.compile(
    r"联系人|通讯录|花名册|名单|签到|会议通知|实施方案|工作方案|简报|培训|省(?:\d{4}年)?(?:定|级|政府)?(?:重点)?民生实事"
)
_OTHER_FILE = re.compile(rf"{_OTHER_PAPER.pattern}|身份证|发票|户口|简历|合同|收据|佐证|会议纪要")
_TITLE = re.compile(r"[^。,;]{2,40}[^。,;:]")
_ALL_BUT_ALL = 0.85
_BY_ITS_WORDS = 0.4  # how well a row's words must fit its task where nothing else names the matter
_A_TABLE = 3  # rows
_SHORT_TEXT = 200
_LONGEST_HEAD = 200  # of a text: letterhead and title


def is_of_our_matter(case: Case, parts: list[Leaf]) -> bool:
    """Tell whether files can be a report under a notice, rather than some other paper of the unit.

    They are where a row or text is on a task, or subject, names or cover note name the matter. A table or a long text
    without any of that speaks against it. Where little is said at all (扫描件0001.pdf) only a bound address makes them
    one, and only if no other business is named (党史学习 is some; 4月份报表 and a task's own words are none).
    """
    if all(_is_other_business(case, leaf) for leaf in parts):
        return False
    names = "\n".join(_names(case, parts))
    other_paper = _OTHER_PAPER.search("\n".join((names, *_titles(parts))))
    named = not other_paper and _has_matter(case, names, *_titles(parts), fold(case.body[:2000]))
    quiet = not other_paper and names_nothing_else(case, names)
    if _is_on_a_task(case, parts, 0.0 if named else _BY_ITS_WORDS):
        return True
    texts = [fold(leaf.attachment.document.text[:4000]) for leaf in parts]
    if (named or quiet) and NIL.search("\n".join((names, *_titles(parts), *texts, fold(case.body[:2000])))):
        return True
    if any(len(sheet.table.rows) >= _A_TABLE for leaf in parts for sheet in leaf.sheets):
        return False
    if named or case.situation.answers or (quiet and _has_matter(case, *texts)):
        return True
    said_enough = bool(case.bound) or bool(REPORT_WORDS.search(names))
    return quiet and said_enough and not any(_is_long(leaf) for leaf in parts)


def without_other_business(case: Case, leaves: tuple[Leaf, ...]) -> tuple[Leaf, ...]:
    """Return the files with those of other business set aside, where others beside them may be the return.

    What was set aside before is what a person means where he rules on a mail that holds nothing else.
    """
    if case.situation.rulings and not any(leaf.use in {Use.PART, Use.UNREAD} for leaf in leaves):
        return tuple(replace(leaf, use=Use.PART) if leaf.use is Use.ASIDE else leaf for leaf in leaves)
    other = [leaf for leaf in leaves if leaf.use is Use.PART and _is_other_business(case, leaf)]
    if len(other) == sum(leaf.use is Use.PART for leaf in leaves):
        return leaves
    return tuple(replace(leaf, use=Use.ASIDE) if leaf in other else leaf for leaf in leaves)


def _is_other_business(case: Case, leaf: Leaf) -> bool:
    """Tell whether a file's own name speaks of other business (发票, 党史学习), and nothing in it of a task or notice.

    A picture of the site and a file of another place are told for themselves; what may be no such picture waits aside.
    """
    stem = fold(leaf.stem)
    if leaf.shows_the_site:
        return leaf.may_be_no_site
    if case.names.of_other_districts(stem) or case.names.of_cities(stem):
        return False
    if names_nothing_else(case, stem) and not _OTHER_FILE.search(stem):
        return False
    heads = (*_titles([leaf]), fold(leaf.attachment.document.text[:_LONGEST_HEAD]))
    if _has_matter(case, stem, *heads) and not _OTHER_FILE.search(stem):
        return False
    return not _is_on_a_task(case, [leaf], _BY_ITS_WORDS)


def tasks_in(case: Case, leaf: Leaf, least: float = 0.0) -> tuple[int, ...]:
    """Return the numbers of the tasks that a file's rows report on by their words, whoever leads them."""
    found = [
        task.number
        for notice in case.situation.notices
        for sheet in leaf.sheets
        if sheet.progress
        for row, task in zip(sheet.progress.rows, match_rows(sheet.progress.rows, notice.tasks), strict=True)
        if task and row.wordings and rating(task, row.wordings) >= least
    ]
    return tuple(dict.fromkeys(found))


def is_nil_report(case: Case) -> bool:
    """Tell whether the sender says that nothing changed."""
    return bool(NIL.search(fold(case.subject + "\n" + case.body[:4000])))


def _names(case: Case, parts: list[Leaf]) -> Iterator[str]:
    """Yield what names the whole: the subject, the files' names, and the first lines that are titles."""
    yield fold(case.subject)
    for leaf in parts:
        yield fold(leaf.stem)
        first = next((line for line in fold(leaf.attachment.document.text[:500]).splitlines() if line.strip()), "")
        if _TITLE.fullmatch(first.strip()):
            yield first


def _titles(parts: list[Leaf]) -> tuple[str, ...]:
    """Return what stands above the tables."""
    return tuple(fold(title) for leaf in parts for sheet in leaf.sheets for title in sheet.titles)


def _has_matter(case: Case, *texts: str) -> bool:
    """Tell whether a notice's short title, the end of that, or its number is in a text."""
    words = [
        word
        for notice in case.situation.notices
        for word in (notice.short_title, notice.short_title[-4:], fold(notice.document_number))
        if word
    ]
    return any(word in text for word in words for text in texts)


def _is_on_a_task(case: Case, parts: list[Leaf], least: float) -> bool:
    """Tell whether a row reports on a task, or nearly every word of what a task of the unit's orders is there."""
    if any(tasks_in(case, leaf, least) for leaf in parts):
        return True
    cells = (cell.text for leaf in parts for sheet in leaf.sheets for row in sheet.table.rows[:20] for cell in row)
    text = fold("\n".join((*(leaf.attachment.document.text[:4000] for leaf in parts), *cells)))[:8000]
    ordered = (words for task in own_tasks(case) for words in (*(t.what for t in task.targets), *task.qualitative))
    return any(covered(words, text) >= _ALL_BUT_ALL for words in ordered)


def _is_long(leaf: Leaf) -> bool:
    """Tell whether a file is a long text; what a scanner laid under a page is none."""
    return leaf.kind is not PartKind.SEALED_SCAN and len(leaf.attachment.document.text.strip()) > _SHORT_TEXT
