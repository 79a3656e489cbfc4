"""The same work done by the book: what one writes who knows the packages' documentation and the notice, and no more.

Fixed with the issue that asks for the comparison, and never tuned: IMAPClient as shipped, the whole message to
mail-parser, `load_workbook(data_only=True)`, pdfminer's `extract_text`, SQLAlchemy's ORM, fsync. It knows only the
reports of this corpus: no doubt, no limits, no sandbox, no second instance, no message seen twice. Its rows and files
are the product's (end_state.py compares them); its answer says the same in plainer words.
"""

from __future__ import annotations

import base64
import hashlib
import io
import os
import re
import time
from datetime import timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid
from pathlib import Path
from typing import Any

import mailparser
from benchmarks.fresh import answer, cpu_seconds
from benchmarks.office import NOW
from imapclient import IMAPClient
from jinja2 import Environment
from openpyxl import load_workbook
from pdfminer.high_level import extract_text
from sqlalchemy import create_engine, event, func, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, relationship

from mailbot.domain.books import Aside, MessageStanding, OutgoingKind, OutgoingState
from mailbot.domain.decision import MailKind
from mailbot.domain.mailbox import Origin
from mailbot.domain.moments import in_shanghai
from mailbot.domain.period import Period
from mailbot.domain.report import Meaning, PartKind
from mailbot.ledger import schema
from mailbot.ledger.asides import written

NOTICE = "zhongyuan-2021-8"
OFFICE = "office@example.test"
LEDGER_WORDS = {  # as a table words it: as the notice does
    "加装电梯": "既有住宅加装电梯",
    "覆盖道路内停车泊位": "智慧停车高位视频设备覆盖道路内停车泊位",
    "建成标准化药房": "选取基层诊所（卫生所）完善设施、建成标准化药房",
    "文艺演出活动": "“舞台艺术进乡村、进社区”文艺演出活动",
    "精品剧目演出": "郑州市精品剧目演出",
    "发放通讯信息消费补贴": "为视力、听力、言语残疾人发放通讯信息消费补贴",
}
TEXT = """{{ unit }}：
　　贵单位报来的{{ month }}重点民生实事进展情况已收悉，登记号 {{ number }}。
{% for part in parts %}　　{{ part.file }}（{{ part.size }} 字节{% if part.pages %}，{{ part.pages }}页{% endif %}）
　　SHA-256：{{ part.sha256 }}
{% endfor %}　　读出任务：{{ tasks }}
{% for each in figures %}　　第{{ each.task }}项 {{ each.what }}：{{ each.value }} {{ each.unit_of_measure }}
{% endfor %}　　材料已齐，按时报送。本邮件仅确认收到，不代表对内容的审核意见。涉密信息请勿通过互联网邮箱报送。
"""
HTML = """<html><body><p>{{ unit }}：</p><p>{{ month }}重点民生实事进展情况已收悉，登记号 {{ number }}。</p><table>
{% for part in parts %}<tr><td>{{ part.file }}</td><td>{{ part.size }}</td><td>{{ part.pages or "" }}</td>
<td>{{ part.sha256 }}</td></tr>{% endfor %}</table><p>读出任务：{{ tasks }}</p><table>{% for each in figures %}
<tr><td>{{ each.task }}</td><td>{{ each.what }}</td><td>{{ each.value }} {{ each.unit_of_measure }}</td></tr>
{% endfor %}</table><p>材料已齐，按时报送。</p>
<p>仅确认收到，不代表对内容的审核意见。涉密信息请勿通过互联网邮箱报送。</p></body></html>
"""
TEMPLATES = Environment(autoescape=True)


class Base(DeclarativeBase):
    """The product's tables as classes."""

    metadata = schema.metadata


class Message(Base):
    """A message."""

    __table__ = schema.messages


class Sighting(Base):
    """Where it was seen."""

    __table__ = schema.sightings


class Folder(Base):
    """A folder that was polled."""

    __table__ = schema.folders


class Part(Base):
    """A part of a report."""

    __table__ = schema.parts


class Figure(Base):
    """A number that was read."""

    __table__ = schema.figures


class Progress(Base):
    """Words of progress that were read."""

    __table__ = schema.progress


class Receipt(Base):
    """A receipt with what it holds."""

    __table__ = schema.receipts
    parts: Mapped[list[Part]] = relationship()
    figures: Mapped[list[Figure]] = relationship()
    progress: Mapped[list[Progress]] = relationship()


