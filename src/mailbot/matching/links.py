"""Files that stayed in the sender's cloud: the mail holds only a link (超大附件、云附件), which is never followed."""

from __future__ import annotations

import html
import re

from mailbot.chinese.quotation import own_words
from mailbot.domain.message import Mail
from mailbot.errors import Problem

# Source: what 163, 网易企业邮箱, QQ, 腾讯企业邮箱, 新浪 and 天翼 put into a mail instead of the file.
_LINK = re.compile(
    r"mail\.163\.com/large-attachment-download|X-N(?:ETEASE|TES)-HUGE-ATTACHMENT|fs\.163\.com/fs/|u\.163\.com/|"
    r"dashi\.163\.com/html/cloud-attachment|divNetease(?:BigAttach|SiriusCloudAttach)|edisk\.qiye\.163\.com/|"
    r"mail\.qq\.com/ftn/|mail\.qq\.com/cgi-bin/ftn|bigatt_bt|mail\.sina\.com\.cn/filecenter|cloud\.189\.cn|pan\.baidu\.com|"
    r"发来的(?:超大附件|云附件)",
    re.IGNORECASE,
)
_NAME = re.compile(
    r"(?:filename|file-name|download)\s*=\s*[\"']([^\"'<>]{1,200}\.\w{2,5})[\"']|"
    r"([^\s<>\"'/]{1,100}\.\w{2,5})\s*\(\d[\d.]*\s*[KMG]B?,[^)]{0,40}到期\)",
    re.IGNORECASE,
)
_LOOKED_AT = 200_000  # characters
_QUOTED_HTML = re.compile(
    r"<blockquote|isReplyContent|回复的原邮件|原始邮件|gmail_quote|ntes_mail_quote", re.IGNORECASE
)


def links_instead_of_files(mail: Mail) -> tuple[Problem, ...]:
    """Return a problem for each file that the mail only links to, in what its sender wrote and not in quotations."""
    page = html.unescape(_QUOTED_HTML.split(mail.html[:_LOOKED_AT], maxsplit=1)[0])
    written = own_words(mail.text[:_LOOKED_AT]) + "\n" + page
    if not _LINK.search(written):
        return ()
    names = dict.fromkeys(found[1] or found[2] for found in _NAME.finditer(written)) or {"": None}
    return tuple(
        Problem("link_instead_of_file", f"文件{f'“{name}”' if name else ''}是超大附件链接，文件本身没有随邮件送达")
        for name in names
    )
