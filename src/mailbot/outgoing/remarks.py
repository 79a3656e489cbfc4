"""What we say to a unit about a file that could not be used, by problem code: what is the matter, and what helps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailbot.outgoing.one_line import one_line

if TYPE_CHECKING:
    from mailbot.errors import Problem

_PLAIN = "文件未能读取内容，已收存，由工作人员核对"
_REMARKS: dict[str, str] = {
    "encrypted": "文件设有密码，未能读取，请取消密码后重新发送",
    "damaged": "文件不完整或已损坏，未能打开，请核对后重新发送",
    "empty_file": "文件为空，请核对后重新发送",
    "winmail_dat": "附件被邮件软件打包为 winmail.dat，未能读取，请改用纯文本或 HTML 格式的邮件重新发送",
    "link_instead_of_file": "来件中是网盘或超大附件的下载链接，系统不作下载，请以普通附件重新发送",
    "format_not_read": _PLAIN,
    "file_not_read": _PLAIN,
    "too_large": _PLAIN,
    "attachment_too_large": "附件过大，未能完整保存，请压缩或分次重新发送",
    "reader_killed": _PLAIN,
    "not_read_in_time": _PLAIN,
    "left_over": "文件写的是其他单位或其他月份，未计入本次登记，由工作人员核实",
    "message_too_large": "邮件超过 100 MB，正文和附件均未能收取，请压缩或分次重新发送",
    "message_not_given": "邮件的正文和附件未能从邮箱中取出，请重新发送",
}


def remarks(problems: tuple[Problem, ...]) -> tuple[tuple[str, str], ...]:
    """Return file and sentence for what concerns the sender, each once; the rest is the office's matter.

    >>> from mailbot.errors import Place, Problem
    >>> remarks((Problem("encrypted", "…", Place(file="报表.xlsx")), Problem("table_cut", "…")))
    (('报表.xlsx', '文件设有密码，未能读取，请取消密码后重新发送'),)
    """
    told = (
        (one_line(problem.place.file or "来件"), _REMARKS[problem.code])
        for problem in problems
        if problem.code in _REMARKS
    )
    return tuple(dict.fromkeys(told))