class Outgoing(Base):
    """An answer that waits."""

    __table__ = schema.outbox


class Event(Base):
    """What happened."""

    __table__ = schema.events


def measured(host: str, port: int, user: str, password: str, folder: str) -> dict[str, object]:
    """Return what it took from the login to the last queued answer, into a new ledger and archive in the folder."""
    Path(folder).mkdir()
    engine = create_engine(f"sqlite:///{folder}/ledger.db")
    event.listen(engine, "connect", durable)
    before, began, count = cpu_seconds(), time.perf_counter(), 0
    Base.metadata.create_all(engine)
    with IMAPClient(host, port=port, ssl=False) as client, Session(engine) as session:
        client.login(user, password)
        opened = client.select_folder("INBOX", readonly=True)
        for uid in client.search("ALL"):
            record(session, client, uid, opened[b"UIDVALIDITY"], Path(folder) / "archive")
            count += 1
        session.add(
            Folder(
                folder="INBOX",
                uidvalidity=opened[b"UIDVALIDITY"],
                uidnext=opened[b"UIDNEXT"],
                exists=opened[b"EXISTS"],
                completed=NOW,
            )
        )
        session.commit()
    return {"cpu": cpu_seconds() - before, "wall": time.perf_counter() - began, "messages": count}


def durable(connection: Any, _entry: object) -> None:
    """Let a commit survive a power cut."""
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")


def record(session: Session, client: IMAPClient, uid: int, uidvalidity: int, archive: Path) -> None:
    """Fetch one message, keep it, read it, book it and queue its answer."""
    told = client.fetch([uid], ["BODY.PEEK[]", "INTERNALDATE", "RFC822.SIZE"])[uid]
    raw: bytes = told[b"BODY[]"]
    arrived = in_shanghai(told[b"INTERNALDATE"].astimezone())
    sha256 = keep(archive, raw)
    mail = mailparser.parse_from_bytes(raw)
    sender = mail.from_[0]
    seen = {"sha256": sha256, "size": told[b"RFC822.SIZE"], "arrived": arrived, "folder": "INBOX"}
    message = Message(
        **seen,
        standing=MessageStanding.RECEIPTS,
        kind=MailKind.REPORT,
        message_id=mail.message_id,
        sender=sender[1],
        sender_as_written=f'"{sender[0]}" <{sender[1]}>',
        subject=mail.subject,
        decided=NOW,
    )
    sighting = Sighting(**seen, source=Origin.IMAP, uidvalidity=uidvalidity, uid=uid, in_view=True)
    receipt, facts = read(session, mail, sha256, arrived)
    session.add_all([message, sighting, receipt])
    session.add_all(answered(facts, mail.message_id, sender[1]))
    session.commit()


def keep(archive: Path, raw: bytes) -> str:
    """Write the message durably under its SHA-256."""
    sha256 = hashlib.sha256(raw).hexdigest()
    path = archive / sha256[:2] / sha256[2:4] / f"{sha256}.eml"
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".part")
    with unfinished.open("wb") as file:
        file.write(raw)
        file.flush()
        os.fsync(file.fileno())
    unfinished.rename(path)
    descriptor = os.open(path.parent, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)
    return sha256


def read(session: Session, mail: mailparser.MailParser, sha256: str, arrived: Any) -> tuple[Receipt, dict[str, Any]]:
    """Return the receipt with all that was read, and the same as plain values for the answer."""
    files = [(each["filename"], base64.b64decode(each["payload"])) for each in mail.attachments]
    found = workbook(*next(file for file in files if file[0].endswith(".xlsx")))
    unit, period = found["unit"], found["period"]
    serial = (
        session.scalar(select(func.max(schema.receipts.c.serial)).where(schema.receipts.c.period == period)) or 0
    ) + 1
    number = f"{period}-{serial:04d}"
    parts = [part(name, content, unit, period) for name, content in files]
    receipt = Receipt(
        number=number,
        sha256=sha256,
        notice=NOTICE,
        unit=unit,
        period=period,
        serial=serial,
        arrived=arrived,
        folder="INBOX",
        tasks=found["tasks"],
        parts=[Part(**each) for each in parts],
        figures=[Figure(**each) for each in found["figures"]],
        progress=[Progress(**each) for each in found["progress"]],
    )
    return receipt, {**found, "parts": parts, "number": number, "sha256": sha256, "arrived": arrived}


