"""Structured logs: one JSON object a line on standard error, in English, without body text and without secrets."""

from __future__ import annotations

import logging
import sys

import structlog

LONGEST = 200  # characters kept of any value: what a stranger wrote must not fill the disk


def _shorten(_logger: object, _method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Cut long values; JSON escapes control characters, so that nobody can forge a line."""
    return {
        key: value[:LONGEST] + "…" if isinstance(value, str) and key != "exception" and len(value) > LONGEST else value
        for key, value in event.items()
    }


def configure(*, verbose: bool) -> None:
    """Send logs to standard error: everything when verbose, else warnings and worse.

    imapclient and imaplib print mail bodies at DEBUG, so that other libraries never get below WARNING.
    """
    structlog.configure(
        processors=[
            structlog.stdlib.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=False),
            structlog.processors.format_exc_info,
            _shorten,
            structlog.processors.JSONRenderer(ensure_ascii=False, default=str),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO if verbose else logging.WARNING),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
