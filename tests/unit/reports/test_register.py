"""收件台账: what was owed and what came."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from tests.ledger_builders import a_part, a_receipt, a_row, an_obligation

from mailbot.domain.books import Receipt
from mailbot.domain.moments import shanghai
from mailbot.domain.report import PartKind
from mailbot.reports.register import register
from mailbot.reports.sheet import Marked

if TYPE_CHECKING:
    from mailbot.domain.books import LedgerRow

NOW = shanghai("2021-04-28T09:00")
TABLE, SCAN, UNSEALED = PartKind.ELECTRONIC, PartKind.SEALED_SCAN, PartKind.SCAN_WITHOUT_SEAL


def line(row: LedgerRow) -> dict[str, object]:
    sheet = register([row], NOW)
    values = [each.value if isinstance(each, Marked) else each for each in sheet.rows[0]]
    return {column.head.replace("\n", ""): value for column, value in zip(sheet.columns, values, strict=True)}


def came(arrived: str, kind: PartKind, file: str | None) -> Receipt:
    return replace(a_receipt(arrived), parts=(a_part(kind, file),))


def test_a_complete_row_names_files_moments_and_the_receipt() -> None:
    receipt = replace(a_receipt("2021-04-20T09:00"), parts=(a_part(TABLE, "4月.xlsx"), a_part(SCAN, "4月盖章.pdf")))
    found = line(a_row(receipt))

    assert (found["电子版文件"], found["盖章扫描件文件"]) == ("4月.xlsx", "4月盖章.pdf")
    assert found["电子版首次收到"] == found["盖章扫描件首次收到"] == found["报齐时间"] == shanghai("2021-04-20T09:00")
    assert (found["完整性"], found["时效"], found["逾期天数"]) == ("已报齐", "按时", None)
    assert (found["登记号"], found["所在文件夹"], found["备注"]) == (receipt.number, "INBOX", "")


def test_the_time_limit_is_a_real_day() -> None:
    assert line(a_row())["应报时限"] == date(2021, 4, 25)


def test_a_time_limit_in_the_afternoon_is_told_with_its_hour() -> None:
    assert line(a_row(obligation=an_obligation(due="2021-04-25T17:30")))["应报时限"] == "04-25 17:30"


def test_a_missing_report_leaves_its_places_empty() -> None:
    found = line(a_row(now="2021-04-27T09:00"))

    assert (found["完整性"], found["时效"], found["逾期天数"]) == ("未报", "逾期", 2)
    assert (found["首次收到"], found["电子版文件"], found["登记号"]) == (None, "", "")


def test_a_correction_shows_the_new_file_and_the_first_arrival() -> None:
    found = line(a_row(came("2021-04-20", TABLE, "4月.xlsx"), came("2021-04-22", TABLE, "4月（改）.xlsx")))

    assert (found["电子版文件"], found["电子版首次收到"]) == ("4月（改）.xlsx", shanghai("2021-04-20"))
    assert found["备注"] == "已被更正：4月.xlsx"


def test_a_scan_without_a_seal_is_a_remark() -> None:
    assert line(a_row(came("2021-04-20", UNSEALED, "IMG_1.jpg")))["备注"] == "另收到无章扫描件：IMG_1.jpg"


def test_a_report_in_the_body_and_a_mail_taken_in_by_hand_are_named_so() -> None:
    found = line(a_row(replace(came("2021-04-20", TABLE, None), folder="")))

    assert (found["电子版文件"], found["所在文件夹"]) == ("（邮件正文）", "人工导入")
