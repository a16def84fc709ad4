"""The organization's counts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Statistics:
    """Counts by status and by type, bytes in all, and days as ("YYYY-MM-DD", count), oldest first.

    `further` holds whatever else the service sends, by its name.
    """

    total_datasets: int | None = None
    total_size_bytes: int | None = None
    by_status: Mapping[str, int] = field(default_factory=dict)
    by_data_type: Mapping[str, int] = field(default_factory=dict)
    daily_volume: tuple[tuple[str, int], ...] = ()
    further: Mapping[str, Any] = field(default_factory=dict)
    raw: Mapping[str, Any] = field(default_factory=dict, repr=False)
