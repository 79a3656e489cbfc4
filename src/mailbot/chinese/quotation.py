"""Which lines of a mail its sender wrote, and which a mail program quoted below them."""

from __future__ import annotations

import re

_QUOTED_FROM = re.compile(
    r"^[ \t]*(?:[-_=—]{2,}\s*(?:原始邮件|原邮件|回复的原邮件|转发邮件信息|转发的邮件|Original|Forwarded)"
    r"|(?:在|At|On)\s?.{0,80}(?:写道|wrote)\s*[:：]?\s*$"
    r"|(?:发件人|From)\s*[:：].*(?:@|\n\s*(?:发送时间|发送日期|日期|Sent|Date|收件人|To)\s*[:：])"
    r"|>)",
    re.MULTILINE,
)
_ANSWERS = re.compile(r"^\s*(?:回复|答复|回覆|Re)\s*(?:\[\d+\])?\s*[:：]\s*", re.IGNORECASE)
_FORWARDS = re.compile(r"^\s*(?:转发|轉寄|Fwd?)\s*(?:\[\d+\])?\s*[:：]\s*", re.IGNORECASE)


def own_words(body: str) -> str:
    r"""Return the text above the first quotation.

    >>> own_words("您好，补报盖章件。\n\n---- 回复的原邮件 ----\n请报送4月进展")
    '您好，补报盖章件。\n\n'
    >>> own_words("见附件\n在 2021-04-20 09:00:00，某某 写道：\n> 4月")
    '见附件\n'
    """
    found = _QUOTED_FROM.search(body)
    return body[: found.start()] if found else body


def is_answer(subject: str) -> bool:
    """Tell whether the subject is that of an answered mail, so that its words are another's; a forwarder means his.

    >>> is_answer("回复：【提醒】4月进展"), is_answer("Re[2]: x"), is_answer("转发：4月进展"), is_answer("4月进展情况")
    (True, True, False, False)
    """
    return bool(_ANSWERS.match(subject))


def without_prefixes(subject: str) -> str:
    """Return the subject without 回复:, Re:, 转发: and the like.

    >>> without_prefixes("Re: 转发：4月进展")
    '4月进展'
    """
    while found := _ANSWERS.match(subject) or _FORWARDS.match(subject):
        subject = subject[found.end() :]
    return subject.strip()
