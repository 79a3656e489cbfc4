"""A unit's report in words, as a .docx."""

from __future__ import annotations

from io import BytesIO

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH

from mailbot.demo.reproducible import stamped
from mailbot.demo.wording import chinese_day, official_name, report_paragraphs, report_title, written_on
from mailbot.domain.moments import midnight_after
from mailbot.domain.period import Period


def word_report(unit: str, period: Period) -> bytes:
    """Return a unit's report in words for a month: title, paragraphs, the unit's name and the date."""
    document = Document()
    document.core_properties.author = official_name(unit)
    document.add_heading(report_title(unit, period), level=1).alignment = WD_ALIGN_PARAGRAPH.CENTER
    for paragraph in report_paragraphs(unit, period):
        document.add_paragraph(paragraph)
    for line in (official_name(unit), chinese_day(written_on(period))):
        document.add_paragraph(line).alignment = WD_ALIGN_PARAGRAPH.RIGHT
    out = BytesIO()
    document.save(out)
    return stamped(out.getvalue(), midnight_after(written_on(period)))
