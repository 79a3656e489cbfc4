"""The builders of samples: what they make is what the kind promises, and the same each time."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Callable
from email.message import EmailMessage
from io import BytesIO
from itertools import pairwise
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook
from pdfminer.high_level import extract_text
from pdfminer.pdfpage import PDFPage
from PIL import Image

from mailbot.demo import scans
from mailbot.demo.district import TASKS_OF, rows_of
from mailbot.demo.samples import (
    File,
    Letter,
    Style,
    Trick,
    auto_reply_mail,
    bounce_mail,
    forged_mail,
    message_id_of,
    newsletter_mail,
    photo,
    progress_workbook,
    report_mail,
    sealed_scan,
    stranger_mail,
    word_report,
)
from mailbot.domain.moments import shanghai
from mailbot.domain.period import Period

APRIL = Period(2021, 4)
MORNING = shanghai("2021-04-20T09:30")
CHINESE_NAME = "中原区教育局2021年4月重点民生实事进展情况（盖章）.pdf"


def parsed(raw: bytes) -> EmailMessage:
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


@pytest.mark.parametrize("build", [progress_workbook, word_report, sealed_scan, photo])
def test_a_report_is_the_same_bytes_each_time(build: Callable[[str, Period], bytes]) -> None:
    assert build("区城管局", APRIL) == build("区城管局", APRIL)


@pytest.mark.parametrize("unit", TASKS_OF)
def test_every_lead_unit_has_a_table_over_its_tasks(unit: str) -> None:
    sheet = load_workbook(BytesIO(progress_workbook(unit, APRIL))).worksheets[0]

    numbers = {row[0].value for row in sheet.iter_rows(min_row=4) if isinstance(row[0].value, int)}

    assert sheet["A1"].value == f"中原{unit}2021年4月重点民生实事进展情况表"
    assert sheet["A2"].value == f"填报单位：中原{unit}"
    assert numbers == set(TASKS_OF[unit])


def test_what_is_done_never_falls_from_month_to_month() -> None:
    months = [[row.cumulative or 0 for row in rows_of("区卫健委", Period(2021, month))] for month in range(1, 13)]

    assert all(before <= after for one, two in pairwise(months) for before, after in zip(one, two, strict=True))


def test_a_scan_has_two_pages_of_pictures_and_no_text() -> None:
    raw = sealed_scan("区教育局", APRIL)

    assert len(list(PDFPage.get_pages(BytesIO(raw)))) == 2
    assert extract_text(BytesIO(raw)).strip() == ""
    assert len(raw) < 200_000


def test_a_scan_needs_no_chinese_font(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scans, "FONTS", ("no-such-font.ttc",))
    scans._font.cache_clear()
    try:
        assert sealed_scan("区教育局", APRIL).startswith(b"%PDF")
    finally:
        scans._font.cache_clear()


def test_a_scan_without_a_seal_has_less_red() -> None:
    def red(raw: bytes) -> int:
        picture = Image.open(BytesIO(raw[raw.rindex(b"\xff\xd8\xff") :])).convert("HSV")  # the last page's JPEG
        hues = zip(picture.getchannel("H").tobytes(), picture.getchannel("S").tobytes(), strict=True)
        return sum(1 for hue, saturation in hues if (hue < 15 or hue > 240) and saturation > 110)

    assert red(sealed_scan("区教育局", APRIL)) > 100 > red(sealed_scan("区教育局", APRIL, sealed=False))


def test_a_word_report_is_a_package_of_words() -> None:
    with ZipFile(BytesIO(word_report("区教育局", APRIL))) as package:
        assert "中原区教育局关于2021年4月" in package.read("word/document.xml").decode()


@pytest.mark.parametrize("style", Style)
def test_every_mail_system_keeps_names_and_text(style: Style) -> None:
    raw = report_mail(
        Letter(
            "jyj@zygov.example",
            "2021年4月重点民生实事进展情况",
            "请查收。",
            (File(CHINESE_NAME, b"%PDF"),),
            style=style,
            name="张三",
        )
    )

    message = parsed(raw)

    assert message["Subject"] == "2021年4月重点民生实事进展情况"
    assert message["From"].addresses[0].display_name == "张三"
    assert message["Message-ID"] == message_id_of(
        Letter(
            "jyj@zygov.example",
            "2021年4月重点民生实事进展情况",
            "请查收。",
            (File(CHINESE_NAME, b"%PDF"),),
            style=style,
            name="张三",
        )
    )
    assert [part.get_filename() for part in message.iter_attachments()] == [CHINESE_NAME]


@pytest.mark.parametrize("style", Style)
def test_a_mail_has_bare_line_feeds_nowhere(style: Style) -> None:
    raw = report_mail(Letter("jyj@zygov.example", "一", "二\n三", (File("四.txt", b"5"),), style=style))

    assert raw.replace(b"\r\n", b"").count(b"\n") == 0


def test_the_receiving_servers_verdict_stands_last_in_the_headers() -> None:
    """A sender can write an Authentication-Results of his own: Coremail's comes after it, never before."""
    own = (("Authentication-Results", "mx19; spf=pass smtp.mail=forged@zygov.example"),)

    message = parsed(report_mail(Letter("jyj@zygov.example", "x", spf="fail", extra=own)))

    assert "spf=fail" in message.get_all("Authentication-Results", [])[-1]


def test_a_holiday_reply_tells_so_or_does_not() -> None:
    marked = parsed(auto_reply_mail("a@box.example", answers="<1@x>", subject="【回执】", sent=MORNING))
    bare = parsed(auto_reply_mail("a@box.example", answers="<1@x>", subject="【回执】", sent=MORNING, marked=False))

    assert marked["X-QQ-AUTO-REPLY"] == "true"
    assert marked["Subject"].startswith("自动回复")
    assert bare["X-QQ-AUTO-REPLY"] is None
    assert bare["In-Reply-To"] == "<1@x>"


def test_a_bounce_names_our_mail_and_has_one_block() -> None:
    message = parsed(bounce_mail("gone@box.example", message_id="<7@mailbot.test>", subject="【提醒】", sent=MORNING))

    (status,) = [part for part in message.walk() if part.get_content_type() == "message/delivery-status"]

    assert message["X-CM-Original-Message-ID"] == "<7@mailbot.test>"
    assert message["Auto-Submitted"] is None
    assert len(status.get_payload()) == 1


def test_a_forger_fails_spf_or_hides_behind_a_display_name() -> None:
    by_from = parsed(forged_mail("fgw@zygov.example", trick=Trick.FROM, files=(), subject="4月", sent=MORNING))
    by_name = parsed(forged_mail("fgw@zygov.example", trick=Trick.NAME, files=(), subject="4月", sent=MORNING))

    assert by_from["From"].addresses[0].addr_spec == "fgw@zygov.example"
    assert "spf=fail" in by_from["Authentication-Results"]
    assert by_name["From"].addresses[0].addr_spec != "fgw@zygov.example"
    assert by_name["From"].addresses[0].display_name == "fgw@zygov.example"


def test_a_newsletter_says_that_it_is_bulk_and_a_stranger_does_not() -> None:
    assert parsed(newsletter_mail(MORNING))["Precedence"] == "bulk"
    assert parsed(stranger_mail(MORNING))["Precedence"] is None
