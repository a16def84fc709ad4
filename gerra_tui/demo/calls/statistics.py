"""The organization's counts."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from gerra_tui.demo.world.population import STATUSES, TYPES

if TYPE_CHECKING:
    from gerra_tui.demo.world.catalogue import Catalogue
    from gerra_tui.demo.world.clock import Clock

_AT_ONCE = 5_000  # rows counted before other requests get their turn: some milliseconds
_DAYS = 7


class Statistics:
    """Sizes and days are counted through once, when first asked for; later changes are added."""

    def __init__(self, catalogue: Catalogue, clock: Clock) -> None:
        self._catalogue = catalogue
        self._clock = clock
        self._counting = asyncio.Lock()
        self._bytes: int | None = None
        self._created: Counter[str] = Counter()

    async def report(self) -> dict[str, Any]:
        """The Stats object."""
        async with self._counting:
            if self._bytes is None:
                self._bytes = await self._count()
        order = self._catalogue.order
        today = self._clock.now().date()
        days = [(today - timedelta(days=back)).isoformat() for back in reversed(range(_DAYS))]
        created = self._created + self._catalogue.days_since
        counts = {kind: len(order(None, kind)) for kind in TYPES}
        return {
            "total_datasets": len(order()),
            "total_size_bytes": self._bytes + self._catalogue.bytes_since,
            "by_status": {status: len(order(status)) for status in STATUSES},
            "by_data_type": counts,
            "daily_volume_last_7_days": [{"date": day, "count": created[day]} for day in days],
            "total_hours_captured": round(sum(counts.values()) * 0.037, 2),
            "rl_episode_hours_curated": round(counts["episode"] * 0.021, 2),
            "human_synthetic_hours": round(counts["synthetic_pov"] * 0.002, 2),
        }

    async def _count(self) -> int:
        total = 0
        oldest_us = self._clock.now_us() - (_DAYS + 2) * 86_400_000_000
        for row in range(self._catalogue.population.size):
            total += self._catalogue.declared_size(row) or 0
            if (day := self._catalogue.created_day(row, oldest_us)) is not None:
                self._created[day] += 1
            if row % _AT_ONCE == 0:
                await asyncio.sleep(0)
        return total
