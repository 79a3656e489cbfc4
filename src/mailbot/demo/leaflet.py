"""The page to leaf through the mails that a play sent: a list, and below each line the mail as it is seen."""

from __future__ import annotations

from email import message_from_bytes
from email.policy import default
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from mailbot.data import shipped
from mailbot.domain.moments import in_shanghai

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def write_index(folder: Path, mails: Sequence[bytes]) -> None:
    """Write `index.html` into the folder of sent mails, with nothing in it that is fetched from elsewhere."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(shipped("templates") / "demo"), autoescape=True, undefined=StrictUndefined
    )
    rows = [_row(number, raw) for number, raw in enumerate(mails, 1)]
    page = environment.get_template("sent_index.html").render(mails=rows)
    (folder / "index.html").write_text(page, "utf-8")


def _row(number: int, raw: bytes) -> dict[str, str]:
    mail = message_from_bytes(raw, policy=default)
    html = mail.get_body(("html", "plain"))
    return {
        "file": f"{number:04d}.eml",
        "subject": str(mail["Subject"]),
        "to": str(mail["To"]),
        "when": _when(str(mail["Date"])),
        "html": html.get_content() if html else "",
    }


def _when(date: str) -> str:
    """Return a Date header as our mails write a moment.

    >>> _when("Thu, 22 Apr 2021 09:05:00 +0800")
    '4月22日 09:05'
    """
    sent = in_shanghai(parsedate_to_datetime(date))
    return f"{sent.month}月{sent.day}日 {sent:%H:%M}"
