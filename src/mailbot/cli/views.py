"""What the commands show, as plain data: the JSON that others build on. Times are ISO-8601 with +08:00."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from datetime import datetime

    from mailbot.domain.books import LedgerRow, MessageRow, OutboxItem, ReceivedPart, TriageItem
    from mailbot.domain.decision import Decision, Evidence
    from mailbot.domain.notice import Notice
    from mailbot.domain.period import Period
    from mailbot.domain.report import Figure, Part, Source
    from mailbot.errors import Problem

Data: TypeAlias = dict[str, Any]


def moment(value: datetime | None) -> str | None:
    """Return a moment as ISO-8601 to the second."""
    return value.isoformat(timespec="seconds") if value else None


def number(value: float) -> float | int:
    """Return a whole number without its point."""
    return int(value) if value == int(value) else value


def _period(value: Period | None) -> str | None:
    return str(value) if value else None


def explained(file: str, arrived: datetime | None, decision: Decision) -> Data:
    """Return what `mailbot explain` says of one message."""
    parts, figures = decision.parts, decision.figures
    about = {(part.unit, part.period) for part in parts} | {(s.unit, s.period) for s in decision.submissions}
    tasks = {figure.task for figure in figures} | {row.task for row in decision.progress}
    return {
        "file": file,
        "arrived": moment(arrived),
        "kind": decision.kind.value,
        "decision": decision.verdict.value,
        "units": sorted({unit for unit, _ in about if unit}),
        "periods": sorted({str(period) for _, period in about if period}),
        "parts": [_part(part) for part in parts],
        "tasks": sorted(tasks),
        "figures": [figure_row(figure) for figure in figures],
        "may_reply": not decision.reasons_not_to_answer,
        "problems": [problem_row(problem) for problem in decision.problems]
        + [{"code": doubt.code, "text": doubt.text} for doubt in decision.doubts],
        "evidence": [_evidence(one) for one in decision.evidence],
    }


def _part(part: Part) -> Data:
    return {
        "kind": part.kind.value,
        "file": part.file,
        "unit": part.unit,
        "period": _period(part.period),
        "seal": part.seal.value if part.seal else None,
    }


def figure_row(figure: Figure) -> Data:
    """Return a figure with the place it came from."""
    return {
        "unit": figure.unit,
        "period": _period(figure.period),
        "task": figure.task,
        "what": figure.what,
        "value": number(figure.value),
        "unit_of_measure": figure.unit_of_measure,
        "meaning": figure.meaning.value,
        "source": _source(figure.source),
    }


def _source(source: Source) -> Data:
    if source.file is None:
        return {"body": True}
    if source.page is not None:
        return {"file": source.file, "page": source.page}
    return {"file": source.file, "sheet": source.sheet, "cell": source.cell}


def problem_row(problem: Problem) -> Data:
    """Return a problem: its code and its sentence with the place."""
    return {"code": problem.code, "text": str(problem)}


def _evidence(evidence: Evidence) -> Data:
    return {
        "about": evidence.about.value,
        "points_to": evidence.points_to,
        "from": evidence.source,
        "quote": evidence.quote,
        "weight": round(evidence.weight, 2),
    }


def ledger_row(row: LedgerRow, notice: Notice) -> Data:
    """Return an obligation with its standing and all that came for it."""
    return {
        "notice": notice.document_number,
        "unit": row.obligation.unit,
        "period": str(row.obligation.period),
        "due": moment(row.obligation.due),
        "completeness": row.standing.completeness.value,
        "timeliness": row.standing.timeliness.value,
        "days_late": row.standing.days_late,
        "first_arrival": moment(row.standing.first_arrival),
        "completed_at": moment(row.standing.completed_at),
        "parts": [_received(part) for part in row.parts],
        "tasks": list(row.obligation.tasks),
        "figures": [figure_row(figure) for figure in row.figures],
    }


def _received(received: ReceivedPart) -> Data:
    return {
        "kind": received.part.kind.value,
        "arrived": moment(received.arrived),
        "file": received.part.file,
        "sha256": received.part.sha256,
        "receipt": received.receipt,
        "folder": received.folder,
    }


def message_row(row: MessageRow) -> Data:
    """Return one sighting."""
    return {
        "sha256": row.sha256,
        "message_id": row.message_id,
        "folder": row.folder,
        "uid": row.uid,
        "arrived": moment(row.arrived),
        "source": row.source,
        "in_view": row.in_view,
        "standing": row.standing.value,
        "receipts": list(row.receipts),
        "why": row.why,
    }


def outbox_row(item: OutboxItem) -> Data:
    """Return a mail of ours."""
    return {
        "id": item.id,
        "kind": item.mail.kind.value,
        "unit": "、".join(dict.fromkeys(unit for _, unit, _ in item.mail.about)) or None,
        "to": item.mail.to,
        "subject": item.mail.subject,
        "state": item.state.value,
        "message_id": item.mail.message_id,
        "in_reply_to": item.mail.in_reply_to or None,
        "tries": item.tries,
    }


def triage_row(item: TriageItem, program: str) -> Data:
    """Return what waits for a person, with the command that would settle it as guessed."""
    unit, period = item.unit or "单位", _period(item.period) or "YYYY-MM"
    arrived = "" if item.arrived else " --arrived YYYY-MM-DDTHH:MM"
    return {
        "id": item.id,
        "sha256": item.sha256,
        "arrived": moment(item.arrived),
        "from": item.sender,
        "subject": item.subject,
        "guess": {"unit": item.unit, "period": _period(item.period)},
        "reasons": list(item.reasons),
        "command": f"{program} triage assign {item.id} --unit {unit} --period {period}{arrived}",
    }
