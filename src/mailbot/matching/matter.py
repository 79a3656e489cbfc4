"""Whether files are of a notice's matter: what ties them to it, and what says that they are other business."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mailbot.chinese.fold import fold
from mailbot.chinese.periods import without_dates
from mailbot.domain.notice import Task
from mailbot.domain.report import PartKind
from mailbot.matching.case import Case
from mailbot.matching.leaves import Leaf
from mailbot.matching.likeness import covered
from mailbot.matching.tasks import match_rows, rating

REPORT_WORDS = re.compile(
    r"进展|月报|报表|报送|上报|台账|盖章|扫描|电子版|补报|更正|情况|实事|零报告|无变化|完成|材料|统计"
)
NIL = re.compile(r"零报告|无变化|无新进展|暂无进展|无进展|与上月(?:相同|一致)")
_OTHER_PAPER = re.compile(
    r"联系人|通讯录|花名册|名单|签到|会议通知|实施方案|工作方案|简报|培训|省(?:\d{4}年)?(?:定|级|政府)?(?:重点)?民生实事"
)
_GENERIC = re.compile(
    r"附件|材料|文件|请查收|查收|资料|无主题|你好|您好|领导|谢谢|发送|转发|回复|新建|文档|工作簿|表格|[\W\da-zA-Z_]+"
    r"|关于|重点|任务|民生|实事|工作|进展|推进|完成|落实|情况|报告|汇报|月报|报表|报送|上报|补报|报来|台账|统计|汇总"
    r"|未命名|微信|手机|截屏|因故|迟报|晚报|逾期|延误|现将|这是|抱歉|补充|补|政府|督查室?|办公室|惠民|工程|进度|分解|老师|全能王"
    r"|加?盖章|加盖|公章|红头|扫描|签章|电子|纸质|版本?|更正|修改|最终|最新|定稿|正式|重报|零报告|无变化|照片|图片|年度|本月|上月|区"
    r"|郑州市?|中原|我局|我委|我办|我单位|单位|的|件|表|稿|份|版|改(?!扩)|新(?![建增投开])|报|附"
)
_TITLE = re.compile(r"[^。,;]{2,40}[^。,;:]")
_ALL_BUT_ALL = 0.85
_BY_ITS_WORDS = 0.4  # how well a row's words must fit its task where nothing else names the matter
_FITS = 0.65
_SHORT_TEXT = 200
_A_TABLE = 3  # rows


def is_of_our_matter(case: Case, parts: list[Leaf]) -> bool:
    """Tell whether files can be a report under a notice, rather than some other paper of the unit.

    They are where a row or text is on a task, or subject, names or cover note name the matter. A table or a long text
    without any of that speaks against it. Where little is said at all (扫描件0001.pdf) only a bound address makes them
    one, and only if no other business is named (党史学习 is some; 4月份报表 and a task's own words are none).
    """
    names = "\n".join(_names(case, parts))
    other_paper = _OTHER_PAPER.search("\n".join((names, *_titles(parts))))
    named = not other_paper and _has_matter(case, names, *_titles(parts), fold(case.body[:2000]))
    quiet = not other_paper and _names_nothing_else(case, names)
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


def tasks_in(case: Case, leaf: Leaf, least: float = 0.0) -> tuple[int, ...]:
    """Return the numbers of the tasks that a file's rows report on by their words, whoever leads them."""
    found = [
        task.number
        for notice in case.situation.notices
        for sheet in leaf.sheets
        if sheet.progress
        for row, task in zip(sheet.progress.rows, match_rows(sheet.progress, notice.tasks), strict=True)
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


def _names_nothing_else(case: Case, names: str) -> bool:
    """Tell whether names speak of no other matter than a task's: units, months, empty words aside."""
    names = names[:500]
    for mention in case.names.mentions(names):
        names = names.replace(mention.quote, "")
    left = [word for word in _GENERIC.sub(" ", without_dates(names)).split() if len(word) > 1]
    return all(any(_is_of(task, word) for task in _own_tasks(case)) for word in left)


def _is_of(task: Task, word: str) -> bool:
    """Tell whether a word is a task's: it stands in its text, or fits what it is known by (新增学位)."""
    return covered(word, task.text) >= _ALL_BUT_ALL or rating(task, (word,)) >= _FITS


def _is_on_a_task(case: Case, parts: list[Leaf], least: float) -> bool:
    """Tell whether a row reports on a task, or nearly every word of what a task of the unit's orders is there."""
    if any(tasks_in(case, leaf, least) for leaf in parts):
        return True
    cells = (cell.text for leaf in parts for sheet in leaf.sheets for row in sheet.table.rows[:20] for cell in row)
    text = fold("\n".join((*(leaf.attachment.document.text[:4000] for leaf in parts), *cells)))[:8000]
    ordered = (words for task in _own_tasks(case) for words in (*(t.what for t in task.targets), *task.qualitative))
    return any(covered(words, text) >= _ALL_BUT_ALL for words in ordered)


def _is_long(leaf: Leaf) -> bool:
    """Tell whether a file is a long text; what a scanner laid under a page is none."""
    return leaf.kind is not PartKind.SEALED_SCAN and len(leaf.attachment.document.text.strip()) > _SHORT_TEXT


def _own_tasks(case: Case) -> tuple[Task, ...]:
    """Return the tasks of the units that the address is bound to, all of them where that tells none."""
    every = tuple(task for notice in case.situation.notices for task in notice.tasks)
    return tuple(task for task in every if set(task.lead_units) & set(case.bound)) or every
