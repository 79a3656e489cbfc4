"""What is made of one answer of the server, however odd it is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.domain.moments import shanghai
from mailbot.mailbox.providers import Folder
from mailbot.mailbox.rows import Row, arrival, folders, number, rows


@pytest.mark.parametrize(
    ("told", "moment"),
    [
        (b"15-Apr-2021 09:00:00 +0800", "2021-04-15T09:00:00+08:00"),
        (b" 5-Apr-2021 09:00:00 +0800", "2021-04-05T09:00:00+08:00"),
        (b"5-apr-2021 09:00:00 +0000", "2021-04-05T17:00:00+08:00"),
        (b"31-Dec-2021 23:59:59 -0930", "2022-01-01T17:29:59+08:00"),
    ],
)
def test_a_date_is_told_in_shanghai(told: bytes, moment: str) -> None:
    assert arrival(told) == shanghai(moment)


@pytest.mark.parametrize(
    "told",
    [
        None,
        7,
        (b"15-Apr-2021", b"09:00:00"),
        b"",
        b"yesterday",
        b"00-Jan-0000 00:00:00 +0000",
        b"01-Jan-0001 00:00:00 +0800",
        b"01-Jan-1970 00:00:00 +0000",
        b"30-Feb-2021 09:00:00 +0800",
        b"31-Dec-9999 23:59:59 -1200",
        b"15-Apr-2021 09:00:00 +9959",
        b"15-Apr-2021 09:00:00 +0860",
        b"15-Apr-2021 24:00:00 +0800",
        b"15-Apr-21 09:00:00 +0800",
        b"15-Apr-2021 09:00:00",
        b"15-Apr-2021 09:00:00 +0800 DELETE",
        "١٥-Apr-2021 09:00:00 +0800".encode(),
    ],
)
def test_what_can_be_no_moment_of_arrival_is_none(told: object) -> None:
    assert arrival(told) is None


@pytest.mark.parametrize("told", [None, b"7", b"-1", -1, 2**63, (7,)])
def test_what_can_be_no_number_is_none(told: object) -> None:
    assert number(told) is None


def test_a_row_is_read_with_its_literal_whatever_stands_in_it() -> None:
    literal = b"* 2 FETCH (UID 9)\r\n)"

    (row,) = rows([(b"1 (UID 7 BODY[] {20}", literal), b" RFC822.SIZE 20)"])

    assert row == Row(1, 7, None, 20, {b"BODY[]": literal})


def test_the_name_of_an_item_is_read_whatever_its_case() -> None:
    assert rows([b"1 (uid 7 rfc822.size 5)"]) == (Row(1, 7, None, 5),)


@pytest.mark.parametrize(
    "odd", [b"1 (UID 7", b"1 UID 7", b"x (UID 7)", b"(UID 7)", b"", b'1 (UID "', b"0 (UID 7)", (b"1 (X {9}", b"short")]
)
def test_what_cannot_be_read_is_left_out_and_the_next_is_read(odd: bytes | tuple[bytes, bytes]) -> None:
    told = [odd, *([b")"] if isinstance(odd, tuple) else []), b"2 (UID 9)"]

    assert rows(told) == (Row(2, 9),)


@given(st.lists(st.binary(max_size=80)))
def test_no_answer_is_too_odd_to_go_on(told: list[bytes]) -> None:
    assert rows([*told, b"2 (UID 9)"])[-1] == Row(2, 9)
    assert folders([*told, b'() "/" INBOX'])[-1] == Folder("INBOX")


def test_folders_are_read_one_by_one() -> None:
    told = [
        b'(\\HasNoChildren) "/" "INBOX"',
        b'(\\Junk) "/" NIL',
        b'(\\Junk) NIL "&2D3eAA-"',
        b'(\\Junk) "/" "a\\"b"',
        b'(\\Junk) "/" 2021',
        b'(\\Junk) "/" "&V4N"',
        b'(\\Junk "/" "x"',
        (b'(\\Junk) "/" {3}', b"a b"),
        b"",
        b'(\\Noselect) "/" "&dcVr0mWHTvZZOQ-"',
    ]

    assert [folder.name for folder in folders(told)] == ["INBOX", "😀", 'a"b', "2021", "a b", "病毒文件夹"]
    assert not folders(told)[-1].can_be_opened()
