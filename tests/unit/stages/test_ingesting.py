"""When messages from files arrived."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.domain.moments import shanghai
from mailbot.stages.ingesting import arrival_by_received


@pytest.mark.parametrize(
    ("received", "arrived"),
    [
        ("from x by y; Thu, 22 Apr 2021 09:00:00 +0800 (CST)", "2021-04-22T09:00:00"),
        ("from x by y; Thu, 22 Apr 2021 01:00:00 +0000", "2021-04-22T09:00:00"),
        ("from x by y;\r\n\tWed, 21 Apr 2021 18:00:00 -0700", "2021-04-22T09:00:00"),
        ("from a; b by y; Thu, 22 Apr 2021 09:00:00 +0800", "2021-04-22T09:00:00"),
    ],
)
def test_the_topmost_received_header_tells_the_arrival(received: str, arrived: str) -> None:
    raw = f"Received: {received}\r\nReceived: from q; Mon, 1 Jan 2001 00:00:00 +0800\r\nSubject: x\r\n\r\n"

    assert arrival_by_received(raw.encode()) == shanghai(arrived)


@pytest.mark.parametrize(
    "header",
    [
        "Date: Thu, 22 Apr 2021 09:00:00 +0800",  # the sender's word proves nothing
        "Received: from x by y",
        "Received: from x by y; yesterday",
        "Received: from x by y; Thu, 22 Apr 2021 09:00:00 -0000",
        "Received: from x by y; Thu, 99 Apr 2021 09:00:00 +0800",
        "Received:",
    ],
)
def test_nothing_else_does(header: str) -> None:
    assert arrival_by_received(f"{header}\r\nSubject: x\r\n\r\n".encode()) is None


@given(st.binary(max_size=400))
def test_no_bytes_break_it(raw: bytes) -> None:
    arrival_by_received(b"Received: " + raw)
