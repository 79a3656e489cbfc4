"""What long work asks and tells between two messages: whether to stop, and how far it has come."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

Interrupted: TypeAlias = Callable[[], bool]
Progress: TypeAlias = Callable[[str, int, int], None]  # what, how many done, of how many


def never() -> bool:
    """Return that nobody asked to stop."""
    return False


def silent(_what: str, _done: int, _of: int) -> None:
    """Show nothing."""
