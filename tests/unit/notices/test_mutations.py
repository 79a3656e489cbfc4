"""Whatever happens to the shipped files, reading them ends in a value or in mistakes told."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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
    ["\t", ":", "：", "- ", "[", "]", "{", "}", '"', "'", "#", "*a", "&a", "!x", "? ", "| ", "~", "null", "true", "off",
     "-1", "1e9", "9" * 25, "2021-02-30", "24:00", "\n", "\n  ", "---\n", "\0", "\ufeff", "\ud7ff", "\\u0000", "=", "<<"]
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
