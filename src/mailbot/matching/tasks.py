"""Which task of the notice a row reports, by its words and, where those do not gainsay it, by its number."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial

from mailbot.domain.notice import Target, Task
from mailbot.matching.likeness import best, covered, likeness, pairs
from mailbot.matching.rows import Row

ALIKE = 0.55
_ALIKE_AMONG_FEW = 0.4
_FEW = 6
_MARGIN = 0.12
_GAINSAID = 0.25
_FAR_BETTER = 0.3  # what another task must have over the numbered one
_SHORT_WORDING = 10
_SAYS_NOTHING = re.compile(r"(?:累计|本月|当月|实际|完成|目标|任务|计划|数量|人数|总数|总量|数|量|情况|[()])+")
_SHORTEST = 3  # pairs of characters: 停车 alone is in too many tasks


def match_rows(rows: Iterable[Row], tasks: Sequence[Task]) -> tuple[Task | None, ...]:
    """Return the task of each row, None where no one can tell; one without own words goes on with the last."""
    book = _book(tuple(tasks))
    found: list[Task | None] = []
    for row in rows:
        match = _match(book, row.number, row.wordings)
        names_other_matter = bool(row.wordings) and match.best < _GAINSAID
        carries_on = match.task is None and row.number is None and found and not names_other_matter
        found.append(found[-1] if carries_on else match.task)
    return tuple(found)


@dataclass(frozen=True, slots=True, eq=False)  # its hash is its identity: what is matched against it is remembered
class _Book:
    """The tasks that rows are matched with."""

    tasks: tuple[Task, ...]


@dataclass(frozen=True, slots=True)
class _Match:
    """The task that is meant, None where nobody can tell, and how well the wordings fit the best of all."""

    task: Task | None
    best: float


@lru_cache(maxsize=256)
def _book(tasks: tuple[Task, ...]) -> _Book:
    """Return the one book of these tasks."""
    return _Book(tasks)


@lru_cache(maxsize=8192)  # the rows of a message are matched with the same tasks several times
def _match(book: _Book, number: int | None, wordings: tuple[str, ...]) -> _Match:
    """Return what a number and wordings mean."""
    ratings = {task.number: _rating(task, wordings) for task in book.tasks}
    return _Match(_meant(book.tasks, number, wordings, ratings), max(ratings.values(), default=0.0))


def _meant(
    tasks: tuple[Task, ...], number: int | None, wordings: tuple[str, ...], ratings: Mapping[int, float]
) -> Task | None:
    """Return the task of that number where the wordings do not gainsay it, else the one they fit best by far."""
    numbered = next((task for task in tasks if task.number == number), None)
    if numbered and (not wordings or ratings[numbered.number] >= _GAINSAID):
        rival = max((rated for task, rated in ratings.items() if task != number), default=0.0)
        if not wordings or rival - ratings[numbered.number] < _FAR_BETTER:
            return numbered
    few = len(tasks) <= _FEW
    least = _ALIKE_AMONG_FEW if few else ALIKE
    found = best(tasks, lambda task: ratings[task.number], least=least, margin=_MARGIN)
    return found or (_by_a_word_of_its_own(tasks, wordings) if few else None)


def _by_a_word_of_its_own(tasks: Sequence[Task], wordings: Sequence[str]) -> Task | None:
    """Return the only one of a unit's few tasks that shares half of some short wording (学位, 脑卒中) or more."""
    short = [wording for wording in wordings if len(wording) <= _SHORT_WORDING]
    sharing = [task for task in tasks if any(covered(w, text) >= 0.5 for w in short for text in _own_words(task))]
    return sharing[0] if len(sharing) == 1 else None


@lru_cache(maxsize=4096)  # several steps ask it of the same rows
def rating(task: Task, wordings: tuple[str, ...]) -> float:
    """Return how well wordings fit a task, from 0 to 1."""
    return _rating(task, wordings)


def _rating(task: Task, wordings: tuple[str, ...]) -> float:
    return max((_fit(wording, text) for wording in wordings for text in _own_words(task)), default=0.0)


def match_target(task: Task, head: str, wordings: Sequence[str], unit_of_measure: str) -> Target | None:
    """Return the target a figure is about: by its column's head, the row's words, or as the only one it can be."""
    by_head = _target_named(task, head)
    if by_head:
        return by_head
    for wording in wordings:
        by_wording = _target_named(task, wording)
        if by_wording or (rating(task, (wording,)) < _GAINSAID and not _SAYS_NOTHING.fullmatch(wording)):
            return by_wording
    same_measure = [target for target in task.targets if target.unit_of_measure == unit_of_measure]
    possible = task.targets if len(task.targets) == 1 else same_measure
    return possible[0] if len(possible) == 1 else None


def _target_named(task: Task, text: str) -> Target | None:
    """Return the target that a text names, None where it names none or several alike."""
    return best(task.targets, partial(_names, text), least=0.5, margin=0.15)


def _names(text: str, target: Target) -> float:
    """Return how surely a text names a target."""
    return max(likeness(text, target.what), covered(target.what, text))


def _own_words(task: Task) -> tuple[str, ...]:
    """Return the words a task is known by."""
    return (task.text, *(target.what for target in task.targets), *task.qualitative)


def _fit(wording: str, text: str) -> float:
    """Return how well one wording fits one text: alike as a whole, or the one contained in the other."""
    mine, others = pairs(wording), pairs(text)
    shared = len(mine & others)
    within = 0.9 * shared / len(mine) if len(mine) >= _SHORTEST else 0.0
    around = 0.95 * shared / len(others) if len(others) >= _SHORTEST else 0.0
    return max(likeness(wording, text), within, around)
