"""What a sentence says a month of: of the report handed in, of something else, or nobody can tell."""

from __future__ import annotations

import re
from enum import Enum

from mailbot.chinese.periods import Mention

_HANDING_IN = (
    r"(?:现将|现报|[报呈]送|上报|[补重改]报|[补提上]交|报[上来]|呈报|送上|发送|更正|查收|附件\d?[为是]?|这是):?"
)
_WHOSE = r"(?:[\w()]{0,12}[局委办会联心位]\)?)?的?"
_SAID_BEFORE = re.compile(rf"{_HANDING_IN}{_WHOSE}《?$")
_HAPPENED = re.compile(r"^(?:已|就)?(?:开工|竣工|投用|投入|启动|召开|完成(?!情况|进展|进度)|印发|下发|新增|新开|新建)")
_ITS_WORK = (
    r"(?:的|我局|本局|我单位|中原区|区|市|年度?|累计|重点|民生|实事|工作|任务|计划|项目|事项|承担|牵头|负责|推进|完成|落实|开展|建设|目标"
    r"|有关|相关|各项|[十件大]|\d{1,2}(?=[项件]))"
)
_REPORT = r"(?:进展|情况|进度|月?报表?|报告|台账|材料|统计表|汇总|数据|盖章|扫描|电子[版档件]|零报告|总结)"
_A_FILE = r"\w{0,10}\.(?:xlsx?|docx?|pdf|ofd|et|wps|zip|rar|jpe?g)"
_SAID_AFTER = re.compile(rf"^\W{{0,2}}度?\W{{0,2}}{_ITS_WORK}{{0,8}}{_REPORT}|^{_A_FILE}")

_PLAN_BEFORE = re.compile(r"(?:计划|预计|拟|力争|争取|(?<!关)于)$")
_PLAN_AFTER = re.compile(r"^的?(?:重点)?(?:工作)?(?:计划|打算|安排|思路|要点)(?!完成|落实|执行|进展|推进)")
_ASIDE_BEFORE = re.compile(r"(?:较|比|按照?|根据|自|从|其中:?)(?:[贵你]办|[贵你]室|我局)?$")
_COMPARED_BEFORE = re.compile(r"[与和同跟]$")
_COMPARED_AFTER = re.compile(r"相比|比较|持平|一致|相同|一样|[无没]有?变化")
_MEETING = re.compile(r"^的?(?:\w{0,6}?(?:会议|例会|推进会|调度会|会上)|(?:工作|督查|督办)?(?:文件|通知|通报|要求))")
_DONE_WITH = re.compile(r"^\w{0,12}?(?:[报交发送传]过|不再)|^\w{0,3}以来")
_LABEL = re.compile(r"(?:联系人|电话|手机|地址|姓名|填[报表]人|负责人|经办人|审核人):?\w{0,3}$")
_OPEN = re.compile(r"已经?(?:报|上报|呈报|提交|发|于|在)|上次|此前|之前|吗|请问|是否|如需|如果|还要")

_CERTAIN = re.compile(r"\d|份")
_NEAR = 100  # characters
_SENTENCE_ENDS = re.compile(r"[。;!?,\n]")


class Bearing(Enum):
    """What a month is said of."""

    REPORT = "report"
    UNCLEAR = "unclear"
    ASIDE = "aside"


def bearing(text: str, mention: Mention) -> Bearing:
    """Return what a folded text says a month of, as far as the words around it in its clause tell.

    >>> from mailbot.chinese.periods import mentions
    >>> def of(text): return [bearing(text, mention).name for mention in mentions(text)]
    >>> of("现将我局3月份进展情况报上"), of("附件为4月材料"), of("补报3月")
    (['REPORT'], ['REPORT'], ['REPORT'])
    >>> of("按贵办3月份会议要求"), of("3月份已报送过"), of("与4月份相比无变化"), of("联系人:王三月")
    (['ASIDE'], ['ASIDE'], ['ASIDE'], ['ASIDE'])
    >>> of("我局4月完成招标"), of("4月份材料还要补吗")
    (['UNCLEAR'], ['UNCLEAR'])
    """
    before, after = _clause(text, mention)
    if is_aside(text, mention):
        return Bearing.ASIDE
    if mention.is_cut_off or _alone(text, mention):
        return Bearing.REPORT
    handed_in = _SAID_BEFORE.search(before) and not _HAPPENED.match(after)
    if (handed_in or _SAID_AFTER.match(after)) and not _OPEN.search(before + after):
        return Bearing.REPORT
    return Bearing.UNCLEAR if _CERTAIN.search(mention.quote) else Bearing.ASIDE  # 三月 alone may be anything


def is_aside(text: str, mention: Mention) -> bool:
    """Tell whether a month is said of a plan, a meeting, a comparison, a person, or of what came before."""
    before, after = _clause(text, mention)
    compared = _COMPARED_BEFORE.search(before) and _COMPARED_AFTER.search(after)
    named = _LABEL.search(before) and not _CERTAIN.search(mention.quote)
    marks_before = any(mark.search(before) for mark in (_PLAN_BEFORE, _ASIDE_BEFORE))
    marks_after = any(mark.match(after) for mark in (_PLAN_AFTER, _MEETING, _DONE_WITH))
    return bool(marks_before or marks_after or compared or named)


def _clause(text: str, mention: Mention) -> tuple[str, str]:
    """Return the words of the clause before and after a month."""
    end = mention.start + len(mention.quote)
    before = _SENTENCE_ENDS.split(text[max(0, mention.start - _NEAR) : mention.start])[-1]
    return before, _SENTENCE_ENDS.split(text[end : end + _NEAR])[0]


def _alone(text: str, mention: Mention) -> bool:
    """Tell whether a month has a line of its own."""
    end = mention.start + len(mention.quote)
    rest = text[end : end + _NEAR].split("\n", 1)[0]
    starts_a_line = mention.start == 0 or text[mention.start - 1] == "\n"
    return starts_a_line and re.fullmatch(r"\W*", rest) is not None
