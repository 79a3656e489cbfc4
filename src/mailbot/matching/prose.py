"""Figures in the sentences of a progress cell: only a number right behind its target's own noun, and only what is done.

Plans, parts of a whole (其中), months and years by themselves, the city's pasted targets and rates are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mailbot.chinese.fold import bare, fold
from mailbot.chinese.numerals import Quantity, quantities
from mailbot.domain.notice import Target

_LONGEST_SENTENCE = 300
_LONGEST_WORDS = 60
_LOOK_AHEAD = 20
_SENTENCE_END = re.compile(r"[。;!]")
_CLAUSE_END = re.compile(r"\n|,(?!\d)|(?<!\d),")
_BETWEEN = re.compile(r"(?:人数|人员|数量|总数|数|共计|共|累计|合计|总计|已|完成|实现|达到|达|为|约|近|超过|超|了|:)*$")
_BEFORE = re.compile(
    r"(?:截[至止]到?(?:目前|20\d\d年|\d{1,2}月份?|\d{1,2}日|[底末])+|(?:20\d\d年)?\d{1,2}月?-\d{1,2}月份?|今年以来|今年|目前"
    r"|全区|我区|中原区|全年|累计|共|已|完成|实现|(?:工作)?(?:进展|完成)情况|以及|和|及|与|[、:]"
    r"|[一二三四五六]是|\(?\d{1,2}[.、)]|\([一二三四五六]\))*"
)
_DONE = r"累计|截[至止]|已|今年以来|目前|实际|\d月?-\d{1,2}月|进展|完成情况"
_MONTH_ALONE = r"(?<![-~至到止\d年十])(?:20\d\d年)?(?:1[0-2]|[1-9]|十[一二]?|[一二三四五六七八九])月份?(?![\d底末-])"
_NOT_DONE = re.compile(
    r"(?:目标|计划|任务)(?![^,。;\n]{0,6}?\d[\d.]*%)|力争|预计|确保|拟|将|去年|上年|同期|上月|本月|当月"
    rf"|{_MONTH_ALONE}|其中(?=[^,\n]*$)"
)
_AS_A_PLAN = re.compile(r"(?:以上|左右)?的?(?:年度|全年|总|工作)*(?:目标|计划|任务)")


@dataclass(frozen=True, slots=True)
class _Said:
    """A number with its words in its own clause, all its sentence said before it, and what follows."""

    number: Quantity
    words: str
    sentence: str
    behind: str


def said_of(text: str, targets: Sequence[Target]) -> Iterator[tuple[Target, float]]:
    """Yield the targets of which a text says exactly one number of things done, with that number.

    >>> jobs, moved = Target("新增城镇就业", 120000, "人"), Target("农村劳动力转移就业", 40000, "人")
    >>> text = "新增城镇就业3900人，其中失业人员再就业800人，距目标12万人还差116100人；农村劳动力转移就业1300人"
    >>> [(target.what, value) for target, value in said_of(text, (jobs, moved))]
    [('新增城镇就业', 3900.0), ('农村劳动力转移就业', 1300.0)]
    >>> list(said_of("计划新增城镇就业12000人；本月新增城镇就业400人；带动新增城镇就业50人", (jobs, moved)))
    []
    """
    told = tuple(_numbers(text))
    for target in targets:
        values = {one.number.value for one in told if _tells(one, target)}
        if len(values) == 1:
            yield target, values.pop()


def _numbers(text: str) -> Iterator[_Said]:
    """Yield the numbers of a text with what stands around them; what goes on for too long without a stop is left."""
    folded, sentence, end = fold(text), "", 0
    for number in quantities(text):
        between = folded[end : number.start]
        stops = _SENTENCE_END.split(between)
        sentence = stops[-1] if len(stops) > 1 else sentence + between
        end = number.start + len(number.quote)
        if len(sentence) <= _LONGEST_SENTENCE:
            yield _Said(number, _CLAUSE_END.split(stops[-1])[-1], sentence, folded[end : end + _LOOK_AHEAD])
        sentence += number.quote


def _tells(one: _Said, target: Target) -> bool:
    """Tell whether a number says how much of a target is done; the city's own target, pasted, says nothing."""
    if one.number.unit_of_measure != target.unit_of_measure or one.number.value == target.value:
        return False
    return _names_only(one.words, target) and _is_done(one.sentence) and not _AS_A_PLAN.match(one.behind)


def _names_only(words: str, target: Target) -> bool:
    """Tell whether words end with a target's noun, whose parts may stand in another order (城镇新增就业)."""
    if len(words) > _LONGEST_WORDS:
        return False
    noun = bare(target.what)
    for plain in (words, _BETWEEN.sub("", words)):
        for start in range(len(plain)):
            tail = bare(plain[start:])
            if len(tail) == len(noun) and sorted(tail) == sorted(noun) and _BEFORE.fullmatch(plain[:start]):
                return True
    return False


def _is_done(sentence: str) -> bool:
    """Tell whether what a sentence says up to a number is done by now: no plan or other time stands unrevoked."""
    others = list(_NOT_DONE.finditer(sentence))
    return not others or re.search(_DONE, sentence[others[-1].end() :]) is not None
