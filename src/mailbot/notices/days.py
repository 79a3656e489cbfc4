"""Days, months and times of day as they are written in the office's YAML files."""

from __future__ import annotations

import re
from datetime import date
from datetime import time as time_of_day
from typing import Annotated

from pydantic import BeforeValidator

from mailbot.domain.period import Period


def _day(value: object) -> date:
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value, re.ASCII):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    message = "不是日期，或没有这一天；请写成 2021-03-16 的形式"
    raise ValueError(message)


def _period(value: object) -> Period:
    try:
        return Period.parse(str(value))
    except ValueError:
        message = "不是月份；请写成 2021-03 的形式"
        raise ValueError(message) from None


def _cutoff(value: object) -> time_of_day | None:
    """Return the time of day; None for 24:00."""
    if value == "24:00":
        return None
    if isinstance(value, str) and re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", value, re.ASCII):
        return time_of_day.fromisoformat(value)
    message = "不是时刻；请写成 24:00 或 17:30 的形式"
    raise ValueError(message)


Day = Annotated[date, BeforeValidator(_day)]
Month = Annotated[Period, BeforeValidator(_period)]
Cutoff = Annotated[time_of_day | None, BeforeValidator(_cutoff)]
