"""What can be wrong in a message or a file, as a closed list: one code, one Chinese sentence (docs/errors.md, 读取)."""

from __future__ import annotations

from mailbot.errors import Place, Problem

SENTENCES: dict[str, str] = {
    # the message
    "unreadable_message": "邮件结构无法解析，请人工打开原始邮件查看",
    "too_deep": "邮件嵌套层数过多，超出部分未读取",
    "too_many_parts": "邮件包含的部分过多，超出部分未读取",
    "headers_too_large": "邮件头过长，超出部分未读取",
    "headers_unreadable": "邮件头不规范，发件人、收件人和日期未读取",
    "text_too_long": "文字过长，超出部分未读取",
    "boundary_missing": "邮件分段标记缺失，已按推断的标记拆分",
    "attachment_too_large": "附件解码后过大，未完整保存",
    # a file
    "empty_file": "附件是空文件",
    "format_not_read": "这种格式的文件已收存，但内容没有读取",
    "winmail_dat": "附件被打包成 winmail.dat，内容没有读取",
    "encrypted": "文件设有密码，内容没有读取",
    "damaged": "文件已损坏或不完整，内容无法读取",
    "too_large": "文件展开后过大，内容没有读取",
    "table_cut": "表格过大，超出部分未读取",
    "pages_cut": "页数过多，超出部分未读取",
    "formats_not_read": "工作簿的样式不规范，数字格式（百分比、日期等）未读取",
    "formula_without_value": "单元格是公式但没有保存计算结果",
    # the sandbox
    "reader_killed": "读取此文件时超出限制，已中止",
    "not_read_in_time": "读取整封邮件用时过长，此附件没有读取",
}


def problem(code: str, detail: str = "", *, place: Place | None = None) -> Problem:
    """Return the problem of that code, with a detail in brackets where there is one.

    >>> str(problem("damaged", "缺少页目录", place=Place(file="报表.pdf")))
    '报表.pdf：文件已损坏或不完整，内容无法读取（缺少页目录）'
    """
    sentence = SENTENCES[code]
    return Problem(code, f"{sentence}（{detail}）" if detail else sentence, place or Place())
