"""The versions of one dataset, each a dataset of its own id."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Iteration:
    """One version. The URLs are secrets for their 60 minutes."""

    dataset_id: str
    version: int
    status: str
    created_at: datetime | None = None
    prompt: str | None = None
    parent_dataset_id: str | None = None
    regeneration_reason: str | None = None
    superseded_reason: str | None = None
    preview_gif: str | None = field(default=None, repr=False)
    preview_pose_frame: str | None = field(default=None, repr=False)
    download_url: str | None = field(default=None, repr=False)
    metadata: Mapping[str, Any] | None = None
    raw: Mapping[str, Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Iterations:
    """The history of one dataset, oldest version first, whatever order the service sent."""

    group_id: str | None
    total_versions: int
    latest_version: int | None
    versions: tuple[Iteration, ...]
    raw: Mapping[str, Any] = field(default_factory=dict, repr=False)

    def version_of(self, dataset_id: str) -> Iteration | None:
        return next((it for it in self.versions if it.dataset_id == dataset_id), None)
