"""Bodies as the service sends them, by docs/api.md."""

from __future__ import annotations

from typing import Any

ID = "77aa01c9-0b19-4d02-9e6f-1f6a3c1de001"
OTHER_ID = "51f0aa7e-0b19-4d02-9e6f-1f6a3c1de002"
HTML = "<!DOCTYPE html><html><head><title>Bad</title></head><body>\x1b[31mcdn</body></html>"


def dataset(**changes: Any) -> dict[str, Any]:
    return {
        "id": ID,
        "date_created": "2026-11-20T10:00:00Z",
        "date_updated": "2026-11-21T10:00:00.123456+02:00",
        "organization_id": "df211a38-04b6-4e50-9730-f3fb533ba6f1",
        "data_type": "episode",
        "name": "SO-101 stack cups, batch 44",
        "description": None,
        "status": "pending",
        "link": "s3://bucket/77aa.zip",
        "signed_url": None,
        "data_byte_size": 2_100_000_000,
        "metadata": {"robot": {"type": "SO-101"}},
    } | changes


def iteration(version: int, **changes: Any) -> dict[str, Any]:
    return {
        "dataset_id": f"{version:08}-0b19-4d02-9e6f-1f6a3c1de001",
        "version": version,
        "status": "superseded",
        "created_at": "2026-11-20T10:00:00Z",
        "prompt": "stack the cups",
        "parent_dataset_id": None,
        "regeneration_reason": None,
        "superseded_reason": None,
        "preview_urls": {"gif": "https://s/g.gif", "pose_frame": "https://s/p.png"},
        "download_url": "https://s/d.zip",
        "metadata": {},
    } | changes
