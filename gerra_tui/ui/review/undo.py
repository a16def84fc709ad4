"""What `u` undoes when nothing is held: marks, set-asides, flags, query and view changes."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

STEPS_KEPT: Final = 100


class Undo:
    """Steps back, the latest first. Each gives the words that tell what was undone."""

    def __init__(self) -> None:
        self._steps: deque[Callable[[], str]] = deque(maxlen=STEPS_KEPT)

    def remember(self, step: Callable[[], str]) -> None:
        self._steps.append(step)

    def undo(self) -> str | None:
        """What was undone, null if there is nothing."""
        return self._steps.pop()() if self._steps else None
