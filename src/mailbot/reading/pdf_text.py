"""Texts inside a PDF's Info dictionary and XMP: charsets and dates as office programs really write them."""

from __future__ import annotations

import codecs
import re
from datetime import UTC, datetime, timedelta, timezone

from mailbot.domain.moments import SHANGHAI
from mailbot.reading.charsets import decode, tidy

_DATE = re.compile(
    r"(?:D:)?\s*(\d{4})-?(\d\d)?-?(\d\d)?[T ]?(\d\d)?:?(\d\d)?:?(\d\d)?(?:\.\d+)?\s*(?:(Z)|([+-])(\d\d)'?:?(\d\d)?'?)?"
)


def info_text(value: bytes) -> str:
    r"""Return a text string: UTF-16 or UTF-8 by its mark; else UTF-8 or GBK where it reads as such.

    The standard knows no GBK there, but Chinese producers write it. Source: ISO 32000-1 §7.9.2.2.

    >>> info_text("报表".encode("gbk")), info_text(b"\xfe\xff" + "报表".encode("utf-16-be")), info_text(b"WPS")
    ('报表', '报表', 'WPS')
    """
    if value.startswith((codecs.BOM_UTF16_BE, codecs.BOM_UTF16_LE)):
        text = value[: len(value) - len(value) % 2].decode("utf-16", "replace")
    else:
        text = decode(value)
    return tidy(text).strip()


def iso_date(text: str) -> str:
    """Return a PDF or XMP date as ISO-8601, '' where it is none; without a zone it is meant in Shanghai.

    >>> iso_date("D:20210420163000+08'00'"), iso_date("D:20210420163000Z"), iso_date("D:202104"), iso_date("昨天")
    ('2021-04-20T16:30:00+08:00', '2021-04-20T16:30:00+00:00', '2021-04-01T00:00:00+08:00', '')
    """
    found = _DATE.match(text)
    if found is None:
        return ""
    year, month, day, hour, minute, second = (
        int(g) if g else least for g, least in zip(found.groups()[:6], (0, 1, 1, 0, 0, 0), strict=True)
    )
    zulu, sign, hours, minutes = found.groups()[6:]
    try:
        zone = UTC if zulu else SHANGHAI
        if sign:
            offset = timedelta(hours=int(hours), minutes=int(minutes or 0))
            zone = timezone(offset if sign == "+" else -offset)
        return datetime(year, month, day, hour, minute, second, tzinfo=zone).isoformat()
    except ValueError:
        return ""
