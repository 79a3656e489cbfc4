"""Where parts begin and end, compared with the standard library, and where it gives up."""

from __future__ import annotations

import email
import io
import time
from email.message import Message
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.raw_mails import RawPart, a_file, a_mail, a_text, multipart

from mailbot.reading.headers import content_type, transfer_encoding
from mailbot.reading.source import RawSource, opened
from mailbot.reading.structure import MAX_PARTS, Budget, Part, walk
from mailbot.reading.transfer import decoded


def walked(raw: bytes) -> tuple[Part, list[str]]:
    budget = Budget()
    root = walk(RawSource(io.BytesIO(raw)), budget)
    return root, [found.code for found in budget.problems]


def bodies(raw: bytes) -> list[bytes]:
    source = RawSource(io.BytesIO(raw))
    return [
        b"".join(decoded(source.chunks(leaf.start, leaf.end), transfer_encoding(leaf.headers)))
        for leaf in walk(source, Budget()).leaves()
    ]


def raw_bodies(raw: bytes) -> list[bytes]:
    return [raw[leaf.start : leaf.end] for leaf in walked(raw)[0].leaves()]


def stdlib_bodies(raw: bytes) -> list[bytes]:
    leaves = (part for part in email.message_from_bytes(raw).walk() if not part.is_multipart())
    return [str(leaf.get_payload()).encode("ascii", "surrogateescape") for leaf in leaves]


def with_something(leaves: list[bytes]) -> list[bytes]:
    """Leave out empty leaves and last line ends: whose they are is told differently where mail breaks off."""
    return [stripped for leaf in leaves if (stripped := leaf.rstrip(b"\r\n"))]


def test_a_boundary_that_begins_like_another_does_not_end_it() -> None:
    inner = multipart(a_text("内"), a_file(b"1"), boundary=b"ab")
    raw = a_mail(multipart(inner, a_file(b"2"), boundary=b"a"))

    assert bodies(raw) == ["内".encode(), b"1", b"2"]


def test_a_missing_end_boundary_still_gives_the_last_part() -> None:
    raw = a_mail(multipart(a_text("正文"), a_file(b"last"), closed=False))

    assert bodies(raw)[-1] == b"last"


def test_preamble_and_epilogue_are_no_parts() -> None:
    part = multipart(a_text("正文"))
    raw = a_mail(RawPart(part.headers, b"This is MIME.\r\n" + part.body + b"\r\n--=_b\r\nafter the end"))

    assert bodies(raw) == ["正文".encode()]


@pytest.mark.parametrize(
    "header",
    [
        b'Content-Type: multipart/mixed;\r\n\tboundary="----=_b c"',
        b'Content-Type: multipart/mixed; charset="x;boundary=no"; boundary="----=_b c"',
        b'Content-Type: multipart/mixed; boundary*0="----="; boundary*1="_b c"',
        b'Content-Type: multipart/mixed;\r\nboundary="----=_b c"',
    ],
    ids=["folded", "quoted semicolon", "continued", "wrapped without a blank"],
)
def test_a_boundary_is_found_in_quotes_folds_and_continuations(header: bytes) -> None:
    body = multipart(a_file(b"1"), a_file(b"2"), boundary=b"----=_b c").body

    assert bodies(a_mail(RawPart((header,), body))) == [b"1", b"2"]


def test_a_multipart_without_a_boundary_is_cut_by_the_one_it_uses() -> None:
    body = multipart(a_file(b"1"), a_file(b"2"), boundary=b"used").body
    root, problems = walked(a_mail(RawPart((b"Content-Type: multipart/mixed",), body)))

    assert len(list(root.leaves())) == 2
    assert problems == ["boundary_missing"]


def test_bare_line_feeds_are_line_ends_too() -> None:
    raw = a_mail(a_text("正文"), a_file(b"1" * 100)).replace(b"\r\n", b"\n")

    assert bodies(raw) == ["正文".encode(), b"1" * 100]


def test_a_thousand_nested_multiparts_end_at_the_limit_and_say_so() -> None:
    raw = b"Subject: deep\r\n" + b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(1000)
    )
    _root, problems = walked(raw)

    assert problems == ["too_deep"]


def test_fifty_thousand_parts_end_at_the_limit_and_say_so() -> None:
    root, problems = walked(
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\nx\r\n" * 50_000 + b"--b--"
    )

    assert len(list(root.leaves())) == MAX_PARTS
    assert problems == ["too_many_parts"]


