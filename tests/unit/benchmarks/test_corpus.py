"""The mails that benchmarks measure with."""

from __future__ import annotations

from email import message_from_bytes
from itertools import pairwise

from benchmarks.corpus import one_report, reports, small_messages


def test_the_reports_are_the_same_each_time_and_no_two_of_them_are_alike() -> None:
    once, again = list(reports(4)), list(reports(4))

    assert once == again
    assert len({mail.raw for mail in once}) == 4


def test_reports_of_another_first_number_are_other_mails() -> None:
    assert not {mail.raw for mail in reports(2)} & {mail.raw for mail in reports(2, first=100)}


def test_a_report_carries_a_workbook_of_24_kb_and_a_scan_of_a_megabyte() -> None:
    mail = message_from_bytes(next(reports(1)).raw)

    workbook, scan = (part.get_payload(decode=True) for part in mail.walk() if part.get_filename())

    assert isinstance(workbook, bytes)
    assert isinstance(scan, bytes)
    assert 23_000 < len(workbook) < 26_000
    assert 900_000 < len(scan) < 1_200_000


def test_one_report_has_as_many_bytes_attached_as_was_asked() -> None:
    mail = message_from_bytes(one_report(3_000_000).raw)

    attached = [part.get_payload(decode=True) for part in mail.walk() if part.get_filename()]

    assert abs(sum(len(content) for content in attached if isinstance(content, bytes)) - 3_000_000) < 10_000


def test_mails_come_in_the_order_of_their_arrival() -> None:
    for mails in (list(reports(11)), list(small_messages(200))):
        assert all(one.arrived < other.arrived for one, other in pairwise(mails))
