"""Datasets by number, as the service's JSON has them and as the client reads it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from gerra_tui.domain.dataset import Dataset
from gerra_tui.domain.decision import Origin

ORIGIN = Origin(base_url="https://api.gerra.example", organization_id=None, profile="default")
ORGANIZATION = "0b8e1b9e-0000-4000-8000-00000000000f"


def id_of(number: int) -> str:
    return f"{number:08x}-0000-4000-8000-000000000000"


def body(number: int) -> dict[str, Any]:
    """A dataset's JSON object."""
    return {
        "id": id_of(number),
        "status": "pending",
        "data_type": "episode",
        "name": f"Stack cups, batch {number}",
        "organization_id": ORGANIZATION,
        "date_created": "2026-11-20T08:00:00Z",
        "date_updated": "2026-11-21T08:00:00Z",
        "metadata": {"take": number},
    }


def dataset_of(raw: dict[str, Any]) -> Dataset:
    return Dataset(
        id=raw["id"],
        status=raw["status"],
        data_type=raw["data_type"],
        name=raw["name"],
        description=raw.get("description"),
        organization_id=raw.get("organization_id"),
        link=raw.get("link"),
        signed_url=raw.get("signed_url"),
        data_byte_size=raw.get("data_byte_size"),
        date_created=_moment(raw.get("date_created")),
        date_updated=_moment(raw.get("date_updated")),
        metadata=raw.get("metadata"),
        raw=dict(raw),
    )


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
