"""Builders of realistic reports and mails, the same bytes each time: one door for demo, tests and benchmarks."""

from mailbot.demo.documents import word_report
from mailbot.demo.letters import OFFICE, File, Letter, Style, message_id_of, report_mail
from mailbot.demo.scans import photo, sealed_scan
from mailbot.demo.strays import Trick, auto_reply_mail, bounce_mail, forged_mail, newsletter_mail, stranger_mail
from mailbot.demo.workbooks import progress_workbook

__all__ = [
    "OFFICE",
    "File",
    "Letter",
    "Style",
    "Trick",
    "auto_reply_mail",
    "bounce_mail",
    "forged_mail",
    "message_id_of",
    "newsletter_mail",
    "photo",
    "progress_workbook",
    "report_mail",
    "sealed_scan",
    "stranger_mail",
    "word_report",
]
