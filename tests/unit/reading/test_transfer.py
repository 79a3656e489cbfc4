"""Transfer encodings undone, however the stream is cut and whatever is broken in it."""

from __future__ import annotations

import base64
import binascii
import itertools
import quopri

from hypothesis import given
from hypothesis import strategies as st

from mailbot.reading.transfer import decoded


def undone(encoding: str, *chunks: bytes) -> bytes:
    return b"".join(decoded(chunks, encoding))


def cut(data: bytes, at: list[int]) -> list[bytes]:
    places = sorted({0, len(data), *(place % (len(data) + 1) for place in at)})
    return [data[start:end] for start, end in itertools.pairwise(places)]


@given(st.binary(max_size=400), st.lists(st.integers(0, 1000), max_size=6))
def test_base64_comes_back_wherever_the_stream_is_cut(content: bytes, places: list[int]) -> None:
    assert undone("base64", *cut(base64.encodebytes(content), places)) == content


@given(st.binary(max_size=400), st.lists(st.integers(0, 1000), max_size=6))
def test_quoted_printable_comes_back_wherever_the_stream_is_cut(content: bytes, places: list[int]) -> None:
    written = quopri.encodestring(content, quotetabs=True)

    assert undone("quoted-printable", *cut(written, places)) == binascii.a2b_qp(written)


@given(st.binary(max_size=400), st.lists(st.integers(0, 1000), max_size=6))
def test_uuencode_comes_back_wherever_the_stream_is_cut(content: bytes, places: list[int]) -> None:
    lines = [binascii.b2a_uu(content[at : at + 45]) for at in range(0, len(content), 45)]
    written = b"begin 644 x\n" + b"".join(lines) + b"`\nend\n"

    assert undone("x-uuencode", *cut(written, places)) == content


@given(st.binary(max_size=200), st.sampled_from(["base64", "quoted-printable", "uue", "8bit", "nonsense"]))
def test_no_bytes_make_a_decoder_raise(noise: bytes, encoding: str) -> None:
    undone(encoding, noise, noise)


def test_base64_blocks_that_each_end_in_padding_are_joined() -> None:
    assert undone("base64", base64.encodebytes(b"a") + base64.encodebytes(b"b")) == b"ab"


def test_a_footer_after_base64_is_not_decoded() -> None:
    assert undone("base64", base64.encodebytes(b"report!") + b"_____\nmailing list: list@example.cn\n") == b"report!"


def test_missing_padding_and_noise_between_the_letters_cost_nothing() -> None:
    assert undone("base64", b"cmV!wb3\x00J0cw") == b"reports"


def test_one_letter_too_many_costs_that_letter_alone() -> None:
    assert undone("base64", b"cmVwb3J0x") == b"report"


def test_uuencode_lines_with_noise_behind_them_are_read_as_far_as_they_say() -> None:
    assert undone("uuencode", b"begin 644 x\n#86)CXX\n`\nend\n") == b"abc"


def test_an_unknown_encoding_leaves_the_bytes_as_they_are() -> None:
    assert undone("x-none", b"as ", b"it is") == b"as it is"


def test_a_quoted_printable_line_without_end_is_decoded_in_pieces() -> None:
    assert undone("quoted-printable", *[b"=41" * 1000] * 5) == b"A" * 5000
