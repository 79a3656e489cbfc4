"""The results as the tables of README.md, each with its goal and in plain words whether it is met."""

from __future__ import annotations

import platform
import statistics
import subprocess
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path
from typing import Any

from benchmarks.cpu import Round
from benchmarks.downloads import Poll
from benchmarks.fresh import ROOT
from benchmarks.turns import Turns

BESIDE = {  # each stage inside the product, with the parts that it cannot do without
    "receive": ("receive",),
    "archive: put": ("hash", "durable write"),
    "job: carve": ("decode",),
    "job: mail": ("headers",),
    "job: xlsx": ("workbook",),
    "job: pdf": ("PDF",),
    "writing the answer": ("answer",),
    "ledger": ("commit",),
}
NEW_CONNECTION = 8  # round trips at most
PACKAGES = ("imapclient", "mail-parser", "openpyxl", "pdfminer.six", "sqlalchemy", "jinja2", "pybase64")


def machine() -> str:
    """Return on what it was measured."""
    processors = [line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    memory = int(Path("/proc/meminfo").read_text().split()[1]) / 2**20
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return (
        f"mailbot at {_commit()}; {len(processors)} × {processors[0].partition(':')[2].strip()}, {memory:.0f} GB,"
        f" {platform.system()} {platform.release()}, CPython {platform.python_version()}; {packages}"
    )


def _commit() -> str:
    """Return which state of the sources was measured, as far as git can tell."""
    command = ("git", "describe", "--always", "--dirty", "--exclude=*")
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603  # fixed words
    return told.stdout.strip() or version("mailbot")


def in_a_line(one: Round) -> str:
    """Return a round for whoever waits."""
    return f"mailbot {one.service:.1f}, its parts {one.unavoidable:.1f}, straightforward {one.straightforward:.1f} ms"


def cpu(rounds: Sequence[Round]) -> str:
    """Return the CPU of the whole, and of each part beside its stage."""
    floor = _ratios(one.service / one.unavoidable for one in rounds)
    plain = _ratios(one.straightforward / one.service for one in rounds)
    whole = _table(
        ("CPU from poll to queued reply, ms a message", "minimum", "median"),
        [
            ("mailbot, service and worker", *_least(one.service for one in rounds)),
            ("the unavoidable parts, alone", *_least(one.unavoidable for one in rounds)),
            ("straightforward.py", *_least(one.straightforward for one in rounds)),
        ],
    )
    ratios = _table(
        ("ratio within a round", "best", "median", "goal", ""),
        [
            ("mailbot ÷ its unavoidable parts", *_shown(min(floor), floor), "≤ 1.6", _met(_middle(floor) <= 1.6)),
            ("straightforward.py ÷ mailbot", *_shown(max(plain), plain), "≥ 2.5", _met(_middle(plain) >= 2.5)),
        ],
    )
    same = f"Both ways ended with the same {rounds[0].rows} rows and the same files in each round.\n"
    return f"{whole}\n{ratios}\n{same}\n{_stages(rounds)}"


def _stages(rounds: Sequence[Round]) -> str:
    stages = {name: _middle(one.stages.get(name, 0.0) for one in rounds) for name in rounds[0].stages}
    parts = {name: _middle(one.parts[name] for one in rounds) for name in rounds[0].parts}
    rows = []
    for name, inside in sorted(stages.items(), key=lambda each: -each[1]):
        alone = sum(parts[part] for part in BESIDE.get(name, ()))
        dearer = "the part is dearer: measured wrong" if alone > inside else ""
        rows.append((name, f"{inside:.2f}", " + ".join(BESIDE.get(name, ())), f"{alone:.2f}" if alone else "", dearer))
    rows.append(("together", f"{sum(stages.values()):.2f}", "", f"{sum(parts.values()):.2f}", ""))
    return _table(("stage inside mailbot", "ms", "part", "ms alone", ""), rows)


def downloads(polls: Sequence[Poll]) -> str:
    """Return what was downloaded for what."""
    new, bodies = sum(poll.new for poll in polls), sum(poll.bodies for poll in polls)
    rows = [(poll.what, f"{poll.new:,}", f"{poll.bodies:,}") for poll in polls]
    whole = ("together", f"{new:,}", f"{bodies:,}")
    ratio = bodies / new
    return (
        _table(("poll", "bytes of new mail", "body bytes downloaded"), [*rows, whole])
        + f"\nBody bytes ÷ bytes of new mail: **{ratio:.4f}** (goal ≤ 1.01, {_met(ratio <= 1.01)}); "
        f"it includes the mail that was being fetched at the kill.\n"
    )


def turns(counted: Sequence[Turns]) -> str:
    """Return the round trips of rounds with nothing new."""
    alone = counted[0].folders
    rows = []
    for one in counted:
        a_folder = 1 if one.where == counted[0].where else 2  # where UIDNEXT is of no use
        new_goal = NEW_CONNECTION if one.folders == alone else None  # INBOX's alone
        kept_goal = None if one.kept is None else 1 + a_folder * (one.folders - alone)
        pairs = ((one.new, new_goal), (one.kept, kept_goal))
        fits = all(found <= goal for found, goal in pairs if found is not None and goal is not None)
        goals = "; ".join("none" if goal is None else f"≤ {goal}" for _, goal in pairs)
        counts = ("—" if each is None else str(each) for each in (one.new, one.kept, one.waited))
        rows.append((one.where, str(one.folders), *counts, goals, _met(fits) if goals != "none; none" else ""))
    head = ("server", "folders", "new TLS connection", "kept connection", "and IDLE before it", "goals", "")
    return _table(head, rows)


def memory(small: dict[str, Any], large: dict[str, Any]) -> str:
    """Return the peaks on a mail with 1 MB and on one with 50 MB attached."""
    grown = large["service"] - small["service"]
    rows = [
        ("service", *(f"{one['service']:.0f}" for one in (small, large)), "< 120", _met(large["service"] < 120)),
        ("reader", *(f"{one['reader']:.0f}" for one in (small, large)), "< 300", _met(large["reader"] < 300)),
        ("service, how much more", "", f"{grown:.0f}", "≤ 10", _met(grown <= 10)),
    ]
    recorded = f"Receipts: {small['receipts']} and {large['receipts']}.\n"
    return _table(("peak memory, MB", "1 MB attached", "50 MB attached", "goal", ""), rows) + "\n" + recorded


def backlog(found: dict[str, Any]) -> str:
    """Return time and memory by thousands."""
    rows, grown = [], []
    marks = found["marks"]
    for before, after in pairwise(marks):
        step = after["done"] - (before["done"] if before["what"] == after["what"] else 0)
        cpu_ms, wall_ms = ((after[clock] - before[clock]) * 1000 / step for clock in ("cpu", "wall"))
        if after["what"] == "recording":
            grown.append((cpu_ms, after["memory"]))
        what = "recorded" if after["what"] == "recording" else "carried in"
        rows.append((what, f"{after['done']:,}", f"{cpu_ms:.1f}", f"{wall_ms:.1f}", f"{after['memory']:.0f}"))
    half = len(grown) // 2
    early, late = (_middle(one[0] for one in some) for some in (grown[:half] or grown, grown[half:]))
    megabytes = grown[-1][1] - grown[0][1]
    verdict = (
        f"\nRecording, later half ÷ earlier half: **{late / early:.2f}** in CPU a message; memory grew by"
        f" {megabytes:.0f} MB from the first mark of recording to the last.\n"
        f"Where the messages are: {found['places']}.\n"
    )
    return _table(("", "messages", "CPU, ms a message", "wall, ms a message", "memory, MB"), rows) + verdict


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _ratios(values: Iterable[float]) -> list[float]:
    return sorted(values)


def _middle(values: Iterable[float]) -> float:
    return statistics.median(values)


def _least(values: Iterable[float]) -> tuple[str, str]:
    found = list(values)
    return f"{min(found):.1f}", f"{_middle(found):.1f}"


def _shown(best: float, ratios: list[float]) -> tuple[str, str]:
    return f"{best:.2f}", f"**{_middle(ratios):.2f}**"


def _met(well: bool) -> str:  # noqa: FBT001  # it is the whole question
    return "met" if well else "**not met**"
