"""What the logs look like: one JSON object a line, with the zone, in which nothing acts on the terminal."""

from __future__ import annotations

import io
import json
import logging
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import structlog

from mailbot.logs import LONGEST, LONGEST_WAY, configure

EIGHT_HOURS = timedelta(hours=8)


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """Return what is written on standard error, the logging of the tests put aside."""
    root = logging.getLogger()
    kept, root.handlers = root.handlers, []
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    configure(verbose=True)
    yield stream
    root.handlers = kept
    structlog.reset_defaults()


def lines(said: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in said.getvalue().splitlines()]


def test_the_time_has_its_zone_whatever_the_clock_of_a_rehearsal_says(
    said: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAILBOT_NOW", "1999-01-01")

    structlog.get_logger().info("fetched")

    (line,) = lines(said)
    stamped = datetime.fromisoformat(line["timestamp"])
    assert (stamped.utcoffset(), stamped.year > 2020) == (EIGHT_HOURS, True)


@pytest.mark.parametrize("hostile", ["a\x9b31mb", "a\u202eb", "a\u2028b", "a\x7fb", "a\u200fb", "a\nb", "a\x1b[0mb"])
def test_no_character_of_a_stranger_acts_on_the_terminal_and_none_is_lost(said: io.StringIO, hostile: str) -> None:
    structlog.get_logger().warning("left", folder=hostile)
    logging.getLogger("a library").warning("odd: %s", hostile)

    assert all(character.isprintable() for line in said.getvalue().split("\n") for character in line)
    first, second = lines(said)
    assert (first["folder"], second["event"]) == (hostile, f"odd: {hostile}")


def test_long_values_are_cut(said: io.StringIO) -> None:
    structlog.get_logger().info("read", subject="长" * 1000)

    assert len(lines(said)[0]["subject"]) == LONGEST + 1


def test_what_went_wrong_is_there_with_its_way(said: io.StringIO) -> None:
    try:
        int("不对")
    except ValueError:
        structlog.get_logger().exception("failed")

    assert "ValueError" in lines(said)[0]["exception"]


def test_what_another_library_says_is_json_too_with_its_name_and_what_went_wrong(said: io.StringIO) -> None:
    try:
        int("不对")
    except ValueError:
        logging.getLogger("apscheduler").exception("job %s failed", "waking")
    logging.getLogger("imapclient").info("a mail's body")

    (line,) = lines(said)
    assert (line["logger"], line["level"], line["event"]) == ("apscheduler", "error", "job waking failed")
    assert "ValueError" in line["exception"]
    assert line["timestamp"].endswith("+08:00")


def test_a_traceback_is_cut_at_its_beginning(said: io.StringIO) -> None:
    try:
        float("长" * 50_000)
    except ValueError:
        structlog.get_logger().exception("failed")

    assert len(lines(said)[0]["exception"]) == LONGEST_WAY
