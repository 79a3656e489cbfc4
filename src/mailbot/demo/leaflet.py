"""The page to leaf through the mails that a play sent: a list on the left, the mail as its recipient sees it."""

from __future__ import annotations

from email import message_from_bytes
from email.policy import default
from typing import TYPE_CHECKING

from mailbot.data import shipped

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
        "date": str(mail["Date"]),
        "html": html.get_content() if html else "",
    }
