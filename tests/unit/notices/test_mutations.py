"""Whatever happens to the shipped files, reading them ends in a value or in mistakes told."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.notices.office_files import HOLIDAYS, UNITS
from tests.unit.notices.office_files import NOTICE as NOTICE_SMALL

from mailbot.checking import Document, Loc
from mailbot.data import shipped
from mailbot.errors import ConfigurationError, Problem
from mailbot.notices import load_all
from mailbot.notices.holiday_file import read_calendar
from mailbot.notices.notice_file import read_notice
from mailbot.notices.office import check_together
from mailbot.notices.unit_file import read_directory
from mailbot.notices.yaml_lines import parse
from mailbot.settings import Files, files_named, load

CONFIG = shipped("config")
NOTICE = "\n".join((CONFIG / "notices/zhongyuan-2021-8.yaml").read_text(encoding="utf-8").splitlines()[:40])
WORDS = st.sampled_from(
    ["\t", ":", "- ", "[", "]", "{", "}", '"', "'", "#", "*a", "&a", "!x", "? ", "| ", "~", "null", "true",
     "off", "-1", "1e9", "9" * 25, "2021-02-30", "24:00", "\n", "\n  ", "---\n", "\0", "\ufeff", "\ud7ff", "\\u0000",
     "=", "<<"]
)  # fmt: skip
CHANGES = st.lists(st.tuples(st.floats(0, 1), st.integers(0, 30), WORDS | st.text(max_size=5)), min_size=1, max_size=6)


def mutated(text: str, changes: list[tuple[float, int, str]]) -> bytes:
    """Return a text with pieces of it cut out and words put in."""
    for where, length, word in changes:
        start = int(where * len(text))
        text = text[:start] + word + text[start + length :]
    return text.encode("utf-8", "surrogatepass")


@given(CHANGES)
@settings(max_examples=150, deadline=None)
def test_a_mutated_settings_file_is_read_or_its_mistakes_are_told(changes: list[tuple[float, int, str]]) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "mailbot.toml"
        path.write_bytes(mutated((CONFIG / "mailbot.toml").read_text(encoding="utf-8"), changes))

        files_named(path)
        told: tuple[Problem, ...] = ()
        try:
            load(path)
        except ConfigurationError as error:
            told = error.problems
        assert all(problem.place.file == str(path) for problem in told)


@pytest.mark.parametrize("name", ["units.yaml", "holidays.yaml", "notice.yaml"])
@given(changes=CHANGES)
@settings(max_examples=60, deadline=None)
def test_a_mutated_file_of_the_office_is_read_or_its_mistakes_are_told(
    name: str, changes: list[tuple[float, int, str]]
) -> None:
    text = NOTICE if name == "notice.yaml" else (CONFIG / name).read_text(encoding="utf-8")[:1500]
    with TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(mutated(text, changes))
        document = parse(path)

        for read in (read_notice, read_directory, read_calendar):
            value, problems = read(document)
            assert value is not None or problems
        check_together([document], document)


ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(["区教育局", "2021-04-25"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@pytest.mark.parametrize("text", [UNITS, HOLIDAYS, NOTICE_SMALL], ids=["units", "holidays", "notice"])
@given(data=st.data())
@settings(max_examples=100, deadline=None)
def test_a_file_with_anything_in_the_place_of_a_value_is_read_or_its_mistakes_are_told(
    text: str, data: st.DataObject
) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "x.yaml"
        path.write_text(text, encoding="utf-8")
        values, lines = parse(path).values, parse(path).lines or {}
        loc = data.draw(st.sampled_from(sorted(filter(None, lines), key=str)))
        put_in(values, loc, data.draw(ANYTHING))
        document = Document(path, values, lines)

        for read in (read_notice, read_directory, read_calendar):
            value, problems = read(document)
            assert value is not None or problems
        check_together([document, document], document)


def put_in(values: Any, loc: Loc, thing: object) -> None:
    """Put something in the place of the value at the end of a way."""
    for step in loc[:-1]:
        values = values[step]
    values[loc[-1]] = thing


@given(st.binary(max_size=200))
@settings(max_examples=60, deadline=None)
def test_bytes_that_are_nothing_are_told(noise: bytes) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "noise"
        path.write_bytes(noise)

        with pytest.raises(ConfigurationError):
            load(path)
        with pytest.raises(ConfigurationError):
            load_all(Files(path, path, path, path))
