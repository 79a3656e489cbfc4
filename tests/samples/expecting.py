"""What a sample expects of `mailbot explain`, held against what was told; each difference is a sentence.

recorded         [unit, period]: a report that is recorded for these and no other, and may be answered
decision, kind   the value, or a list where an office could want either
units, periods   exactly these; `periods_within`: nothing else may be recorded
parts            exactly these, as [kind, file]; `parts_with`, `parts_without`: among others; '*x' ends in x
period_of, unit_of   of a part, by its file
figures          [task, value, meaning, measure], among others, [] none; `figures_without` [task, value, meaning]
tasks, may_reply exactly; `problem`: something must be said
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any

Told = dict[str, Any]
Wanted = Any


def differences(expect: dict[str, Wanted], told: Told) -> list[str]:
    """Return what is otherwise than expected."""
    return [
        f"{key}: wanted {wanted}, but {said}" for key, wanted in expect.items() for said in CHECKS[key](wanted, told)
    ]


def _recorded(wanted: Wanted, told: Told) -> Iterator[str]:
    unit, period = wanted
    whole = {"decision": "record", "kind": "report", "units": [unit], "periods": [period], "may_reply": True}
    for key, value in whole.items():
        if told[key] != value:
            yield f"{key} is {told[key]}"


def _one_of(key: str) -> Callable[[Wanted, Told], Iterator[str]]:
    def check(wanted: Wanted, told: Told) -> Iterator[str]:
        if told[key] not in (wanted if isinstance(wanted, list) else [wanted]):
            yield f"it is {told[key]}"

    return check


def _exactly(key: str) -> Callable[[Wanted, Told], Iterator[str]]:
    def check(wanted: Wanted, told: Told) -> Iterator[str]:
        if told[key] != wanted:
            yield f"it is {told[key]}"

    return check


def _periods_within(wanted: Wanted, told: Told) -> Iterator[str]:
    wrong = sorted(set(told["periods"]) - set(wanted))
    if told["decision"] == "record" and wrong:
        yield f"{wrong} is recorded"


def _fits(part: Told, wanted: list[str | None]) -> bool:
    kind, file = wanted
    if file is not None and file.startswith("*"):
        return bool(part["kind"] == kind and part["file"] is not None and part["file"].endswith(file[1:]))
    return (part["kind"], part["file"]) == (kind, file)


def _parts(wanted: Wanted, told: Told) -> Iterator[str]:
    yield from _parts_with(wanted, told)
    for part in told["parts"]:
        if not any(_fits(part, each) for each in wanted):
            yield f"there is {part['kind']} {part['file']}"


def _parts_with(wanted: Wanted, told: Told) -> Iterator[str]:
    for each in wanted:
        if not any(_fits(part, each) for part in told["parts"]):
            yield f"{each} is not there"


def _parts_without(wanted: Wanted, told: Told) -> Iterator[str]:
    for each in wanted:
        if any(_fits(part, each) for part in told["parts"]):
            yield f"{each} is there"


def _of_parts(key: str) -> Callable[[Wanted, Told], Iterator[str]]:
    def check(wanted: Wanted, told: Told) -> Iterator[str]:
        for part in told["parts"]:
            if part["file"] in wanted and part[key] != wanted[part["file"]]:
                yield f"of {part['file']} it is {part[key]}"

    return check


def _said(figure: Told, task: int, value: float, meaning: str, *measures: str | list[str]) -> bool:
    measured = [each for measure in measures for each in (measure if isinstance(measure, list) else [measure])]
    return (
        (figure["task"], figure["meaning"]) == (task, meaning)
        and math.isclose(figure["value"], value, rel_tol=1e-6)
        and (not measured or figure["unit_of_measure"] in measured)
    )


def _figures(wanted: Wanted, told: Told) -> Iterator[str]:
    if not wanted and told["figures"]:
        yield f"there are {[_short(figure) for figure in told['figures']]}"
    for each in wanted:
        if not any(_said(figure, *each) for figure in told["figures"]):
            yield f"{each} is not among {[_short(figure) for figure in told['figures'] if figure['task'] == each[0]]}"


def _figures_without(wanted: Wanted, told: Told) -> Iterator[str]:
    for figure in told["figures"]:
        if any(_said(figure, *each) for each in wanted):
            yield f"{_short(figure)} is there"


def _short(figure: Told) -> list[Any]:
    return [figure["task"], figure["value"], figure["meaning"], figure["unit_of_measure"]]


def _problem(_wanted: Wanted, told: Told) -> Iterator[str]:
    if not told["problems"]:
        yield "nothing is said"


CHECKS: dict[str, Callable[[Wanted, Told], Iterator[str]]] = {
    "recorded": _recorded,
    "decision": _one_of("decision"),
    "kind": _one_of("kind"),
    "units": _exactly("units"),
    "periods": _exactly("periods"),
    "periods_within": _periods_within,
    "may_reply": _exactly("may_reply"),
    "tasks": _exactly("tasks"),
    "parts": _parts,
    "parts_with": _parts_with,
    "parts_without": _parts_without,
    "period_of": _of_parts("period"),
    "unit_of": _of_parts("unit"),
    "figures": _figures,
    "figures_without": _figures_without,
    "problem": _problem,
}
