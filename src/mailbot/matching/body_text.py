"""The mail's own text as the electronic version: whether it reports itself, and what it says of the unit's tasks.

It does where a sentence gives a figure of a task, tells in words what was done on one, or says that nothing changed,
and no word makes it a cover note, a question, a promise or a request for delay. A stranger's text is never believed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from hashlib import sha256

from mailbot.chinese.fold import fold
from mailbot.domain.message import Attachment, FileKind
from mailbot.domain.notice import Task
from mailbot.domain.period import Period
from mailbot.domain.report import Figure, Meaning, PartKind, Progress, Source
from mailbot.matching.case import Case
from mailbot.matching.figures import Yield
from mailbot.matching.leaves import Leaf, Use
from mailbot.matching.matter import NIL
from mailbot.matching.plain_words import names_nothing_else, own_tasks
from mailbot.matching.prose import said_of
from mailbot.matching.tasks import ALIKE, rating

BODY = ""  # the name of the leaf that the text is
_LONGEST = 4000  # characters; who writes more has written no note
_CLAUSE = re.compile(r"[。;!,\n]")
_SENTENCE = re.compile(r"[。;!\n]")
_OF_THE_SCAN = re.compile(r"[^,。;\n]*(?:盖章|扫描|公章)[^,。;\n]*")
_COVERS = re.compile(r"附件|附表|附后|见附|附上|随信|随邮件")
_ASKS = re.compile(r"[?吗]|请问|是否|咨询|延期|推迟|暂缓|延后|迟报|晚报|申请|(?:无法|不能|难以)按时")
_PROMISES = re.compile(
    r"(?:月底|月末|近日|随后|稍后|之后|后续|尽快|近期|[明后][天日]|下周|(?<!每月)(?<!\d)\d{1,2}[日号])[^,。;\n]{0,8}"
    r"(?:[报呈]送|[上补另再]报|报[来出上]|提交|补交|发送|再发)|(?:还在|正在|尚在)(?:汇总|统计|核实|核对|整理|收集)"
)
_HANDS_OVER = re.compile(r"查收|报送|报上|报来|上报|呈报|现将(?!.*如下)")
_DONE = re.compile(r"已|完成|正在|开工|竣工|投用|启动|通过")
_OPENS = re.compile(r"(?:(?!计划|打算|下步|下一步|去年|上年|上月)[^。;!\n])*如下[:,]?")
_NUMBERED = re.compile(r"第(\d{1,2})项")


def with_body(case: Case, leaves: tuple[Leaf, ...]) -> tuple[Leaf, ...]:
    """Return the leaves, and the mail's own text as one more where it is the electronic version and no file may be."""
    known = bool(case.bound or case.situation.rulings)
    parts = [leaf for leaf in leaves if leaf.use is Use.PART]
    may_be = any(leaf.use is Use.UNREAD for leaf in leaves) or any(leaf.kind is PartKind.ELECTRONIC for leaf in parts)
    if not known or may_be or not _reports(case, beside_files=bool(parts)):
        return leaves
    text = _text(case).encode()
    written = Attachment(BODY, FileKind.TEXT, len(text), sha256(text).hexdigest())
    return (*leaves, Leaf(written, Use.PART, PartKind.ELECTRONIC))


def read_body(case: Case, own: Sequence[Task], unit: str | None, period: Period | None) -> Yield:
    """Read what the mail's own text says of a unit's tasks."""
    figures = tuple(
        Figure(task.number, target.what, value, target.unit_of_measure, Meaning.CUMULATIVE, Source(), unit, period)
        for task in own
        for target, value in said_of(_content(case), task.targets)
    )
    progress = tuple(
        Progress(task.number, sentence, Source(), unit=unit, period=period)
        for sentence in (*_told(case, own), *(_nil(case)[:1]))
        for task in _meant(sentence, own)
    )
    numbers = dict.fromkeys((*(f.task for f in figures), *(said.task for said in progress)))
    return Yield(tuple(numbers), figures, tuple(dict.fromkeys(progress)))


def _reports(case: Case, *, beside_files: bool) -> bool:
    """Tell whether the text itself reports; beside a scan it says so (如下), or that nothing changed."""
    text = fold(_text(case))
    if len(text) > _LONGEST or _COVERS.search(_OF_THE_SCAN.sub("", text)) or _ASKS.search(fold(case.subject) + text):
        return False
    if any(_PROMISES.search(clause) for clause in _CLAUSE.split(_OF_THE_SCAN.sub("", text))):
        return False
    if _nil(case) and not ("查收" in text and not beside_files):
        return True
    own = own_tasks(case)
    tells = any(True for task in own for _ in said_of(_content(case), task.targets)) or any(_told(case, own))
    return tells and (not beside_files or "如下" in text)


def _nil(case: Case) -> tuple[str, ...]:
    """Return the sentences by which the text says that nothing changed, of the work as a whole or of a task."""
    found = []
    for sentence in _SENTENCE.split(fold(_text(case))):
        said = NIL.search(sentence)
        if said and names_nothing_else(case, re.sub(r"特此报告|目前", "", sentence.replace(said[0], " "))):
            found.append(sentence.strip())
    return tuple(found)


def _told(case: Case, own: Sequence[Task]) -> Iterator[str]:
    """Yield the sentences that tell what was done on a task."""
    for sentence in _SENTENCE.split(_content(case)):
        said = sentence.strip()
        done = _DONE.search(said) and not _HANDS_OVER.search(said) and not NIL.search(said)
        if done and any(_is_on(task, said) for task in own):
            yield said


def _meant(sentence: str, own: Sequence[Task]) -> tuple[Task, ...]:
    """Return the tasks that a sentence is on; one that names none is on all."""
    return tuple(task for task in own if _is_on(task, sentence)) or tuple(own)


def _is_on(task: Task, sentence: str) -> bool:
    """Tell whether a sentence names a task by its number, or by its words."""
    numbers = {int(number) for number in _NUMBERED.findall(sentence)}
    return task.number in numbers if numbers else rating(task, (sentence,)) >= ALIKE


def _content(case: Case) -> str:
    """Return the folded text without what only opens it (现将…情况报告如下)."""
    return "\n".join(_OPENS.sub("", line, count=1) for line in fold(_text(case)).splitlines())


def _text(case: Case) -> str:
    """Return what the sender wrote, without blank lines and margins: the bytes that are the part."""
    return "\n".join(line.strip() for line in case.body.splitlines() if line.strip())
