"""The decision itself, from what was found: its parts and figures, and what it books for each unit and month."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from mailbot.domain.decision import Decision, MailKind, Submission, Verdict
from mailbot.domain.period import Period
from mailbot.matching.case import Case
from mailbot.matching.findings import Findings


def decision_of(kind: MailKind, verdict: Verdict, found: Findings, codes: Iterable[str]) -> Decision:
    """Return the decision with everything that was found; a doubt is a reason not to answer too."""
    return Decision(
        kind,
        verdict,
        parts=found.parts,
        figures=tuple(figure for one in found.read for figure in one.figures),
        progress=tuple(said for one in found.read for said in one.progress),
        evidence=found.evidence,
        doubts=found.doubts,
        problems=tuple(dict.fromkeys(found.problems)),
        guess=found.guess,
        concerns=found.concerns,
        reasons_not_to_answer=tuple(dict.fromkeys((*codes, *(doubt.code for doubt in found.doubts)))),
    )


def booked(case: Case, decision: Decision, keys: Iterable[tuple[str | None, Period | None]]) -> Decision:
    """Return a decision with what the message delivers for these units and months."""
    submissions = (_submission(case, decision, unit, period) for unit, period in keys if unit and period)
    return replace(decision, submissions=tuple(submissions), answer_to=case.mail.sender.spec)


def _submission(case: Case, decision: Decision, unit: str, period: Period) -> Submission:
    """Return what the message delivers for one unit and month."""
    notice, pair = case.notice_of(unit, period), (unit, period)
    parts = tuple(part for part in decision.parts if (part.unit, part.period) == pair)
    figures = tuple(figure for figure in decision.figures if (figure.unit, figure.period) == pair)
    progress = tuple(said for said in decision.progress if (said.unit, said.period) == pair)
    tasks = sorted({figure.task for figure in figures} | {said.task for said in progress})
    return Submission(notice.key if notice else "", unit, period, parts, tuple(tasks), figures, progress)
