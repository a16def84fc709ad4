"""What happens without the reviewer: others decide, and new datasets arrive."""

from __future__ import annotations

import asyncio
from random import Random
from typing import TYPE_CHECKING

from gerra_tui.demo.world.contents import rejection_reason
from gerra_tui.demo.world.population import TYPES
from gerra_tui.demo.world.verdicts import OTHERS

if TYPE_CHECKING:
    from collections.abc import Callable

    from gerra_tui.demo.world.catalogue import Catalogue
    from gerra_tui.demo.world.verdicts import Verdicts


class Colleagues:
    def __init__(self, seed: int, catalogue: Catalogue, verdicts: Verdicts) -> None:
        self._random = Random(f"colleagues {seed}")
        self._catalogue = catalogue
        self._verdicts = verdicts

    async def work(self, decisions: float, arrivals: float) -> None:
        """Goes on until cancelled; the rates are those of a Poisson process, in events a second."""
        async with asyncio.TaskGroup() as tasks:
            if decisions:
                tasks.create_task(self._at(decisions, self.decide_one))
            if arrivals:
                tasks.create_task(self._at(arrivals, self.arrive_one))

    def decide_one(self) -> None:
        """Another reviewer decides a pending dataset: anywhere, but rather near the head."""
        pending = self._catalogue.order("pending")
        if not pending:
            return
        row = pending[int(len(pending) * self._random.random() ** 2.5)]
        if self._random.random() < 0.75:
            self._verdicts.decide(row, "accept", None, OTHERS)
        else:
            data_type = self._catalogue.population.data_type[row]
            reason = rejection_reason(self._catalogue.key, row, data_type)
            self._verdicts.decide(row, "reject", reason, OTHERS)

    def arrive_one(self, data_type: str | None = None) -> int:
        """A new pending dataset, of any type if none is named; its row number."""
        return self._catalogue.arrive(data_type or self._random.choice(TYPES))

    async def _at(self, rate: float, act: Callable[[], object]) -> None:
        while True:
            await asyncio.sleep(self._random.expovariate(rate))
            act()
