"""How values lie in a column."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.engine import Dialect

from mailbot.domain.moments import SHANGHAI
from mailbot.domain.period import Period
from mailbot.ledger.columns import Moment, Month, Words, as_json, storable

DIALECT = Dialect()


@given(st.datetimes(min_value=datetime(1992, 1, 1), max_value=datetime(9999, 12, 30), timezones=st.timezones()))  # noqa: DTZ001 - hypothesis wants bounds without a zone
def test_a_moment_comes_back_as_the_same_instant_in_shanghai(moment: datetime) -> None:
    stored = Moment().process_bind_param(moment, DIALECT)
    assert stored is not None
    assert stored.tzinfo is None
    back = Moment().process_result_value(stored, DIALECT)
    assert back is not None
    assert back.tzinfo is SHANGHAI
    assert back.astimezone(UTC) == moment.astimezone(UTC)


def test_a_moment_needs_a_zone() -> None:
    with pytest.raises(ValueError, match="without a zone"):
        Moment().process_bind_param(datetime(2021, 4, 25), DIALECT)  # noqa: DTZ001 - that is the point


def test_nothing_stays_nothing() -> None:
    for column in (Moment(), Month(), Words()):
        assert column.process_bind_param(None, DIALECT) is None
    assert Moment().process_result_value(None, DIALECT) is None
    assert Month().process_result_value(None, DIALECT) is None


def test_a_period_is_written_as_in_data() -> None:
    assert Month().process_bind_param(Period(2021, 4), DIALECT) == "2021-04"
    assert Month().process_result_value("2021-04", DIALECT) == Period(2021, 4)


@given(st.text(st.characters(codec=None, exclude_categories=())))
def test_any_text_can_be_stored(text: str) -> None:
    kept = storable(text)
    assert kept.encode("utf-8").count(0) == 0
    assert len(kept) == len(text)


def test_chinese_can_be_read_in_the_database() -> None:
    assert as_json(["区教育局", "\ud800"]) == '["区教育局", "\ufffd"]'
