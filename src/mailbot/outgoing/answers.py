"""What an SMTP answer means for us: by its words first, else by its number and by what it answered."""

from __future__ import annotations

from enum import Enum

from mailbot.errors import Retry
from mailbot.outgoing.courier import Refused, Scope
from mailbot.outgoing.netease import MEANINGS, SPAM
from mailbot.redacting import redacted

LONGEST_ANSWER = 500


class Phase(Enum):
    """What the server was answering."""

    GREETING = "greeting"
    LOGIN = "login"
    SENDER = "MAIL FROM"
    RECIPIENT = "RCPT TO"
    CONTENT = "DATA"


_ABOUT: dict[Phase, Scope] = {
    Phase.GREETING: Scope.SERVER,
    Phase.LOGIN: Scope.SERVER,
    Phase.SENDER: Scope.SERVER,
    Phase.RECIPIENT: Scope.RECIPIENT,
    Phase.CONTENT: Scope.MAIL,
}
_FOR_GOOD: dict[Phase, tuple[Scope, Retry, str]] = {
    Phase.GREETING: (Scope.SERVER, Retry.LATER, "服务器拒绝连接"),
    Phase.LOGIN: (Scope.LOGIN, Retry.NEEDS_PERSON, "服务器拒绝登录，请确认已开启 SMTP 并使用授权码（不是登录密码）"),
    Phase.SENDER: (Scope.SERVER, Retry.NEEDS_PERSON, "服务器拒绝本发件地址"),
    Phase.RECIPIENT: (Scope.RECIPIENT, Retry.NEVER, "服务器拒绝该收件人地址"),
    Phase.CONTENT: (Scope.MAIL, Retry.NEVER, "服务器拒收本邮件"),
}


def judge(phase: Phase, code: int, answer: str) -> Refused:
    """Return what a refusal means.

    Source: RFC 5321 §4.2.1 (4yz passes, 5yz stays), §3.8 (421: the server closes); NetEase's tags.

    >>> judge(Phase.CONTENT, 451, "MI:SFQ,smtp4,D9...").reason
    '15 分钟内发信过多'
    >>> judge(Phase.RECIPIENT, 550, "5.1.1 no such user").scope
    <Scope.RECIPIENT: 'recipient'>
    """
    shown = f"{code} {answer}"
    for row in MEANINGS:
        if row.fits(code, answer):
            return Refused(row.scope, row.retry, row.reason, shown, row.wait)
    if code == 421:
        return Refused(Scope.SERVER, Retry.LATER, "服务器暂停服务，稍后再试", shown)
    if 500 <= code <= 599:
        spam = phase is Phase.CONTENT and "spam" in answer.lower()  # as other servers word it
        return Refused(*((Scope.CONTENT, Retry.NEVER, SPAM) if spam else _FOR_GOOD[phase]), shown)
    return Refused(_ABOUT[phase], Retry.LATER, "服务器暂不接收，稍后再试", shown)


def decoded(answer: bytes, secret: str = "") -> str:
    """Return a server's words as one line of text, without the secret; 163 answers in GBK at times.

    >>> decoded("用户被锁定".encode("gbk"))
    '用户被锁定'
    """
    try:
        text = answer.decode("utf-8")
    except UnicodeDecodeError:
        text = answer.decode("gb18030", "replace")
    line = " ".join("".join(mark if mark.isprintable() else " " for mark in text).split())
    return redacted(line, secret)[:LONGEST_ANSWER]
