"""What NetEase's mail servers (163, 126, yeah.net) mean by a refusal, as a table; the first row that fits counts.

Source: NetEase's published list of return codes, as copied in public code. The same tag has appeared under several
numbers over the years, so a row asks for the words first and for the number's first digit only where it matters.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from mailbot.errors import Retry
from mailbot.outgoing.courier import Scope

QUARTER_HOUR = timedelta(minutes=15)
HALF_HOUR = timedelta(minutes=30)
HOURS = timedelta(hours=3)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Meaning:
    """One row: these words under a number beginning so, what the refusal is about, what to do, and why in Chinese."""

    words: str  # in lower case
    number: str  # '' for any
    scope: Scope
    retry: Retry
    reason: str
    wait: timedelta = timedelta()

    def fits(self, code: int, answer: str) -> bool:
        """Tell whether an answer is of this kind."""
        return self.words in answer.lower() and str(code).startswith(self.number)


SPAM = "服务器判为垃圾邮件，不再以同样内容重发，请工作人员处理"
_LOGIN = "服务器拒绝登录，请确认已开启 SMTP 并使用授权码（不是登录密码）"
_LOCKED = "登录失败次数过多，服务器暂时拒绝登录"
_SENDER = "发件地址须与登录的邮箱一致"
_BUSY = "本次连接发信过多，稍后换新连接再发"
_QUOTA = "本时段或当日发信数量已用完"
_ADDRESS = "服务器暂时限制本机连接"
_UNKNOWN = "收件人地址不存在"

MEANINGS: tuple[Meaning, ...] = (
    Meaning("too much fail authentication", "", Scope.SERVER, Retry.LATER, _LOCKED, HOURS),
    Meaning("auth error limit exceed", "", Scope.SERVER, Retry.LATER, _LOCKED, HOURS),
    Meaning("authentication failed", "5", Scope.LOGIN, Retry.NEEDS_PERSON, _LOGIN),
    Meaning("user has no permission", "5", Scope.LOGIN, Retry.NEEDS_PERSON, _LOGIN),
    Meaning("用户", "550", Scope.LOGIN, Retry.NEEDS_PERSON, _LOGIN),
    Meaning("mail from must equal authorized user", "", Scope.SERVER, Retry.NEEDS_PERSON, _SENDER),
    Meaning("local user only", "", Scope.SERVER, Retry.NEEDS_PERSON, _SENDER),
    Meaning("dt:sum", "", Scope.SERVER, Retry.NEEDS_PERSON, _SENDER),
    Meaning("hl:rep", "", Scope.SERVER, Retry.LATER, f"{_ADDRESS}（不存在的收件人过多）", HALF_HOUR),
    Meaning("hl:icc", "", Scope.SERVER, Retry.LATER, f"{_ADDRESS}（同时连接过多）", HALF_HOUR),
    Meaning("hl:ifc", "", Scope.SERVER, Retry.LATER, f"{_ADDRESS}（发信过快）", HALF_HOUR),
    Meaning("hl:mep", "", Scope.SERVER, Retry.LATER, f"{_ADDRESS}（发件域名可疑）", HALF_HOUR),
    Meaning("hl:ipb", "", Scope.SERVER, Retry.NEEDS_PERSON, "本机网络地址被列入黑名单，请联系邮箱服务商"),
    Meaning("hl:ihu", "", Scope.SERVER, Retry.LATER, _ADDRESS, HALF_HOUR),
    Meaning("mi:dmc", "", Scope.SERVER, Retry.SOON, _BUSY),
    Meaning("mi:cel", "", Scope.SERVER, Retry.SOON, _BUSY),
    Meaning("mi:ccl", "", Scope.SERVER, Retry.SOON, _BUSY),
    Meaning("rp:drc", "", Scope.SERVER, Retry.SOON, _BUSY),
    Meaning("rp:cel", "", Scope.SERVER, Retry.SOON, _BUSY),
    Meaning("mi:sfq", "", Scope.SERVER, Retry.LATER, "15 分钟内发信过多", QUARTER_HOUR),
    Meaning("rp:qrc", "", Scope.SERVER, Retry.LATER, _QUOTA, DAY),
    Meaning("rp:trc", "", Scope.SERVER, Retry.LATER, _QUOTA, DAY),
    Meaning("mi:stc", "", Scope.SERVER, Retry.LATER, _QUOTA, DAY),
    Meaning("dt:spm", "4", Scope.CONTENT, Retry.LATER, "服务器暂疑为垃圾邮件，稍后再试"),
    Meaning("dt:spm", "", Scope.CONTENT, Retry.NEVER, SPAM),
    Meaning("mi:spb", "", Scope.CONTENT, Retry.NEVER, SPAM),
    Meaning("mi:spf", "", Scope.SERVER, Retry.NEEDS_PERSON, "发件域名的 SPF 记录不符，请联系邮箱管理员"),
    Meaning("mi:dma", "", Scope.SERVER, Retry.NEEDS_PERSON, "发件域名的 DMARC 记录不符，请联系邮箱管理员"),
    Meaning("invalid user", "5", Scope.RECIPIENT, Retry.NEVER, _UNKNOWN),
    Meaning("user suspended", "5", Scope.RECIPIENT, Retry.NEVER, "收件人邮箱已被冻结"),
    Meaning("user in blacklist", "5", Scope.RECIPIENT, Retry.NEVER, "收件人已将本邮箱列入黑名单"),
    Meaning("illegal attachment", "5", Scope.MAIL, Retry.NEVER, "邮件含有服务器不允许的附件"),
    Meaning("exceeded mailsize", "5", Scope.MAIL, Retry.NEVER, "邮件超过服务器允许的大小"),
)
