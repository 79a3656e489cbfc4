"""An mbox of these lines holds these messages."""

from __future__ import annotations

import io
import mailbox
from email import message_from_bytes
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.mailbox.mbox import is_mbox, messages_of

DATED = b"From jyj@clerks.example Thu Apr 22 09:00:00 2021\n"
FIRST, SECOND = b"Subject: 1\n\none\n", b"Subject: 2\n\ntwo\n"


def split(raw: bytes, at_most: int = 1000) -> list[bytes | None]:
    return list(messages_of(io.BytesIO(raw), at_most))


@pytest.mark.parametrize(
    "line",
    [
        DATED,
        b"From - Thu Apr 22 09:00:00 2021\n",
        b"From jyj@clerks.example Thu Apr 22 01:00:00 +0000 2021\n",
        b"From jyj@clerks.example  2021-04-22 09:00:00\n",
        b"From MAILER-DAEMON\n",
        b"From \n",
        b"From jyj@clerks.example Thu Apr 22 09:00:00 2021\r\n",
    ],
)
def test_every_way_to_write_the_line_between_two_messages_is_known(line: bytes) -> None:
    assert is_mbox(io.BytesIO(line + FIRST))
    assert split(line + FIRST + b"\n" + line + SECOND + b"\n") == [FIRST, SECOND]


def test_a_dated_line_parts_even_without_the_blank_line_before_it() -> None:
    assert split(DATED + FIRST + DATED + SECOND) == [FIRST, SECOND]


@pytest.mark.parametrize(
    ("quoted", "meant"),
    [(b">From us all", b"From us all"), (b">>From him", b">From him"), (b"> From", b"> From"), (b">Fromm", b">Fromm")],
)
def test_one_mark_is_taken_from_a_quoted_line(quoted: bytes, meant: bytes) -> None:
    assert split(DATED + FIRST + quoted + b"\n") == [FIRST + meant + b"\n"]


@pytest.mark.parametrize("line", [b"From now on\n", b"\nFrom now on we meet.\n", b"text From 1\n", b"\nFrom: a@b\n"])
def test_a_line_of_the_text_that_only_looks_alike_parts_nothing(line: bytes) -> None:
    assert split(DATED + FIRST + line) == [FIRST + line]


def test_the_lines_end_as_they_are() -> None:
    first = FIRST.replace(b"\n", b"\r\n")

    assert split(DATED.replace(b"\n", b"\r\n") + first + b"\r\n" + DATED + SECOND) == [first, SECOND]


def test_one_that_is_too_large_costs_itself_alone() -> None:
    large = b"Subject: 3\n\n" + b"x" * 3_000_000

    assert split(DATED + FIRST + b"\n" + DATED + large + b"\n\n" + DATED + SECOND) == [FIRST, None, SECOND]


def test_a_line_longer_than_is_read_at_once_is_no_new_line() -> None:
    body = b"Subject: 4\n\n" + b"y" * (1024 * 1024) + b">From x\n"

    assert split(DATED + body, 5_000_000) == [body]


@pytest.mark.parametrize(
    "raw", [b"", b"\n", b"From", b"From: a@b\nSubject: x\n\n", b"From us all\nhello\n", b"\0" * 99]
)
def test_what_is_none_is_not_taken_for_one(raw: bytes) -> None:
    assert not is_mbox(io.BytesIO(raw))


@given(st.lists(st.sampled_from([b"From x\n", b">From y\n", b"\n", b"z\n", b"A: b\n"]), max_size=12).map(b"".join))
def test_what_pythons_library_wrote_comes_back(tmp_path_factory: pytest.TempPathFactory, body: bytes) -> None:
    path: Path = tmp_path_factory.mktemp("mbox") / "x.mbox"
    raw = b"Subject: 5\n\n" + body.replace(b">From y\n", b"")  # it quotes once only: that cannot be undone for certain
    box = mailbox.mbox(path)
    box.add(message_from_bytes(raw))
    box.close()

    with path.open("rb") as file:
        (found,) = messages_of(file, 1000)

    assert found is not None
    assert found.rstrip(b"\n") == raw.rstrip(b"\n")
