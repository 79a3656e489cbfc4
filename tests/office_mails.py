"""What a clerk mails, with real files in it: the same bytes for the same words, made once a run."""

from __future__ import annotations

from functools import cache

from tests.office import CLERK, EDUCATION

from mailbot.demo.samples import File, Letter, progress_workbook, report_mail, sealed_scan
from mailbot.domain.moments import shanghai
from mailbot.domain.period import Period

APRIL = Period(2021, 4)
WRITTEN = shanghai("2021-04-15T09:00")


@cache
def the_table(unit: str = EDUCATION, period: Period = APRIL) -> File:
    """Return the unit's progress table."""
    return File(f"{unit}{period.month}月进展情况表.xlsx", progress_workbook(unit, period))


@cache
def the_scan(unit: str = EDUCATION, period: Period = APRIL) -> File:
    """Return the unit's sealed paper."""
    return File(f"{unit}{period.month}月进展情况（盖章）.pdf", sealed_scan(unit, period), "application/pdf")


def a_letter(
    *files: File,
    unit: str = EDUCATION,
    sender: str = CLERK,
    period: Period = APRIL,
    subject: str = "",
    body: str = "请查收。",
    answers: str = "",
) -> Letter:
    """Return a clerk's letter."""
    words = subject or f"{unit}{period.chinese()}重点民生实事进展情况"
    return Letter(sender, words, body, files, WRITTEN, in_reply_to=answers)


def a_report(
    unit: str = EDUCATION, *, sender: str = CLERK, period: Period = APRIL, body: str = "请查收。", answers: str = ""
) -> bytes:
    """Return a mail with both parts."""
    files = (the_table(unit, period), the_scan(unit, period))
    return report_mail(a_letter(*files, unit=unit, sender=sender, period=period, body=body, answers=answers))


def a_table(unit: str = EDUCATION, *, sender: str = CLERK, period: Period = APRIL, body: str = "请查收。") -> bytes:
    """Return a mail with the electronic version only."""
    return report_mail(a_letter(the_table(unit, period), unit=unit, sender=sender, period=period, body=body))


def a_sealed_paper(unit: str = EDUCATION, *, sender: str = CLERK, period: Period = APRIL, answers: str = "") -> bytes:
    """Return a mail with the sealed scan only."""
    letter = a_letter(the_scan(unit, period), unit=unit, sender=sender, period=period, body="补报。", answers=answers)
    return report_mail(letter)


def a_doubtful_report(sender: str = "someone@private.example", month: str = "4月") -> bytes:
    """Return a scan that says little of whose it is, or speaks of a month that is complete by then."""
    return report_mail(a_letter(the_scan(), sender=sender, subject=f"{month}材料"))
