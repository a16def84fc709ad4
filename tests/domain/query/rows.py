"""Datasets for the tests of the query language."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from gerra_tui.domain.dataset import Dataset

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def row(**changes: Any) -> Dataset:
    """A pending episode, 2.1 GB, created and updated 3 days ago, unless said otherwise."""
    fields: dict[str, Any] = {
        "id": "77aa01c9-0000-4000-8000-000000000044",
        "status": "pending",
        "data_type": "episode",
        "name": "SO-101 stack cups, batch 44",
        "description": "A robot arm stacks three red mugs.",
        "organization_id": "5e1f0000-0000-4000-8000-00000000000a",
        "link": "s3://bucket/so101/batch 44.zip",
        "data_byte_size": 2_100_000_000,
        "date_created": NOW - timedelta(days=3),
        "date_updated": NOW - timedelta(days=3),
        "metadata": None,
    }
    return Dataset(**(fields | changes))


def with_metadata(**metadata: Any) -> Dataset:
    return row(metadata=metadata)