def test_a_flood_of_headers_is_cut_and_the_body_still_found() -> None:
    raw = b"X-Flood: " + b"x" * 3_000_000 + b"\r\nSubject: late\r\n\r\nbody"
    _root, problems = walked(raw)

    assert problems == ["headers_too_large"]
    assert bodies(raw) == [b"body"]


def test_a_mail_whose_lines_end_in_bare_cr_is_read(tmp_path: Path) -> None:
    path = tmp_path / "message"
    path.write_bytes(a_mail(a_text("正文"), a_file(b"1")).replace(b"\r\n", b"\r"))
    with opened(path, path.parent) as source:
        assert len(list(walk(source, Budget()).leaves())) == 2


def test_a_hundred_thousand_lines_that_are_almost_boundaries_take_a_moment() -> None:
    begun = time.process_time()
    walked(b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b x\r\n" * 100_000)

    assert time.process_time() - begun < 5


def test_marks_and_mbox_lines_before_the_headers_are_passed_over() -> None:
    root, _problems = walked(b"\xef\xbb\xbfFrom zhang Sun Apr 25 08:00:00 2021\nSubject: s\n\nbody")

    assert root.headers["subject"] == "s"


LINES = st.lists(
    st.sampled_from([b"", b"text", b"--", b"--a", b"--ab", b"a--", b"--x y", b"Subject: s", b"="]), max_size=8
)
LEAVES = LINES.map(lambda lines: RawPart((b"Content-Type: text/x",), b"\r\n".join(lines)))
FILES = st.binary(max_size=200).map(a_file)
BOUNDARIES = st.sampled_from([b"a", b"ab", b"abc", b"a b", b"--a", b"x"])


def nested(children: st.SearchStrategy[RawPart]) -> st.SearchStrategy[RawPart]:
    return st.builds(
        lambda parts, boundary, closed: multipart(*parts, boundary=boundary, closed=closed),
        st.lists(children, min_size=1, max_size=4),
        BOUNDARIES,
        st.booleans(),
    )


@given(st.recursive(LEAVES | FILES, nested, max_leaves=10), st.booleans())
def test_leaves_are_byte_for_byte_those_of_the_standard_library(content: RawPart, bare: bool) -> None:  # noqa: FBT001 - drawn
    raw = a_mail(content)
    raw = raw.replace(b"\r\n", b"\n") if bare else raw
    if content_type(walked(raw)[0].headers).startswith("multipart/") and not walked(raw)[0].children:
        return  # nothing to cut: the standard library gives the preamble, we the body

    ours, theirs = raw_bodies(raw), stdlib_bodies(raw)

    assert with_something(ours) == with_something(theirs)


def test_what_follows_a_multipart_closed_as_soon_as_a_part_is_opened_is_not_lost() -> None:
    inner = multipart(RawPart((b"Content-Type: text/x",), b"--a"), boundary=b"a", closed=True)
    raw = a_mail(multipart(inner, RawPart((b"Content-Type: text/x",), b"text"), boundary=b"a", closed=True))

    assert with_something(raw_bodies(raw)) == with_something(stdlib_bodies(raw)) == [b"text"]


def test_headers_of_a_part_are_kept_as_they_stand() -> None:
    root, _problems = walked(a_mail(a_file(b"1", b"Content-Type: application/pdf; name=x")))

    assert isinstance(root.headers, Message)
    assert root.headers["content-type"] == "application/pdf; name=x"


def test_a_blank_before_the_colon_ends_no_headers() -> None:
    root, _ = walked(b"Subject: a\r\nAuto-Submitted : auto-replied\r\nPrecedence\t: bulk\r\n\r\nbody")

    assert (root.headers["auto-submitted"], root.headers["precedence"]) == ("auto-replied", "bulk")
    assert raw_bodies(b"Subject: a\r\nAuto-Submitted : auto-replied\r\n\r\nbody") == [b"body"]


def test_a_parameter_wrapped_without_its_blank_costs_the_body_no_byte() -> None:
    assert raw_bodies(b"Content-Type: text/plain;\ncharset=gbk\n\nbody") == [b"body"]
    assert raw_bodies(b"Content-Type: text/plain;\ncharset=gbk\nX: 1\n\nbody") == [b"body"]


def test_a_sentence_with_a_colon_after_two_words_is_no_header() -> None:
    assert raw_bodies(b"Subject: a\r\nSee you : soon") == [b"See you : soon"]
