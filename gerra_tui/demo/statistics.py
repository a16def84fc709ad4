"""The organization's counts."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import TYPE_CHECKING, Any

from gerra_tui.demo.population import STATUSES, TYPES

if TYPE_CHECKING:
    from gerra_tui.demo.catalogue import Catalogue


async def statistics(catalogue: Catalogue) -> dict[str, Any]:
    """The Stats object."""
    total = len(catalogue.order())
    size = 0
    days: Counter[str] = Counter()
    for number, row in enumerate(catalogue.order()):
        body = catalogue.body(row)
        size += body["data_byte_size"] or 0
        days[body["date_created"][:10]] += 1
        if number % 200 == 199:
            await asyncio.sleep(0)
    return {
        "total_datasets": total,
        "total_size_bytes": size,
        "by_status": {status: len(catalogue.order(status)) for status in STATUSES},
        "by_data_type": {kind: len(catalogue.order(None, kind)) for kind in TYPES},
        "daily_volume_last_7_days": [
            {"date": day, "count": days[day]} for day in sorted(days)[-7:]
        ],
    }
