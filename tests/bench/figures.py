"""What was measured: one figure for each row of the table."""

from __future__ import annotations

from dataclasses import dataclass, field
from statistics import median
from typing import TYPE_CHECKING

from tests.bench.programs import CONSOLE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """`console` and `peers` in `unit`, less is better. `goal` is a limit, with `why` in words.

    A value of `cap` or more was not waited for.
    """

    group: str
    what: str
    unit: str
    console: float
    peers: Mapping[str, float] = field(default_factory=dict)
    goal: float | None = None
    why: str = ""
    cap: float | None = None

    @property
    def met(self) -> bool | None:
        """Null where there is no goal."""
        return None if self.goal is None else self.console <= self.goal

    @property
    def ratio(self) -> float | None:
        """How many times less than the best peer the console needs; null where one needs none."""
        best = min(self.peers.values(), default=0.0)
        return best / self.console if best > 0 and self.console > 0 else None


def figure(
    group: str,
    what: str,
    unit: str,
    values: Mapping[str, Iterable[float]],
    *,
    goal: float | None = None,
    why: str = "",
    cap: float | None = None,
    least: float = 0.0,
) -> Figure:
    """The medians of repetitions, by program.

    A peer below `least` did not do the work (a list's end, nothing to paint): it is left out.
    """
    medians = {name: median(found) for name, found in values.items()}
    console = medians.pop(CONSOLE)
    medians = {name: found for name, found in medians.items() if found >= least}
    return Figure(
        group=group, what=what, unit=unit, console=console, peers=medians, goal=goal, why=why,
        cap=cap,
    )  # fmt: skip