def part(name: str, content: bytes, unit: str, period: Period) -> dict[str, Any]:
    """Return a file as a part of the report: a PDF without text is the sealed scan."""
    pages, kind = None, PartKind.ELECTRONIC
    if name.endswith(".pdf"):
        text = extract_text(io.BytesIO(content))
        pages, kind = text.count("\f"), PartKind.SEALED_SCAN if not text.strip() else PartKind.ELECTRONIC
    digest = hashlib.sha256(content).hexdigest()
    return {
        "kind": kind,
        "file": name,
        "sha256": digest,
        "size": len(content),
        "unit": unit,
        "period": period,
        "pages": pages,
    }


def workbook(name: str, content: bytes) -> dict[str, Any]:
    """Return what the progress table says: unit, month, tasks, figures and progress."""
    sheet = load_workbook(io.BytesIO(content), data_only=True).worksheets[0]
    month = re.search(r"(\d{4})年(\d{1,2})月", sheet["A1"].value)
    unit = sheet["A2"].value.removeprefix("填报单位：中原")
    period = Period(int(month[1]), int(month[2])) if month else None
    place = {"file": name, "sheet": sheet.title, "unit": unit, "period": period}
    figures: list[dict[str, Any]] = []
    progress: list[dict[str, Any]] = []
    task = 0
    for row in sheet.iter_rows(min_row=4):
        values = [cell.value for cell in row]
        task = values[0] or task
        figures += [{**place, "task": task, **figure} for figure in figures_of(row, values)]
        words = {"text": values[8], "difficulties": values[9], "next_steps": values[10]}
        progress.append({**place, "task": task, "cell": row[8].coordinate, **words})
    tasks = sorted({each["task"] for each in progress})
    return {"unit": unit, "period": period, "tasks": tasks, "figures": figures, "progress": progress}


def figures_of(row: tuple[Any, ...], values: list[Any]) -> list[dict[str, Any]]:
    """Return a line's three numbers in base units."""
    if values[5] is None:
        return []
    what = LEDGER_WORDS.get(values[2], values[2])
    measure: str = values[6]
    factor = 10_000 if measure.startswith("万") else 1
    numbers = (
        (4, Meaning.MONTHLY, round(values[4] * factor, 6), measure.removeprefix("万")),
        (5, Meaning.CUMULATIVE, round(values[5] * factor, 6), measure.removeprefix("万")),
        (7, Meaning.PERCENT, round(values[7] * 100, 6), "%"),
    )
    return [
        {"what": what, "value": value, "unit_of_measure": unit, "meaning": meaning, "cell": row[column].coordinate}
        for column, meaning, value, unit in numbers
    ]


def answered(facts: dict[str, Any], message_id: str, to: str) -> list[Base]:
    """Return the answer as it waits, and the two events of the message."""
    unit, period, number = facts["unit"], facts["period"], facts["number"]
    words = {**facts, "month": period.chinese()}
    subject = f"【回执】{period.chinese()}重点民生实事进展情况已收悉（{unit}）"
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"], mail["Subject"] = OFFICE, to, subject
    mail["Date"], mail["Message-ID"] = format_datetime(NOW), make_msgid(domain="example.test")
    mail["In-Reply-To"] = mail["References"] = message_id
    mail["Auto-Submitted"] = "auto-replied"
    mail.set_content(TEMPLATES.from_string(TEXT).render(words))
    mail.add_alternative(TEMPLATES.from_string(HTML).render(words), subtype="html")
    key = f"ack:{facts['sha256']}"
    outgoing = Outgoing(
        key=key,
        kind=OutgoingKind.ACKNOWLEDGEMENT,
        recipient=to,
        subject=subject,
        message_id=mail["Message-ID"],
        in_reply_to=message_id,
        raw=mail.as_bytes(),
        about=[[NOTICE, unit, str(period)]],
        answers=facts["sha256"],
        rung="",
        expires=facts["arrived"] + timedelta(days=366),
        aside=written(Aside()),
        state=OutgoingState.HELD,
        tries=0,
        created=NOW,
        reason="",
        released=False,
    )
    noted = {"at": NOW, "actor": "mailbot"}
    return [
        outgoing,
        Event(**noted, what="receipt_issued", subject=facts["sha256"], detail=f"{number} {unit} {period}"),
        Event(**noted, what="mail_held", subject=key, detail=""),
    ]


if __name__ == "__main__":
    answer(measured)
