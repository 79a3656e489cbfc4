"""What the play shows on the terminal: what came, what was made of it, what was sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import click

from mailbot.domain.books import Completeness, MessageStanding, OutgoingState, Timeliness
from mailbot.domain.labels import label, standing_label

if TYPE_CHECKING:
    from pathlib import Path

    from mailbot.domain.books import LedgerRow, OutboxItem, Receipt, TriageItem
    from mailbot.stages.protocols import Books

COLOURS = {
    "来件": "cyan",
    "登记": "green",
    "待处理": "yellow",
    "不登记": "bright_black",
    "发出": "blue",
    "办公室": "magenta",
}


@dataclass(frozen=True, slots=True)
class Seen:
    """What the ledger held at one moment, to tell what is new at the next."""

    receipts: tuple[Receipt, ...]
    triage: tuple[TriageItem, ...]
    ignored: frozenset[str]
    outbox: tuple[OutboxItem, ...]

    @classmethod
    def in_books(cls, books: Books) -> Seen:
        """Look into the ledger."""
        ignored = {row.sha256 for row in books.messages() if row.standing is MessageStanding.IGNORED}
        return cls(books.receipts(), books.triage(), frozenset(ignored), books.outbox(OutgoingState.SENT))


def line(moment: datetime, what: str, text: str) -> None:
    """Print one thing that happened."""
    click.echo(f"{moment:%m-%d %H:%M}  {click.style(f'{what}', fg=COLOURS[what])}{'　' * (4 - len(what))}{text}")


def tell_new(moment: datetime, before: Seen, after: Seen) -> None:
    """Print what the ledger holds now and did not before."""
    for receipt in (each for each in after.receipts if each not in before.receipts):
        parts = "、".join(dict.fromkeys(label(part.kind) for part in receipt.parts))
        line(moment, "登记", f"{receipt.number} {receipt.unit} {receipt.period.chinese()}：{parts}")
    known = {item.id for item in before.triage}
    for item in (each for each in after.triage if each.id not in known):
        line(moment, "待处理", f"第 {item.id} 号 {item.subject or '（无主题）'}：{'；'.join(item.reasons)}")
    for _ in after.ignored - before.ignored:
        line(moment, "不登记", "自动回复、退信或群发邮件，已存档，不登记，不回复")
    sent = {item.id for item in before.outbox}
    for mail in (each.mail for each in after.outbox if each.id not in sent):
        line(moment, "发出", f"{mail.subject} → {mail.to}")


def tell_end(rows: tuple[LedgerRow, ...], wrong: tuple[str, ...], folder: Path, now: datetime) -> None:
    """Print how the month ended, what the office has to see to, and what to try next on what it left."""
    on_time = sum(row.standing.timeliness is Timeliness.ON_TIME for row in rows)
    complete = sum(row.standing.completeness is Completeness.COMPLETE for row in rows)
    click.echo("\n月末报送状态：")
    for row in rows:
        click.echo(f"  {row.obligation.unit}：{standing_label(row.standing)}")
    click.echo(f"应报 {len(rows)} 个单位，报齐 {complete} 个，其中按时 {on_time} 个。\n")
    for text in wrong:
        click.echo(f"✗ {text}\n")
    click.echo(f"演示结果在 {folder}/：ledger.xlsx（台账）、sent/index.html（发出的邮件）、archive/（来件原件）。")
    click.echo("接着可以试试：")
    for command in ("ledger --period 2021-04", "triage", "messages", "outbox"):
        click.echo(f"  .venv/bin/mailbot --config {folder}/mailbot.toml {command}")
    click.echo(f"  MAILBOT_NOW={now:%Y-%m-%dT%H:%M} .venv/bin/mailbot --config {folder}/mailbot.toml status")
