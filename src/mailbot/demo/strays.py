"""What else lies in an office's mailbox: bounces, automatic replies, strangers, forgers, advertising."""

from __future__ import annotations

import base64
from datetime import datetime
from email.utils import format_datetime
from enum import Enum
from hashlib import sha256

from mailbot.demo.letters import CRLF, OFFICE, File, Letter, Style, encoded_word, report_mail


class Trick(Enum):
    """How a forger pretends to be a unit."""

    FROM = "from"  # writes the unit's address into From; the receiving server's SPF check fails
    NAME = "name"  # writes the unit's address into the display name of his own


def auto_reply_mail(sender: str, *, answers: str, subject: str, sent: datetime, marked: bool = True) -> bytes:
    """Return a holiday reply of a personal box to our mail.

    Args:
        sender: who is away.
        answers: the Message-ID that it answers.
        subject: our subject.
        sent: when.
        marked: as QQ writes it, with a header that tells; else as 163 does, with nothing but its words.
    """
    if not marked:
        body = "您好，我近期休假，来信已收到。这是自动回复，请勿回复本邮件。"
        return report_mail(Letter(sender, "外出", body, sent=sent, style=Style.NETEASE, in_reply_to=answers))
    return report_mail(
        Letter(
            sender,
            f"自动回复:{subject}",
            "这是来自QQ邮箱的假期自动回复邮件。\n您好，我近期休假，回来后尽快处理。",
            sent=sent,
            style=Style.QQ,
            envelope=sender.replace("@", "+auto_=ducha=mailbot.test@"),
            in_reply_to=answers,
            extra=(("X-QQ-AUTO-REPLY", "true"),),
        )
    )


def bounce_mail(failed: str, *, message_id: str, subject: str, sent: datetime, to: str = OFFICE) -> bytes:
    """Return a 系统退信 of 163's kind: no Auto-Submitted, one block in the delivery status, our Message-ID in a header.

    Source: public samples of Coremail's bounces.
    """
    boundary = f"----=_Part_{sha256(message_id.encode()).hexdigest()[:12]}"
    words = (
        f"抱歉，您的邮件被退回来了……\n时间：{sent:%Y-%m-%d %H:%M:%S}\n主题：{subject}\n收件人：{failed}\n"
        "退信原因：收件人邮件地址不存在，邮件无法送达。\n英文说明:550 User not found\n"
    )
    headers = (
        f"Received: by mail-mta (Coremail) ; {sent:%a, %d %b %Y %H:%M:%S} +0800 (CST)",
        f"Date: {format_datetime(sent)} (CST)",
        "From: Postmaster@mailbot.test",
        f"To: {to}",
        f"Subject: {encoded_word('系统退信', 'gb2312', 'gbk')}",
        "X-Mailer: Coremail MTA server",
        f"X-CM-Original-Message-ID: {message_id}",
        "MIME-Version: 1.0",
        f'Content-Type: multipart/report; report-type=delivery-status; {CRLF}\tboundary="{boundary}"',
    )
    text = base64.encodebytes(words.replace("\n", CRLF).encode("gbk")).decode().replace("\n", CRLF)
    status = (
        f"Final-Recipient: RFC822; {failed}",
        "Action: failed",
        "Status: 5.0.0",
        "Diagnostic-Code: SMTP; 550 User not found",
    )
    parts = (
        f"Content-Type: text/plain; charset=gb2312{CRLF}Content-Transfer-Encoding: base64{CRLF}{CRLF}{text}",
        f"Content-Type: message/delivery-status{CRLF}{CRLF}{CRLF.join(status)}{CRLF}",
    )
    body = "".join(f"--{boundary}{CRLF}{part}{CRLF}" for part in parts)
    return f"{CRLF.join(headers)}{CRLF}{CRLF}{body}--{boundary}--{CRLF}".encode("ascii")


def stranger_mail(sent: datetime, *, sender: str = "wang1990@citizens.example") -> bytes:
    """Return a citizen's question that is no report at all."""
    body = "您好，请问我们小区加装电梯的事情归哪个部门管？什么时候能轮到我们？谢谢。"
    return report_mail(Letter(sender, "咨询一下加装电梯", body, sent=sent, style=Style.QQ))


def forged_mail(bound: str, *, trick: Trick, files: tuple[File, ...], subject: str, sent: datetime) -> bytes:
    """Return a mail of somebody who pretends to write from a unit's bound address."""
    forger = "office-notice@forger.example"
    if trick is Trick.FROM:
        letter = Letter(bound, subject, "请查收。", files, sent, Style.FOXMAIL, envelope=forger, spf="fail")
    else:
        letter = Letter(forger, subject, "请查收。", files, sent, Style.FOXMAIL, name=bound)
    return report_mail(letter)


def newsletter_mail(sent: datetime) -> bytes:
    """Return advertising that a machine sends to a list."""
    marks = (
        ("Precedence", "bulk"),
        ("List-Id", "<news.shop.example>"),
        ("List-Unsubscribe", "<mailto:leave@shop.example>"),
    )
    body = "办公用品春季特惠，满三百减五十。退订请回复TD。"
    return report_mail(Letter("news@shop.example", "春季特惠", body, sent=sent, name="办公商城", extra=marks))
