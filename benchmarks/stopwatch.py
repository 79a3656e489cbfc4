"""CPU time of stages that call one another: each second counts for the innermost stage that was running."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from time import process_time
from typing import Any


@dataclass(slots=True)
class Stopwatch:
    """Not frozen: it runs. `spent` are CPU seconds by stage."""

    spent: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    _running: list[str] = field(default_factory=list)
    _since: float = 0.0

    def watch(self, owner: Any, *functions: str, stage: str) -> None:
        """Count what these functions of a class or module take as that stage, from now on."""
        for name in functions:
            setattr(owner, name, self._watched(getattr(owner, name), stage))

    def _watched(self, function: Callable[..., Any], stage: str) -> Callable[..., Any]:
        @wraps(function)
        def watched(*given: Any, **named: Any) -> Any:
            self._lap()
            self._running.append(stage)
            try:
                return function(*given, **named)
            finally:
                self._lap()
                self._running.pop()

        return watched

    def _lap(self) -> None:
        """Give the time since the last change to the stage that was running."""
        now = process_time()
        if self._running:
            self.spent[self._running[-1]] += now - self._since
        self._since = now
