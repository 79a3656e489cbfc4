"""Bodies that are no unit of ours and head a subject or a file: a street office, a school, a bureau nobody listed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mailbot.chinese.fold import fold
from mailbot.matching.case import Case
from mailbot.matching.leaves import Leaf
from mailbot.matching.likeness import covered
from mailbot.matching.naming import label_values

_BEFORE = r"[\W\d_]*(?:附件\d*[:.、]?)?(?:关于|报送|更正|补报)?(?:郑州市)?(?:中原区|区)?"
_REPORTS = (
    r"(?=[(_]|20\d\d|\d{1,2}月|[一二三四五六七八九十]{1,2}月|关于|的?重点|的?民生|报送|上报|的?进展|月报|报表|工作)"
)
_WITH_OFFICE = r"街道办事处|街道办|街道|办事处|镇政府|镇人民政府|乡政府|(?<![布格结开当邮])局"
_HEADS = re.compile(
    rf"{_BEFORE}(?P<name>[\u4e00-\u9fff]{{1,12}}?(?:(?:{_WITH_OFFICE})(?:{_REPORTS}|$)|(?:小学|中学|学校|幼儿园){_REPORTS}))"
)
_LABELLED = re.compile(
    rf"(?:郑州市)?(?:中原区|区)?(?P<name>[\u4e00-\u9fff]{{1,12}}?(?:{_WITH_OFFICE}|小学|中学|学校|幼儿园))(?:\(|$)"
)
_NOT_ONE = re.compile(r"[各我本等及和与]|[新扩]建|改建|全[区市]|辖区|中小学|相关|有关|加快|推进|建设")
_IN_MANY_NAMES = set("郑州中原市区局委办会员中心管理服务和工作人民政府")
_ALL_BUT_ALL = 0.85


def other_bodies(case: Case, leaves: tuple[Leaf, ...]) -> tuple[tuple[str, str], ...]:
    """Return the bodies that are no unit of ours and head subject or file, each with where it stands.

    A text that names a unit of ours names what else it likes; so may the words of a task (中小学). A bureau that shares
    a character with the sender's unit is that unit by a name nobody listed (区教体局).
    """
    found = [("subject", name) for name in _heading(case, case.subject)]
    for leaf in leaves:
        titles = (title for sheet in leaf.sheets if sheet.progress for title in sheet.titles)
        first = leaf.attachment.document.text[:200].strip().split("\n", 1)[0]
        found += [(leaf.file, name) for text in (leaf.stem, *titles, first) for name in _heading(case, text)]
        for _, value in label_values(leaf):
            found += [(leaf.file, name) for name in _named(case, value[:60], _LABELLED)]
    return tuple(dict.fromkeys(found))


def _heading(case: Case, text: str) -> Iterator[str]:
    """Yield the body that a text begins with."""
    return _named(case, text[:80], _HEADS)


def _named(case: Case, text: str, pattern: re.Pattern[str]) -> Iterator[str]:
    """Yield the body that a pattern finds at the beginning of a text, unless it is ours or a task's."""
    found = None if case.names.mentions(text) else pattern.match(fold(text).strip())
    if found and not _NOT_ONE.search(found["name"]) and not _is_ours(case, found["name"]):
        yield found["name"]


def _is_ours(case: Case, name: str) -> bool:
    """Tell whether a name may be the sender's own unit's, or is in a task's words."""
    forms = "".join(
        "".join((unit.name, unit.full_name, *unit.aliases))
        for unit in case.situation.directory.units
        if unit.name in case.bound
    )
    may_be_his = name.endswith("局") and set(name) & (set(forms) - _IN_MANY_NAMES)
    tasks = (task.text for notice in case.situation.notices for task in notice.tasks)
    return bool(may_be_his) or any(covered(name, text) >= _ALL_BUT_ALL for text in tasks)
