"""Structured logs: one JSON object a line on standard error, in English, without body text and without secrets."""

from __future__ import annotations

import json
import logging
import sys
from typing import Any

import structlog

from mailbot.clock import SystemClock
from mailbot.visible import visible

LONGEST_WAY = 10_000  # characters kept of a traceback
LONGEST = 200  # characters kept of any value: what a stranger wrote must not fill the disk


def _stamp(_logger: object, _method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Add the machine's time with its zone (+08:00), whatever the machine's own zone and `MAILBOT_NOW` are."""
    return {**event, "timestamp": SystemClock().now().isoformat(timespec="milliseconds")}


def _shorten(_logger: object, _method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Cut long values; of where something went wrong the end matters."""
    way = str(event.get("exception", ""))[-LONGEST_WAY:]
    cut = {
        key: value[:LONGEST] + "…" if isinstance(value, str) and len(value) > LONGEST else value
        for key, value in event.items()
    }
    return {**cut, "exception": way} if way else cut


def _as_json(value: Any, **options: Any) -> str:
    """Write JSON that is Chinese to the eye, and in which nobody can hide a control character or forge a line."""
    return visible(json.dumps(value, ensure_ascii=False, **options))


def configure(*, verbose: bool) -> None:
    """Send logs to standard error: everything when verbose, else warnings and worse; other libraries' likewise as JSON.

    imapclient and imaplib print mail bodies at DEBUG, so that other libraries never get below WARNING.
    """
    common: list[structlog.typing.Processor] = [
        structlog.stdlib.add_log_level,
        _stamp,
        structlog.processors.format_exc_info,
        _shorten,
    ]
    as_json = structlog.processors.JSONRenderer(serializer=_as_json, default=str)
    structlog.configure(
        processors=[*common, as_json],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO if verbose else logging.WARNING),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    others = logging.StreamHandler(sys.stderr)
    others.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *common],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, as_json],
        )
    )
    logging.basicConfig(level=logging.WARNING, handlers=[others])
