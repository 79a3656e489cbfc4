"""How our values lie in a column: moments in UTC, months as ``2021-04``, enums by value, text that can be stored."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from enum import Enum
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy import JSON, DateTime, String, Text
from sqlalchemy import Enum as EnumColumn
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from mailbot.domain.moments import SHANGHAI
from mailbot.domain.period import Period

AnyEnum = TypeVar("AnyEnum", bound=Enum)

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")  # SQLite cannot encode lone surrogates, PostgreSQL refuses NUL


def storable(text: str) -> str:
    r"""Return the text with U+FFFD for what no database can hold; mail headers do contain it.

    >>> storable("a\x00b") == storable("a\ud800b") == "a\ufffdb"
    True
    """
    return _UNSTORABLE.sub("\ufffd", text)


def as_json(value: Any) -> str:
    """Return a value as JSON that a person can read in the database: Chinese stays Chinese."""
    return storable(json.dumps(value, ensure_ascii=False))


class Moment(TypeDecorator[datetime]):
    """A moment: stored in UTC without a zone, so that every database sorts it alike; returned in Asia/Shanghai."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn an aware moment into UTC."""
        del dialect
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a moment without a zone: {value!r}")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the moment, aware, in Asia/Shanghai."""
        del dialect
        return None if value is None else value.replace(tzinfo=UTC).astimezone(SHANGHAI)


class Month(TypeDecorator[Period]):
    """A reporting period, written ``2021-04``."""

    impl = String(7)
    cache_ok = True

    def process_bind_param(self, value: Period | None, dialect: Dialect) -> str | None:
        """Write the period."""
        del dialect
        return None if value is None else str(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Period | None:
        """Read the period."""
        del dialect
        return None if value is None else _period(value)


_period = lru_cache(maxsize=256)(Period.parse)  # a ledger knows few months, and has many rows of each


class Words(TypeDecorator[str]):
    """Text, some of it out of mails, with U+FFFD for what no database can hold."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Make the text storable."""
        del dialect
        return None if value is None else storable(value)


def choice(kind: type[AnyEnum]) -> EnumColumn:
    """Return the column type of an enum: its values as short text, so that a new member needs no migration."""
    return EnumColumn(
        kind, native_enum=False, length=32, values_callable=lambda members: [one.value for one in members]
    )


Document = JSON  # a small tree that is always read and written as a whole
