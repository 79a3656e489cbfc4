"""The window over a file shows the same as the file."""

from __future__ import annotations

import io

from hypothesis import given
from hypothesis import strategies as st

from mailbot.reading import source
from mailbot.reading.source import RawSource

CONTENT = st.binary(max_size=60) | st.lists(st.sampled_from([b"--", b"b", b"\n", b"--b"]), max_size=30).map(b"".join)
PLACES = st.integers(0, 70)


def test_a_needle_across_two_windows_is_found() -> None:
    raw = b"x" * (source.WINDOW - 2) + b"needle"

    assert RawSource(io.BytesIO(raw)).find(b"needle", 0, len(raw)) == source.WINDOW - 2


@given(CONTENT, PLACES, PLACES, st.sampled_from([b"--b", b"b", b"\n"]), st.lists(PLACES, max_size=4))
def test_find_read_and_line_are_those_of_bytes(
    raw: bytes, start: int, end: int, needle: bytes, visits: list[int]
) -> None:
    seen = RawSource(io.BytesIO(raw))
    for place in visits:  # wherever the window was before
        seen.read(place, place + 3)

    assert seen.read(start, end) == raw[start:end]
    assert seen.find(needle, start, min(end, len(raw))) == raw.find(needle, start, end)
    line_end = raw.find(b"\n", start, end) + 1
    assert seen.line(start, end) == (raw[start : line_end or end] if start < end else b"")
