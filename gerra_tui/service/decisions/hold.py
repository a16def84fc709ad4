"""The hold: the time in which a decision can be taken back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

LEFT_AFTER_A_STOP: Final = 5.0  # seconds at least, once the reviewer is back at the screen
LOOK: Final = 0.5  # seconds between two looks at the clock while it runs
LONGEST_ABSENCE: Final = 2.0  # seconds without a look: no key could be taken meanwhile


@dataclass(slots=True)
class _Held:
    ids: dict[str, None]
    ends: float | None  # null: when the reviewer says so


@dataclass(slots=True)
class Hold:
    """Who is held, and till when by a monotonic clock. One hold for what was decided at once."""

    _holds: list[_Held] = field(default_factory=list)
    _stopped_at: float | None = None
    _looked_at: float = 0.0

    def begin(self, ids: Iterable[str], *, now: float, seconds: float | None) -> None:
        """Hold these for so many seconds, without an end if null."""
        if not self._holds:
            self._looked_at = now
        start = now if self._stopped_at is None else self._stopped_at
        ends = None if seconds is None else start + seconds
        self._holds.append(_Held(dict.fromkeys(ids), ends))

    def end(self, ids: Iterable[str]) -> None:
        """These are held no longer, whatever became of them."""
        for one in ids:
            for held in self._holds:
                held.ids.pop(one, None)
        self._holds = [held for held in self._holds if held.ids]

    def take_due(self, now: float) -> list[str]:
        """Those whose time is over; they are held no longer."""
        due = [held for held in self._holds if self._left(held, now) == 0]
        self._holds = [held for held in self._holds if held not in due]
        return [one for held in due for one in held.ids]

    def next_end(self, now: float) -> float | None:
        """Seconds until someone is due; null if that is not a matter of time."""
        if self._stopped_at is not None:
            return None
        return min((held.ends - now for held in self._holds if held.ends is not None), default=None)

    def left(self, decision_id: str, now: float) -> float | None:
        """Seconds left to this one; null if it has no end or is not held."""
        for held in self._holds:
            if decision_id in held.ids:
                return self._left(held, now)
        return None

    def look(self, now: float) -> Sequence[str]:
        """Called every `LOOK` seconds while the console runs. If it did not (stopped, asleep, or
        busy), the time since the last look does not count; gives those whose end moved."""
        since, self._looked_at = self._looked_at, now
        if self._stopped_at is not None or now - since <= LONGEST_ABSENCE:
            return ()
        self._stopped_at = since
        return self.go_on(now)

    def stop(self, now: float) -> None:
        """The reviewer cannot see the screen: time does not count."""
        if self._stopped_at is None:
            self._stopped_at = now

    def go_on(self, now: float) -> Sequence[str]:
        """Back at the screen, with some seconds to react; gives those whose end moved."""
        if self._stopped_at is None:
            return ()
        away = now - self._stopped_at
        for held in self._holds:
            if held.ends is not None:
                held.ends = max(held.ends + away, now + LEFT_AFTER_A_STOP)
        self._stopped_at, self._looked_at = None, now
        return [one for held in self._holds if held.ends is not None for one in held.ids]

    def _left(self, held: _Held, now: float) -> float | None:
        if held.ends is None:
            return None
        return max(0.0, held.ends - (now if self._stopped_at is None else self._stopped_at))
